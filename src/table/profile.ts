/**
 * What is in a table, a column at a time, before anything is learned from it.
 */
import { DataType } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { quantileOf } from "./aggregate.js";
import { asTable } from "./as-table.js";
import { tableFromColumns } from "./from-columns.js";
import type { ColumnValues } from "./from-columns.js";
import { columnKind } from "./kind.js";
import type { ColumnKind } from "./kind.js";
import { profileHtml, profileText } from "./profile-show.js";
import { sortedNumbers } from "./sorted-numbers.js";
import { labelsOf, missingIn, numberLabels, numbersOf } from "./values.js";

/** A value that occurs often. */
export interface TopValue {
  value: string;
  count: number;
}

/** A bar of a histogram: values from `from` to before `to`, the last bar's end included. */
export interface Bar {
  from: number;
  to: number;
  count: number;
}

/** What a column holds. Numbers are null where they make no sense; those of times are milliseconds since 1970. */
export interface ColumnProfile {
  name: string;
  kind: ColumnKind;
  /** The Arrow type. */
  type: string;
  rows: number;
  missing: number;
  distinct: number | null;
  mean: number | null;
  /** Divided by n - 1. */
  std: number | null;
  /** Least, quartiles and greatest of the values that are finite. */
  quantiles: { min: number; q25: number; median: number; q75: number; max: number } | null;
  /** The commonest values, of categories and booleans. */
  top: TopValue[];
  bars: Bar[];
  /** What to look at before learning from it. */
  warnings: string[];
}

const TOP = 8;
const BARS = 20;
/** Categories are near-unique when this share of their values occurs once, in a table of more rows than a page. */
const NEAR_UNIQUE = 0.95;
const MOSTLY_MISSING = 0.5;
const MOST_CATEGORIES = 50;
const FEW_ROWS = 20;

/** A profile: a cell that ends in it shows a table with small pictures. */
export class Profile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];

  constructor(rows: number, columns: readonly ColumnProfile[]) {
    this.rows = rows;
    this.columns = columns;
  }

  /** Every warning, with its column. */
  get warnings(): string[] {
    return this.columns.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`));
  }

  /** A small vega-lite picture of each column that has one: a histogram, or bars of the commonest values. */
  get plots(): Record<string, Record<string, unknown>> {
    return Object.fromEntries(this.columns.filter(({ bars, top }) => bars.length > 0 || top.length > 0).map((column) => [column.name, plotOf(column)]));
  }

  /** Aligned text, as a terminal shows it. */
  toString(): string {
    return profileText(this);
  }

  toJSON(): { rows: number; columns: readonly ColumnProfile[] } {
    return { rows: this.rows, columns: this.columns };
  }

  /** How a notebook shows it. */
  [Symbol.for("Jupyter.display")](): { "text/html": string; "text/plain": string } {
    return { "text/html": profileHtml(this), "text/plain": profileText(this) };
  }

  /** How Node's console shows it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return profileText(this);
  }
}

/**
 * Kind, missing and distinct values, quantiles or commonest values of every column, and warnings: a column that is constant,
 * mostly missing, near-unique, of very many categories, or of numbers that are infinite.
 *
 * When it misleads: a warning is a question, not a verdict. An identifier is near-unique and useless to a model, a measured
 * quantity is near-unique and may be the best of all; the warning is given for text only.
 *
 * @example
 * const found = profile(tableFromColumns({ a: [1, 2, 3, null], b: ["x", "x", "x", "x"] }));
 * found.columns[0].quantiles!.median; // 2
 * found.warnings; // ["b: every value is \"x\""]
 */
export function profile(table: Table): Profile {
  asTable(table, "profile");
  return new Profile(table.numRows, table.schema.fields.map((field, i) => profileOf(field.name, table.getChildAt(i)!)));
}

/**
 * The numbers of `profile` as a table, a row a column: name, kind, rows, missing, distinct, mean, std, min, q25, median, q75,
 * max and the commonest value. Times are left out of mean to max.
 *
 * @example
 * describe(tableFromColumns({ a: [1, 2, 3] })).getChild("mean")!.get(0); // 2
 */
export function describe(table: Table): Table {
  const { columns } = profile(asTable(table, "describe"));
  const number = (pick: (column: ColumnProfile) => number | null | undefined): ColumnValues => columns.map((column) => (column.kind === "number" || column.kind === "boolean" ? pick(column) ?? null : null));
  return tableFromColumns({
    column: columns.map(({ name }) => name),
    kind: columns.map(({ kind }) => kind),
    rows: Int32Array.from(columns, ({ rows }) => rows),
    missing: Int32Array.from(columns, ({ missing }) => missing),
    distinct: columns.map(({ distinct }) => distinct),
    mean: number(({ mean }) => mean),
    std: number(({ std }) => std),
    min: number(({ quantiles }) => quantiles?.min),
    q25: number(({ quantiles }) => quantiles?.q25),
    median: number(({ quantiles }) => quantiles?.median),
    q75: number(({ quantiles }) => quantiles?.q75),
    max: number(({ quantiles }) => quantiles?.max),
    top: columns.map(({ top }) => top[0]?.value ?? null) as ColumnValues,
  });
}

function profileOf(name: string, vector: Vector): ColumnProfile {
  const type = vector.type as DataType;
  const kind = columnKind(type);
  const rows = vector.length;
  const marks = missingIn(vector);
  let missing = 0;
  if (marks !== null) for (let i = 0; i < marks.length; i++) missing += marks[i];
  const column: ColumnProfile = { name, kind, type: String(type), rows, missing, distinct: null, mean: null, std: null, quantiles: null, top: [], bars: [], warnings: [] };
  if (kind === "number" || kind === "time") describeNumbers(column, numbersOf(vector, name));
  else if (kind === "boolean" || kind === "category") describeLabels(column, vector);
  warn(column);
  return column;
}

function describeNumbers(column: ColumnProfile, values: Float64Array): void {
  const sorted = sortedNumbers(values);
  let distinct = sorted.length === 0 ? 0 : 1;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  column.distinct = distinct;
  const first = sorted.findIndex((value) => value > -Infinity);
  let end = sorted.length;
  while (end > 0 && sorted[end - 1] === Infinity) end--;
  const finite = first < 0 ? sorted.subarray(0, 0) : sorted.subarray(first, end);
  if (finite.length < sorted.length) column.warnings.push(`${sorted.length - finite.length} values are infinite`);
  if (finite.length === 0) return;
  let sum = 0;
  for (let i = 0; i < finite.length; i++) sum += finite[i];
  column.mean = sum / finite.length;
  let squares = 0;
  for (let i = 0; i < finite.length; i++) squares += (finite[i] - column.mean) ** 2;
  if (finite.length > 1) column.std = Math.sqrt(squares / (finite.length - 1));
  column.quantiles = { min: finite[0], q25: quantileOf(finite, 0.25), median: quantileOf(finite, 0.5), q75: quantileOf(finite, 0.75), max: finite[finite.length - 1] };
  column.bars = barsOf(finite, distinct);
}

/** Bars of equal width; whole numbers of few values get a bar each. */
function barsOf(sorted: Float64Array, distinct: number): Bar[] {
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  let whole = true;
  for (let i = 0; whole && i < sorted.length; i++) whole = Number.isInteger(sorted[i]);
  const count = low === high ? 1 : whole && high - low < BARS ? high - low + 1 : Math.max(2, Math.min(BARS, distinct));
  const start = whole && high - low < BARS ? low - 0.5 : low;
  const width = low === high ? 1 : whole && high - low < BARS ? 1 : (high - low) / count;
  const bars = Array.from({ length: count }, (_, i): Bar => ({ from: start + i * width, to: start + (i + 1) * width, count: 0 }));
  for (let i = 0; i < sorted.length; i++) bars[Math.min(count - 1, Math.floor((sorted[i] - start) / width))].count++;
  return bars;
}

function describeLabels(column: ColumnProfile, vector: Vector): void {
  const dictionary = DataType.isDictionary(vector.type) && columnKind(vector.type.dictionary as DataType) !== "category";
  const { codes, levels } = dictionary ? numberLabels(Float64Array.from(vector as Iterable<number>, (value) => (value === null ? NaN : Number(value)))) : labelsOf(vector, column.name);
  const counts = new Uint32Array(levels.length);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) counts[codes[i]]++;
  column.distinct = levels.length;
  const order = Array.from(levels.keys()).sort((a, b) => counts[b] - counts[a]).slice(0, TOP);
  column.top = order.map((code) => ({ value: String(levels[code]), count: counts[code] }));
  if (column.kind !== "boolean") return;
  const yes = codes.reduce((sum, code) => sum + (code >= 0 && levels[code] === true ? 1 : 0), 0);
  const there = column.rows - column.missing;
  if (there > 0) column.mean = yes / there;
}

function warn(column: ColumnProfile): void {
  const { rows, missing, distinct, kind, top, quantiles, warnings } = column;
  const there = rows - missing;
  if (rows === 0) return;
  if (there === 0) {
    warnings.push("no value at all");
    return;
  }
  if (missing / rows > MOSTLY_MISSING) warnings.push(`${percent(missing / rows)} of the values are missing`);
  if (distinct === 1 && there > 1) warnings.push(`every value is ${top.length > 0 ? JSON.stringify(top[0].value) : String(quantiles?.min ?? "infinite")}`);
  if (kind !== "category" || distinct === null || there < FEW_ROWS) return;
  if (distinct / there >= NEAR_UNIQUE) warnings.push(`${distinct} different texts in ${there} rows: an identifier?`);
  else if (distinct > MOST_CATEGORIES) warnings.push(`${distinct} categories`);
}

/** A share, never rounded to none or all of it. */
function percent(share: number): string {
  return `${share === 1 ? 100 : Math.min(99, Math.max(1, Math.round(100 * share)))} %`;
}

/** Valid as vega-lite 5, as all pictures here. */
function plotOf({ name, kind, bars, top, rows, missing }: ColumnProfile): Record<string, unknown> {
  const common = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", title: name, description: `${name}: ${rows - missing} values.`, background: null, width: 160, height: 60 };
  if (bars.length > 0) {
    const type = kind === "time" ? "temporal" : "quantitative";
    return {
      ...common, data: { values: bars }, mark: { type: "bar" },
      encoding: {
        x: { field: "from", type, ...(kind === "time" ? {} : { bin: { binned: true } }), title: null },
        x2: { field: "to" },
        y: { field: "count", type: "quantitative", title: null },
        tooltip: [{ field: "from", type }, { field: "to", type }, { field: "count", type: "quantitative", title: "rows" }],
      },
    };
  }
  return {
    ...common, data: { values: top }, mark: { type: "bar" },
    encoding: { y: { field: "value", type: "nominal", sort: "-x", title: null }, x: { field: "count", type: "quantitative", title: null }, tooltip: [{ field: "value", type: "nominal" }, { field: "count", type: "quantitative", title: "rows" }] },
  };
}
