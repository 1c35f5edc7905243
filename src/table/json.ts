/**
 * JSON into a table: an array of objects, one object of columns, or an object a line.
 */
import { Utf8, vectorFromArray } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { checkTypes } from "./column-type.js";
import type { ColumnReport, ColumnType } from "./column-type.js";
import { categoryVector, tableFromVectors } from "./from-columns.js";
import { boolVector, float64Vector, int32Vector, int64Vector, timestampVector } from "./make-vector.js";
import { jsonSample } from "./json-sample.js";
import { missingColumn } from "./names.js";
import { parseTime } from "./time-text.js";

/** Options for JSON. */
export interface JsonOptions {
  types?: Readonly<Record<string, ColumnType>>;
  columns?: readonly string[];
  limit?: number;
}

/** JSON text as a table. `lines` says that every line is an object of its own. */
export function decodeJson(text: string, lines: boolean, options: JsonOptions = {}): { table: Table; report: ColumnReport[] } {
  checkTypes(options.types);
  const columns = lines ? columnsOfRows(parseLines(text, options.limit)) : columnsOf(parse(text), options.limit);
  const names = [...columns.keys()];
  for (const name of [...(options.columns ?? []), ...Object.keys(options.types ?? {})]) if (!columns.has(name)) throw missingColumn(name, names);
  const wanted = options.columns ?? names;
  const report: ColumnReport[] = [];
  const vectors = wanted.map((name) => {
    const values = columns.get(name)!;
    const given = options.types?.[name];
    const nested = values.findIndex((value) => typeof value === "object" && value !== null);
    if (nested >= 0) throw new RunlabError(`column ${JSON.stringify(name)} holds ${Array.isArray(values[nested]) ? "a list" : "an object"}, in row ${nested}`, { received: jsonSample(values[nested]), allowed: "numbers, text, true, false or null" });
    const { type, why } = given === undefined ? inferType(name, values) : { type: given, why: "given in types" };
    report.push({ column: name, type, why });
    return columnVector(name, values, type);
  });
  return { table: tableFromVectors(wanted, vectors), report };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RunlabError(`the file is not JSON: ${(error as Error).message}`, { allowed: "an array of objects, or an object of columns; .jsonl for an object a line" });
  }
}

function parseLines(text: string, limit = Infinity): unknown[] {
  const rows: unknown[] = [];
  let line = 0;
  for (const each of text.split(/\r\n|\n|\r/)) {
    line++;
    if (rows.length >= limit) break;
    if (each.trim() === "") continue;
    try {
      rows.push(JSON.parse(each));
    } catch (error) {
      throw new RunlabError(`line ${line}: not JSON: ${(error as Error).message}`);
    }
    if (!isRow(rows.at(-1))) throw new RunlabError(`line ${line}: a line of JSONL is an object`, { received: each.slice(0, 60) });
  }
  return rows;
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function columnsOf(json: unknown, limit = Infinity): Map<string, unknown[]> {
  if (Array.isArray(json)) {
    const wrong = json.findIndex((row) => !isRow(row));
    if (wrong >= 0) throw new RunlabError(`element ${wrong} of the array is no object`, { received: jsonSample(json[wrong]), allowed: "an array of objects" });
    return columnsOfRows(limit < json.length ? json.slice(0, limit) : json);
  }
  if (!isRow(json)) throw new RunlabError("a table in JSON is an array of objects or an object of columns", { received: jsonSample(json) });
  const columns = new Map<string, unknown[]>();
  let length = -1;
  for (const [name, values] of Object.entries(json)) {
    if (!Array.isArray(values)) throw new RunlabError(`column ${JSON.stringify(name)} of the object is no array`, { received: jsonSample(values), allowed: "an object of columns, or an array of objects" });
    if (length >= 0 && values.length !== length) throw new RunlabError("the columns of a table have equal lengths", { received: `${JSON.stringify(name)} with ${values.length} instead of ${length}` });
    length = values.length;
    columns.set(name, limit < length ? values.slice(0, limit) : values);
  }
  return columns;
}

/** Keys in order of first appearance; a row without a key has a missing value there. */
function columnsOfRows(rows: unknown[]): Map<string, unknown[]> {
  const columns = new Map<string, unknown[]>();
  rows.forEach((row, r) => {
    for (const [name, value] of Object.entries(row as Record<string, unknown>)) {
      let values = columns.get(name);
      if (values === undefined) columns.set(name, (values = new Array(rows.length).fill(null)));
      values[r] = value;
    }
  });
  return columns;
}

function inferType(name: string, values: readonly unknown[]): { type: ColumnType; why: string } {
  let kind: string | null = null;
  let whole = true;
  let largest = 0;
  for (let r = 0; r < values.length; r++) {
    const value = values[r];
    if (value === null || value === undefined) continue;
    const found = typeof value;
    if (kind !== null && kind !== found) throw new RunlabError(`column ${JSON.stringify(name)} mixes types`, { received: `${found} in row ${r} after ${kind}`, allowed: 'one type a column, or types: { column: "utf8" }' });
    kind = found;
    if (found === "number") {
      whole &&= Number.isInteger(value);
      largest = Math.max(largest, Math.abs(value as number));
    }
  }
  if (kind === null) return { type: "float64", why: "no value at all" };
  if (kind === "boolean") return { type: "bool", why: "true and false" };
  if (kind === "string") return { type: "utf8", why: "text" };
  if (whole && largest > Number.MAX_SAFE_INTEGER) {
    throw new RunlabError(`column ${JSON.stringify(name)} holds integers past 2^53, which reading JSON rounds`, { received: largest, allowed: 'the numbers as text in the file, or types: { column: "float64" } to accept the rounding' });
  }
  return whole && largest <= 2147483647 ? { type: "int32", why: "whole numbers" } : { type: "float64", why: whole ? "whole numbers past 2^31, exact as float64" : "numbers" };
}

function columnVector(name: string, values: readonly unknown[], type: ColumnType): Vector {
  const absent = Uint8Array.from(values, (value) => (value === null || value === undefined ? 1 : 0));
  const refuse = (r: number): RunlabError => new RunlabError(`column ${JSON.stringify(name)} cannot be read as ${type}, in row ${r}`, { received: values[r], allowed: "another type in types" });
  const numbers = (test: (value: number) => boolean): Float64Array => Float64Array.from(values as unknown[], (value, r) => {
    if (absent[r]) return 0;
    const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
    if (Number.isNaN(number) || !test(number)) throw refuse(r);
    return number;
  });
  switch (type) {
    case "float64": return float64Vector(numbers(() => true), absent);
    case "int32": return int32Vector(Int32Array.from(numbers((value) => (value | 0) === value)), absent);
    case "int64": return int64Vector(BigInt64Array.from(values as unknown[], (value, r) => {
      if (absent[r]) return 0n;
      if (!(typeof value === "string" && /^-?\d+$/.test(value)) && !Number.isSafeInteger(value)) throw refuse(r);
      return BigInt(value as string | number);
    }), absent);
    case "bool": return boolVector(Uint8Array.from(values as unknown[], (value, r) => {
      if (absent[r]) return 0;
      if (typeof value !== "boolean") throw refuse(r);
      return value ? 1 : 0;
    }), absent);
    case "timestamp": return timestampVector(Float64Array.from(values as unknown[], (value, r) => {
      if (absent[r]) return 0;
      const time = typeof value === "number" ? value : typeof value === "string" ? parseTime(value)?.milliseconds : undefined;
      if (time === undefined) throw refuse(r);
      return time;
    }), absent);
    case "category": return categoryVector(values.map((value) => (value === null || value === undefined ? null : String(value))));
    case "utf8": return vectorFromArray(values.map((value) => (value === null || value === undefined ? null : String(value))), new Utf8()) as unknown as Vector;
  }
}
