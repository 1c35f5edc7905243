/**
 * Two tables side by side, by the values they share.
 */
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { concat } from "./concat.js";
import { checkOptions } from "./check-options.js";
import { columnKind } from "./kind.js";
import type { ColumnKind } from "./kind.js";
import { tableFromVectors } from "./from-columns.js";
import { columnNames, columnOf, requireColumn } from "./names.js";
import { takeRows, takeRowsOrMissing } from "./take.js";
import { labelsOf, numbersOf } from "./values.js";

/** Options of `join`. */
export interface JoinOptions {
  /** The columns that have to be equal: of the same name in both, or `{ left: right }`. */
  on: string | readonly string[] | Readonly<Record<string, string>>;
  /**
   * Which rows stay: "left" (default) every row of the left table, with missing values where the right has none; "inner"
   * those with a partner; "full" every row of both; "semi" rows of the left table with a partner, its columns alone; "anti"
   * those without.
   */
  how?: "left" | "inner" | "full" | "semi" | "anti";
  /** What columns of the right table are called when the left has one of that name. Default "_right" after it. */
  suffix?: string;
  /** Refuses when a row of the left table has several partners: it would appear several times. Default false. */
  unique?: boolean;
}

const OPTIONS: Record<keyof JoinOptions, true> = { on: true, how: true, suffix: true, unique: true };
const HOW = ["left", "inner", "full", "semi", "anti"];

/** A result of more rows than this is a mistake in the keys. */
const MOST_ROWS = 2 ** 31 - 1;

/**
 * Puts the columns of the right table beside those of the left, row by row where the keys are equal. Rows keep the order
 * of the left table, partners that of the right one. Types, categories and missing values are kept.
 *
 * When it misleads: a key that occurs several times on the right repeats rows of the left, and everything counted after is
 * wrong; `unique: true` refuses that. Missing keys are equal to nothing.
 *
 * @throws RunlabError for columns that are not there, keys that cannot be equal, and, when asked, keys that are not unique.
 *
 * @example
 * const flights = tableFromColumns({ carrier: ["UA", "ZZ"], delay: [5, 7] });
 * const airlines = tableFromColumns({ carrier: ["UA"], name: ["United"] });
 * [...join(flights, airlines, { on: "carrier" }).getChild("name")!]; // ["United", null]
 */
export function join(left: Table, right: Table, options: JoinOptions): Table {
  asTable(left, "join");
  asTable(right, "join");
  checkOptions("join", options, OPTIONS);
  const how = options.how ?? "left";
  if (!HOW.includes(how)) throw new RunlabError("join: how is not known", { received: how, allowed: HOW.join(", ") });
  const pairs = pairsOf(options.on);
  const { leftKeys, rightKeys, count } = keysOf(left, right, pairs);
  const partners = partnersOf(rightKeys, count);
  if (how === "semi" || how === "anti") {
    const rows: number[] = [];
    for (let i = 0; i < leftKeys.length; i++) if ((leftKeys[i] >= 0 && partners.starts[leftKeys[i] + 1] > partners.starts[leftKeys[i]]) === (how === "semi")) rows.push(i);
    return takeRows(left, Uint32Array.from(rows));
  }
  const { leftRows, rightRows } = matches(leftKeys, rightKeys, partners, how, options.unique === true);
  const fromLeft = how === "full" ? takeRowsOrMissing(left, leftRows) : takeRows(left, new Uint32Array(leftRows.buffer, leftRows.byteOffset, leftRows.length));
  const fromRight = takeRowsOrMissing(right, rightRows);
  return besides(fromLeft, fromRight, how === "full" ? filledKeys(fromLeft, fromRight, pairs, leftRows) : new Map(), pairs, options.suffix ?? "_right");
}

function pairsOf(on: unknown): [left: string, right: string][] {
  const pairs = typeof on === "string" ? [[on, on]] : Array.isArray(on) ? on.map((name) => [name, name]) : typeof on === "object" && on !== null ? Object.entries(on) : [];
  if (pairs.length > 0 && pairs.flat().every((name) => typeof name === "string")) return pairs as [string, string][];
  throw new RunlabError("join: on names the columns that have to be equal", { received: on, allowed: '"carrier", ["year", "month"] or { carrier: "code" }' });
}

/** Both tables' keys as whole numbers of one list; -1 where one is missing. */
function keysOf(left: Table, right: Table, pairs: readonly [string, string][]): { leftKeys: Int32Array; rightKeys: Int32Array; count: number } {
  let keys: { leftKeys: Int32Array; rightKeys: Int32Array; count: number } = { leftKeys: new Int32Array(left.numRows), rightKeys: new Int32Array(right.numRows), count: 1 };
  for (const [leftName, rightName] of pairs) {
    const next = sharedCodes(requireColumn(left, leftName, "key of the left table"), leftName, requireColumn(right, rightName, "key of the right table"), rightName);
    keys = keys.count === 1 && next.count > 0 && pairs.length === 1 ? next : combine(keys, next);
  }
  return keys;
}

function sharedCodes(left: Vector, leftName: string, right: Vector, rightName: string): { leftKeys: Int32Array; rightKeys: Int32Array; count: number } {
  const kinds = [columnKind(left.type), columnKind(right.type)] as [ColumnKind, ColumnKind];
  const comparable = kinds[0] === kinds[1] && kinds[0] !== "other";
  if (!comparable) throw new RunlabError(`join: the keys cannot be equal: ${JSON.stringify(leftName)} is ${String(left.type)}, ${JSON.stringify(rightName)} is ${String(right.type)}`, { allowed: "columns of one kind; derive one of them anew" });
  const known = new Map<number | string, number>();
  const codesOf = (vector: Vector, name: string): Int32Array => {
    if (kinds[0] === "category") {
      const { codes, levels } = labelsOf(vector, name);
      const shared = levels.map((level) => codeOf(known, level as string));
      return codes.map((code) => (code < 0 ? -1 : shared[code]));
    }
    return Int32Array.from(numbersOf(vector, name), (value) => (value === value ? codeOf(known, value) : -1));
  };
  const leftKeys = codesOf(left, leftName);
  const rightKeys = codesOf(right, rightName);
  return { leftKeys, rightKeys, count: known.size };
}

function codeOf<T>(known: Map<T, number>, value: T): number {
  let code = known.get(value);
  if (code === undefined) known.set(value, (code = known.size));
  return code;
}

function combine(outer: ReturnType<typeof keysOf>, inner: ReturnType<typeof keysOf>): ReturnType<typeof keysOf> {
  const known = new Map<number, number>();
  const codes = (a: Int32Array, b: Int32Array): Int32Array => a.map((code, i) => (code < 0 || b[i] < 0 ? -1 : codeOf(known, code * inner.count + b[i])));
  const leftKeys = codes(outer.leftKeys, inner.leftKeys);
  const rightKeys = codes(outer.rightKeys, inner.rightKeys);
  return { leftKeys, rightKeys, count: known.size };
}

interface Partners {
  /** By key where its rows start in `rows`. */
  starts: Uint32Array;
  rows: Uint32Array;
}

function partnersOf(keys: Int32Array, count: number): Partners {
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < keys.length; i++) if (keys[i] >= 0) starts[keys[i] + 1]++;
  for (let key = 0; key < count; key++) starts[key + 1] += starts[key];
  const next = starts.slice();
  const rows = new Uint32Array(starts[count]);
  for (let i = 0; i < keys.length; i++) if (keys[i] >= 0) rows[next[keys[i]]++] = i;
  return { starts, rows };
}

function matches(leftKeys: Int32Array, rightKeys: Int32Array, { starts, rows }: Partners, how: "left" | "inner" | "full", unique: boolean): { leftRows: Int32Array; rightRows: Int32Array } {
  const keepsLeft = how !== "inner";
  let total = 0;
  for (let i = 0; i < leftKeys.length; i++) {
    const found = leftKeys[i] < 0 ? 0 : starts[leftKeys[i] + 1] - starts[leftKeys[i]];
    if (unique && found > 1) throw new RunlabError(`join: row ${i} of the left table has ${found} partners on the right`, { allowed: "keys that occur once on the right, or unique: false" });
    total += found === 0 && keepsLeft ? 1 : found;
  }
  const used = how === "full" ? new Uint8Array(rightKeys.length) : null;
  if (total + (used?.length ?? 0) > MOST_ROWS) throw new RunlabError(`join would make ${total} rows`, { allowed: `up to ${MOST_ROWS}: are the keys unique?` });
  const leftRows = new Int32Array(total + (used?.length ?? 0));
  const rightRows = new Int32Array(leftRows.length);
  let at = 0;
  for (let i = 0; i < leftKeys.length; i++) {
    const key = leftKeys[i];
    const start = key < 0 ? 0 : starts[key];
    const end = key < 0 ? 0 : starts[key + 1];
    if (start === end && keepsLeft) {
      leftRows[at] = i;
      rightRows[at++] = -1;
    }
    for (let k = start; k < end; k++) {
      leftRows[at] = i;
      rightRows[at++] = rows[k];
      if (used !== null) used[rows[k]] = 1;
    }
  }
  for (let i = 0; used !== null && i < used.length; i++) {
    if (used[i] === 1) continue;
    leftRows[at] = -1;
    rightRows[at++] = i;
  }
  return { leftRows: leftRows.subarray(0, at), rightRows: rightRows.subarray(0, at) };
}

/** In a full join the keys of rows that only the right table has come from there. */
function filledKeys(left: Table, right: Table, pairs: readonly [string, string][], leftRows: Int32Array): Map<string, Vector> {
  const onlyRight = leftRows.indexOf(-1);
  if (onlyRight < 0) return new Map();
  return new Map(pairs.map(([leftName, rightName]) => {
    const top = tableFromVectors(["key"], [columnOf(left.slice(0, onlyRight), leftName)!]);
    const below = tableFromVectors(["key"], [columnOf(right.slice(onlyRight), rightName)!]);
    return [leftName, concat([top, below], ["the left table", "the right table"]).getChildAt(0)!];
  }));
}

function besides(left: Table, right: Table, keys: ReadonlyMap<string, Vector>, pairs: readonly [string, string][], suffix: string): Table {
  const names = columnNames(left);
  const taken = new Set(names);
  const vectors = names.map((name, i) => keys.get(name) ?? left.getChildAt(i)!);
  const own = new Set(pairs.map(([, rightName]) => rightName));
  columnNames(right).forEach((name, i) => {
    if (own.has(name)) return;
    const called = taken.has(name) ? name + suffix : name;
    if (taken.has(called)) throw new RunlabError("join would make two columns of one name", { received: called, allowed: "another suffix" });
    taken.add(called);
    names.push(called);
    vectors.push(right.getChildAt(i)!);
  });
  return tableFromVectors(names, vectors);
}
