/**
 * Columns as plain arrays, the way numeric code wants them: whole columns at a time, never row by row.
 */
import { DataType, Vector } from "apache-arrow";
import type { Data, Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { ByteDictionary } from "./byte-dictionary.js";
import { columnKind } from "./kind.js";
import { requireColumn } from "./names.js";

/** A column of labels as numbers into its distinct values. */
export interface Labels<T = string | number | boolean> {
  /** Per row the place in `levels`; -1 where the value is missing. */
  codes: Int32Array;
  /** Distinct values that occur: numbers ascending, text by code unit, false before true. */
  levels: T[];
}

/** True when row `i` of a chunk holds a value. */
function valid(data: Data, i: number): boolean {
  const bitmap = data.nullBitmap;
  if (!bitmap || bitmap.length === 0) return true;
  const at = data.offset + i;
  return (bitmap[at >> 3] & (1 << (at & 7))) !== 0;
}

/**
 * A column as numbers: booleans as 0 and 1, times as milliseconds since 1970 (or since midnight), missing values NaN.
 *
 * Integers over 2^53 are rounded to the nearest float64. The result may share memory with the column when it already
 * is float64 without missing values: do not write to it.
 *
 * @throws RunlabError for text, categories and nested columns.
 *
 * @example
 * numbersOf(tableFromColumns({ a: [1, null] }), "a"); // Float64Array [1, NaN]
 */
export function numbersOf(table: Table, name: string): Float64Array;
export function numbersOf(vector: Vector, name?: string): Float64Array;
export function numbersOf(source: Table | Vector, name = "column"): Float64Array {
  const vector = source instanceof Vector ? source : requireColumn(asTable(source, "numbersOf"), name);
  const type = vector.type as DataType;
  const chunks = vector.data as readonly Data[];
  if (DataType.isFloat(type) && type.precision === 2 && chunks.length === 1 && chunks[0].nullCount === 0) {
    return chunks[0].values.subarray(0, vector.length) as Float64Array;
  }
  const kind = columnKind(type);
  if (kind === "category" || kind === "other") {
    throw new RunlabError(`column ${JSON.stringify(name)} does not hold numbers`, { received: String(type), allowed: "a number, boolean or time column; encode categories with oneHot" });
  }
  const out = new Float64Array(vector.length);
  let at = 0;
  for (const chunk of chunks) {
    fillNumbers(chunk, out, at);
    if (chunk.nullCount > 0) for (let i = 0; i < chunk.length; i++) if (!valid(chunk, i)) out[at + i] = NaN;
    at += chunk.length;
  }
  return out;
}

function fillNumbers(chunk: Data, out: Float64Array, at: number): void {
  const type = chunk.type as DataType;
  const values = chunk.values as unknown;
  const length = chunk.length;
  if (DataType.isBool(type)) {
    const bits = values as Uint8Array;
    for (let i = 0; i < length; i++) {
      const bit = chunk.offset + i;
      out[at + i] = (bits[bit >> 3] >> (bit & 7)) & 1;
    }
    return;
  }
  if (DataType.isDecimal(type)) {
    fillDecimals(values as Uint32Array, chunk.stride, type.scale, length, out, at);
    return;
  }
  const scale = millisecondsPerUnit(type);
  if (DataType.isFloat(type) && type.precision === 0) {
    const halves = values as Uint16Array;
    for (let i = 0; i < length; i++) out[at + i] = halfToNumber(halves[i]);
  } else if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    // Two 32-bit words a value: many times as fast as making a BigInt of each.
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * length);
    const high = values instanceof BigInt64Array ? new Int32Array(words.buffer, words.byteOffset, words.length) : words;
    for (let i = 0; i < length; i++) out[at + i] = (high[2 * i + 1] * 4294967296 + words[2 * i]) * scale;
  } else {
    const numbers = values as Float64Array;
    if (scale === 1) out.set(numbers.subarray(0, length), at);
    else for (let i = 0; i < length; i++) out[at + i] = numbers[i] * scale;
  }
}

function millisecondsPerUnit(type: DataType): number {
  if (DataType.isDate(type)) return type.unit === 0 ? 86_400_000 : 1;
  if (DataType.isTimestamp(type) || DataType.isTime(type) || DataType.isDuration(type)) return [1000, 1, 1e-3, 1e-6][type.unit];
  return 1;
}

function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction / 16777216;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent >= 15 ? sign * (1 + fraction / 1024) * (1 << (exponent - 15)) : sign * (1 + fraction / 1024) / (1 << (15 - exponent));
}

function fillDecimals(words: Uint32Array, stride: number, scale: number, length: number, out: Float64Array, at: number): void {
  for (let i = 0; i < length; i++) {
    let value = 0n;
    for (let w = stride - 1; w >= 0; w--) value = (value << 32n) | BigInt(words[i * stride + w]);
    const signed = BigInt.asIntN(32 * stride, value);
    // By way of text, so that 12.34 becomes the float64 nearest to 12.34, not 1234 / 100 rounded twice.
    out[at + i] = Number(`${signed}e${-scale}`);
  }
}

/**
 * A column as labels: what a classifier's target or a one-hot column is made of.
 *
 * @throws RunlabError for nested columns.
 *
 * @example
 * labelsOf(tableFromColumns({ a: ["y", "x", null] }), "a"); // { codes: [1, 0, -1], levels: ["x", "y"] }
 */
export function labelsOf(table: Table, name: string): Labels;
export function labelsOf(vector: Vector, name?: string): Labels;
export function labelsOf(source: Table | Vector, name = "column"): Labels {
  const vector = source instanceof Vector ? source : requireColumn(asTable(source, "labelsOf"), name);
  const type = vector.type as DataType;
  const kind = columnKind(type);
  if (kind === "category") return categoryLabels(vector);
  if (kind === "other") throw new RunlabError(`column ${JSON.stringify(name)} does not hold labels`, { received: String(type), allowed: "text, categories, booleans or numbers" });
  const numbers = numbersOf(vector, name);
  const { codes, levels } = numberLabels(numbers);
  return kind === "boolean" ? { codes, levels: levels.map((level) => level === 1) } : { codes, levels };
}

/** Numbers as labels; NaN is missing. */
export function numberLabels(numbers: Float64Array): Labels<number> {
  const codes = new Int32Array(numbers.length);
  const seen = new Map<number, number>();
  const found: number[] = [];
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (value !== value) {
      codes[i] = -1;
      continue;
    }
    let code = seen.get(value);
    if (code === undefined) {
      code = found.length;
      seen.set(value, code);
      found.push(value);
    }
    codes[i] = code;
  }
  return sortLevels(codes, found, (a, b) => a - b);
}

function categoryLabels(vector: Vector): Labels<string> {
  const codes = new Int32Array(vector.length);
  const known = new Map<string, number>();
  const texts: string[] = [];
  const codeOf = (text: string): number => {
    let code = known.get(text);
    if (code === undefined) {
      code = texts.length;
      known.set(text, code);
      texts.push(text);
    }
    return code;
  };
  let at = 0;
  for (const chunk of vector.data as readonly Data[]) {
    const type = chunk.type as DataType;
    const local = DataType.isDictionary(type) ? dictionaryCodes(chunk, codeOf) : textCodes(chunk, codeOf);
    codes.set(local, at);
    at += chunk.length;
  }
  return sortLevels(codes, texts, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function dictionaryCodes(chunk: Data, codeOf: (text: string) => number): Int32Array {
  const keys = chunk.values as ArrayLike<number | bigint>;
  const entries = chunk.dictionary!;
  const codes = new Int32Array(chunk.length);
  const translated = new Int32Array(entries.length).fill(-2);
  const whole = chunk.nullCount === 0;
  for (let i = 0; i < chunk.length; i++) {
    if (!whole && !valid(chunk, i)) {
      codes[i] = -1;
      continue;
    }
    const key = Number(keys[i]);
    let code = translated[key];
    if (code === -2) {
      const entry = entries.get(key);
      code = entry === null || entry === undefined ? -1 : codeOf(String(entry));
      translated[key] = code;
    }
    codes[i] = code;
  }
  return codes;
}

function textCodes(chunk: Data, codeOf: (text: string) => number): Int32Array {
  const codes = new Int32Array(chunk.length);
  const whole = chunk.nullCount === 0;
  const bytes = chunk.values as Uint8Array;
  const offsets = chunk.valueOffsets as ArrayLike<number | bigint> | undefined;
  if (!offsets || DataType.isUtf8View(chunk.type)) return viewCodes(chunk, codeOf);
  const dictionary = new ByteDictionary();
  const translated: number[] = [];
  for (let i = 0; i < chunk.length; i++) {
    if (!whole && !valid(chunk, i)) {
      codes[i] = -1;
      continue;
    }
    const local = dictionary.code(bytes, Number(offsets[i]), Number(offsets[i + 1]));
    if (local === translated.length) translated.push(codeOf(dictionary.texts[local]));
    codes[i] = translated[local];
  }
  return codes;
}

/** String views have no offsets to walk; they are decoded one by one. */
function viewCodes(chunk: Data, codeOf: (text: string) => number): Int32Array {
  const vector = new Vector([chunk]);
  return Int32Array.from({ length: chunk.length }, (_, i) => {
    const text = vector.get(i) as string | null;
    return text === null ? -1 : codeOf(text);
  });
}

function sortLevels<T>(codes: Int32Array, found: T[], compare: (a: T, b: T) => number): Labels<T> {
  const order = found.map((_, i) => i).sort((a, b) => compare(found[a], found[b]));
  const place = new Int32Array(found.length);
  order.forEach((code, rank) => { place[code] = rank; });
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) codes[i] = place[codes[i]];
  return { codes, levels: order.map((code) => found[code]) };
}

/** Per row 1 where the value is missing (null, or NaN in a float column); null when none is. */
export function missingIn(vector: Vector): Uint8Array | null {
  if (!(vector instanceof Vector)) throw new RunlabError("missingIn takes a column", { received: vector, allowed: 'table.getChild("…")' });
  const out = new Uint8Array(vector.length);
  let any = false;
  let at = 0;
  for (const chunk of vector.data as readonly Data[]) {
    if (chunk.nullCount > 0) {
      for (let i = 0; i < chunk.length; i++) if (!valid(chunk, i)) { out[at + i] = 1; any = true; }
    }
    if (DataType.isFloat(chunk.type) && chunk.type.precision > 0) {
      const values = chunk.values as Float64Array;
      for (let i = 0; i < chunk.length; i++) if (values[i] !== values[i]) { out[at + i] = 1; any = true; }
    }
    at += chunk.length;
  }
  return any ? out : null;
}
