/**
 * Trees that each correct the ones before, for a quantity.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Part } from "../split/index.js";
import { type BoostedModel, type BoostingFitOptions, type BoostingPredictOptions, iterationsOf, modelFromJson, modelToJson } from "./boosting/boosted-model.js";
import { importancesOf, rawScores, stagedScores } from "./boosting/ensemble.js";
import { fitBoosting } from "./boosting/fit-boosting.js";
import type { LearningCurves } from "./boosting/learning-curves.js";
import { applyLink } from "./boosting/link.js";
import { type AllObjectiveParameters, type CustomObjective, objectiveRow } from "./boosting/objectives.js";
import { BOOSTING_DEFAULTS, type GradientBoostingOptions, type ResolvedBoosting, recordedOptions, resolveBoosting } from "./boosting/options.js";
import type { Fitted, TrainingData } from "./estimator.js";
import { numberOption } from "./model.js";
import { Regressor } from "./regressor.js";
import { type NumberTarget, numberTarget } from "./target.js";

/** Names of the losses that a regressor can make small; LightGBM's names of them are understood too. */
export type RegressionObjective = "squared" | "absolute" | "huber" | "fair" | "quantile" | "mape" | "poisson" | "gamma" | "tweedie";

export interface GradientBoostingRegressorOptions extends GradientBoostingOptions {
  /**
   * The loss: "squared", the default; "absolute" and "quantile" (of `alpha`) for medians and quantiles; "huber" and
   * "fair" against outliers; "mape"; "poisson" for counts, "gamma" for positive amounts, "tweedie" for amounts that are
   * often 0. Or a function that gives the derivatives of a loss of one's own.
   */
  objective?: RegressionObjective | CustomObjective;
  /** Where Huber's loss turns straight, or the quantile. Default 0.9. */
  alpha?: number;
  /** The scale of Fair's loss. Default 1. */
  fairC?: number;
  /** Between 1 (Poisson) and 2 (Gamma). Default 1.5. */
  tweedieVariancePower?: number;
  /** Keeps Poisson's steps short. Default 0.7. */
  poissonMaxDeltaStep?: number;
}

/**
 * Gradient boosting for quantities: small trees, each fitted to what the ones before leave over. On tables it is mostly
 * the most accurate model there is. Takes categories, dates and missing values as they are.
 *
 * When it misleads: too many rounds learn noise, so give `fit` validation rows and `earlyStoppingRounds`; it never
 * predicts far beyond the targets it has seen; on a few hundred rows lower `minChildSamples`, or hardly a cut is allowed.
 *
 * The same data, options and seed give the same bits, at any number of threads. Where a run is recorded, its history gets the
 * learning curves: the loss on all validation rows, and on up to 10,000 training rows at up to 50 rounds.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, a target that is missing in some rows, infinite or no
 * number, targets below 0 where the objective has none, and validation rows that do not fit. A fit that is stopped leaves
 * the model as it was.
 *
 * Source: J. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001);
 * options, defaults and formulas are LightGBM's (Ke et al., NIPS 2017).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], price: [10, 12, 80, 82] });
 * const model = new GradientBoostingRegressor({ nEstimators: 50, minChildSamples: 1, minDataInBin: 1, seed: 42 }).fit(table, { target: "price" });
 * Math.round(model.predict(table)[3]); // 82
 */
export class GradientBoostingRegressor extends Regressor<GradientBoostingRegressorOptions, BoostingFitOptions<GradientBoostingRegressor>> {
  readonly name = "GradientBoostingRegressor";
  #model: BoostedModel | null = null;

  /** The predicted quantity of each row, in the unit of the target; after the first `iterations` rounds when asked. */
  override predict(data: Part | Table, options: BoostingPredictOptions = {}): Float64Array {
    const model = this.model;
    return applyLink(model.ensemble.link, this.predictRaw(data, options), model.ensemble.outputs);
  }

  /** The sums of the trees before the link: logarithms for "poisson", "gamma" and "tweedie", else the quantity itself. */
  predictRaw(data: Part | Table, options: BoostingPredictOptions = {}): Float64Array {
    const model = this.model;
    return rawScores(model.ensemble, this.tableOf(data), iterationsOf(this.name, options, model), this.#nJobs());
  }

  /** The prediction after each round, one after another: for looking back at how many rounds were enough. */
  *stagedPredict(data: Part | Table): Generator<Float64Array> {
    const { ensemble } = this.model;
    for (const scores of stagedScores(ensemble, this.tableOf(data), this.#nJobs())) yield applyLink(ensemble.link, scores.slice(), ensemble.outputs);
  }

  /** Round that was best on the first validation rows, counted from 1; null without validation. */
  get bestIteration(): number | null {
    return this.model.bestIteration;
  }

  /** Metrics after each round, by the name of the rows and of the metric. */
  get learningCurves(): LearningCurves {
    return this.model.curves;
  }

  /** Share of each feature in what all cuts gained, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return shares(this.importances("gain"));
  }

  /** What each feature's cuts gained in all, or how many there are, largest first. */
  importances(kind: "gain" | "split" = "gain"): { feature: string; importance: number }[] {
    return importancesOf(this.model.ensemble, this.fitted.features, kind);
  }

  /** What was learned, for explainers. */
  get model(): BoostedModel {
    void this.fitted;
    return this.#model!;
  }

  protected defaults(): GradientBoostingRegressorOptions {
    return { ...BOOSTING_DEFAULTS, objective: "squared", alpha: 0.9, fairC: 1, tweedieVariancePower: 1.5, poissonMaxDeltaStep: 0.7 };
  }

  protected resolve(options: Required<GradientBoostingRegressorOptions>): Record<string, unknown> {
    numberOption("alpha", options.alpha, { above: 0, most: Number.MAX_VALUE });
    numberOption("fairC", options.fairC, { above: 0, most: Number.MAX_VALUE });
    numberOption("tweedieVariancePower", options.tweedieVariancePower, { least: 1, most: 2 });
    numberOption("poissonMaxDeltaStep", options.poissonMaxDeltaStep, { least: 0, most: 100 });
    const objective = typeof options.objective === "function" ? options.objective : objectiveRow(options.objective, "regression").name;
    return { ...resolveBoosting(options), objective };
  }

  protected override extraFitOptions(): Record<keyof BoostingFitOptions, true> {
    return { validation: true, continueFrom: true };
  }

  protected learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as ResolvedBoosting & Required<GradientBoostingRegressorOptions>;
    const parameters: AllObjectiveParameters = { ...options, truncationLevel: 30, normalise: true, classes: 0 };
    const model = fitBoosting({
      owner: this,
      task: "regression",
      training,
      target: target.values,
      weights: training.weights,
      gradientWeights: null,
      groups: null,
      classes: [],
      objective: options.objective,
      parameters,
      options,
      outputs: 1,
      customLink: "identity",
      customLoss: "rmse",
      readTarget: (table) => numberTarget(table, training.target).values,
      arrange: null,
      ensembleIn: (other) => (other instanceof GradientBoostingRegressor ? other.model.ensemble : null),
    });
    this.#model = model;
    return recordedOptions({ objective: options.objective, evalMetric: options.evalMetric });
  }

  protected quantities(table: Table): Float64Array {
    return this.predict(table);
  }

  protected regressorState(): Record<string, unknown> {
    return modelToJson(this.model);
  }

  protected restoreRegressor(state: Record<string, unknown>, fitted: Fitted): void {
    const model = modelFromJson(state, fitted.features, 1);
    if (model.ensemble.link === "softmax") throw new RunlabError("the model file is damaged: a regressor has no classes");
    this.#model = model;
  }

  #nJobs(): number | null {
    return this.fitted.params["nJobs"] as number | null;
  }
}

/** Importances as shares that sum to 1, when there are any. */
export function shares(importances: { feature: string; importance: number }[]): { feature: string; importance: number }[] {
  const total = importances.reduce((sum, each) => sum + each.importance, 0);
  return total > 0 ? importances.map(({ feature, importance }) => ({ feature, importance: importance / total })) : importances;
}
