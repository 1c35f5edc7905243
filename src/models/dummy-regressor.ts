/**
 * The regressor to beat: it has not looked at the features.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { type Fitted, type TrainingData, choiceOption } from "./estimator.js";
import { Regressor } from "./regressor.js";
import type { NumberTarget } from "./target.js";

export interface DummyRegressorOptions {
  /** "mean", the default. */
  strategy?: "mean";
}

/**
 * Always predicts the (weighted) mean of the training targets: an R2 of about 0, and the error that a model has to
 * beat to be of use.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2], price: [10, 20] });
 * new DummyRegressor().fit(table, { target: "price" }).predict(table)[0]; // 15
 */
export class DummyRegressor extends Regressor<DummyRegressorOptions> {
  readonly name = "DummyRegressor";
  #mean = 0;

  protected defaults(): DummyRegressorOptions {
    return { strategy: "mean" };
  }

  protected resolve(options: Required<DummyRegressorOptions>): Record<string, unknown> {
    choiceOption("strategy", options.strategy, ["mean"]);
    return { ...options };
  }

  protected learnNumbers(training: TrainingData, target: NumberTarget): Record<string, unknown> {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < target.values.length; i++) {
      sum += training.weights[i] * target.values[i];
      total += training.weights[i];
    }
    this.#mean = sum / total;
    return {};
  }

  protected quantities(table: Table): Float64Array {
    return new Float64Array(table.numRows).fill(this.#mean);
  }

  protected regressorState(): Record<string, unknown> {
    return { mean: this.#mean };
  }

  protected restoreRegressor(state: Record<string, unknown>, _fitted: Fitted): void {
    const { mean } = state;
    if (typeof mean !== "number") throw new RunlabError("the model file is damaged: it has no mean");
    this.#mean = mean;
  }
}
