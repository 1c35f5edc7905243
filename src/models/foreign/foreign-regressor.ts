/**
 * A regressor, or a ranker, that another library fitted.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import type { Part } from "../../split/index.js";
import type { Fitted } from "../estimator.js";
import { Regressor } from "../regressor.js";
import { foreignColumns, foreignTable } from "./foreign-columns.js";
import { type ForeignModel, foreignFromJson, foreignPredictions, foreignToJson, rawScores } from "./foreign-model.js";

/**
 * A regressor read from a LightGBM or XGBoost file: see `readLightGBM` and `readXGBoost`. Of a ranker it predicts
 * the scores that rows are ordered by. It predicts what the original predicts, to the last bit but one, and cannot be
 * fitted.
 */
export class ForeignRegressor extends Regressor<object> {
  readonly name = "ForeignRegressor";
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

  /** The scores before the link: of a Poisson model, for example, the logarithms of what it predicts. */
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

  protected quantities(table: Table): Float64Array {
    const { columns, rows } = foreignColumns(table, this.fitted.features, this.model.categories);
    return foreignPredictions(this.model, columns, rows);
  }

  protected defaults(): object {
    return {};
  }

  protected resolve(): Record<string, unknown> {
    return {};
  }

  protected learnNumbers(): never {
    throw notFittedAgain(this.#model);
  }

  protected regressorState(): Record<string, unknown> {
    return foreignToJson(this.model);
  }

  protected restoreRegressor(state: Record<string, unknown>, fitted: Fitted): void {
    const model = foreignFromJson(state ?? {}, fitted.features.length);
    if (model.outputs !== 1) throw new RunlabError("the model file is damaged: a regressor has one score a row", { received: model.outputs });
    this.#model = model;
  }
}

/** Shares of the features in all gains, largest first. */
export function foreignImportances(model: ForeignModel, names: readonly string[]): { feature: string; importance: number }[] {
  const total = model.gains.reduce((sum, gain) => sum + gain, 0);
  return names
    .map((feature, f) => ({ feature, importance: total > 0 ? model.gains[f] / total : 0 }))
    .sort((a, b) => b.importance - a.importance);
}

/** The error for `fit` of a model that came from a file. */
export function notFittedAgain(model: ForeignModel | null): RunlabError {
  return new RunlabError(`a model of ${model?.source ?? "another library"} predicts and is not fitted here`, { allowed: "readLightGBM(path), readXGBoost(path); or an estimator of runlab to fit" });
}
