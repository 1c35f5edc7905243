/**
 * The contract of models that learn a target: what `Model` promises, and
 * - `fit` takes a part made by `split`, or a table and the name of its target;
 * - `predict` gives one prediction a row, in the order of the rows.
 *
 * A model may take more in `fit` than every model does (a validation set, groups of rows): it names those options in
 * `extraFitOptions`, says in `otherColumns` which columns they use, and finds them in `TrainingData.extra`.
 */
import type { Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { type Part, asPart } from "../split/index.js";
import { asNameList, checkOptions, columnNames, requireColumn } from "../table/index.js";
import { type FeatureSpec, chooseFeatures } from "./features.js";
import { type Fitted, Model, type SupervisedTask } from "./model.js";
import { type Weights, rowWeights } from "./weights.js";

export { MODEL_FORMAT_VERSION, Model, choiceOption, numberOption } from "./model.js";
export type { Fitted, ModelDocument, ModelTask, SupervisedTask, UnsupervisedTask } from "./model.js";

/** What `fit` takes besides the data. */
export interface FitOptions {
  /** The column to predict; a part made by `split` knows it already. */
  target?: string;
  /** Columns to learn from. Default: all but the target and those that only name rows. */
  features?: readonly string[];
  /** How much each row counts: a number a row, or the name of a column. Default 1 each. */
  weights?: Weights;
}

const FIT_OPTIONS: Record<keyof FitOptions, true> = { target: true, features: true, weights: true };

/** Data as `learn` gets it: checked, with columns that name rows taken out. */
export interface TrainingData {
  readonly table: Table;
  readonly target: string;
  readonly features: readonly FeatureSpec[];
  readonly weights: Float64Array;
  /** True when the user gave weights: some engines do not take any. */
  readonly weighted: boolean;
  /** The column that held the weights; null when they were given as numbers, or not at all. */
  readonly weightsColumn: string | null;
  /** The options named in `extraFitOptions` that the user gave, as given. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A model with a target. `Classifier` and `Regressor` say what it predicts; `Extra` is what its `fit` takes besides. */
export abstract class Estimator<Options extends object = object, Extra extends object = object> extends Model<Options, string> {
  abstract override readonly task: SupervisedTask;

  /**
   * Learns from a part made by `split`, or from a table and the name of its target.
   *
   * @throws RunlabError for options that do not exist or do not fit, a target that is missing in some rows or of the
   * wrong kind, and weights that do not match the rows.
   */
  fit(data: Part | Table, options: FitOptions & Extra = {} as FitOptions & Extra): this {
    const started = elapsed();
    const params = this.parameters();
    const own = this.extraFitOptions();
    checkOptions(`${this.name}.fit`, options, { ...FIT_OPTIONS, ...own } as Required<Record<keyof (FitOptions & Extra), true>>);
    const { target, features: named, weights } = options as FitOptions;
    if (named !== undefined) asNameList(named, `${this.name}.fit: features`);
    const part = asPart(data, { ...(target === undefined ? {} : { target }), ...(named === undefined ? {} : { features: named }) });
    const extra = Object.fromEntries(Object.entries(options).filter(([name, value]) => name in own && value !== undefined));
    const except = [...(typeof weights === "string" ? [weights] : []), ...this.otherColumns(extra as Extra)];
    if (typeof weights === "string") requireColumn(part.table, weights, "weights column");
    const { features, ids } = chooseFeatures(part, except);
    if (part.table.numRows === 0) throw new RunlabError("a model needs rows to learn from", { received: "a table without rows" });
    const training = { table: part.table, target: part.target, features, weights: rowWeights(part.table, weights), weighted: weights !== undefined, weightsColumn: typeof weights === "string" ? weights : null, extra };
    const learned = this.learn(training, params);
    this.finish({ params: { ...params, ...learned }, target: part.target, features, ids, rows: part.table.numRows }, started);
    return this;
  }

  /** One prediction a row, in the order of the rows. */
  abstract predict(data: Part | Table): ArrayLike<unknown>;

  /** Learns; returns parameters that only the data decide, for the record. */
  protected abstract learn(training: TrainingData, params: Record<string, unknown>): Record<string, unknown>;

  /** Options that `fit` of this model takes besides `FitOptions`, each name with `true`. Default none. */
  protected extraFitOptions(): Record<keyof Extra, true> {
    return {} as Record<keyof Extra, true>;
  }

  /** Columns of the table that those options name, such as the groups of rows: they are no features. Default none. */
  protected otherColumns(_extra: Extra): readonly string[] {
    return [];
  }
}

/** Columns of a table that are neither features, target nor ids of a fitted model. */
export function unusedColumns(table: Table, fitted: Fitted<string | null>): string[] {
  const used = new Set([fitted.target, ...fitted.ids, ...fitted.features.map((feature) => feature.name)]);
  return columnNames(table).filter((name) => !used.has(name));
}
