/**
 * One row for each group of rows.
 */
import { DataType } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { tableFromVectors } from "./from-columns.js";
import { columnKind } from "./kind.js";
import { float64Vector, int32Vector, timestampVector } from "./make-vector.js";
import { asNameList } from "./name-list.js";
import { requireColumn } from "./names.js";
import { nearest } from "./nearest.js";
import { groupRows } from "./row-groups.js";
import type { RowGroups } from "./row-groups.js";
import { select } from "./select.js";
import { takeRows, takeRowsOrMissing } from "./take.js";
import { labelsOf, missingIn, numbersOf } from "./values.js";

/** What is computed of a column in each group, missing values left out. */
export const AGGREGATES = ["sum", "mean", "std", "min", "max", "median", "quantile", "distinct", "missing", "first", "last"] as const;
export type AggregateName = (typeof AGGREGATES)[number];

/**
 * A column of the result: "count" for the rows of the group, or what of which column, such as `{ mean: "delay" }`.
 * `{ quantile: "delay", at: 0.9 }` takes the share besides.
 */
export type Aggregate = "count" | ({ readonly [Name in AggregateName]?: string } & { readonly at?: number });

/**
 * Groups rows by the values of some columns, and computes one row for each group: the keys first, then what is asked for.
 * Groups are sorted by their keys; rows without a key form a group of their own, the last.
 *
 * - `"count"`: rows. `missing`: rows without a value. `distinct`: different values.
 * - `sum`, `mean`, `std` (divided by n - 1), `median`, `quantile` (between neighbours, as numpy does): of numbers and
 *   booleans; of times all but sum and std.
 * - `min`, `max`, `first`, `last`: of any column; type and categories are kept.
 *
 * When it misleads: values that are missing are left out, so a mean over few values looks like any other; ask for
 * `missing` beside it. A group without any value has a missing result, its sum is 0.
 *
 * @param by the columns to group by; `[]` for one row of the whole table.
 *
 * @throws RunlabError for a column that is not there, and for what cannot be computed of it.
 *
 * @example
 * const table = tableFromColumns({ origin: ["JFK", "LGA", "JFK"], delay: [10, 4, null] });
 * aggregate(table, ["origin"], { flights: "count", delay: { mean: "delay" } }).toArray().map(String);
 * // ['{"origin": "JFK", "flights": 2, "delay": 10}', '{"origin": "LGA", "flights": 1, "delay": 4}']
 */
export function aggregate(table: Table, by: readonly string[], what: Readonly<Record<string, Aggregate>>): Table {
  asTable(table, "aggregate");
  asNameList(by, "aggregate: by");
  if (typeof what !== "object" || what === null || Array.isArray(what)) throw new RunlabError("aggregate takes an object of what to compute", { received: what, allowed: 'such as { flights: "count", delay: { mean: "delay" } }' });
  for (const name of Object.keys(what)) if (by.includes(name)) throw new RunlabError("aggregate would make two columns of one name", { received: name, allowed: "a name that is no key" });
  const groups = groupRows(table, by);
  const keys = takeRows(select(table, by), groups.first);
  const computed = Object.entries(what).map(([name, each]) => compute(table, groups, name, each));
  return tableFromVectors([...by, ...Object.keys(what)], [...by.map((_, i) => keys.getChildAt(i)!), ...computed]);
}

function compute(table: Table, groups: RowGroups, name: string, what: Aggregate): Vector {
  if (what === "count") {
    const counts = new Int32Array(groups.count);
    for (let i = 0; i < groups.of.length; i++) counts[groups.of[i]]++;
    return int32Vector(counts);
  }
  const { kind, column } = checked(name, what);
  const vector = requireColumn(table, column);
  switch (kind) {
    case "missing": {
      const counts = new Int32Array(groups.count);
      const missing = missingIn(vector);
      if (missing !== null) for (let i = 0; i < missing.length; i++) counts[groups.of[i]] += missing[i];
      return int32Vector(counts);
    }
    case "distinct": return int32Vector(distinct(vector, column, groups));
    case "first": case "last": case "min": case "max": return takeOrMissing(table, column, chosenRows(vector, column, groups, kind));
    default: return numeric(vector, column, groups, name, kind, what.at);
  }
}

function checked(name: string, what: unknown): { kind: AggregateName; column: string } {
  const allowed = `"count", or one of ${AGGREGATES.join(", ")} with a column, such as { mean: "delay" }`;
  const keys = typeof what === "object" && what !== null ? Object.keys(what).filter((key) => key !== "at") : [];
  if (keys.length !== 1) throw new RunlabError(`aggregate: ${JSON.stringify(name)} is not one thing to compute`, { received: typeof what === "object" ? JSON.stringify(what) : what, allowed });
  const [kind] = keys;
  if (!(AGGREGATES as readonly string[]).includes(kind)) {
    const [near] = nearest(kind, [...AGGREGATES], 1);
    throw new RunlabError(`aggregate: there is no ${JSON.stringify(kind)}${near === undefined ? "" : `; did you mean ${near}?`}`, { allowed });
  }
  const { [kind]: column, at } = what as Record<string, unknown>;
  if (typeof column !== "string") throw new RunlabError(`aggregate: ${kind} takes the name of a column`, { received: column, allowed });
  if (kind === "quantile" ? !(typeof at === "number" && at >= 0 && at <= 1) : at !== undefined) {
    throw new RunlabError(`aggregate: at is the share of a quantile`, { received: at, allowed: 'such as { quantile: "delay", at: 0.9 }' });
  }
  return { kind: kind as AggregateName, column };
}

function distinct(vector: Vector, name: string, groups: RowGroups): Int32Array {
  const { codes, levels } = labelsOf(vector, name);
  const counts = new Int32Array(groups.count);
  const seen = new Set<number>();
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] < 0) continue;
    const place = groups.of[i] * levels.length + codes[i];
    if (seen.has(place)) continue;
    seen.add(place);
    counts[groups.of[i]]++;
  }
  return counts;
}

/** The row of each group that holds the value; -1 where there is none. */
function chosenRows(vector: Vector, name: string, groups: RowGroups, kind: "first" | "last" | "min" | "max"): Int32Array {
  const rows = new Int32Array(groups.count).fill(-1);
  if (kind === "first" || kind === "last") {
    const missing = missingIn(vector);
    for (let i = 0; i < groups.of.length; i++) {
      if (missing?.[i] === 1) continue;
      if (kind === "last" || rows[groups.of[i]] < 0) rows[groups.of[i]] = i;
    }
    return rows;
  }
  const values = columnKind(vector.type) === "category" ? Float64Array.from(labelsOf(vector, name).codes, (code) => (code < 0 ? NaN : code)) : numbersOf(vector, name);
  const sign = kind === "min" ? 1 : -1;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== values[i]) continue;
    const at = rows[groups.of[i]];
    if (at < 0 || sign * values[i] < sign * values[at]) rows[groups.of[i]] = i;
  }
  return rows;
}

/** The rows of one column, missing where the number is negative. */
function takeOrMissing(table: Table, column: string, rows: Int32Array): Vector {
  return takeRowsOrMissing(select(table, [column]), rows).getChildAt(0)!;
}

function numeric(vector: Vector, column: string, groups: RowGroups, name: string, kind: AggregateName, at: number | undefined): Vector {
  const type = vector.type as DataType;
  const isTime = columnKind(type) === "time";
  if (columnKind(type) === "category" || columnKind(type) === "other" || (isTime && (kind === "sum" || kind === "std"))) {
    throw new RunlabError(`aggregate: ${JSON.stringify(name)} asks for the ${kind} of ${JSON.stringify(column)}`, { received: String(type), allowed: isTime ? "mean, median, quantile, min, max, first, last, distinct, missing" : "min, max, first, last, distinct, missing, or a column of numbers" });
  }
  const values = numbersOf(vector, column);
  const out = kind === "median" || kind === "quantile" ? quantiles(values, groups, at ?? 0.5) : moments(values, groups, kind as "sum" | "mean" | "std");
  const missing = out.some((value) => value !== value) ? Uint8Array.from(out, (value) => (value === value ? 0 : 1)) : null;
  const zone = DataType.isTimestamp(type) ? (type.timezone ?? null) : null;
  return isTime && (DataType.isTimestamp(type) || DataType.isDate(type)) ? timestampVector(out, missing, zone) : float64Vector(out.map((value) => (value === value ? value : 0)), missing);
}

function moments(values: Float64Array, groups: RowGroups, kind: "sum" | "mean" | "std"): Float64Array {
  const counts = new Float64Array(groups.count);
  const sums = new Float64Array(groups.count);
  // What each addition loses is kept (Kahan, Neumaier), so that a sum does not depend on the size of the table.
  const lost = new Float64Array(groups.count);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    const group = groups.of[i];
    const sum = sums[group] + value;
    lost[group] += Math.abs(sums[group]) >= Math.abs(value) ? sums[group] - sum + value : value - sum + sums[group];
    sums[group] = sum;
    counts[group]++;
  }
  const totals = sums.map((sum, group) => (Number.isFinite(sum) ? sum + lost[group] : sum));
  if (kind === "sum") return totals;
  const means = totals.map((total, group) => total / counts[group]);
  if (kind === "mean") return means;
  const squares = new Float64Array(groups.count);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === value) squares[groups.of[i]] += (value - means[groups.of[i]]) ** 2;
  }
  return squares.map((square, group) => (counts[group] > 1 ? Math.sqrt(square / (counts[group] - 1)) : NaN));
}

function quantiles(values: Float64Array, groups: RowGroups, share: number): Float64Array {
  const starts = new Uint32Array(groups.count + 1);
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) starts[groups.of[i] + 1]++;
  for (let group = 0; group < groups.count; group++) starts[group + 1] += starts[group];
  const sorted = new Float64Array(starts[groups.count]);
  const next = starts.slice();
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) sorted[next[groups.of[i]]++] = values[i];
  return Float64Array.from({ length: groups.count }, (_, group) => quantileOf(sorted.subarray(starts[group], starts[group + 1]).sort(), share));
}

/** The quantile of sorted values, between the two nearest; NaN of none. */
export function quantileOf(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  const part = place - low;
  return part === 0 || sorted[low] === sorted[high] ? sorted[low] : sorted[low] + (sorted[high] - sorted[low]) * part;
}
