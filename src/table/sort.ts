/**
 * The rows of a table in another order.
 */
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { checkOptions } from "./check-options.js";
import { columnKind } from "./kind.js";
import { requireColumn } from "./names.js";
import { rowNumbers, takeRows } from "./take.js";
import { labelsOf, numbersOf } from "./values.js";

/** A column to sort by. */
export interface SortKey {
  column: string;
  /** Greatest first. Default false. */
  descending?: boolean;
}

const KEY: Record<keyof SortKey, true> = { column: true, descending: true };

/**
 * The rows sorted by one column or several, the first deciding. Text is sorted by code unit ("Z" before "a"), categories by
 * their text, false before true; missing values come last, whichever the direction. Rows that are equal keep their order.
 *
 * @throws RunlabError for a column that is not there, or holds lists and the like.
 *
 * @example
 * const table = tableFromColumns({ a: [2, null, 1], b: ["x", "y", "z"] });
 * [...sort(table, "a").getChild("b")!]; // ["z", "x", "y"]
 * [...sort(table, [{ column: "b", descending: true }]).getChild("a")!]; // [1, null, 2]
 */
export function sort(table: Table, by: string | SortKey | readonly (string | SortKey)[]): Table {
  asTable(table, "sort");
  const keys = (Array.isArray(by) ? (by as readonly (string | SortKey)[]) : [by as string | SortKey]).map((key): SortKey => {
    if (typeof key === "string") return { column: key };
    checkOptions("sort", key, KEY);
    return key;
  });
  if (keys.length === 0) throw new RunlabError("sort takes the columns to sort by", { received: "none", allowed: '"delay", or { column: "delay", descending: true }, or a list of these' });
  return takeRows(table, sortedRows(table, keys));
}

/** The row numbers in sorted order. */
export function sortedRows(table: Table, keys: readonly SortKey[]): Uint32Array {
  let order: Uint32Array = rowNumbers(table.numRows);
  // The last key first: each pass keeps the order of what it finds equal.
  for (const { column, descending = false } of keys.toReversed()) order = byKey(order, sortValues(requireColumn(table, column), column), descending);
  return order;
}

/** Numbers in the order of a column's values; NaN where one is missing. */
function sortValues(vector: Vector, name: string): Float64Array {
  if (columnKind(vector.type) !== "category") return numbersOf(vector, name);
  const { codes } = labelsOf(vector, name);
  const values = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) values[i] = codes[i] < 0 ? NaN : codes[i];
  return values;
}

const DIGIT = 65536;

/** A stable sort by 16 bits at a time; digits that all rows share are passed over. */
function byKey(order: Uint32Array, values: Float64Array, descending: boolean): Uint32Array {
  const count = values.length;
  // The bits of float64 in an order of whole numbers: negative ones turned round, positive ones after them.
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = values[i] + 0;
  const bits = new Uint32Array(numbers.buffer);
  for (let i = 0; i < count; i++) {
    if (values[i] !== values[i]) {
      bits[2 * i] = bits[2 * i + 1] = 0xffffffff;
      continue;
    }
    const negative = bits[2 * i + 1] >>> 31 === 1;
    let low = negative ? ~bits[2 * i] : bits[2 * i];
    let high = negative ? ~bits[2 * i + 1] : bits[2 * i + 1] | 0x80000000;
    if (descending) {
      low = ~low;
      high = ~high;
    }
    bits[2 * i] = low;
    bits[2 * i + 1] = high;
  }
  let from: Uint32Array = order;
  let to: Uint32Array = new Uint32Array(count);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const shift = 16 * (digit & 1);
    const starts = new Uint32Array(DIGIT + 1);
    for (let i = 0; i < count; i++) starts[((bits[2 * i + word] >>> shift) & 0xffff) + 1]++;
    if (starts.includes(count, 1)) continue;
    for (let d = 0; d < DIGIT; d++) starts[d + 1] += starts[d];
    for (let i = 0; i < count; i++) {
      const row = from[i];
      to[starts[(bits[2 * row + word] >>> shift) & 0xffff]++] = row;
    }
    [from, to] = [to, from === order ? new Uint32Array(count) : from];
  }
  return from;
}
