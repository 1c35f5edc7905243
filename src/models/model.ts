/**
 * What every model has, whether it learns from a target or not.
 *
 * Guarantees, checked by the contract suites of `test/models/` over every row of `models/table.ts`:
 * - the constructor only stores its options, so they are the configuration; `fit` checks them and does the work;
 * - `fit` returns the model, can be called again, and gives the same bits for the same data, options and seed;
 * - columns are found by name in any order, and what is missing or of another kind is said in one line;
 * - `toJSON` is data only; `fromJSON` runs nothing that it reads and gives a model with the same bits;
 * - a fitted model announces itself, so a run records it without being asked.
 *
 * The shape is scikit-learn's (Buitinck et al., "API design for machine learning software", 2013).
 */
import type { Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { announce } from "../observe/index.js";
import { type Part, type Task, isPart } from "../split/index.js";
import { checkOptions } from "../table/index.js";
import { type FeatureSpec, requireFeatures } from "./features.js";

/** What a model does without a target: groups of rows, fewer columns, rows that stand out. */
export type UnsupervisedTask = "clustering" | "decomposition" | "anomaly";

/** What a model with a target does: predicts a label, a quantity, or an order within groups. */
export type SupervisedTask = Task | "ranking";

/** What a model is for. */
export type ModelTask = SupervisedTask | UnsupervisedTask;

/** Version of `ModelDocument` that this code writes; it reads this one and older ones. */
export const MODEL_FORMAT_VERSION = 1;

/** A fitted model as data. */
export interface ModelDocument<Target extends string | null = string | null> {
  readonly format: "runlab.model";
  readonly version: number;
  readonly estimator: string;
  /** The options the user gave. */
  readonly options: Record<string, unknown>;
  /** Every option, defaults included. */
  readonly params: Record<string, unknown>;
  /** The column to predict; null for a model without one. */
  readonly target: Target;
  readonly features: readonly FeatureSpec[];
  readonly ids: readonly string[];
  readonly rows: number;
  /** What was learned; its shape is the model's own. */
  readonly state: unknown;
}

/** What is known of a model once it is fitted. */
export interface Fitted<Target extends string | null = string> {
  readonly params: Record<string, unknown>;
  readonly target: Target;
  readonly features: readonly FeatureSpec[];
  readonly ids: readonly string[];
  readonly rows: number;
}

/** A model of any kind. `Estimator` learns a target, `Unsupervised` has none. */
export abstract class Model<Options extends object = object, Target extends string | null = string | null> {
  /** As given to the constructor; never changed. */
  readonly options: Readonly<Options>;
  #fitted: Fitted<Target> | null = null;

  constructor(options: Options = {} as Options) {
    this.options = options;
  }

  /** Name of the class, as in `models/table.ts`. */
  abstract readonly name: string;
  abstract readonly task: ModelTask;
  /** What a category that was not seen in `fit` counts as: a missing value, or nothing at all. */
  readonly unknownCategories: "missing" | "ignore" = "missing";

  /** True once `fit` has run or the model was loaded. */
  get isFitted(): boolean {
    return this.#fitted !== null;
  }

  /** What is known since `fit`. Throws before. */
  get fitted(): Fitted<Target> {
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
  toJSON(): ModelDocument<Target> {
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
  restore(document: ModelDocument<Target>): this {
    const { params, target, features, ids, rows } = document;
    this.#fitted = { params, target, features, ids, rows };
    this.restoreState(document.state, this.#fitted);
    return this;
  }

  /** Every option with its default. */
  protected abstract defaults(): Options;

  /** Checks options and fills in what depends on the moment, such as the seed. */
  protected abstract resolve(options: Required<Options>): Record<string, unknown>;

  /** What was learned, as JSON data. */
  protected abstract state(): unknown;

  /** The inverse of `state`. */
  protected abstract restoreState(state: unknown, fitted: Fitted<Target>): void;

  /** The user's options, checked, over the defaults, and resolved: what a fit works with. */
  protected parameters(): Record<string, unknown> {
    return this.resolve(filledIn(this.name, this.options, this.defaults()));
  }

  /** Keeps what is known now and announces the model. `started` is `elapsed()` of the fit's beginning. */
  protected finish(fitted: Fitted<Target>, started: number): void {
    this.#fitted = fitted;
    announce({
      type: "fit",
      estimator: this.name,
      params: fitted.params,
      chosen: Object.keys(this.options).filter((key) => (this.options as Record<string, unknown>)[key] !== undefined),
      rows: fitted.rows,
      features: this.featureNames,
      target: fitted.target,
      seconds: (elapsed() - started) / 1000,
      model: this,
    });
  }

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
