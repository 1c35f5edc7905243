/**
 * A column of JSON as it grows: values go into typed arrays and bytes as they come, none is kept as an object.
 */
import type { Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { ColumnReport, ColumnType } from "./column-type.js";
import { jsonSample } from "./json-sample.js";
import { boolVector, dictionaryVector, float64Vector, int32Vector, int64Vector, timestampVector, utf8Vector } from "./make-vector.js";
import { parseTime } from "./time-text.js";

type Values = Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** Eight numbers fit into what an object holds by itself: a table of very many columns has few rows. */
const FIRST_ROWS = 8;
const MOST_TEXT = 2 ** 31 - 1;

/**
 * One column. What is wrong with its values is only told by `finish`: a file that is no JSON at all, or lacks a column
 * that is wanted, is told of before.
 */
export class JsonColumn {
  readonly #name: string;
  readonly #given: ColumnType | undefined;
  /** What the values are held as; null before the first, when no type is given. */
  #type: ColumnType | null;
  /** Rows with a value are marked by a bit. */
  #present = new Uint8Array(1);
  #count = 0;
  #values: Values | null = null;
  #text: Buffer | null = null;
  #textEnd = 0;
  #lastText = -1;
  readonly #levels = new Map<string, number>();
  #kind = "";
  #whole = true;
  #largest = 0;
  #nested: RunlabError | null = null;
  #wrong: RunlabError | null = null;

  constructor(name: string, given: ColumnType | undefined) {
    this.#name = name;
    this.#given = given;
    this.#type = given ?? null;
  }

  /** Puts a value into a row. Rows come in order; those left out are missing. */
  add(row: number, value: unknown): void {
    if (value === null || value === undefined || this.#nested !== null) return;
    if (typeof value === "object") {
      this.#nested = new RunlabError(`column ${JSON.stringify(this.#name)} holds ${Array.isArray(value) ? "a list" : "an object"}, in row ${row}`, { received: jsonSample(value), allowed: "numbers, text, true, false or null" });
      return;
    }
    // Only a nested value would still be told of instead.
    if (this.#wrong !== null) return;
    if (this.#given === undefined && !this.#infer(row, value)) return;
    if (!this.#put(row, value)) {
      this.#wrong = new RunlabError(`column ${JSON.stringify(this.#name)} cannot be read as ${this.#type}, in row ${row}`, { received: value, allowed: "another type in types" });
      return;
    }
    if (row >> 3 >= this.#present.length) this.#present = grown(this.#present, (row >> 3) + 1);
    this.#present[row >> 3] |= 1 << (row & 7);
    this.#count++;
  }

  /** False when the value is not what the others are. */
  #infer(row: number, value: unknown): boolean {
    const found = typeof value;
    if (this.#kind !== found) {
      if (this.#kind !== "") {
        this.#wrong = new RunlabError(`column ${JSON.stringify(this.#name)} mixes types`, { received: `${found} in row ${row} after ${this.#kind}`, allowed: 'one type a column, or types: { column: "utf8" }' });
        return false;
      }
      this.#kind = found;
      this.#type = found === "number" ? "int32" : found === "boolean" ? "bool" : "utf8";
    }
    if (found === "number") {
      this.#whole &&= Number.isInteger(value);
      this.#largest = Math.max(this.#largest, Math.abs(value as number));
      // Held in half the space as long as nothing is lost by it, and a negative zero would be.
      if (this.#type === "int32" && (((value as number) | 0) !== value || Object.is(value, -0))) {
        this.#type = "float64";
        if (this.#values !== null) this.#values = Float64Array.from(this.#values as Int32Array);
      }
    }
    return true;
  }

  /** False when the value cannot be read as the column's type. */
  #put(row: number, value: unknown): boolean {
    switch (this.#type!) {
      case "float64": case "int32": {
        const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
        if (Number.isNaN(number) || (this.#type === "int32" && (number | 0) !== number)) return false;
        this.#room(row)[row] = number;
        return true;
      }
      case "int64":
        if (!(typeof value === "string" && /^-?\d+$/.test(value)) && !Number.isSafeInteger(value)) return false;
        this.#room(row)[row] = BigInt(value as string | number);
        return true;
      case "bool":
        if (typeof value !== "boolean") return false;
        this.#room(row)[row] = value ? 1 : 0;
        return true;
      case "timestamp": {
        const time = typeof value === "number" ? value : typeof value === "string" ? parseTime(value)?.milliseconds : undefined;
        if (time === undefined) return false;
        this.#room(row)[row] = time;
        return true;
      }
      case "category": {
        const text = String(value);
        let code = this.#levels.get(text);
        if (code === undefined) this.#levels.set(text, (code = this.#levels.size));
        this.#room(row)[row] = code;
        return true;
      }
      case "utf8": this.#putText(row, String(value)); return true;
    }
  }

  /** The ends of texts are their rows' values; a missing row ends where the one before it does. */
  #putText(row: number, text: string): void {
    // Three bytes a unit at most, and measured only where those would not fit.
    if (this.#text === null || this.#textEnd + 3 * text.length > this.#text.length) {
      const size = this.#textEnd + Buffer.byteLength(text, "utf8");
      if (size > MOST_TEXT) {
        this.#wrong = new RunlabError(`column ${JSON.stringify(this.#name)} holds more than 2 GB of text`, { allowed: "fewer rows at a time, with limit" });
        return;
      }
      if (this.#text === null || size > this.#text.length) {
        const larger = Buffer.allocUnsafeSlow(Math.min(MOST_TEXT, Math.max(size, 64, 2 * (this.#text?.length ?? 0))));
        this.#text?.copy(larger, 0, 0, this.#textEnd);
        this.#text = larger;
      }
    }
    const ends = this.#room(row) as Int32Array;
    ends.fill(this.#textEnd, this.#lastText + 1, row);
    this.#textEnd += this.#text.write(text, this.#textEnd, "utf8");
    ends[row] = this.#textEnd;
    this.#lastText = row;
  }

  /** The values, with room for that row. */
  #room(row: number): Values {
    if (this.#values === null) this.#values = emptyValues(this.#type!, Math.max(FIRST_ROWS, row + 1));
    else if (row >= this.#values.length) this.#values = grown(this.#values, row + 1);
    return this.#values;
  }

  /**
   * The column of so many rows, and its type.
   *
   * @throws RunlabError when it holds nested values, mixes types, does not fit the type given, or was rounded.
   */
  finish(rows: number): { vector: Vector; report: ColumnReport } {
    const wrong = this.#nested ?? this.#wrong;
    if (wrong !== null) throw wrong;
    const { type, why } = this.#verdict();
    const vector = this.#vector(type, rows);
    // The vector has its own: this room is for the next column's.
    this.#values = null;
    this.#text = null;
    return { vector, report: { column: this.#name, type, why } };
  }

  #verdict(): { type: ColumnType; why: string } {
    if (this.#given !== undefined) return { type: this.#given, why: "given in types" };
    switch (this.#kind) {
      case "": return { type: "float64", why: "no value at all" };
      case "boolean": return { type: "bool", why: "true and false" };
      case "string": return { type: "utf8", why: "text" };
      default: break;
    }
    const exact = this.#largest <= Number.MAX_SAFE_INTEGER;
    if (this.#whole && !exact) {
      throw new RunlabError(`column ${JSON.stringify(this.#name)} holds integers past 2^53, which reading JSON rounds`, { received: this.#largest, allowed: 'the numbers as text in the file, or types: { column: "float64" } to accept the rounding' });
    }
    if (this.#whole && this.#largest <= 2147483647) return { type: "int32", why: "whole numbers" };
    return { type: "float64", why: this.#whole ? "whole numbers past 2^31, exact as float64" : "numbers" };
  }

  #vector(type: ColumnType, rows: number): Vector {
    const absent = this.#absent(rows);
    switch (type) {
      case "float64": return float64Vector(this.#all(new Float64Array(rows)), absent);
      case "int32": return int32Vector(this.#all(new Int32Array(rows)), absent);
      case "int64": return int64Vector(this.#all(new BigInt64Array(rows)), absent);
      case "bool": return boolVector(this.#all(new Uint8Array(rows)), absent);
      case "timestamp": return timestampVector(this.#all(new Float64Array(rows)), absent);
      case "category": {
        const codes = this.#all(new Int32Array(rows));
        if (absent !== null) for (let r = 0; r < rows; r++) if (absent[r] === 1) codes[r] = -1;
        return dictionaryVector(codes, [...this.#levels.keys()]);
      }
      case "utf8": {
        const offsets = new Int32Array(rows + 1);
        if (this.#values !== null) offsets.set((this.#values as Int32Array).subarray(0, this.#lastText + 1), 1);
        offsets.fill(this.#textEnd, this.#lastText + 2);
        return utf8Vector(this.#text === null ? new Uint8Array(0) : new Uint8Array(this.#text.subarray(0, this.#textEnd)), offsets, absent);
      }
    }
  }

  /** The values in an array of exactly their length; rows after the last value stay zero. */
  #all<T extends Values>(out: T): T {
    if (this.#values !== null) (out as Float64Array).set(this.#values.subarray(0, out.length) as Float64Array);
    return out;
  }

  #absent(rows: number): Uint8Array | null {
    if (this.#count === rows) return null;
    const absent = new Uint8Array(rows);
    for (let r = 0; r < rows; r++) absent[r] = ((this.#present[r >> 3] ?? 0) >> (r & 7) & 1) ^ 1;
    return absent;
  }
}

function emptyValues(type: ColumnType, length: number): Values {
  switch (type) {
    case "float64": case "timestamp": return new Float64Array(length);
    case "int64": return new BigInt64Array(length);
    case "bool": return new Uint8Array(length);
    default: return new Int32Array(length);
  }
}

/** The same in twice the room, or as much as is needed. */
function grown<T extends Values>(values: T, length: number): T {
  const larger = new (values.constructor as new (length: number) => T)(Math.max(length, 2 * values.length));
  (larger as Float64Array).set(values as Float64Array);
  return larger;
}
