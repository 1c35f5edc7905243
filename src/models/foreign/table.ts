/**
 * The table of estimators that are read from other libraries' files: they predict and are loaded like any other, but not fitted.
 */
import type { Task } from "../../split/index.js";
import type { Estimator } from "../estimator.js";
import { ForeignClassifier } from "./foreign-classifier.js";
import { ForeignRegressor } from "./foreign-regressor.js";

export interface ForeignRow {
  readonly name: string;
  readonly task: Task;
  readonly summary: string;
  readonly stochastic: false;
  create(options?: object): Estimator;
}

export const FOREIGN_ESTIMATORS: readonly ForeignRow[] = [
  { name: "ForeignClassifier", task: "classification", summary: "a classifier read from LightGBM or XGBoost", stochastic: false, create: () => new ForeignClassifier() },
  { name: "ForeignRegressor", task: "regression", summary: "a regressor or ranker read from LightGBM or XGBoost", stochastic: false, create: () => new ForeignRegressor() },
];
