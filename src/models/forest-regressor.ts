/**
 * What every forest whose trees' quantities are averaged has in common.
 */
import type { Table } from "apache-arrow";
import type { Fitted, TrainingData } from "./estimator.js";
import { type Cuts, type ForestModel, fitForest, forestFromJson, forestToJson, importancesOf, predictModel } from "./forest-model.js";
import { type ForestOptions, type RandomForestOptions, resolveForest } from "./forest-options.js";
import { oobScoreOf } from "./oob-score.js";
import { Regressor } from "./regressor.js";
import type { NumberTarget } from "./target.js";

/** A regressor whose predictions are the mean over trees. */
export abstract class ForestRegressor<Options extends ForestOptions> extends Regressor<Options> {
  #model: ForestModel | null = null;
  #outOfBag: Float64Array | null = null;

  /** Where the trees of this kind cut. */
  protected abstract readonly cuts: Cuts;

  /** Mean share of each feature in what the cuts took from the squared error, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return importancesOf(this.model, this.fitted.features);
  }

  /** With the option `oobScore`: R2 over rows, each predicted by the trees that did not draw it. */
  get oobScore(): number {
    return oobScoreOf(this.name, this.fitted.params);
  }

  /** With the option `oobScore`, after `fit` in this process: the predictions behind it; NaN for a row that every tree has drawn. */
  get oobPrediction(): Float64Array | null {
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

  protected learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<RandomForestOptions>;
    const { model, outOfBag } = fitForest(this.name, training, { kind: "sums", values: target.values }, options, this.cuts, training.weighted);
    this.#model = model;
    this.#outOfBag = outOfBag;
    if (outOfBag === null) return {};
    const rows = Array.from(outOfBag.keys()).filter((row) => !Number.isNaN(outOfBag[row]));
    const mean = rows.reduce((sum, row) => sum + target.values[row], 0) / rows.length;
    const left = rows.reduce((sum, row) => sum + (target.values[row] - outOfBag[row]) * (target.values[row] - outOfBag[row]), 0);
    const all = rows.reduce((sum, row) => sum + (target.values[row] - mean) * (target.values[row] - mean), 0);
    return { outOfBagScore: all > 0 ? 1 - left / all : null };
  }

  protected quantities(table: Table): Float64Array {
    return predictModel(this.model, table, this.fitted.features, (this.fitted.params["nJobs"] ?? null) as number | null);
  }

  protected regressorState(): Record<string, unknown> {
    return forestToJson(this.model);
  }

  protected restoreRegressor(state: Record<string, unknown>, fitted: Fitted): void {
    this.#model = forestFromJson(state, fitted.features, 0);
  }
}
