/**
 * CSV into a table: fields to typed columns, with a report of what was inferred.
 */
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { ByteDictionary } from "./byte-dictionary.js";
import { MISSING_VALUES, checkTypes } from "./column-type.js";
import type { ColumnReport, ColumnType } from "./column-type.js";
import { readBlocks } from "./csv-blocks.js";
import { fieldText, findDelimiter, scanCsv } from "./csv-scan.js";
import type { CsvFields } from "./csv-scan.js";
import { tableFromVectors } from "./from-columns.js";
import { boolVector, dictionaryVector, float64Vector, int32Vector, int64Vector, timestampVector, utf8Vector } from "./make-vector.js";
import { missingColumn } from "./names.js";
import { BIG_INTEGER, INTEGER, NOT_A_NUMBER, ZERO_PADDED, found, parseNumber } from "./number-text.js";
import { parseTime } from "./time-text.js";

/** Options for CSV. */
export interface CsvOptions {
  /** Default: the one of `,` `;` tab `|` that the first line holds most of. */
  delimiter?: string;
  /** The first row names the columns. Without, they are `column_0`, `column_1`, … Default true. */
  header?: boolean;
  /** Types of columns, instead of what their values suggest. */
  types?: Readonly<Record<string, ColumnType>>;
  /** Values that stand for a missing one. Default: empty, NA, N/A, NaN, nan, null, NULL, None, <NA> and #N/A. */
  missing?: readonly string[];
  columns?: readonly string[];
  limit?: number;
  /** Told how many bytes of how many are read. */
  progress?: (done: number, total: number) => void;
}

const LARGEST_INT32 = 2147483647;

/**
 * UTF-8 bytes of a CSV file as a table.
 *
 * A quoted value that stands for a missing one is missing too. Column by column the values decide: integers are int32,
 * or float64 as long as that is exact, or int64; 007 and the like stay text; dates are those of ISO 8601.
 *
 * @throws RunlabError with the line of the file, for anything that cannot be read as it is meant.
 */
export function decodeCsv(bytes: Uint8Array, options: CsvOptions = {}): { table: Table; report: ColumnReport[] } {
  checkTypes(options.types);
  const hasHeader = options.header ?? true;
  const delimiter = options.delimiter === undefined ? findDelimiter(bytes) : delimiterByte(options.delimiter);
  // The first row alone tells how many columns there are, and their names.
  const head = scanCsv(bytes, delimiter, 1);
  if (head.columns === 0) throw new RunlabError("the file has no rows, not even a line that names columns");
  const names = Array.from({ length: head.columns }, (_, c) => (hasHeader ? headerName(head, c) : `column_${c}`));
  const places = new Map<string, number>();
  names.forEach((name, c) => {
    const before = places.get(name);
    if (before !== undefined) throw new RunlabError(`line ${head.lines[0]}: columns ${before + 1} and ${c + 1} have the same name`, { received: name, allowed: "different names" });
    places.set(name, c);
  });
  for (const name of [...(options.columns ?? []), ...Object.keys(options.types ?? {})]) if (!places.has(name)) throw missingColumn(name, names);
  const wanted = options.columns ?? names;
  const plain = readBlocks({ bytes, delimiter, hasHeader, places, wanted, types: options.types ?? {}, missing: options.missing ?? MISSING_VALUES, limit: options.limit ?? Infinity, progress: options.progress });
  if (plain !== null) return { table: tableFromVectors(wanted, plain.vectors), report: plain.report };
  return decodeFields(bytes, delimiter, hasHeader, places, wanted, options);
}

/** Field by field, with every mistake named: what the kernel does not take for plain. */
function decodeFields(bytes: Uint8Array, delimiter: number, hasHeader: boolean, places: ReadonlyMap<string, number>, wanted: readonly string[], options: CsvOptions): { table: Table; report: ColumnReport[] } {
  const fields = scanCsv(bytes, delimiter, options.limit === undefined ? Infinity : options.limit + (hasHeader ? 1 : 0));
  const missing = new Missing(options.missing ?? MISSING_VALUES);
  const first = hasHeader ? 1 : 0;
  const report: ColumnReport[] = [];
  const vectors = wanted.map((name) => {
    const column: Column = { fields, at: places.get(name)!, first, rows: fields.rows - first, name, absent: new Uint8Array(fields.rows - first) };
    missing.mark(column);
    const given = options.types?.[name];
    const { type, why } = given === undefined ? inferType(column) : { type: given, why: "given in types" };
    report.push({ column: name, type, why });
    return READERS[type](column);
  });
  return { table: tableFromVectors(wanted, vectors), report };
}

interface Column {
  fields: CsvFields;
  at: number;
  /** Rows before the data: 1 with a header. */
  first: number;
  rows: number;
  name: string;
  /** Per row 1 when the value is missing. */
  absent: Uint8Array;
}

function headerName(fields: CsvFields, c: number): string {
  const text = fieldText(fields, c).trim();
  return text === "" ? `unnamed_${c}` : text;
}

function delimiterByte(delimiter: string): number {
  if (typeof delimiter !== "string" || delimiter.length !== 1 || delimiter.charCodeAt(0) > 127 || '"\r\n'.includes(delimiter)) {
    throw new RunlabError("delimiter is one ASCII character, no quote and no line end", { received: delimiter, allowed: '"," ";" "\\t" "|"' });
  }
  return delimiter.charCodeAt(0);
}

/** Fields that stand for a missing value, compared as bytes. */
class Missing {
  readonly #known: Uint8Array[];
  readonly #longest: number;

  constructor(values: readonly string[]) {
    this.#known = values.map((value) => Buffer.from(value, "utf8"));
    this.#longest = Math.max(-1, ...this.#known.map((each) => each.length));
  }

  mark(column: Column): void {
    const { bytes, starts, ends, columns } = column.fields;
    for (let r = 0, f = column.first * columns + column.at; r < column.rows; r++, f += columns) {
      const length = ends[f] - starts[f];
      if (length <= this.#longest && this.#known.some((each) => sameBytes(each, bytes, starts[f], length))) column.absent[r] = 1;
    }
  }
}

function sameBytes(a: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (a.length !== length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== bytes[start + i]) return false;
  return true;
}

/** What the values of a column have in common, and the reason in words. */
function inferType(column: Column): { type: ColumnType; why: string } {
  const { fields, absent } = column;
  const { bytes, starts, ends, columns } = fields;
  let values = 0;
  let numeric = true;
  let fractions = false;
  let largest = 0;
  let bigLine = 0;
  for (let r = 0, f = column.first * columns + column.at; r < column.rows; r++, f += columns) {
    if (absent[r]) continue;
    values++;
    const form = parseNumber(bytes, starts[f], ends[f]);
    if (form === NOT_A_NUMBER) {
      numeric = false;
      break;
    }
    if (form === ZERO_PADDED) return { type: "utf8", why: `line ${line(column, r)} holds ${fieldText(fields, f)}: a number with a leading zero is a code` };
    if (form === BIG_INTEGER) bigLine ||= line(column, r);
    else if (form !== INTEGER) fractions = true;
    largest = Math.max(largest, Math.abs(found.value));
  }
  if (values === 0) return { type: "float64", why: "no value at all" };
  if (numeric) {
    if (bigLine > 0 && !fractions) {
      const fits = every(column, (text) => BigInt.asIntN(64, BigInt(text)) === BigInt(text));
      return fits
        ? { type: "int64", why: `line ${bigLine} holds an integer past 2^53, which float64 would round` }
        : { type: "utf8", why: `line ${bigLine} holds an integer that no number type holds exactly` };
    }
    if (fractions) return { type: "float64", why: "numbers, some with a fraction or exponent" };
    return largest <= LARGEST_INT32 ? { type: "int32", why: "whole numbers" } : { type: "float64", why: "whole numbers past 2^31, exact as float64" };
  }
  if (every(column, (text) => readBool(text) !== null)) return { type: "bool", why: "true and false" };
  if (every(column, (text) => parseTime(text) !== null)) return { type: "timestamp", why: "dates or times of ISO 8601" };
  return { type: "utf8", why: "text" };
}

function every(column: Column, test: (text: string) => boolean): boolean {
  const { fields, absent } = column;
  for (let r = 0, f = column.first * fields.columns + column.at; r < column.rows; r++, f += fields.columns) {
    if (!absent[r] && !test(fieldText(fields, f))) return false;
  }
  return true;
}

function readBool(text: string): number | null {
  const lower = text.toLowerCase();
  return lower === "true" ? 1 : lower === "false" ? 0 : null;
}

function line(column: Column, r: number): number {
  return column.fields.lines[r + column.first];
}

function refuse(column: Column, r: number, f: number, type: string): RunlabError {
  return new RunlabError(`line ${line(column, r)}: column ${JSON.stringify(column.name)} cannot be read as ${type}`, { received: fieldText(column.fields, f), allowed: `another type in types, or missing: [...] when it stands for a missing value` });
}

/** Calls `read` for every value that is there. */
function eachField(column: Column, read: (r: number, f: number) => void): void {
  const { columns } = column.fields;
  for (let r = 0, f = column.first * columns + column.at; r < column.rows; r++, f += columns) if (!column.absent[r]) read(r, f);
}

/** A column's fields as a vector, a reader a type. */
const READERS: Record<ColumnType, (column: Column) => Vector> = {
  float64(column) {
    const { bytes, starts, ends } = column.fields;
    const out = new Float64Array(column.rows);
    eachField(column, (r, f) => {
      if (parseNumber(bytes, starts[f], ends[f]) === NOT_A_NUMBER) throw refuse(column, r, f, "float64");
      out[r] = found.value;
    });
    return float64Vector(out, column.absent);
  },
  int32(column) {
    const { bytes, starts, ends } = column.fields;
    const out = new Int32Array(column.rows);
    eachField(column, (r, f) => {
      const form = parseNumber(bytes, starts[f], ends[f]);
      if (form === NOT_A_NUMBER || (found.value | 0) !== found.value) throw refuse(column, r, f, "int32");
      out[r] = found.value;
    });
    return int32Vector(out, column.absent);
  },
  int64(column) {
    const out = new BigInt64Array(column.rows);
    eachField(column, (r, f) => {
      const text = fieldText(column.fields, f);
      if (!/^[+-]?\d+$/.test(text)) throw refuse(column, r, f, "int64");
      const value = BigInt(text.replace("+", ""));
      if (BigInt.asIntN(64, value) !== value) throw refuse(column, r, f, "int64");
      out[r] = value;
    });
    return int64Vector(out, column.absent);
  },
  bool(column) {
    const out = new Uint8Array(column.rows);
    eachField(column, (r, f) => {
      const text = fieldText(column.fields, f);
      const value = text === "1" ? 1 : text === "0" ? 0 : readBool(text);
      if (value === null) throw refuse(column, r, f, "bool");
      out[r] = value;
    });
    return boolVector(out, column.absent);
  },
  timestamp(column) {
    const out = new Float64Array(column.rows);
    let zoned = false;
    eachField(column, (r, f) => {
      const time = parseTime(fieldText(column.fields, f));
      if (time === null) throw refuse(column, r, f, "timestamp");
      out[r] = time.milliseconds;
      zoned ||= time.zoned;
    });
    return timestampVector(out, column.absent, zoned ? "UTC" : null);
  },
  utf8(column) {
    const { bytes, starts, ends, doubled } = column.fields;
    const offsets = new Int32Array(column.rows + 1);
    let size = 0;
    eachField(column, (_, f) => { size += ends[f] - starts[f]; });
    const out = new Uint8Array(size);
    let at = 0;
    const { columns } = column.fields;
    for (let r = 0, f = column.first * columns + column.at; r < column.rows; r++, f += columns) {
      if (!column.absent[r]) {
        for (let i = starts[f]; i < ends[f]; i++) {
          out[at++] = bytes[i];
          if (bytes[i] === 34 && doubled[f] === 1) i++;
        }
      }
      offsets[r + 1] = at;
    }
    return utf8Vector(out, offsets, column.absent);
  },
  category(column) {
    const { bytes, starts, ends, doubled } = column.fields;
    const dictionary = new ByteDictionary();
    const codes = new Int32Array(column.rows).fill(-1);
    eachField(column, (r, f) => {
      if (doubled[f] === 0) codes[r] = dictionary.code(bytes, starts[f], ends[f]);
      else {
        const text = Buffer.from(fieldText(column.fields, f), "utf8");
        codes[r] = dictionary.code(text, 0, text.length);
      }
    });
    return dictionaryVector(codes, dictionary.texts);
  },
};
