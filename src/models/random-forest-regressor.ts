/**
 * A forest of trees whose predictions of a quantity are averaged.
 */
import type { Table } from "apache-arrow";
import type { Fitted, TrainingData } from "./estimator.js";
import { type ForestModel, fitForest, forestFromJson, forestToJson, importancesOf, predictModel } from "./forest-model.js";
import { type RandomForestOptions, resolveForest } from "./forest-options.js";
import { Regressor } from "./regressor.js";
import type { NumberTarget } from "./target.js";

/** Options of `RandomForestRegressor`. */
export type RandomForestRegressorOptions = RandomForestOptions;

/**
 * A random forest for quantities: many regression trees, each on rows drawn with replacement, whose predictions are averaged.
 * Takes categories, dates and missing values as they are; which side missing ones go to is learned.
 *
 * When it misleads: it never predicts beyond the targets it has seen, so trends flatten at the edge of the data; importances
 * favour columns with many different values.
 *
 * By default every node looks at all features, as in scikit-learn; `maxFeatures: 1 / 3` is Breiman's advice and often
 * both faster and better. (Note that `maxFeatures: 1` is all of them, not one.)
 *
 * @throws RunlabError from `fit` for unknown or impossible options and a target that is missing in some rows or no number.
 *
 * Source: L. Breiman, "Random forests", Machine Learning 45 (2001).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], price: [10, 12, 80, 82] });
 * const forest = new RandomForestRegressor({ nEstimators: 20, seed: 42 }).fit(table, { target: "price" });
 * forest.predict(table)[3] > forest.predict(table)[0]; // true
 */
export class RandomForestRegressor extends Regressor<RandomForestRegressorOptions> {
  readonly name = "RandomForestRegressor";
  #model: ForestModel | null = null;

  /** Mean share of each feature in what the cuts took from the squared error, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return importancesOf(this.#fittedModel(), this.fitted.features);
  }

  /** What was learned, for explainers. */
  get model(): ForestModel {
    return this.#fittedModel();
  }

  protected defaults(): RandomForestRegressorOptions {
    return {
      nEstimators: 100, maxDepth: null, minSamplesLeaf: 1, minSamplesSplit: 2, maxFeatures: 1,
      bootstrap: true, maxSamples: null, minImpurityDecrease: 0, nJobs: null, maxBins: 255, seed: undefined, engine: "runlab",
    };
  }

  protected resolve(options: Required<RandomForestRegressorOptions>): Record<string, unknown> {
    return { ...resolveForest(options) };
  }

  protected learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<RandomForestRegressorOptions>;
    this.#model = fitForest(this.name, training, { kind: "sums", values: target.values }, options, training.weighted);
    return {};
  }

  protected quantities(table: Table): Float64Array {
    return predictModel(this.#fittedModel(), table, this.fitted.features);
  }

  protected regressorState(): Record<string, unknown> {
    return forestToJson(this.#fittedModel());
  }

  protected restoreRegressor(state: Record<string, unknown>, fitted: Fitted): void {
    this.#model = forestFromJson(state, fitted.features, 0);
  }

  #fittedModel(): ForestModel {
    void this.fitted;
    return this.#model!;
  }
}
