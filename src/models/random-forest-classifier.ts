/**
 * A forest of trees that vote on a class.
 */
import type { Table } from "apache-arrow";
import { Classifier } from "./classifier.js";
import type { Fitted, TrainingData } from "./estimator.js";
import { type ForestModel, fitForest, forestFromJson, forestToJson, importancesOf, predictModel } from "./forest-model.js";
import { type RandomForestOptions, resolveForest } from "./forest-options.js";
import type { ClassTarget } from "./target.js";
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
export class RandomForestClassifier extends Classifier<RandomForestClassifierOptions> {
  readonly name = "RandomForestClassifier";
  #model: ForestModel | null = null;

  /** Mean share of each feature in what the cuts took from the Gini impurity, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return importancesOf(this.#fittedModel(), this.fitted.features);
  }

  /** What was learned, for explainers. */
  get model(): ForestModel {
    return this.#fittedModel();
  }

  protected defaults(): RandomForestClassifierOptions {
    return {
      nEstimators: 100, maxDepth: null, minSamplesLeaf: 1, minSamplesSplit: 2, maxFeatures: "sqrt",
      bootstrap: true, maxSamples: null, minImpurityDecrease: 0, nJobs: null, maxBins: 255, classWeight: null, seed: undefined, engine: "runlab",
    };
  }

  protected resolve(options: Required<RandomForestClassifierOptions>): Record<string, unknown> {
    return { ...resolveForest(options) };
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<RandomForestClassifierOptions>;
    const weighted = training.weighted || options.classWeight !== null;
    this.#model = fitForest(this.name, training, { kind: "classes", labels: target.labels, classes: target.classes.length }, options, weighted);
    return {};
  }

  protected probabilities(table: Table): Float64Array {
    return predictModel(this.#fittedModel(), table, this.fitted.features);
  }

  protected classifierState(): Record<string, unknown> {
    return forestToJson(this.#fittedModel());
  }

  protected restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void {
    this.#model = forestFromJson(state, fitted.features, (state["classes"] as unknown[]).length);
  }

  #fittedModel(): ForestModel {
    void this.fitted;
    return this.#model!;
  }
}
