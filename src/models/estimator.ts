/**
 * The contract of every model.
 *
 * Guarantees, checked by one suite over every row of `models/table.ts`:
 * - the constructor only stores its options, so they are the configuration; `fit` checks them and does the work;
 * - `fit` returns the model, can be called again, and gives the same bits for the same data, options and seed;
 * - `predict` finds columns by name in any order, and says in one line what is missing or of another kind;
 * - `toJSON` is data only; `fromJSON` runs nothing that it reads and predicts the same bits;
 * - a fitted model announces itself, so a run records it without being asked.
 *
 * The shape is scikit-learn's (Buitinck et al., "API design for machine learning software", 2013).
 */
import type { Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { announce } from "../observe/index.js";
import { type Part, type Task, asPart, isPart } from "../split/index.js";
import { checkOptions, columnNames, requireColumn } from "../table/index.js";
import { type FeatureSpec, chooseFeatures, requireFeatures } from "./features.js";
import { type Weights, rowWeights } from "./weights.js";

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

/** Version of `ModelDocument` that this code writes; it reads this one and older ones. */
export const MODEL_FORMAT_VERSION = 1;

/** A fitted model as data. */
export interface ModelDocument {
  readonly format: "runlab.model";
  readonly version: number;
  readonly estimator: string;
  /** The options the user gave. */
  readonly options: Record<string, unknown>;
  /** Every option, defaults included. */
  readonly params: Record<string, unknown>;
  readonly target: string;
  readonly features: readonly FeatureSpec[];
  readonly ids: readonly string[];
  readonly rows: number;
  /** What was learned; its shape is the estimator's own. */
  readonly state: unknown;
}

/** Data as `learn` gets it: checked, with columns that name rows taken out. */
export interface TrainingData {
  readonly table: Table;
  readonly target: string;
  readonly features: readonly FeatureSpec[];
  readonly weights: Float64Array;
  /** True when the user gave weights: some engines do not take any. */
  readonly weighted: boolean;
}

/** What is known of a model once it is fitted. */
export interface Fitted {
  readonly params: Record<string, unknown>;
  readonly target: string;
  readonly features: readonly FeatureSpec[];
  readonly ids: readonly string[];
  readonly rows: number;
}

/** A model of any kind. `Classifier` and `Regressor` say what it predicts. */
export abstract class Estimator<Options extends object = object> {
  /** As given to the constructor; never changed. */
  readonly options: Readonly<Options>;
  #fitted: Fitted | null = null;

  constructor(options: Options = {} as Options) {
    this.options = options;
  }

  /** Name of the class, as in `models/table.ts`. */
  abstract readonly name: string;
  abstract readonly task: Task;
  /** What a category that was not seen in `fit` counts as: a missing value, or nothing at all. */
  readonly unknownCategories: "missing" | "ignore" = "missing";

  /**
   * Learns from a part made by `split`, or from a table and the name of its target.
   *
   * @throws RunlabError for options that do not exist or do not fit, a target that is missing in some rows or of the
   * wrong kind, and weights that do not match the rows.
   */
  fit(data: Part | Table, options: FitOptions = {}): this {
    const started = elapsed();
    const params = this.resolve(filledIn(this.name, this.options, this.defaults()));
    checkOptions(`${this.name}.fit`, options, FIT_OPTIONS);
    const { weights, ...rest } = options;
    const part = asPart(data, rest);
    const except = typeof weights === "string" ? [weights] : [];
    for (const name of except) requireColumn(part.table, name, "weights column");
    const { features, ids } = chooseFeatures(part, except);
    if (part.table.numRows === 0) throw new RunlabError("a model needs rows to learn from", { received: "a table without rows" });
    const training = { table: part.table, target: part.target, features, weights: rowWeights(part.table, weights), weighted: weights !== undefined };
    const learned = this.learn(training, params);
    this.#fitted = { params: { ...params, ...learned }, target: part.target, features, ids, rows: part.table.numRows };
    announce({
      type: "fit",
      estimator: this.name,
      params: this.#fitted.params,
      chosen: Object.keys(this.options).filter((key) => (this.options as Record<string, unknown>)[key] !== undefined),
      rows: this.#fitted.rows,
      features: this.featureNames,
      target: part.target,
      seconds: (elapsed() - started) / 1000,
      model: this,
    });
    return this;
  }

  /** One prediction a row, in the order of the rows. */
  abstract predict(data: Part | Table): ArrayLike<unknown>;

  /** True once `fit` has run or the model was loaded. */
  get isFitted(): boolean {
    return this.#fitted !== null;
  }

  /** What is known since `fit`. Throws before. */
  get fitted(): Fitted {
    if (this.#fitted === null) throw new RunlabError(`${this.name} has not been fitted yet`, { allowed: "model.fit(train) first" });
    return this.#fitted;
  }

  /** Columns the model was fitted on, in the order of the table it was fitted on. */
  get featureNames(): string[] {
    return this.fitted.features.map((feature) => feature.name);
  }

  /** Every option with its value, defaults included, as the run records it. */
  get params(): Readonly<Record<string, unknown>> {
    return this.fitted.params;
  }

  /** The fitted model as data: what `fromJSON` takes. The same model gives the same text. */
  toJSON(): ModelDocument {
    const { params, target, features, ids, rows } = this.fitted;
    return {
      format: "runlab.model",
      version: MODEL_FORMAT_VERSION,
      estimator: this.name,
      options: { ...(this.options as Record<string, unknown>) },
      params,
      target,
      features,
      ids,
      rows,
      state: this.state(),
    };
  }

  /** Takes a document's content; `models/table.ts` has checked what it is. */
  restore(document: ModelDocument): this {
    const { params, target, features, ids, rows } = document;
    this.#fitted = { params, target, features, ids, rows };
    this.restoreState(document.state, this.#fitted);
    return this;
  }

  /** Every option with its default. */
  protected abstract defaults(): Options;

  /** Checks options and fills in what depends on the moment, such as the seed. */
  protected abstract resolve(options: Required<Options>): Record<string, unknown>;

  /** Learns; returns parameters that only the data decide, for the record. */
  protected abstract learn(training: TrainingData, params: Record<string, unknown>): Record<string, unknown>;

  /** What was learned, as JSON data. */
  protected abstract state(): unknown;

  /** The inverse of `state`. */
  protected abstract restoreState(state: unknown, fitted: Fitted): void;

  /** The table of what is to be predicted, checked to hold the features. */
  protected tableOf(data: Part | Table): Table {
    const { features } = this.fitted;
    const table = isPart(data) ? data.table : data;
    if (typeof table !== "object" || table === null || !("schema" in table)) {
      throw new RunlabError("predict takes a table or a part made by split", { received: typeof data });
    }
    requireFeatures(table, features);
    return table;
  }
}

/** The user's options, checked, over the defaults. */
function filledIn<O extends object>(name: string, options: O, defaults: O): Required<O> {
  checkOptions(name, options, defaults as Required<O>);
  const merged: Record<string, unknown> = { ...(defaults as Record<string, unknown>) };
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined) merged[key] = value;
  }
  return merged as Required<O>;
}

/** A number among a model's options, checked. */
export function numberOption(name: string, value: unknown, rule: { least?: number; above?: number; most?: number; whole?: boolean }): number {
  const ok = typeof value === "number" && !Number.isNaN(value)
    && (rule.least === undefined || value >= rule.least)
    && (rule.above === undefined || value > rule.above)
    && (rule.most === undefined || value <= rule.most)
    && (!rule.whole || Number.isInteger(value));
  if (ok) return value;
  const bounds = [
    rule.least !== undefined ? `${rule.least} or more` : "",
    rule.above !== undefined ? `above ${rule.above}` : "",
    rule.most !== undefined ? `at most ${rule.most}` : "",
  ].filter((each) => each !== "").join(", ");
  throw new RunlabError(`${name} is a ${rule.whole ? "whole " : ""}number${bounds === "" ? "" : `, ${bounds}`}`, { received: value });
}

/** One of a few words among a model's options, checked. */
export function choiceOption<T>(name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  throw new RunlabError(`${name} is not one of the known ones`, { received: value, allowed: choices.map((choice) => JSON.stringify(choice)).join(", ") });
}

/** Columns of a table that are neither features, target nor ids of a fitted model. */
export function unusedColumns(table: Table, fitted: Fitted): string[] {
  const used = new Set([fitted.target, ...fitted.ids, ...fitted.features.map((feature) => feature.name)]);
  return columnNames(table).filter((name) => !used.has(name));
}
