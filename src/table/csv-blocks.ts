/**
 * Plain CSV through the kernel, a block at a time: cut into fields while they are in the processor's cache, and every
 * column read from there at once as what it has looked like so far.
 *
 * A column that turns out to be something else is read again from the first block as text. Whatever is not plain
 * (a mistake, an open quote, rows of different length) ends the attempt: the reader in `csv.ts` then says what is wrong.
 */
import type { Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { leaseMemory } from "../kernels/index.js";
import type { Lease } from "../kernels/index.js";
import { ByteDictionary } from "./byte-dictionary.js";
import type { ColumnReport, ColumnType } from "./column-type.js";
import { textOf } from "./csv-scan.js";
import { boolVector, dictionaryVector, float64Vector, int32Vector, int64Vector, timestampVector, utf8Vector } from "./make-vector.js";
import { BIG_INTEGER, FRACTION, NOT_A_NUMBER, POWERS, ZERO_PADDED, found, parseNumber } from "./number-text.js";
import { parseTime } from "./time-text.js";

/** Bytes of a block: small enough to stay in the cache with its fields, large enough that few arrays are made. */
const BLOCK = 1 << 20;
const FIELDS = 1 << 18;
const MOST_TEXT = 2 ** 31 - 1;
const LARGEST_INT32 = 2147483647;
const DOUBLED = 0x80000000;

interface CsvKernel {
  scan(at: number, length: number, last: number, delimiter: number, columns: number, starts: number, ends: number, capacity: number, most: number, result: number): number;
  numbers(at: number, starts: number, ends: number, columns: number, column: number, first: number, count: number, out: number, absent: number, missing: number, powers: number, state: number): number;
  times(at: number, starts: number, ends: number, columns: number, column: number, first: number, count: number, out: number, absent: number, missing: number, state: number): number;
  truths(at: number, starts: number, ends: number, columns: number, column: number, first: number, count: number, out: number, absent: number, missing: number, state: number): number;
  texts(at: number, starts: number, ends: number, columns: number, column: number, first: number, count: number, out: number, offsets: number, absent: number, missing: number, state: number): number;
  toInt32(from: number, to: number, count: number): void;
}

/** What is to be read. */
export interface CsvPlan {
  bytes: Uint8Array;
  delimiter: number;
  hasHeader: boolean;
  /** Every column's place. */
  places: ReadonlyMap<string, number>;
  wanted: readonly string[];
  types: Readonly<Record<string, ColumnType>>;
  missing: readonly string[];
  limit: number;
  progress?: (done: number, total: number) => void;
}

/** How a column is read: as what its values have looked like so far. */
type Mode = "unknown" | "number" | "bool" | "time" | "text";

const GIVEN: Record<ColumnType, Mode> = { float64: "number", int32: "number", int64: "text", bool: "bool", timestamp: "time", utf8: "text", category: "text" };

/** Thrown to give up: the other reader names what is wrong. */
class Strange extends Error {}

/** The columns that are wanted, and what each was taken for; null when the file is not plain. */
export function readBlocks(plan: CsvPlan): { vectors: Vector[]; report: ColumnReport[] } | null {
  const lease = leaseMemory({ alone: true });
  try {
    const reader = new BlockReader(lease, plan);
    reader.readAll();
    const columns = reader.columns.map((column) => column.finish());
    return { vectors: columns.map(({ vector }) => vector), report: columns.map(({ report }) => report) };
  } catch (error) {
    if (error instanceof Strange) return null;
    throw error;
  } finally {
    lease.release();
  }
}

/** Where the parts of the kernel's memory are. */
interface Places {
  block: number;
  blockSize: number;
  starts: number;
  ends: number;
  fields: number;
  out: number;
  absent: number;
  missing: number;
  powers: number;
  state: number;
}

class BlockReader {
  readonly plan: CsvPlan;
  readonly lease: Lease;
  readonly kernel: CsvKernel;
  readonly columns: BlockColumn[];
  readonly #mark: number;
  places: Places;
  /** Of the block in memory: where it is in the file, its rows, and those of them that are no data. */
  start = 0;
  rows = 0;
  first = 0;
  /** Where the blocks read so far start, and how long they are. */
  readonly #blocks: { start: number; length: number; last: boolean; first: number; most: number }[] = [];

  constructor(lease: Lease, plan: CsvPlan) {
    this.plan = plan;
    this.lease = lease;
    this.kernel = lease.kernel<CsvKernel>("csv");
    this.#mark = lease.mark();
    this.places = this.#lay(BLOCK);
    this.columns = plan.wanted.map((name) => new BlockColumn(this, name, plan.places.get(name)!, plan.types[name]));
  }

  /** Lays out memory for blocks of that size. */
  #lay(blockSize: number): Places {
    const { lease, plan } = this;
    lease.rewind(this.#mark);
    const fields = Math.max(FIELDS, plan.places.size, blockSize >> 2);
    const rows = Math.ceil(fields / plan.places.size);
    const list = missingList(plan.missing);
    const places: Places = {
      blockSize, fields,
      block: lease.alloc(blockSize), starts: lease.alloc(4 * fields), ends: lease.alloc(4 * fields),
      // Values of 8 bytes, or texts of a whole block with their ends.
      out: lease.alloc(Math.max(8 * rows, blockSize + 4 * rows) + 64), absent: lease.alloc(rows),
      missing: lease.alloc(list.length), powers: lease.alloc(8 * POWERS.length), state: lease.alloc(64),
    };
    lease.u8(places.missing, list.length).set(list);
    lease.f64(places.powers, POWERS.length).set(POWERS);
    return places;
  }

  readAll(): void {
    const { bytes, limit, hasHeader } = this.plan;
    let at = 0;
    let left = limit;
    let first = hasHeader ? 1 : 0;
    while (at < bytes.length && left > 0) {
      const most = Math.min(2 ** 30, left + first);
      const length = this.#load(at, most);
      if (this.rows === 0 && length === 0) {
        if (at + this.places.blockSize >= bytes.length) break;
        if (this.places.blockSize > 2 ** 28) throw new Strange();
        this.places = this.#lay(this.places.blockSize * 4);
        continue;
      }
      this.first = Math.min(first, this.rows);
      this.#blocks.push({ start: at, length, last: at + length === bytes.length, first: this.first, most });
      first -= this.first;
      left -= this.rows - this.first;
      for (const column of this.columns) column.readBlock();
      at += length;
      this.plan.progress?.(at, bytes.length);
    }
  }

  /** Puts the block that starts there into memory and cuts it; the bytes of its whole rows. */
  #load(at: number, most: number): number {
    const { block, blockSize, starts, ends, fields, state } = this.places;
    const { bytes, delimiter, places } = this.plan;
    const size = Math.min(blockSize, bytes.length - at);
    this.lease.u8(block, size).set(bytes.subarray(at, at + size));
    this.start = at;
    this.rows = this.kernel.scan(block, size, at + size === bytes.length ? 1 : 0, delimiter, places.size, starts, ends, fields, most, state);
    const [taken, strange] = this.lease.u32(state, 2);
    if (strange !== 0) throw new Strange();
    return taken;
  }

  /** Cuts the blocks before the one in memory once more, for a column that has to be read again; then this one. */
  again(read: () => void): void {
    for (const { start, first, most } of this.#blocks) {
      this.#load(start, most);
      this.first = first;
      read();
    }
  }

  /** The line of the file, counted from 1, on which a field starts. */
  lineOf(field: number): number {
    const { bytes } = this.plan;
    const end = this.start + this.lease.u32(this.places.starts, field + 1)[field];
    let line = 1;
    for (let i = 0; i < end; i++) if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) line++;
    return line;
  }

  /** A field's place in the file; its end is marked when it holds doubled quotes. */
  range(field: number): { start: number; end: number; doubled: boolean } {
    const start = this.start + this.lease.u32(this.places.starts + 4 * field, 1)[0];
    const stop = this.lease.u32(this.places.ends + 4 * field, 1)[0];
    return { start, end: this.start + (stop & ~DOUBLED), doubled: stop >= DOUBLED };
  }

  text(field: number): string {
    const { start, end, doubled } = this.range(field);
    const text = textOf(this.plan.bytes, start, end);
    return doubled ? text.replaceAll('""', '"') : text;
  }
}

/** Marks of first bytes, whether an empty field counts, and the texts: as the kernel reads it. */
function missingList(values: readonly string[]): Uint8Array {
  const texts = values.filter((value) => value !== "").map((value) => Buffer.from(value, "utf8"));
  const list = new Uint8Array(264 + texts.reduce((sum, text) => sum + 4 + Math.ceil(text.length / 4) * 4, 0));
  const view = new DataView(list.buffer);
  view.setInt32(256, values.includes("") ? 1 : 0, true);
  view.setInt32(260, texts.length, true);
  let at = 264;
  for (const text of texts) {
    list[text[0]] = 1;
    view.setInt32(at, text.length, true);
    list.set(text, at + 4);
    at += 4 + Math.ceil(text.length / 4) * 4;
  }
  return list;
}

type Values = Float64Array | Int32Array | Uint8Array;

/** One column, as it grows. */
class BlockColumn {
  readonly #reader: BlockReader;
  readonly #name: string;
  readonly #at: number;
  readonly #given: ColumnType | undefined;
  #mode: Mode;
  #parts: { values: Values; ends: Int32Array | null; absent: Uint8Array | null }[] = [];
  #rows = 0;
  #textBytes = 0;
  #fractions = false;
  #largest = 0;
  #zoned = false;
  #bigLine = 0;
  #why = "";

  constructor(reader: BlockReader, name: string, at: number, given: ColumnType | undefined) {
    this.#reader = reader;
    this.#name = name;
    this.#at = at;
    this.#given = given;
    this.#mode = given === undefined ? "unknown" : GIVEN[given];
  }

  readBlock(): void {
    const reader = this.#reader;
    if (reader.rows === reader.first) return;
    if (this.#mode === "unknown") this.#guess();
    if (this.#read()) return;
    if (this.#given !== undefined) throw new Strange();
    // Nothing that has been read as numbers, times or truth values can still be another of these.
    const before = this.#parts.length;
    this.#mode = "text";
    if (this.#why === "") this.#why = "text";
    if (before === 0) this.#readText();
    else {
      this.#parts = [];
      this.#rows = 0;
      reader.again(() => this.#readText());
    }
  }

  /** By the first value that is there. */
  #guess(): void {
    const reader = this.#reader;
    const columns = reader.plan.places.size;
    for (let r = reader.first; r < reader.rows; r++) {
      const field = r * columns + this.#at;
      const text = reader.text(field);
      if (reader.plan.missing.includes(text)) continue;
      const { start, end, doubled } = reader.range(field);
      if (!doubled && parseNumber(reader.plan.bytes, start, end) !== NOT_A_NUMBER) this.#mode = "number";
      else if (/^(true|false)$/i.test(text)) this.#mode = "bool";
      else if (parseTime(text) !== null) this.#mode = "time";
      else this.#mode = "text";
      return;
    }
  }

  /** False when a value is not what the others are. */
  #read(): boolean {
    switch (this.#mode) {
      case "text": this.#readText(); return true;
      case "unknown": {
        const { rows, first } = this.#reader;
        this.#put(new Int32Array(rows - first), null, new Uint8Array(rows - first).fill(1), rows - first);
        return true;
      }
      case "number": return this.#readNumbers();
      case "time": return this.#readSimple("times");
      case "bool": return this.#readSimple("truths");
    }
  }

  #put(values: Values, ends: Int32Array | null, absent: Uint8Array | null, missing: number): void {
    this.#parts.push({ values, ends, absent: missing === 0 ? null : absent });
    this.#rows += values.length;
  }

  #readNumbers(): boolean {
    const { lease, kernel, places, rows, first, plan } = this.#reader;
    const { block, starts, ends, out, absent, missing, powers, state } = places;
    const columns = plan.places.size;
    lease.u8(state, 24).fill(0);
    let fractions = false;
    let strangeLargest = 0;
    for (let r = first; ; r++) {
      r = kernel.numbers(block, starts, ends, columns, this.#at, r, rows, out, absent, missing, powers, state);
      if (r >= rows) break;
      const field = r * columns + this.#at;
      const range = this.#reader.range(field);
      const form = range.doubled ? NOT_A_NUMBER : parseNumber(plan.bytes, range.start, range.end);
      if (form === NOT_A_NUMBER) return false;
      if (this.#given === undefined) {
        if (form === ZERO_PADDED) {
          this.#why = `line ${this.#reader.lineOf(field)} holds ${this.#reader.text(field)}: a number with a leading zero is a code`;
          return false;
        }
        if (form === BIG_INTEGER) this.#bigLine ||= this.#reader.lineOf(field);
      }
      if (form === FRACTION) fractions = true;
      // A given int32 takes whole numbers only, and a big one is judged when all is read.
      strangeLargest = Math.max(strangeLargest, Math.abs(found.value));
      lease.f64(out + 8 * r, 1)[0] = found.value;
      lease.u8(absent + r, 1)[0] = 0;
    }
    const largest = Math.max(lease.f64(state, 1)[0], strangeLargest);
    fractions ||= lease.i32(state + 8, 1)[0] !== 0;
    this.#fractions ||= fractions;
    this.#largest = Math.max(this.#largest, largest);
    const count = rows - first;
    const missingCount = lease.i32(state + 12, 1)[0];
    const absentMarks = missingCount === 0 ? null : lease.u8(absent + first, count).slice();
    if (!fractions && largest <= LARGEST_INT32 && this.#given !== "float64") {
      kernel.toInt32(out + 8 * first, out, count);
      this.#put(lease.i32(out, count).slice(), null, absentMarks, missingCount);
    } else {
      const values = lease.f64(out + 8 * first, count).slice();
      if (this.#given === "int32" && values.some((value) => (value | 0) !== value)) return false;
      this.#put(this.#given === "int32" ? Int32Array.from(values) : values, null, absentMarks, missingCount);
    }
    return true;
  }

  #readSimple(which: "times" | "truths"): boolean {
    const { lease, kernel, places, rows, first, plan } = this.#reader;
    const { block, starts, ends, out, absent, missing, state } = places;
    const columns = plan.places.size;
    lease.u8(state, 24).fill(0);
    for (let r = first; ; r++) {
      r = kernel[which](block, starts, ends, columns, this.#at, r, rows, out, absent, missing, state);
      if (r >= rows) break;
      const text = this.#reader.text(r * columns + this.#at);
      if (which === "truths") {
        const lower = text.toLowerCase();
        const value = lower === "true" || (this.#given === "bool" && text === "1") ? 1 : lower === "false" || (this.#given === "bool" && text === "0") ? 0 : -1;
        if (value < 0) return false;
        lease.u8(out + r, 1)[0] = value;
      } else {
        const time = parseTime(text);
        if (time === null) return false;
        lease.f64(out + 8 * r, 1)[0] = time.milliseconds;
        this.#zoned ||= time.zoned;
      }
      lease.u8(absent + r, 1)[0] = 0;
    }
    this.#zoned ||= lease.i32(state + 16, 1)[0] !== 0;
    const count = rows - first;
    const missingCount = lease.i32(state + 12, 1)[0];
    const values = which === "truths" ? lease.u8(out + first, count).slice() : lease.f64(out + 8 * first, count).slice();
    this.#put(values, null, lease.u8(absent + first, count).slice(), missingCount);
    return true;
  }

  #readText(): void {
    const { lease, kernel, places, rows, first, plan } = this.#reader;
    const { block, starts, ends, out, absent, missing, state } = places;
    const count = rows - first;
    lease.u8(state, 24).fill(0);
    const offsets = out;
    const bytesAt = out + Math.ceil((4 * rows) / 64) * 64;
    const size = kernel.texts(block, starts, ends, plan.places.size, this.#at, first, rows, bytesAt, offsets, absent, missing, state);
    this.#textBytes += size;
    if (this.#textBytes > MOST_TEXT) throw new RunlabError(`column ${JSON.stringify(this.#name)} holds more than 2 GB of text`, { allowed: "fewer rows at a time, with limit" });
    const missingCount = lease.i32(state + 12, 1)[0];
    this.#parts.push({ values: lease.u8(bytesAt, size).slice(), ends: lease.i32(offsets + 4 * first, count).slice(), absent: missingCount === 0 ? null : lease.u8(absent + first, count).slice() });
    this.#rows += count;
  }

  /** All parts in one piece. */
  finish(): { vector: Vector; report: ColumnReport } {
    const { type, why } = this.#verdict();
    const absent = this.#absent();
    return { vector: this.#vector(type, absent), report: { column: this.#name, type, why } };
  }

  #verdict(): { type: ColumnType; why: string } {
    if (this.#given !== undefined) return { type: this.#given, why: "given in types" };
    switch (this.#mode) {
      case "unknown": return { type: "float64", why: "no value at all" };
      case "bool": return { type: "bool", why: "true and false" };
      case "time": return { type: "timestamp", why: "dates or times of ISO 8601" };
      case "text": return { type: "utf8", why: this.#why === "" ? "text" : this.#why };
      case "number": {
        if (this.#bigLine > 0 && !this.#fractions) return this.#bigIntegers();
        if (this.#fractions) return { type: "float64", why: "numbers, some with a fraction or exponent" };
        return this.#largest <= LARGEST_INT32 ? { type: "int32", why: "whole numbers" } : { type: "float64", why: "whole numbers past 2^31, exact as float64" };
      }
    }
  }

  /** Integers that float64 would round: read again by their digits. */
  #bigIntegers(): { type: ColumnType; why: string } {
    this.#parts = [];
    this.#rows = 0;
    this.#reader.again(() => this.#readText());
    const { bytes, offsets } = this.#joinedText();
    const absent = this.#absent();
    for (let r = 0; r < this.#rows; r++) {
      if (absent?.[r] === 1) continue;
      const value = BigInt(textOf(bytes, offsets[r], offsets[r + 1]).replace("+", ""));
      if (BigInt.asIntN(64, value) !== value) return { type: "utf8", why: `line ${this.#bigLine} holds an integer that no number type holds exactly` };
    }
    return { type: "int64", why: `line ${this.#bigLine} holds an integer past 2^53, which float64 would round` };
  }

  #absent(): Uint8Array | null {
    if (this.#parts.every((part) => part.absent === null)) return null;
    const absent = new Uint8Array(this.#rows);
    let at = 0;
    for (const part of this.#parts) {
      if (part.absent !== null) absent.set(part.absent, at);
      at += (part.ends ?? part.values).length;
    }
    return absent;
  }

  #joined<T extends Values>(out: T): T {
    let at = 0;
    for (const { values } of this.#parts) {
      out.set(values, at);
      at += values.length;
    }
    this.#parts = [];
    return out;
  }

  #joinedText(): { bytes: Uint8Array; offsets: Int32Array } {
    const bytes = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.values.length, 0));
    const offsets = new Int32Array(this.#rows + 1);
    let at = 0;
    let row = 0;
    for (const { values, ends } of this.#parts) {
      bytes.set(values, at);
      for (let i = 0; i < ends!.length; i++) offsets[++row] = at + ends![i];
      at += values.length;
    }
    return { bytes, offsets };
  }

  #vector(type: ColumnType, absent: Uint8Array | null): Vector {
    switch (type) {
      case "float64": return float64Vector(this.#joined(new Float64Array(this.#rows)), absent);
      case "int32": return int32Vector(this.#joined(new Int32Array(this.#rows)), absent);
      case "bool": return boolVector(this.#joined(new Uint8Array(this.#rows)), absent);
      case "timestamp": return timestampVector(this.#joined(new Float64Array(this.#rows)), absent, this.#zoned ? "UTC" : null);
      default: break;
    }
    const { bytes, offsets } = this.#joinedText();
    if (type === "utf8") return utf8Vector(bytes, offsets, absent);
    if (type === "category") {
      const dictionary = new ByteDictionary();
      const codes = new Int32Array(this.#rows);
      for (let r = 0; r < codes.length; r++) codes[r] = absent?.[r] === 1 ? -1 : dictionary.code(bytes, offsets[r], offsets[r + 1]);
      return dictionaryVector(codes, dictionary.texts);
    }
    const values = new BigInt64Array(this.#rows);
    for (let r = 0; r < values.length; r++) {
      if (absent?.[r] === 1) continue;
      const text = textOf(bytes, offsets[r], offsets[r + 1]);
      if (!/^[+-]?\d+$/.test(text)) throw new Strange();
      values[r] = BigInt(text.replace("+", ""));
      if (values[r].toString() !== BigInt(text.replace("+", "")).toString()) throw new Strange();
    }
    return int64Vector(values, absent);
  }
}
