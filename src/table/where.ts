/**
 * Conditions on columns, as data: what `readTable` and `filter` keep rows by.
 *
 * As data, and not as a function of a row, they are checked against the types of the columns before anything is read,
 * work on whole columns, and let a Parquet reader skip row groups whose least and greatest values rule them out.
 */
import { DataType } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "./kind.js";
import type { ColumnKind } from "./kind.js";
import { asTable } from "./as-table.js";
import { requireColumn } from "./names.js";
import { nearest } from "./nearest.js";
import { takeRows } from "./take.js";
import { parseTime } from "./time-text.js";
import { labelsOf, missingIn, numbersOf } from "./values.js";

/** A value to compare with: times as dates or as ISO 8601. */
export type Comparable = number | bigint | string | boolean | Date;

/** Bounds and exceptions; all that are given must hold. */
export interface Bounds {
  /** At least. */
  from?: Comparable;
  /** At most. */
  to?: Comparable;
  /** More than. */
  above?: Comparable;
  /** Less than. */
  below?: Comparable;
  /** None of these; `null` asks for a value to be there. */
  not?: Comparable | null | readonly (Comparable | null)[];
}

/** What a column must hold: a value, one of several, a missing value (null), or bounds. */
export type Condition = Comparable | null | readonly (Comparable | null)[] | Bounds;

/**
 * Conditions by column; a row is kept when all hold. A missing value (NaN too) meets no condition but `null`.
 *
 * @example
 * const where: Where = { month: [6, 7], distance: { from: 500 }, dep_time: { not: null } };
 */
export type Where = Readonly<Record<string, Condition>>;

const BOUNDS: Record<keyof Bounds, true> = { from: true, to: true, above: true, below: true, not: true };

/** A condition with every value as what its column's values are compared as. */
export interface Test {
  /** Values of which one must be met; null when any may. */
  any: ReadonlySet<number | string> | null;
  /** A missing value is what is asked for, perhaps besides others. */
  missing: boolean;
  none: ReadonlySet<number | string>;
  from: number | string | null;
  to: number | string | null;
  above: number | string | null;
  below: number | string | null;
}

/**
 * Checks a condition against its column's type.
 *
 * @throws RunlabError naming the column, when its values cannot be compared so.
 */
export function testOf(name: string, condition: Condition, type: DataType): Test {
  const kind = columnKind(type);
  const value = (given: unknown): number | string => comparable(name, given, kind, type);
  const test: { -readonly [Key in keyof Test]: Test[Key] } = { any: null, missing: false, none: new Set(), from: null, to: null, above: null, below: null };
  if (condition === undefined) throw new RunlabError(`where: the condition on ${JSON.stringify(name)} is undefined`, { allowed: "a value, null for missing ones, a list, or { from, to, above, below, not }" });
  if (condition === null || Array.isArray(condition) || typeof condition !== "object" || condition instanceof Date) {
    const list: readonly unknown[] = Array.isArray(condition) ? condition : [condition];
    test.missing = list.includes(null);
    test.any = new Set(list.filter((each) => each !== null).map(value));
    return test;
  }
  for (const [key, bound] of Object.entries(condition as Bounds)) {
    if (!(key in BOUNDS)) {
      const [near] = nearest(key, Object.keys(BOUNDS), 1);
      throw new RunlabError(`where: there is no bound ${JSON.stringify(key)}${near === undefined ? "" : `; did you mean ${near}?`}`, { allowed: Object.keys(BOUNDS).join(", ") });
    }
    if (key === "not") test.none = new Set((Array.isArray(bound) ? (bound as unknown[]) : [bound]).filter((each) => each !== null).map(value));
    else if (bound !== undefined) test[key as "from"] = value(bound);
  }
  return test;
}

function comparable(name: string, given: unknown, kind: ColumnKind, type: DataType): number | string {
  const refuse = (allowed: string): RunlabError => new RunlabError(`where: column ${JSON.stringify(name)} is ${String(type)}`, { received: given, allowed });
  switch (kind) {
    case "number":
      if (typeof given === "number" && !Number.isNaN(given)) return given;
      if (typeof given === "bigint") return Number(given);
      throw refuse("a number; null for missing values");
    case "boolean":
      if (typeof given === "boolean") return given ? 1 : 0;
      throw refuse("true or false; null for missing values");
    case "time": {
      if (given instanceof Date && !Number.isNaN(given.getTime())) return given.getTime();
      const time = typeof given === "string" ? parseTime(given) : null;
      if (time !== null) return time.milliseconds;
      throw refuse('a date, or a text such as "2013-06-30" or "2013-06-30T12:00Z"');
    }
    case "category":
      if (typeof given === "string") return given;
      throw refuse("a text; null for missing values");
    default: throw refuse("a number, text, boolean or time column");
  }
}

/** True when a value that is there meets the test. */
export function meets(test: Test, value: number | string): boolean {
  if (test.any !== null && !test.any.has(value)) return false;
  if (test.none.size > 0 && test.none.has(value)) return false;
  return (test.from === null || value >= test.from) && (test.to === null || value <= test.to)
    && (test.above === null || value > test.above) && (test.below === null || value < test.below);
}

/** False when no value between `min` and `max` can meet the test. */
export function mayMeet(test: Test, min: number | string, max: number | string): boolean {
  if (test.any !== null && ![...test.any].some((value) => value >= min && value <= max)) return false;
  return (test.from === null || max >= test.from) && (test.above === null || max > test.above)
    && (test.to === null || min <= test.to) && (test.below === null || min < test.below);
}

/** Checks that the conditions are an object of columns the table has. */
export function checkWhere(owner: string, where: unknown): asserts where is Where {
  if (typeof where !== "object" || where === null || Array.isArray(where) || where instanceof Date) {
    throw new RunlabError(`${owner}: where is an object of conditions by column`, { received: where, allowed: 'such as { month: [6, 7], distance: { from: 500 }, tailnum: null }' });
  }
}

/** Per row 1 when the column meets the condition. */
function met(vector: Vector, name: string, condition: Condition): Uint8Array {
  const type = vector.type as DataType;
  const test = testOf(name, condition, type);
  const out = new Uint8Array(vector.length);
  if (columnKind(type) === "category") {
    const { codes, levels } = labelsOf(vector, name);
    const pass = Uint8Array.from(levels, (level) => (meets(test, String(level)) ? 1 : 0));
    for (let i = 0; i < out.length; i++) out[i] = codes[i] < 0 ? 0 : pass[codes[i]];
  } else {
    const numbers = numbersOf(vector, name);
    const single = test.any?.size === 1 ? ([...test.any][0] as number) : null;
    if (single !== null) for (let i = 0; i < out.length; i++) out[i] = numbers[i] === single ? 1 : 0;
    else for (let i = 0; i < out.length; i++) out[i] = numbers[i] === numbers[i] && meets(test, numbers[i]) ? 1 : 0;
  }
  if (test.missing) {
    const missing = missingIn(vector);
    if (missing !== null) for (let i = 0; i < out.length; i++) out[i] |= missing[i];
  }
  return out;
}

/** The numbers of the rows that meet every condition, ascending. */
export function rowsWhere(table: Table, where: Where): Uint32Array {
  let kept: Uint8Array | null = null;
  for (const [name, condition] of Object.entries(where)) {
    const pass = met(requireColumn(table, name), name, condition);
    if (kept === null) kept = pass;
    else for (let i = 0; i < kept.length; i++) kept[i] &= pass[i];
  }
  return rowsMarked(kept ?? new Uint8Array(table.numRows).fill(1));
}

/** The places of the ones. */
export function rowsMarked(marks: Uint8Array): Uint32Array {
  let count = 0;
  for (let i = 0; i < marks.length; i++) count += marks[i];
  const rows = new Uint32Array(count);
  // A row is always written, and kept by moving on: no branch to guess wrong.
  for (let i = 0, at = 0; at < count; i++) {
    rows[at] = i;
    at += marks[i];
  }
  return rows;
}

/** The table's rows that meet the conditions; itself when all do. */
export function whereTable(table: Table, where: Where): Table {
  const rows = rowsWhere(asTable(table), where);
  return rows.length === table.numRows ? table : takeRows(table, rows);
}
