/**
 * Rows that share the values of some columns.
 */
import { DataType } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { columnKind } from "./kind.js";
import { requireColumn } from "./names.js";
import { labelsOf, numbersOf, numberLabels } from "./values.js";

/** Rows by group; groups are numbered in the order of their keys, missing values last. */
export interface RowGroups {
  count: number;
  /** The group of each row. */
  of: Int32Array;
  /** The first row of each group. */
  first: Uint32Array;
}

/** A column's values as whole numbers in their order, the missing ones as the last. */
function ranks(vector: Vector, name: string): { codes: Int32Array; count: number } {
  const type = vector.type as DataType;
  const kind = columnKind(type);
  const { codes, levels } = kind === "number" || kind === "time" || kind === "boolean" ? numberLabels(numbersOf(vector, name)) : labelsOf(vector, name);
  let missing = false;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] >= 0) continue;
    codes[i] = levels.length;
    missing = true;
  }
  return { codes, count: levels.length + (missing ? 1 : 0) };
}

/** More places than this are looked up in a map instead of a list. */
const DENSE = 1 << 22;

/** The groups of rows with equal values in `keys`; all rows in one group when there are none. */
export function groupRows(table: Table, keys: readonly string[]): RowGroups {
  const rows = table.numRows;
  let groups: { codes: Int32Array; count: number } = { codes: new Int32Array(rows), count: rows === 0 ? 0 : 1 };
  for (const name of keys) groups = combined(groups, ranks(requireColumn(table, name, "key"), name));
  const first = new Uint32Array(groups.count).fill(0xffffffff);
  for (let i = 0; i < rows; i++) if (first[groups.codes[i]] === 0xffffffff) first[groups.codes[i]] = i;
  return { count: groups.count, of: groups.codes, first };
}

/** Groups divided further; those that do not occur get no number. */
function combined(outer: { codes: Int32Array; count: number }, inner: { codes: Int32Array; count: number }): { codes: Int32Array; count: number } {
  const places = outer.count * inner.count;
  const rows = outer.codes.length;
  const codes = new Int32Array(rows);
  if (places <= DENSE) {
    const numbers = new Int32Array(places);
    for (let i = 0; i < rows; i++) numbers[outer.codes[i] * inner.count + inner.codes[i]] = 1;
    let count = 0;
    for (let place = 0; place < places; place++) if (numbers[place] === 1) numbers[place] = count++;
    for (let i = 0; i < rows; i++) codes[i] = numbers[outer.codes[i] * inner.count + inner.codes[i]];
    return { codes, count };
  }
  const keys = new Float64Array(rows);
  for (let i = 0; i < rows; i++) keys[i] = outer.codes[i] * inner.count + inner.codes[i];
  const { codes: found, levels } = numberLabels(keys);
  return { codes: found, count: levels.length };
}
