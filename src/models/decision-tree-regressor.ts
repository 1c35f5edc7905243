/**
 * One tree that predicts a quantity.
 */
import type { Table } from "apache-arrow";
import { DECISION_TREE_DEFAULTS, type DecisionTreeOptions, asForest, resolveDecisionTree } from "./decision-tree-options.js";
import { type TreeNode, treeOutline, treeText } from "./decision-tree-outline.js";
import type { Fitted, TrainingData } from "./estimator.js";
import { type ForestModel, fitForest, forestFromJson, forestToJson, importancesOf, predictModel } from "./forest-model.js";
import { Regressor } from "./regressor.js";
import type { NumberTarget } from "./target.js";
import type { Forest } from "./trees/forest.js";
import { leafCount, treeDepth } from "./trees/tree.js";

/** Options of `DecisionTreeRegressor`. */
export type DecisionTreeRegressorOptions = DecisionTreeOptions;

/**
 * A decision tree for quantities: questions to single columns, each chosen for what it takes from the squared error; a leaf
 * predicts the mean of its rows. `text()` prints it.
 *
 * When it misleads: grown to the end it learns its rows by heart; it predicts in steps, and never beyond the targets it
 * has seen. Bound it by `maxDepth`, `minSamplesLeaf`, `maxLeafNodes` or `ccpAlpha`.
 *
 * @throws RunlabError from `fit` for unknown or impossible options and a target that is missing in some rows or no number.
 *
 * Source: L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees" (1984).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], price: [10, 12, 80, 82] });
 * new DecisionTreeRegressor({ maxDepth: 1 }).fit(table, { target: "price" }).predict(table)[0]; // 11
 */
export class DecisionTreeRegressor extends Regressor<DecisionTreeRegressorOptions> {
  readonly name = "DecisionTreeRegressor";
  #model: ForestModel | null = null;

  /** Share of each feature in what the cuts took from the squared error, largest first; sums to 1. */
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

  /** The tree as nested data: cuts in the words of the table, means, weights. */
  outline(): TreeNode {
    return treeOutline((this.model.forest.grown as Forest).trees[0], this.model.bins, this.fitted.features, null);
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

  protected defaults(): DecisionTreeRegressorOptions {
    return { ...DECISION_TREE_DEFAULTS };
  }

  protected resolve(options: Required<DecisionTreeRegressorOptions>): Record<string, unknown> {
    return { ...resolveDecisionTree(options) };
  }

  protected learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<DecisionTreeRegressorOptions>;
    this.#model = fitForest(this.name, training, { kind: "sums", values: target.values }, asForest(options), options.splitter, training.weighted).model;
    return {};
  }

  protected quantities(table: Table): Float64Array {
    return predictModel(this.model, table, this.fitted.features);
  }

  protected regressorState(): Record<string, unknown> {
    return forestToJson(this.model);
  }

  protected restoreRegressor(state: Record<string, unknown>, fitted: Fitted): void {
    this.#model = forestFromJson(state, fitted.features, 0);
  }
}
