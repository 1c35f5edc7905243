/**
 * Every row predicted by a model that has not seen it.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Part } from "../split/index.js";
import { checkOptions, takeRows } from "../table/index.js";
import { type FoldOptions, fieldOf } from "./cross-validate.js";
import { outOfFold } from "./cross-validation-result.js";
import { type Played, playAll } from "./pool.js";
import { type Selectable, fresh, requireModel } from "./recipe.js";

/** Options of `crossValPredict`. */
export type CrossValPredictOptions = Omit<FoldOptions, "metrics" | "trainScores">;

const OPTIONS: Record<keyof CrossValPredictOptions, true> = { target: true, features: true, cv: true, weights: true, nJobs: true, seed: true };

/**
 * Predicts every row by the model of the fold in which it was held out: for plots of errors, for stacking, for
 * choosing a threshold.
 *
 * When it misleads: a metric of all these predictions together is not the mean over folds, since the models differ; use
 * `crossValidate` to say how good a model is.
 *
 * @returns one row a row of the data, in its order: `row`, `fold`, `truth`, `prediction` and, of classifiers,
 * `probability_<class>`.
 *
 * @throws RunlabError as `crossValidate`, and for folds in which a row is tested twice or never.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] });
 * const found = await crossValPredict(new DummyRegressor(), table, { target: "y", cv: new KFold({ nSplits: 2 }) });
 * [...found.getChild("prediction")!]; // [7, 7, 3, 3]
 */
export async function crossValPredict(model: Selectable, data: Part | Table, options: CrossValPredictOptions = {}): Promise<Table> {
  requireModel("crossValPredict", model);
  checkOptions("crossValPredict", options, OPTIONS);
  // Judged by nothing: predicting is all that is asked for.
  const field = fieldOf("crossValPredict", model, data, { ...options, metrics: UNJUDGED[model.task] }, { predictions: true });
  const { ground, splitter } = field;
  const rows = ground.table.numRows;
  const tested = new Int32Array(rows);
  for (const { test } of ground.folds) for (let i = 0; i < test.length; i++) tested[test[i]]++;
  const odd = tested.findIndex((times) => times !== 1);
  if (odd >= 0) throw new RunlabError("crossValPredict needs folds that test every row once", { received: `row ${odd} tested ${tested[odd]} times by ${splitter.name}`, allowed: "a number of folds, KFold, StratifiedKFold, GroupKFold or StratifiedGroupKFold" });
  const jobs = ground.folds.map((_, fold) => ({ model: fresh(model), fold, also: "" }));
  const played = (await playAll(ground, jobs, [], { nJobs: options.nJobs ?? null, label: `predicting by ${model.name}`, onError: "stop" })) as Played[];
  const byFold = outOfFold(field, played);
  const order = new Uint32Array(rows);
  let at = 0;
  for (const { test } of ground.folds) for (let i = 0; i < test.length; i++) order[test[i]] = at++;
  return takeRows(byFold, order);
}

const UNJUDGED = { classification: "accuracy", regression: "mae" } as const;
