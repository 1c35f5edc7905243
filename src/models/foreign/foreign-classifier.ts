/**
 * A classifier that another library fitted.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import type { Part } from "../../split/index.js";
import { Classifier } from "../classifier.js";
import type { Fitted } from "../estimator.js";
import { foreignColumns, foreignTable } from "./foreign-columns.js";
import { type ForeignModel, foreignFromJson, foreignPredictions, foreignToJson, rawScores } from "./foreign-model.js";
import { foreignImportances, notFittedAgain } from "./foreign-regressor.js";

/**
 * A classifier read from a LightGBM or XGBoost file: see `readLightGBM` and `readXGBoost`. It predicts what the
 * original predicts, to the last bit but one, and cannot be fitted.
 *
 * When it misleads: the probabilities of LightGBM's `multiclassova` are one against the rest each, and need not add up to 1.
 */
export class ForeignClassifier extends Classifier<object> {
  readonly name = "ForeignClassifier";
  #model: ForeignModel | null = null;

  /** The library it comes from, and its objective. */
  get origin(): { source: string; objective: string } {
    const { source, objective } = this.model;
    return { source, objective };
  }

  /** What was read, for explainers and converters. */
  get model(): ForeignModel {
    void this.fitted;
    return this.#model!;
  }

  /** Each feature's share in what all cuts gained, largest first; sums to 1 unless there is no cut. */
  get featureImportances(): { feature: string; importance: number }[] {
    return foreignImportances(this.model, this.featureNames);
  }

  /** The scores before the link (raw scores, margins), row after row: one a row for two classes, else one a class. */
  predictRaw(data: Part | Table): Float64Array {
    const { columns, rows } = foreignColumns(this.tableOf(data), this.fitted.features, this.model.categories);
    return rawScores(this.model, columns, rows);
  }

  protected override tableOf(data: Part | Table): Table {
    return foreignTable(data, this.fitted.features);
  }

  override fit(): never {
    throw notFittedAgain(this.#model);
  }

  protected probabilities(table: Table): Float64Array {
    const { columns, rows } = foreignColumns(table, this.fitted.features, this.model.categories);
    const predicted = foreignPredictions(this.model, columns, rows);
    if (this.model.outputs > 1) return predicted;
    const out = new Float64Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      out[2 * i] = this.model.source === "XGBoost" ? Math.fround(1 - predicted[i]) : 1 - predicted[i];
      out[2 * i + 1] = predicted[i];
    }
    return out;
  }

  protected defaults(): object {
    return {};
  }

  protected resolve(): Record<string, unknown> {
    return {};
  }

  protected learnClasses(): never {
    throw notFittedAgain(this.#model);
  }

  protected classifierState(): Record<string, unknown> {
    return foreignToJson(this.model);
  }

  protected restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void {
    const model = foreignFromJson(state, fitted.features.length);
    const classes = (state["classes"] as unknown[]).length;
    if (classes !== Math.max(2, model.outputs)) throw new RunlabError("the model file is damaged: its scores and classes do not fit", { received: `${model.outputs} scores for ${classes} classes` });
    this.#model = model;
  }
}
