/**
 * What a step before a model is.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { isPart, partOf } from "../split/part.js";
import type { Part } from "../split/part.js";
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

/**
 * A step that learns from one table and changes any other in the same way.
 *
 * Guarantees: the constructor only stores options; `fit` learns from the table it is given and from nothing else, and
 * never from a part's target; `transform` uses only what `fit` learned, so no row of a test set can move another;
 * columns travel by name, and columns the step does not concern pass through untouched; `toJSON` and back gives a step
 * that transforms to the same bits.
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
  /** Names of the options that were given. */
  abstract readonly chosen: readonly string[];

  /** What is to be learned from `columns` of the table. */
  protected abstract learn(table: Table, columns: readonly string[]): State;
  protected abstract apply(table: Table, state: State): Table;
  /** The columns that must be there to transform. */
  protected abstract needs(state: State): readonly string[];

  /**
   * Learns from a part's features, or from all columns of a table.
   *
   * @throws RunlabError for an option that does not exist, and for a column that is not there or that the step cannot work on.
   */
  fit(data: Part | Table): this {
    checkOptions(this.type, this.options, this.params());
    const table = isPart(data) ? data.table : data;
    if (table.numRows === 0) throw new RunlabError(`${this.type} learns from at least one row`, { received: "an empty table" });
    this.state = this.learn(table, isPart(data) ? data.features : columnNames(table));
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
    if (this.state === null) throw new RunlabError(`${this.type} transforms only after fit`, { allowed: `${this.type}().fit(train) first` });
    const table = isPart(data) ? data.table : data;
    const names = columnNames(table);
    for (const name of this.needs(this.state)) {
      if (!names.includes(name)) throw missingColumn(name, names, `column that ${this.type} was fitted on`);
    }
    const changed = this.apply(table, this.state);
    if (!isPart(data)) return changed;
    return partOf(changed, { target: data.target, features: featuresAfter(data, changed), name: data.name, rows: data.rows });
  }

  /** `fit` and `transform` of the same data: for training data only. */
  fitTransform(data: Part): Part;
  fitTransform(data: Table): Table;
  fitTransform(data: Part | Table): Part | Table {
    return this.fit(data).transform(data);
  }

  toJSON(): TransformerJSON {
    return { type: this.type, version: 1, params: this.params(), state: this.state };
  }

  /** Takes over what a fitted step learned. Use `transformerFromJSON`. */
  restore(state: unknown): this {
    this.state = state as State | null;
    return this;
  }
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
  const names = columnNames(table);
  for (const name of named) {
    if (!names.includes(name)) throw missingColumn(name, names, `column given to ${step}`);
    if (!all.includes(name)) throw new RunlabError(`${step} works on features, never on the target`, { received: name });
    if (!suits(name)) throw new RunlabError(`${step} cannot work on column ${JSON.stringify(name)}`, { received: String(table.getChild(name)!.type) });
  }
  return [...named];
}

/** Names of the options that were set. */
export function namesGiven(options: object): string[] {
  return Object.entries(options).filter(([, value]) => value !== undefined).map(([name]) => name);
}
