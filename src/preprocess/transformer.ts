/**
 * What a step before a model is.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asPart, isPart, partOf } from "../split/part.js";
import type { Part, Task } from "../split/part.js";
import { asNameList } from "../table/name-list.js";
import { asTable } from "../table/as-table.js";
import { checkOptions } from "../table/check-options.js";
import { columnNames, missingColumn } from "../table/names.js";

/** A fitted step as data: its name, its options and what it learned. Loading it executes nothing. */
export interface TransformerJSON {
  type: string;
  version: number;
  params: Record<string, unknown>;
  /** Null before `fit`. */
  state: unknown;
}

/** The column to predict, for a step that learns from it. */
export interface TargetColumn {
  readonly name: string;
  readonly task: Task;
}

/** A column that a step makes, and the columns it is made from. */
export interface MadeColumn {
  readonly name: string;
  readonly sources: readonly string[];
}

/**
 * A step that learns from one table and changes any other in the same way.
 *
 * Guarantees: the constructor only stores options; `fit` learns from the table it is given and from nothing else, and
 * looks at the target only where the step says so (`targetEncode`); `transform` uses only what `fit` learned, so no row
 * of a test set can move another; columns travel by name, and columns the step does not concern pass through
 * untouched; `toJSON` and back gives a step that transforms to the same bits.
 */
export abstract class Transformer<State = unknown> {
  /** The name in the table of transformers. */
  abstract readonly type: string;
  /** What `fit` learned; null before. */
  protected state: State | null = null;

  /** As given to the constructor. */
  readonly options: object = {};
  /** Every option, defaults included. */
  abstract params(): Record<string, unknown>;

  /** What is to be learned from `columns` of the table; `target` is null when nothing says what is predicted. */
  protected abstract learn(table: Table, columns: readonly string[], target: TargetColumn | null): State;
  protected abstract apply(table: Table, state: State): Table;
  /** The columns that must be there to transform. */
  protected abstract needs(state: State): readonly string[];
  /** Columns that have a name of their own after the step; one that keeps its name is made from itself. */
  protected abstract made(state: State): readonly MadeColumn[];
  /** True for what `learn` may have returned: what is read from a file is checked before it is believed. */
  protected abstract isState(state: unknown): state is State;

  /** Names of the options that were given. */
  get chosen(): string[] {
    return Object.entries(this.options).filter(([, value]) => value !== undefined).map(([name]) => name);
  }

  /** True once `fit` has run or the step was loaded with what it learned. */
  get isFitted(): boolean {
    return this.state !== null;
  }

  /**
   * The new columns of a fitted step, each with the columns it is made from.
   *
   * @throws RunlabError before `fit`.
   *
   * @example
   * oneHot().fit(tableFromColumns({ island: ["Dream"] })).outputs; // [{ name: "island=Dream", sources: ["island"] }]
   */
  get outputs(): readonly MadeColumn[] {
    return this.made(this.learned("names its columns"));
  }

  /**
   * Learns from a part's features, or from all columns of a table but the target that `options` may name.
   *
   * @throws RunlabError for an option that does not exist, and for a column that is not there or that the step cannot work on.
   */
  fit(data: Part | Table, options: { target?: string; features?: readonly string[] } = {}): this {
    const { table, columns, target } = this.training(data, options);
    this.state = this.learn(table, columns, target);
    return this;
  }

  /**
   * The table (or part) changed in the way that was learned.
   *
   * @throws RunlabError before `fit`, or when a column is not there that was when fitting.
   */
  transform(data: Table): Table;
  transform(data: Part): Part;
  transform(data: Part | Table): Part | Table;
  transform(data: Part | Table): Part | Table {
    const state = this.learned("transforms");
    const table = isPart(data) ? data.table : asTable(data, `${this.type}.transform`);
    const names = new Set(columnNames(table));
    for (const name of this.needs(state)) {
      if (!names.has(name)) throw missingColumn(name, [...names], `column that ${this.type} was fitted on`);
    }
    return changedLike(data, this.apply(table, state));
  }

  /**
   * Learns from training data and changes it. As `fit` and then `transform`, unless the step says otherwise: what a
   * row's own target taught must not come back to it as a feature.
   */
  fitTransform(data: Part, options?: { target?: string; features?: readonly string[] }): Part;
  fitTransform(data: Table, options?: { target?: string; features?: readonly string[] }): Table;
  fitTransform(data: Part | Table, options?: { target?: string; features?: readonly string[] }): Part | Table;
  fitTransform(data: Part | Table, options: { target?: string; features?: readonly string[] } = {}): Part | Table {
    const { table, columns, target } = this.training(data, options);
    const { state, changed } = this.learnAndApply(table, columns, target);
    this.state = state;
    return changedLike(data, changed);
  }

  /** An unfitted step with the same options. */
  copy(): this {
    return new (this.constructor as new (options: object) => this)(this.options);
  }

  toJSON(): TransformerJSON {
    return { type: this.type, version: 1, params: this.params(), state: this.state };
  }

  /**
   * Takes over what a fitted step learned. Use `transformerFromJSON`.
   *
   * @throws RunlabError when it cannot have been learned by such a step.
   */
  restore(state: unknown): this {
    if (state !== null && state !== undefined && !this.isState(state)) throw new RunlabError(`what this ${this.type} learned is damaged`, { allowed: "what toJSON of a fitted step gives" });
    this.state = (state ?? null) as State | null;
    return this;
  }

  /** `learn`, and the training table changed by it. */
  protected learnAndApply(table: Table, columns: readonly string[], target: TargetColumn | null): { state: State; changed: Table } {
    const state = this.learn(table, columns, target);
    return { state, changed: this.apply(table, state) };
  }

  private learned(act: string): State {
    if (this.state === null) throw new RunlabError(`${this.type} ${act} only after fit`, { allowed: `${this.type}().fit(train) first` });
    return this.state;
  }

  private training(data: Part | Table, options: { target?: string; features?: readonly string[] }): { table: Table; columns: readonly string[]; target: TargetColumn | null } {
    // Before the options are read: null has none to read.
    if (typeof this.options !== "object" || this.options === null) throw new RunlabError(`${this.type} takes its options as an object`, { received: this.options });
    checkOptions(this.type, this.options, this.params());
    checkOptions(`${this.type}.fit`, options, { target: true, features: true });
    const part = isPart(data) || options.target !== undefined ? asPart(data, options) : null;
    const table = part === null ? asTable(data, `${this.type}.fit`) : part.table;
    if (table.numRows === 0) throw new RunlabError(`${this.type} learns from at least one row`, { received: "an empty table" });
    if (part !== null) return { table, columns: part.features, target: { name: part.target, task: part.task } };
    return { table, columns: options.features === undefined ? columnNames(table) : asNameList(options.features, "features"), target: null };
  }
}

/** A part when a part was changed, with its features followed. */
function changedLike(data: Part | Table, changed: Table): Part | Table {
  if (!isPart(data)) return changed;
  return partOf(changed, { target: data.target, features: featuresAfter(data, changed), name: data.name, rows: data.rows });
}

/** Features that are still there and columns that are new, in the order of the changed table. */
function featuresAfter(before: Part, changed: Table): string[] {
  const kept = new Set(before.features);
  const known = new Set(columnNames(before.table));
  return columnNames(changed).filter((name) => kept.has(name) || !known.has(name));
}

/** The columns a step works on: those named in its options, else those of the kinds it is for. */
export function chosenColumns(step: string, table: Table, all: readonly string[], named: readonly string[] | undefined, suits: (name: string) => boolean): string[] {
  if (named === undefined) return all.filter(suits);
  const names = new Set(columnNames(table));
  const features = new Set(all);
  const chosen = [...new Set(asNameList(named, `${step}: columns`))];
  for (const name of chosen) {
    if (!names.has(name)) throw missingColumn(name, [...names], `column given to ${step}`);
    if (!features.has(name)) throw new RunlabError(`${step} works on features, never on the target`, { received: name });
    if (!suits(name)) throw new RunlabError(`${step} cannot work on column ${JSON.stringify(name)}`, { received: String(table.getChild(name)!.type) });
  }
  return chosen;
}
