/**
 * The contract of models without a target: what `Model` promises, and `fit` takes a table, or a part made by `split`
 * whose target it leaves out.
 */
import type { Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { type Part, isPart } from "../split/index.js";
import { asNameList, asTable, checkOptions, columnNames, requireColumn } from "../table/index.js";
import { type FeatureSpec, chooseFeaturesAmong } from "./features.js";
import { Model, type UnsupervisedTask } from "./model.js";
import { type Weights, rowWeights } from "./weights.js";

/** What `fit` takes besides the data. */
export interface UnsupervisedFitOptions {
  /** Columns to learn from. Default: all but a part's target and those that only name rows. */
  features?: readonly string[];
  /** How much each row counts: a number a row, or the name of a column. Default 1 each. */
  weights?: Weights;
}

const FIT_OPTIONS: Record<keyof UnsupervisedFitOptions, true> = { features: true, weights: true };

/** Data as `learn` gets it: checked, with columns that name rows taken out. */
export interface UnlabelledData {
  readonly table: Table;
  readonly features: readonly FeatureSpec[];
  readonly weights: Float64Array;
  /** True when the user gave weights: some models do not take any. */
  readonly weighted: boolean;
}

/** A model without a target: clusters, components, anomalies. */
export abstract class Unsupervised<Options extends object = object> extends Model<Options, null> {
  abstract override readonly task: UnsupervisedTask;

  /**
   * Learns from a table, or from the features of a part made by `split`.
   *
   * @throws RunlabError for options that do not exist or do not fit, columns that are not there, a table without rows,
   * and weights that do not match the rows.
   */
  fit(data: Part | Table, options: UnsupervisedFitOptions = {}): this {
    const started = elapsed();
    const params = this.parameters();
    checkOptions(`${this.name}.fit`, options, FIT_OPTIONS);
    const { weights } = options;
    const table = isPart(data) ? data.table : asTable(data, `${this.name}.fit`);
    const named = options.features === undefined ? undefined : asNameList(options.features, `${this.name}.fit: features`);
    for (const name of named ?? []) requireColumn(table, name, "feature");
    if (typeof weights === "string") requireColumn(table, weights, "weights column");
    const except = typeof weights === "string" ? [weights] : [];
    const all = columnNames(table).length - except.length;
    const names = named ?? (isPart(data) ? data.features : columnNames(table));
    const explicit = named !== undefined || (isPart(data) && data.features.length < all - 1);
    const { features, ids } = chooseFeaturesAmong(table, names.filter((name) => !except.includes(name)), explicit);
    if (table.numRows === 0) throw new RunlabError("a model needs rows to learn from", { received: "a table without rows" });
    const learned = this.learn({ table, features, weights: rowWeights(table, weights), weighted: weights !== undefined }, params);
    this.finish({ params: { ...params, ...learned }, target: null, features, ids, rows: table.numRows }, started);
    return this;
  }

  /** Learns; returns parameters that only the data decide, for the record. */
  protected abstract learn(training: UnlabelledData, params: Record<string, unknown>): Record<string, unknown>;
}
