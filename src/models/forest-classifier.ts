/**
 * What every forest that votes on a class has in common.
 */
import type { Table } from "apache-arrow";
import { Classifier } from "./classifier.js";
import type { Fitted, TrainingData } from "./estimator.js";
import { type Cuts, type ForestModel, fitForest, forestFromJson, forestToJson, importancesOf, predictModel } from "./forest-model.js";
import { type ForestOptions, type RandomForestOptions, resolveForest } from "./forest-options.js";
import { oobScoreOf } from "./oob-score.js";
import type { ClassTarget } from "./target.js";
import type { ClassWeight } from "./weights.js";

/** A classifier whose class shares are the mean over trees. */
export abstract class ForestClassifier<Options extends ForestOptions & { classWeight?: ClassWeight }> extends Classifier<Options> {
  #model: ForestModel | null = null;
  #outOfBag: Float64Array | null = null;

  /** Where the trees of this kind cut. */
  protected abstract readonly cuts: Cuts;

  /** Mean share of each feature in what the cuts took from the Gini impurity, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return importancesOf(this.model, this.fitted.features);
  }

  /** With the option `oobScore`: the accuracy over rows, each predicted by the trees that did not draw it. */
  get oobScore(): number {
    return oobScoreOf(this.name, this.fitted.params);
  }

  /** With the option `oobScore`, after `fit` in this process: the class shares behind it, row by row; NaN for a row that every tree has drawn. */
  get oobProba(): Float64Array | null {
    return this.#outOfBag;
  }

  /** What was learned, for explainers. */
  get model(): ForestModel {
    void this.fitted;
    return this.#model!;
  }

  protected resolve(options: Required<Options>): Record<string, unknown> {
    return { ...resolveForest(options as unknown as Required<ForestOptions>) };
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<RandomForestOptions>;
    const weighted = training.weighted || (params["classWeight"] ?? null) !== null;
    const width = target.classes.length;
    const { model, outOfBag } = fitForest(this.name, training, { kind: "classes", labels: target.labels, classes: width }, options, this.cuts, weighted);
    this.#model = model;
    this.#outOfBag = outOfBag;
    if (outOfBag === null) return {};
    let rows = 0;
    let right = 0;
    target.labels.forEach((label, row) => {
      if (Number.isNaN(outOfBag[row * width])) return;
      let best = 0;
      for (let k = 1; k < width; k++) if (outOfBag[row * width + k] > outOfBag[row * width + best]) best = k;
      rows++;
      if (best === label) right++;
    });
    return { outOfBagScore: rows === 0 ? null : right / rows };
  }

  protected probabilities(table: Table): Float64Array {
    return predictModel(this.model, table, this.fitted.features, (this.fitted.params["nJobs"] ?? null) as number | null);
  }

  protected classifierState(): Record<string, unknown> {
    return forestToJson(this.model);
  }

  protected restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void {
    this.#model = forestFromJson(state, fitted.features, (state["classes"] as unknown[]).length);
  }
}
