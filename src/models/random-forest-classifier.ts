/**
 * A forest of trees that vote on a class.
 */
import { ForestClassifier } from "./forest-classifier.js";
import type { RandomForestOptions } from "./forest-options.js";
import type { ClassWeight } from "./weights.js";

export interface RandomForestClassifierOptions extends RandomForestOptions {
  /** "balanced", or a factor for each class by its name. Default null: every row counts the same. */
  classWeight?: ClassWeight;
}

/**
 * A random forest: many decision trees, each on rows drawn with replacement and trying a few features at each node,
 * whose class shares are averaged. A good first model: it needs no scaling, takes categories, dates and missing values as they are
 * (which side they go to is learned), and has little to tune.
 *
 * When it misleads: probabilities come from fully grown trees and shy away from 0 and 1; it cannot extrapolate; importances
 * favour columns with many different values, most of all ones that nearly name a row.
 *
 * Categories that were not seen in `fit` count as missing. Numeric columns with more than `maxBins` different values
 * share bins by quantile. With classes of unequal size look at `classWeight`.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, a target that is missing in some rows or has one class,
 * and `engine: "ml-random-forest"` over 2,000 rows.
 *
 * Source: L. Breiman, "Random forests", Machine Learning 45 (2001); scikit-learn's averaging and defaults.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * const forest = new RandomForestClassifier({ nEstimators: 20, seed: 42 }).fit(table, { target: "kind" });
 * forest.predict(tableFromColumns({ size: [1, 9] })); // ["small", "big"]
 */
export class RandomForestClassifier extends ForestClassifier<RandomForestClassifierOptions> {
  readonly name = "RandomForestClassifier";
  protected readonly cuts = "best";

  protected defaults(): RandomForestClassifierOptions {
    return {
      nEstimators: 100, maxDepth: null, minSamplesLeaf: 1, minSamplesSplit: 2, maxFeatures: "sqrt", bootstrap: true, maxSamples: null,
      minImpurityDecrease: 0, maxLeafNodes: null, ccpAlpha: 0, maxBins: 255, classWeight: null, oobScore: false, nJobs: null, seed: undefined, engine: "runlab",
    };
  }
}
