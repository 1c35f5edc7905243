/**
 * Columns by name, by kind, or by what one asks of them.
 */
import type { DataType, Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import type { ColumnKind } from "../table/kind.js";
import { missingColumn } from "../table/names.js";

/** What a predicate is told of a column of the training rows. */
export interface SelectableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly type: DataType;
  readonly vector: Vector;
}

/** Kinds of columns, by their Arrow type. */
export type ColumnKindName = "numbers" | "categories" | "dates" | "booleans";

/** Names, a kind, or a function that says yes or no to each column. */
export type ColumnSelector = readonly string[] | ColumnKindName | ((column: SelectableColumn) => boolean);

export const KINDS: Readonly<Record<ColumnKindName, ColumnKind>> = { numbers: "number", categories: "category", dates: "time", booleans: "boolean" };

/** True for a selector that is a list of names. */
export function isNameSelector(selector: ColumnSelector): selector is readonly string[] {
  return Array.isArray(selector);
}

/**
 * Refuses what is no selector.
 *
 * @throws RunlabError with the list that was probably meant.
 */
export function checkSelector(selector: unknown): ColumnSelector {
  if (typeof selector === "function") return selector as ColumnSelector;
  if (Array.isArray(selector) && selector.every((name) => typeof name === "string")) return selector;
  if (typeof selector === "string" && Object.hasOwn(KINDS, selector)) return selector as ColumnKindName;
  const kinds = Object.keys(KINDS).map((kind) => JSON.stringify(kind)).join(", ");
  throw new RunlabError("columns is a list of names, a kind or a function", { received: selector, allowed: `${kinds}, ${typeof selector === "string" ? `[${JSON.stringify(selector)}]` : '["island", "sex"]'} or (column) => column.kind === "number"` });
}

/**
 * The columns among `features` that a selector stands for, in the order of the names given or of the table.
 *
 * @throws RunlabError for a name that is no feature.
 */
export function selectedColumns(table: Table, features: readonly string[], selector: ColumnSelector): string[] {
  if (isNameSelector(selector)) {
    const known = new Set(features);
    for (const name of selector) if (!known.has(name)) throw missingColumn(name, [...features], "column given to columnTransformer");
    return [...new Set(selector)];
  }
  return features.filter((name) => {
    const vector = table.getChild(name)!;
    const kind = columnKind(vector.type);
    return typeof selector === "function" ? selector({ name, kind, type: vector.type, vector }) === true : kind === KINDS[selector as ColumnKindName];
  });
}
