/**
 * A forest of trees cut at random whose predictions of a quantity are averaged.
 */
import type { ForestOptions } from "./forest-options.js";
import { ForestRegressor } from "./forest-regressor.js";

/** Options of `ExtraTreesRegressor`. */
export type ExtraTreesRegressorOptions = ForestOptions;

/**
 * Extremely randomised trees for quantities: as a random forest, but each feature is cut at one place drawn at random
 * between its least and its largest value in the node, and trees see all rows.
 *
 * When it misleads: it never predicts beyond the targets it has seen; with many columns that say nothing it falls behind a
 * random forest.
 *
 * Options, missing values and categories are those of `RandomForestRegressor`, but for `bootstrap`, which is false by
 * default.
 *
 * @throws RunlabError from `fit` for unknown or impossible options and a target that is missing in some rows or no number.
 *
 * Source: P. Geurts, D. Ernst and L. Wehenkel, "Extremely randomized trees", Machine Learning 63 (2006).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], price: [10, 12, 80, 82] });
 * const trees = new ExtraTreesRegressor({ nEstimators: 20, seed: 42 }).fit(table, { target: "price" });
 * trees.predict(table)[3]; // 82
 */
export class ExtraTreesRegressor extends ForestRegressor<ExtraTreesRegressorOptions> {
  readonly name = "ExtraTreesRegressor";
  protected readonly cuts = "random";

  protected defaults(): ExtraTreesRegressorOptions {
    return {
      nEstimators: 100, maxDepth: null, minSamplesLeaf: 1, minSamplesSplit: 2, maxFeatures: 1, bootstrap: false, maxSamples: null,
      minImpurityDecrease: 0, maxLeafNodes: null, ccpAlpha: 0, maxBins: 255, oobScore: false, nJobs: null, seed: undefined,
    };
  }
}
