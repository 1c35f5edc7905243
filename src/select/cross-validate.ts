/**
 * Cross-validation: a model judged on every part of the data by models that have not seen that part.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { fromJSON } from "../models/index.js";
import { announce } from "../observe/index.js";
import { checkSeed } from "../random/seed.js";
import { type CrossValidation as Folds, type Fold, type Part, asPart, asSplitter, isPart } from "../split/index.js";
import { asTable, checkOptions, requireColumn } from "../table/index.js";
import { oneBatch } from "../table/take.js";
import { readWeights } from "../metrics/inputs.js";
import { CrossValidationResult, type FoldResult, outOfFold, summaryOf } from "./cross-validation-result.js";
import { type Judge, type MetricChoice, judgesOf } from "./judges.js";
import { type Played, playAll } from "./pool.js";
import { type Selectable, fresh, requireModel } from "./recipe.js";
import { type Ground, seedOf, withSeed } from "./round.js";

/** How folds are made and judged: what `crossValidate` and the searches share. */
export interface FoldOptions {
  /** The column to predict; a part made by `split` knows it already. */
  target?: string;
  /** Columns to learn from. Default: all but the target, and the groups of a splitter of groups. */
  features?: readonly string[];
  /** A number of folds (with classes in proportion for a classifier, shuffled by the seed), or a splitter. Default 5. */
  cv?: Folds;
  /** Metrics by name, with options, or of your own. Default: accuracy, F1, ROC-AUC and log loss; or RMSE, MAE and R2. */
  metrics?: MetricChoice | readonly MetricChoice[];
  /** How much each row counts in `fit`: a column, or a number a row. Metrics count every row the same. */
  weights?: string | ArrayLike<number>;
  /** Judge the training rows too: the gap shows how much is learned by heart. Default false. */
  trainScores?: boolean;
  /**
   * Threads, each with folds of its own; models then use one thread each. null, the default: as many as there are cores
   * when that is worth it. The results are the same bits for any number.
   */
  nJobs?: number | null;
  /** For the folds, and for models without a seed of their own. Default: the seed of the run. */
  seed?: number;
}

/** Options of `crossValidate`. */
export interface CrossValidateOptions extends FoldOptions {
  /** Keep the model of each fold. Default false. */
  returnModels?: boolean;
  /** Keep what was predicted for the rows of each fold. Default false. */
  returnPredictions?: boolean;
}

export const FOLD_OPTIONS: Record<keyof FoldOptions, true> = { target: true, features: true, cv: true, metrics: true, weights: true, trainScores: true, nJobs: true, seed: true };
const OPTIONS: Record<keyof CrossValidateOptions, true> = { ...FOLD_OPTIONS, returnModels: true, returnPredictions: true };

/** Folds, judges and data, checked. */
export interface Field {
  readonly ground: Ground;
  readonly judges: readonly Judge[];
  readonly part: Part;
  readonly splitter: { readonly name: string; readonly params: Record<string, unknown> };
}

/** Reads what all ways of selecting have in common. */
export function fieldOf(owner: string, model: Selectable, data: Part | Table, options: FoldOptions, keep: { predictions?: boolean; models?: boolean } = {}): Field {
  if (data === undefined || data === null) throw new RunlabError(`${owner} needs rows`, { received: String(data), allowed: `${owner}(model, train)` });
  if (!isPart(data)) asTable(data, owner);
  const { target, features, cv = 5, trainScores = false, nJobs = null } = options;
  for (const [name, value] of Object.entries({ trainScores })) if (typeof value !== "boolean") throw new RunlabError(`${owner}: ${name} is true or false`, { received: value });
  const judges = judgesOf(options.metrics, model.task);
  const seed = seedOf(options.seed === undefined ? undefined : checkSeed(options.seed));
  // A splitter given as it is has a seed of its own, or the run's; a number of folds takes the one given here.
  const splitter = asSplitter(cv, model.task, typeof cv === "number" ? seed : undefined);
  const chosen = { ...(target === undefined ? {} : { target }), ...(features === undefined ? {} : { features }) };
  const part = isPart(data) ? asPart(data, chosen) : splitter.partFor(data, chosen);
  if (nJobs !== null && (!Number.isInteger(nJobs) || (nJobs < 1 && nJobs !== -1))) throw new RunlabError("nJobs is a number of threads", { received: nJobs, allowed: "a whole number from 1, or null for all cores" });
  const folds: Fold[] = [...withSeed(seed, () => splitter.split(part))];
  if (folds.length === 0) throw new RunlabError(`${owner} needs at least one fold`, { received: `none from ${splitter.name}` });
  const { weights } = options;
  if (typeof weights === "string") requireColumn(part.table, weights, "weights column");
  const ground: Ground = {
    table: oneBatch(part.table),
    target: part.target,
    features: part.features,
    folds,
    wholeOf: folds.length,
    weights: weights === undefined ? null : typeof weights === "string" ? weights : readWeights(weights, part.table.numRows),
    seed,
    trainScores,
    keepPredictions: keep.predictions ?? false,
    keepModels: keep.models ?? false,
  };
  return { ground, judges, part, splitter: { name: splitter.name, params: splitter.params() } };
}

/**
 * Fits a fresh copy of the model on the training rows of every fold and judges it on the others.
 *
 * Folds are fitted in parallel where that is worth it; the results are the same bits for any number of threads. The
 * model that is given is not fitted. A run keeps the values of every fold in `metrics/cv.json`, and the means as metrics
 * `cv_<name>`.
 *
 * When it misleads: choosing among many models by it and then reporting the best value flatters that model, so keep a
 * hold-out that no search has seen; the spread over folds understates the doubt, since folds share most of their
 * training rows; rows that belong together need `GroupKFold`, rows in time `TimeSeriesSplit`.
 *
 * @param model a classifier, a regressor or a pipeline.
 * @param data a part made by `split`, or a table with `{ target }`.
 *
 * @returns the values of each fold, their mean and spread; a cell that ends in it shows a table.
 *
 * @throws RunlabError for an option that does not exist or fit, and, naming the fold, for whatever a model or metric refuses.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] });
 * const found = await crossValidate(new DummyRegressor(), table, { target: "y", cv: new KFold({ nSplits: 3 }), metrics: "mae" });
 * found.folds.map((fold) => fold.test.mae); // [6, 1, 6]
 * found.mean.mae; // 4.333333333333333
 */
export async function crossValidate(model: Selectable, data: Part | Table, options: CrossValidateOptions = {}): Promise<CrossValidationResult> {
  requireModel("crossValidate", model);
  checkOptions("crossValidate", options, OPTIONS);
  const { returnModels = false, returnPredictions = false, nJobs = null } = options;
  const field = fieldOf("crossValidate", model, data, options, { predictions: returnPredictions, models: returnModels });
  const { ground, judges, splitter } = field;
  const played = (await playAll(ground, ground.folds.map((_, fold) => ({ model: fresh(model), fold, also: "" })), judges, { nJobs, label: `cross-validating ${model.name}`, onError: "stop" })) as Played[];
  const result = new CrossValidationResult({
    model: model.name,
    params: played[0].params,
    task: model.task,
    target: ground.target,
    rows: ground.table.numRows,
    splitter,
    seed: ground.seed,
    folds: foldResults(ground, played),
    ...summaryOf(judges, played),
  }, {
    models: returnModels ? played.map(({ fitted, model: data }) => fitted ?? fromJSON(data)) as Selectable[] : null,
    predictions: returnPredictions ? outOfFold(field, played) : null,
  });
  announceAll(result, Object.keys(options));
  return result;
}

/** The values of every fold, with its sizes and times. */
export function foldResults(ground: Ground, played: readonly Played[]): FoldResult[] {
  return played.map(({ fold, test, train, fitSeconds, scoreSeconds }) => ({
    fold,
    trainRows: ground.folds[fold].train.length,
    testRows: ground.folds[fold].test.length,
    test,
    train,
    fitSeconds,
    scoreSeconds,
  }));
}

function announceAll(result: CrossValidationResult, chosen: string[]): void {
  const { folds, mean, std, trainMean, higherIsBetter, splitter, ...rest } = result.toJSON();
  announce({
    type: "crossValidation",
    chosen,
    record: {
      model: rest.model, params: rest.params, target: rest.target, rows: rest.rows, splitter: { name: splitter.name, params: splitter.params }, seed: rest.seed,
      metrics: Object.keys(mean), higher_is_better: higherIsBetter, mean, std, train_mean: trainMean,
      folds: folds.map(({ fold, trainRows, testRows, test, train, fitSeconds, scoreSeconds }) => ({ fold, train_rows: trainRows, test_rows: testRows, test, train, fit_seconds: fitSeconds, score_seconds: scoreSeconds })),
      search: null,
    },
  });
  for (const name of Object.keys(mean)) {
    announce({ type: "metric", name: `cv_${name}`, value: mean[name], source: "function", greaterIsBetter: higherIsBetter[name], details: { std: std[name], folds: folds.length, rows: rest.rows } });
  }
}
