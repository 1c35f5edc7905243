/**
 * A part of a table that knows what is to be predicted: what `split` returns and what every estimator fits.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { checkOptions } from "../table/check-options.js";
import { asNameList } from "../table/name-list.js";
import { columnNames, requireColumn } from "../table/names.js";
import { columnKind } from "../table/kind.js";

/** Whether the target is a label out of a few, or a quantity. */
export type Task = "classification" | "regression";

/**
 * Rows of a table, with the column to predict and the columns to predict it from.
 *
 * Guarantees: `table` holds every feature and the target, `features` never holds the target, and rows keep the order
 * of the table they came from.
 */
export interface Part {
  /** "train", "test" or "validation" when it came from `split`; "all" for a whole table. */
  readonly name: string;
  /** Features, target and any other column the table had. */
  readonly table: Table;
  readonly target: string;
  /** Columns to learn from, in the order of the table. */
  readonly features: readonly string[];
  /** Inferred from the target's type: text, categories and booleans are labels, anything else is a quantity. */
  readonly task: Task;
  /** For each row its number in the table that was split, ascending; null for a whole table. */
  readonly rows: Uint32Array | null;
}

/** What a part needs besides its table. */
export interface PartOptions {
  target: string;
  /** Default: every column but the target. */
  features?: readonly string[];
  name?: string;
  rows?: Uint32Array | null;
}

const OPTIONS: Record<keyof PartOptions, true> = { target: true, features: true, name: true, rows: true };

/** True for what `split` returns, false for a table. */
export function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && "table" in value && "target" in value && "features" in value;
}

/**
 * Makes a part from a table.
 *
 * @throws RunlabError when the target or a feature is not a column, or the target is among the features.
 *
 * @example
 * const part = partOf(tableFromColumns({ size: [1, 2], kind: ["a", "b"] }), { target: "kind" });
 * part.features; // ["size"]
 * part.task; // "classification"
 */
export function partOf(table: Table, options: PartOptions): Part {
  checkOptions("partOf", options, OPTIONS);
  const target = requireColumn(table, options.target, "target");
  const features = options.features === undefined
    ? columnNames(table).filter((name) => name !== options.target)
    : [...asNameList(options.features, "features")];
  for (const feature of features) {
    requireColumn(table, feature, "feature");
    if (feature === options.target) throw new RunlabError("the target cannot be a feature too", { received: feature });
  }
  if (features.length === 0) throw new RunlabError("a part needs at least one feature column besides the target", { received: columnNames(table).join(", ") });
  const kind = columnKind(target.type);
  return {
    name: options.name ?? "all",
    table,
    target: options.target,
    features,
    task: kind === "category" || kind === "boolean" ? "classification" : "regression",
    rows: options.rows ?? null,
  };
}

/**
 * Takes a part as it is and makes one of a table: what every `fit` does with its first argument.
 *
 * @throws RunlabError when a table is given without a target.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2], price: [10, 20] });
 * asPart(table, { target: "price" }).task; // "regression"
 */
export function asPart(data: Part | Table, options: Partial<PartOptions> = {}): Part {
  if (isPart(data)) {
    if (options.target === undefined && options.features === undefined) return data;
    return partOf(data.table, { target: data.target, features: options.target === undefined ? data.features : undefined, name: data.name, rows: data.rows, ...options });
  }
  if (options.target === undefined) {
    throw new RunlabError("a table needs a target column to fit", { allowed: 'fit(table, { target: "..." }), or a part made by split' });
  }
  return partOf(data, options as PartOptions);
}
