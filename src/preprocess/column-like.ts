/**
 * Columns of a new table that hold what those of the training rows held.
 */
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import type { ColumnKind } from "../table/kind.js";
import { labelsOf, numbersOf } from "../table/values.js";
import type { Labels } from "../table/values.js";
import type { Level } from "./frequent-levels.js";

/** A column of numbers, NaN where missing, and which of its rows are. */
export interface NumberColumn {
  readonly values: Float64Array;
  readonly missing: Uint8Array | null;
}

/**
 * A column as numbers, booleans as 0 and 1. One without any value fits, whatever its type.
 *
 * @throws RunlabError for text, categories and times.
 */
export function numbersLike(table: Table, name: string): NumberColumn {
  const column = table.getChild(name)!;
  if (isEmpty(column)) return { values: new Float64Array(column.length).fill(NaN), missing: new Uint8Array(column.length).fill(1) };
  const kind = columnKind(column.type);
  if (kind !== "number" && kind !== "boolean") throw otherKind(name, column, ["number"]);
  const values = numbersOf(column, name);
  return { values, missing: missingAmong(values) };
}

/** Marks of the rows that are NaN; null when none is. */
function missingAmong(values: Float64Array): Uint8Array | null {
  let first = 0;
  while (first < values.length && values[first] === values[first]) first++;
  if (first === values.length) return null;
  const missing = new Uint8Array(values.length);
  for (let i = first; i < values.length; i++) missing[i] = values[i] === values[i] ? 0 : 1;
  return missing;
}

/**
 * A column as labels, when it holds the kind of values that `levels` were learned from. One without any value fits,
 * whatever its type.
 *
 * @throws RunlabError for another kind: every value of it would count as unknown.
 */
export function labelsLike(table: Table, name: string, levels: readonly Level[]): Labels {
  const column = table.getChild(name)!;
  if (isEmpty(column)) return { codes: new Int32Array(column.length).fill(-1), levels: [] };
  const known = levels.find((level) => level !== null);
  const wanted: ColumnKind | null = known === undefined ? null : typeof known === "string" ? "category" : typeof known === "boolean" ? "boolean" : "number";
  if (wanted !== null && columnKind(column.type) !== wanted) throw otherKind(name, column, [wanted]);
  return labelsOf(column, name);
}

function isEmpty(column: Vector): boolean {
  return column.nullCount === column.length;
}

function otherKind(name: string, column: Vector, wanted: readonly ColumnKind[]): RunlabError {
  return new RunlabError(`column ${JSON.stringify(name)} holds another kind of value than when fitting`, { received: String(column.type), allowed: wanted.join(", ") });
}
