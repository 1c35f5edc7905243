/**
 * A forest of trees whose predictions of a quantity are averaged.
 */
import type { RandomForestOptions } from "./forest-options.js";
import { ForestRegressor } from "./forest-regressor.js";

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
export class RandomForestRegressor extends ForestRegressor<RandomForestRegressorOptions> {
  readonly name = "RandomForestRegressor";
  protected readonly cuts = "best";

  protected defaults(): RandomForestRegressorOptions {
    return {
      nEstimators: 100, maxDepth: null, minSamplesLeaf: 1, minSamplesSplit: 2, maxFeatures: 1, bootstrap: true, maxSamples: null,
      minImpurityDecrease: 0, maxLeafNodes: null, ccpAlpha: 0, maxBins: 255, oobScore: false, nJobs: null, seed: undefined, engine: "runlab",
    };
  }
}
