/**
 * One tree that decides on a class.
 */
import type { Table } from "apache-arrow";
import { Classifier } from "./classifier.js";
import { DECISION_TREE_DEFAULTS, type DecisionTreeOptions, asForest, resolveDecisionTree } from "./decision-tree-options.js";
import { type TreeNode, treeOutline, treeText } from "./decision-tree-outline.js";
import type { Fitted, TrainingData } from "./estimator.js";
import { type ForestModel, fitForest, forestFromJson, forestToJson, importancesOf, predictModel } from "./forest-model.js";
import type { ClassTarget } from "./target.js";
import type { Forest } from "./trees/forest.js";
import { leafCount, treeDepth } from "./trees/tree.js";
import type { ClassWeight } from "./weights.js";

export interface DecisionTreeClassifierOptions extends DecisionTreeOptions {
  /** "balanced", or a factor for each class by its name. Default null: every row counts the same. */
  classWeight?: ClassWeight;
}

/**
 * A decision tree: questions to single columns, each chosen for what it takes from the Gini impurity. The model that can be
 * read: `text()` prints it.
 *
 * When it misleads: grown to the end it learns its rows by heart, and another sample gives another tree; bound it by
 * `maxDepth`, `minSamplesLeaf`, `maxLeafNodes` or `ccpAlpha`, and take a forest where the score is what counts.
 *
 * Categories, dates and missing values are taken as they are. Columns with more than `maxBins` different values are cut at
 * the edges of their bins. With the defaults nothing is drawn at random; of equally good cuts the first column's is taken.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and a target that is missing in some rows or has one class.
 *
 * Source: L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees" (1984).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * const tree = new DecisionTreeClassifier().fit(table, { target: "kind" });
 * tree.text().split("\n")[0]; // "size <= 5 or missing"
 */
export class DecisionTreeClassifier extends Classifier<DecisionTreeClassifierOptions> {
  readonly name = "DecisionTreeClassifier";
  #model: ForestModel | null = null;

  /** Share of each feature in what the cuts took from the Gini impurity, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return importancesOf(this.model, this.fitted.features);
  }

  /** Questions on the way to the deepest leaf. */
  get depth(): number {
    return treeDepth((this.model.forest.grown as Forest).trees[0]);
  }

  /** Leaves of the tree. */
  get leaves(): number {
    return leafCount((this.model.forest.grown as Forest).trees[0]);
  }

  /** The tree as nested data: cuts in the words of the table, shares of classes, weights. */
  outline(): TreeNode {
    return treeOutline((this.model.forest.grown as Forest).trees[0], this.model.bins, this.fitted.features, this.classes);
  }

  /** The tree as indented text. */
  text(): string {
    return treeText(this.outline(), this.fitted.target);
  }

  /** What was learned, for explainers. */
  get model(): ForestModel {
    void this.fitted;
    return this.#model!;
  }

  protected defaults(): DecisionTreeClassifierOptions {
    return { ...DECISION_TREE_DEFAULTS, classWeight: null };
  }

  protected resolve(options: Required<DecisionTreeClassifierOptions>): Record<string, unknown> {
    return { ...resolveDecisionTree(options) };
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<DecisionTreeClassifierOptions>;
    const learned = { kind: "classes", labels: target.labels, classes: target.classes.length } as const;
    this.#model = fitForest(this.name, training, learned, asForest(options), options.splitter, training.weighted).model;
    return {};
  }

  protected probabilities(table: Table): Float64Array {
    return predictModel(this.model, table, this.fitted.features);
  }

  protected classifierState(): Record<string, unknown> {
    return forestToJson(this.model);
  }

  protected restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void {
    this.#model = forestFromJson(state, fitted.features, (state["classes"] as unknown[]).length);
  }
}
