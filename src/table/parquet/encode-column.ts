/**
 * One column of one row group as the pages of a Parquet file.
 *
 * Values that repeat go into a dictionary and their places are packed; as soon as there are too many of them, the rest
 * is written plainly. One page at a time is in the kernel's memory.
 */
import type { Data } from "apache-arrow";
import type { Lease } from "../../kernels/index.js";
import { SNAPPY } from "./codecs.js";
import type { Encoder } from "./codecs.js";
import { DATA_PAGE, DICTIONARY_PAGE } from "./page-header.js";
import { i32, struct, thriftBytes } from "./thrift-writer.js";
import type { WritePlan } from "./write-plan.js";

const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;

const PAGE_ROWS = 65_536;
/** Pages of text end after so many bytes, or after one row. */
const PAGE_BYTES = 1 << 20;
/** A dictionary has so many entries at most, and texts of so many bytes. */
const MOST_ENTRIES = 32_768;
const MOST_ENTRY_BYTES = 1 << 20;
const SLOT_BITS = 16;
/** Of the first page at most one row in so many may be a new entry, or it is no use to have a dictionary. */
const ROWS_PER_ENTRY = 4;
/** Bounds longer than this are not noted. */
const MOST_BOUND_BYTES = 64;

/** How pages are compressed: by the kernel when it is Snappy. */
export interface PageCodec {
  codec: number;
  /** Null for Snappy and for pages that stay as they are. */
  encode: Encoder | null;
}

/** The pages of a column and what the footer says of them. */
export interface EncodedColumn {
  parts: Uint8Array[];
  size: number;
  plainSize: number;
  /** Bytes of the dictionary page, which is the first; 0 when there is none. */
  dictionarySize: number;
  encodings: number[];
  rows: number;
  nulls: number;
  min: Uint8Array | null;
  max: Uint8Array | null;
}

interface WriteKernel {
  unpackBits(bits: number, first: number, out: number, count: number): number;
  packBits(bytes: number, out: number, count: number): void;
  compact(values: number, width: number, present: number, count: number): void;
  distinct32(values: number, count: number, entries: number, used: number, most: number, slots: number, bits: number, codes: number): number;
  distinct64(values: number, count: number, entries: number, used: number, most: number, slots: number, bits: number, codes: number): number;
  distinctTexts(bytes: number, offsets: number, present: number, count: number, entries: number, texts: number, used: number, most: number, mostBytes: number, slots: number, bits: number, codes: number): number;
  plainTexts(bytes: number, offsets: number, present: number, count: number, out: number): number;
  rangeTexts(bytes: number, offsets: number, present: number, count: number, out: number): void;
  hybrid(codes: number, count: number, width: number, out: number): number;
  snappy(input: number, size: number, out: number, table: number): number;
  rangeI32: Range;
  rangeU32: Range;
  rangeI64: Range;
  rangeU64: Range;
  rangeF32: Range;
  rangeF64: Range;
}
type Range = (values: number, count: number, out: number, started: number) => number;

/** Texts of a page in the kernel's memory. */
interface Texts {
  /** Where offset 0 would be. */
  bytes: number;
  offsets: number;
  size: number;
}

/** Encodes the rows from `from` to before `to` of a column. */
export function encodeColumn(lease: Lease, plan: WritePlan, nullable: boolean, data: Data, from: number, to: number, codec: PageCodec): EncodedColumn {
  const mark = lease.mark();
  try {
    return new ColumnEncoder(lease, plan, nullable, data, codec).encode(from, to);
  } finally {
    lease.rewind(mark);
  }
}

class ColumnEncoder {
  readonly #lease: Lease;
  readonly #kernel: WriteKernel;
  readonly #plan: WritePlan;
  readonly #nullable: boolean;
  readonly #data: Data;
  readonly #codec: PageCodec;
  readonly #snappyTable: number;
  readonly #slots: number;
  readonly #entries: number;
  readonly #texts: number;
  readonly #range: number;
  #started = 0;
  #min: Uint8Array | null = null;
  #max: Uint8Array | null = null;
  #used = 0;
  #dictionary: boolean;
  #coded = false;
  #plainly = false;
  #nulls = 0;
  #plainSize = 0;
  readonly #pages: Uint8Array[] = [];

  constructor(lease: Lease, plan: WritePlan, nullable: boolean, data: Data, codec: PageCodec) {
    this.#lease = lease;
    this.#kernel = lease.kernel<WriteKernel>("parquet-write");
    this.#plan = plan;
    this.#nullable = nullable;
    this.#data = data;
    this.#codec = codec;
    this.#snappyTable = codec.codec === SNAPPY ? lease.alloc(1 << 15) : 0;
    this.#range = lease.alloc(16);
    this.#dictionary = plan.shape !== "bits";
    const searched = this.#dictionary && plan.shape !== "category";
    this.#slots = searched ? lease.alloc(4 << SLOT_BITS) : 0;
    this.#entries = searched ? lease.alloc(8 * MOST_ENTRIES) : 0;
    this.#texts = searched && plan.shape === "text" ? lease.alloc(MOST_ENTRY_BYTES) : 0;
    if (searched) lease.u8(this.#slots, 4 << SLOT_BITS).fill(0);
  }

  encode(from: number, to: number): EncodedColumn {
    const mark = this.#lease.mark();
    for (let row = from; row < to;) {
      this.#lease.rewind(mark);
      const end = this.#pageEnd(row, to);
      this.#page(row, end - row);
      row = end;
    }
    this.#lease.rewind(mark);
    if (this.#plan.shape === "category") this.#categoryRange(from, to);
    else if (this.#plan.range !== null && this.#started === 1) this.#numberRange();
    const dictionary = this.#coded ? this.#dictionaryPage() : [];
    const parts = [...dictionary, ...this.#pages];
    const sizeOf = (list: readonly Uint8Array[]): number => list.reduce((sum, part) => sum + part.length, 0);
    return {
      parts,
      size: sizeOf(parts),
      plainSize: this.#plainSize,
      dictionarySize: sizeOf(dictionary),
      encodings: [...(this.#plainly || this.#coded ? [PLAIN] : []), RLE, ...(this.#coded ? [RLE_DICTIONARY] : [])],
      rows: to - from,
      nulls: this.#nulls,
      min: this.#min,
      max: this.#max,
    };
  }

  #pageEnd(row: number, to: number): number {
    const most = Math.min(to, row + PAGE_ROWS);
    if (this.#plan.shape !== "text") return most;
    const offsets = this.#data.valueOffsets;
    const limit = offsets[row] + PAGE_BYTES;
    let low = row + 1;
    let high = most;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (offsets[middle] <= limit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #page(row: number, count: number): void {
    const { present, there } = this.#presence(row, count);
    const levels = this.#levels(present, count);
    const { shape } = this.#plan;
    this.#nulls += count - there;
    if (shape === "text") {
      const texts = this.#loadTexts(row, count);
      this.#textRange(texts, present, row, count);
      const codes = this.#dictionary ? this.#textCodes(texts, present, count, there) : 0;
      if (codes !== 0) this.#codedPage(levels, codes, count, there, this.#used);
      else {
        const body = this.#body(levels, texts.size + 4 * there);
        const size = this.#kernel.plainTexts(texts.bytes, texts.offsets, present, count, body + levels.length);
        this.#plainPage(body, levels.length + size, count);
      }
      return;
    }
    const values = this.#load(row, count);
    const width = shape === "bits" ? 1 : shape === "pairs" ? 8 : 4;
    if (present !== 0) this.#kernel.compact(values, width, present, count);
    if (shape === "category") {
      this.#codedPage(levels, values, count, there, this.#entryCount());
      return;
    }
    if (this.#plan.range !== null) this.#started = this.#kernel[`range${this.#plan.range}`](values, there, this.#range, this.#started);
    const codes = this.#dictionary ? this.#codes(values, there) : 0;
    if (codes !== 0) {
      this.#codedPage(levels, codes, count, there, this.#used);
      return;
    }
    const size = shape === "bits" ? (there + 7) >> 3 : there * width;
    const body = this.#body(levels, size);
    if (shape === "bits") this.#kernel.packBits(values, body + levels.length, there);
    else this.#lease.u8(body + levels.length, size).set(this.#lease.u8(values, size));
    this.#plainPage(body, levels.length + size, count);
  }

  /** A byte a row, 1 where there is a value; 0 instead of an address when all have one. */
  #presence(row: number, count: number): { present: number; there: number } {
    const { nullBitmap, nullCount, offset } = this.#data;
    if (nullCount === 0 || !nullBitmap || nullBitmap.length === 0) return { present: 0, there: count };
    const first = offset + row;
    const bits = this.#put(nullBitmap.subarray(first >> 3, (first + count + 7) >> 3));
    const present = this.#lease.alloc(count);
    const there = this.#kernel.unpackBits(bits, first & 7, present, count);
    return { present: there === count ? 0 : present, there };
  }

  #put(bytes: Uint8Array): number {
    const at = this.#lease.alloc(bytes.length);
    this.#lease.u8(at, bytes.length).set(bytes);
    return at;
  }

  /** Which rows have a value, as it stands before the values: its length, and one run. */
  #levels(present: number, count: number): Uint8Array {
    if (!this.#nullable) return new Uint8Array(0);
    const groups = (count + 7) >> 3;
    const head: number[] = [];
    for (let left = present === 0 ? count * 2 : groups * 2 + 1; ; left >>>= 7) {
      head.push(left >= 128 ? (left & 127) | 128 : left);
      if (left < 128) break;
    }
    const size = head.length + (present === 0 ? 1 : groups);
    const levels = new Uint8Array(4 + size);
    new DataView(levels.buffer).setUint32(0, size, true);
    levels.set(head, 4);
    if (present === 0) levels[4 + head.length] = 1;
    else {
      const bits = this.#lease.alloc(groups);
      this.#kernel.packBits(present, bits, count);
      levels.set(this.#lease.u8(bits, groups), 4 + head.length);
    }
    return levels;
  }

  /** The rows' values in the kernel's memory, narrow integers in 32 bits and truth values in a byte each. */
  #load(row: number, count: number): number {
    const { shape } = this.#plan;
    const values = this.#data.values as Uint8Array;
    if (shape === "bits") {
      const first = this.#data.offset + row;
      const bits = this.#put(values.subarray(first >> 3, (first + count + 7) >> 3));
      const at = this.#lease.alloc(count);
      this.#kernel.unpackBits(bits, first & 7, at, count);
      return at;
    }
    if (shape === "pairs" || values.BYTES_PER_ELEMENT === 4) {
      const width = shape === "pairs" ? 8 : 4;
      // Int64 columns are held in 64-bit places, or in two of 32 bits.
      const { buffer, byteOffset } = values;
      return this.#put(new Uint8Array(buffer, byteOffset + width * row, width * count));
    }
    const at = this.#lease.alloc(4 * count);
    this.#lease.i32(at, count).set(values.subarray(row, row + count));
    return at;
  }

  #loadTexts(row: number, count: number): Texts {
    const offsets = this.#data.valueOffsets.subarray(row, row + count + 1);
    const size = offsets[count] - offsets[0];
    const bytes = this.#put((this.#data.values as Uint8Array).subarray(offsets[0], offsets[count]));
    const at = this.#lease.alloc(4 * (count + 1));
    this.#lease.i32(at, count + 1).set(offsets);
    return { bytes: bytes - offsets[0], offsets: at, size };
  }

  /** How many entries the dictionary may have after this page. */
  #most(there: number): number {
    return this.#coded ? MOST_ENTRIES : Math.min(MOST_ENTRIES, Math.max(16, Math.floor(there / ROWS_PER_ENTRY)));
  }

  /** Places in the dictionary; 0 when there would be too many, and from then on. */
  #codes(values: number, there: number): number {
    const codes = this.#lease.alloc(4 * there);
    const find = this.#plan.shape === "pairs" ? this.#kernel.distinct64 : this.#kernel.distinct32;
    return this.#found(codes, find(values, there, this.#entries, this.#used, this.#most(there), this.#slots, SLOT_BITS, codes));
  }

  #textCodes(texts: Texts, present: number, count: number, there: number): number {
    const codes = this.#lease.alloc(4 * there);
    return this.#found(codes, this.#kernel.distinctTexts(texts.bytes, texts.offsets, present, count, this.#entries, this.#texts, this.#used, this.#most(there), MOST_ENTRY_BYTES, this.#slots, SLOT_BITS, codes));
  }

  #found(codes: number, used: number): number {
    if (used < 0) this.#dictionary = false;
    else this.#used = used;
    return used < 0 ? 0 : codes;
  }

  #body(levels: Uint8Array, size: number): number {
    const body = this.#lease.alloc(levels.length + size + 8);
    this.#lease.u8(body, levels.length).set(levels);
    return body;
  }

  #codedPage(levels: Uint8Array, codes: number, count: number, there: number, entries: number): void {
    this.#coded = true;
    const width = Math.max(1, 32 - Math.clz32(Math.max(0, entries - 1)));
    const body = this.#body(levels, 1 + Math.ceil((there * width) / 8) + 5 * Math.ceil(there / 8) + 16);
    this.#lease.u8(body + levels.length, 1)[0] = width;
    const size = this.#kernel.hybrid(codes, there, width, body + levels.length + 1);
    this.#dataPage(body, levels.length + 1 + size, count, RLE_DICTIONARY);
  }

  #plainPage(body: number, size: number, count: number): void {
    this.#plainly = true;
    this.#dataPage(body, size, count, PLAIN);
  }

  #dataPage(body: number, size: number, count: number, encoding: number): void {
    this.#pages.push(...this.#packed(DATA_PAGE, body, size, struct(5, [i32(1, count), i32(2, encoding), i32(3, RLE), i32(4, RLE)])));
  }

  /** A page's header and its bytes, compressed. */
  #packed(type: number, body: number, size: number, detail: ReturnType<typeof struct>): [Uint8Array, Uint8Array] {
    const bytes = this.#compressed(body, size);
    const header = thriftBytes([i32(1, type), i32(2, size), i32(3, bytes.length), detail]);
    this.#plainSize += header.length + size;
    return [header, bytes];
  }

  #compressed(body: number, size: number): Uint8Array {
    if (this.#codec.encode !== null) return this.#codec.encode(this.#lease.u8(body, size).slice());
    if (this.#codec.codec !== SNAPPY) return this.#lease.u8(body, size).slice();
    const out = this.#lease.alloc(32 + Math.ceil((size * 7) / 6));
    return this.#lease.u8(out, this.#kernel.snappy(body, size, out, this.#snappyTable)).slice();
  }

  #entryCount(): number {
    return this.#data.dictionary?.length ?? 0;
  }

  #dictionaryPage(): [Uint8Array, Uint8Array] {
    let body = this.#entries;
    let size = this.#used * (this.#plan.shape === "pairs" ? 8 : 4);
    let count = this.#used;
    if (this.#plan.shape === "text") {
      // Entries are known by where they start and end; plain texts by offsets, which those are when every second is left out.
      const bounds = this.#lease.i32(this.#entries, 2 * count);
      const ends = Int32Array.from({ length: count + 1 }, (_, i) => (i === 0 ? 0 : bounds[2 * i - 1]));
      [body, size] = this.#plainEntries(this.#texts, ends);
    } else if (this.#plan.shape === "category") {
      count = this.#entryCount();
      const entries = this.#data.dictionary?.data[0];
      const ends = (entries?.valueOffsets as Int32Array | undefined)?.subarray(0, count + 1) ?? new Int32Array(1);
      const bytes = this.#put((entries?.values as Uint8Array | undefined)?.subarray(ends[0], ends[count]) ?? new Uint8Array(0));
      [body, size] = this.#plainEntries(bytes - ends[0], ends);
    }
    return this.#packed(DICTIONARY_PAGE, body, size, struct(7, [i32(1, count), i32(2, PLAIN)]));
  }

  #plainEntries(bytes: number, ends: Int32Array): [number, number] {
    const count = ends.length - 1;
    const offsets = this.#lease.alloc(4 * ends.length);
    this.#lease.i32(offsets, ends.length).set(ends);
    const body = this.#lease.alloc(ends[count] - ends[0] + 4 * count);
    return [body, this.#kernel.plainTexts(bytes, offsets, 0, count, body)];
  }

  #numberRange(): void {
    const width = this.#plan.shape === "pairs" ? 8 : 4;
    const bytes = this.#lease.u8(this.#range, 2 * width).slice();
    const view = new DataView(bytes.buffer);
    // A bound of zero has to hold zeros of both signs.
    if (this.#plan.range === "F64") {
      if (view.getFloat64(0, true) === 0) view.setFloat64(0, -0, true);
      if (view.getFloat64(8, true) === 0) view.setFloat64(8, 0, true);
    } else if (this.#plan.range === "F32") {
      if (view.getFloat32(0, true) === 0) view.setFloat32(0, -0, true);
      if (view.getFloat32(4, true) === 0) view.setFloat32(4, 0, true);
    }
    this.#min = bytes.subarray(0, width);
    this.#max = bytes.subarray(width);
  }

  #textRange(texts: Texts, present: number, row: number, count: number): void {
    this.#kernel.rangeTexts(texts.bytes, texts.offsets, present, count, this.#range);
    const [least, greatest] = this.#lease.i32(this.#range, 2);
    if (least >= 0) this.#widen(this.#textAt(this.#data, row + least), this.#textAt(this.#data, row + greatest));
  }

  #textAt(data: Data, row: number): Uint8Array {
    return (data.values as Uint8Array).subarray(data.valueOffsets[row], data.valueOffsets[row + 1]);
  }

  #widen(least: Uint8Array, greatest: Uint8Array): void {
    if (this.#min === null || Buffer.compare(least, this.#min) < 0) this.#min = least;
    if (this.#max === null || Buffer.compare(greatest, this.#max) > 0) this.#max = greatest;
  }

  /** The entries that occur. */
  #categoryRange(from: number, to: number): void {
    const entries = this.#data.dictionary?.data[0];
    if (entries === undefined) return;
    const occurs = new Uint8Array(entries.length);
    const codes = this.#data.values as Int32Array;
    const { nullBitmap, nullCount, offset } = this.#data;
    if (nullCount === 0 || !nullBitmap || nullBitmap.length === 0) for (let i = from; i < to; i++) occurs[codes[i]] = 1;
    else for (let i = from; i < to; i++) if ((nullBitmap[(offset + i) >> 3] >> ((offset + i) & 7)) & 1) occurs[codes[i]] = 1;
    for (let entry = 0; entry < occurs.length; entry++) {
      if (occurs[entry] === 0) continue;
      const bytes = this.#textAt(entries, entry);
      this.#widen(bytes, bytes);
    }
  }
}

/** Bounds that are short enough for the footer, or none. */
export function notedBounds({ min, max }: EncodedColumn): { min: Uint8Array; max: Uint8Array } | null {
  return min !== null && max !== null && min.length <= MOST_BOUND_BYTES && max.length <= MOST_BOUND_BYTES ? { min, max } : null;
}
