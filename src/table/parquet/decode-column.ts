/**
 * The pages of one column, of any number of row groups, straight into the buffers of one Arrow column.
 *
 * No value is ever an object of JavaScript. A page goes through the kernel's memory, which holds no more than one page and
 * a dictionary, so that its values are still in the cache when they are put where they stay.
 */
import { leaseMemory } from "../../kernels/index.js";
import type { Lease } from "../../kernels/index.js";
import { ByteDictionary } from "../byte-dictionary.js";
import { SNAPPY, decompress } from "./codecs.js";
import { DATA_PAGE, DATA_PAGE_2, DICTIONARY_PAGE, readPageHeader } from "./page-header.js";
import type { PageHeader } from "./page-header.js";
import { damaged } from "./thrift.js";

/** How the values of a column are held in Arrow. */
export type Store = "bits" | "words" | "pairs" | "bytes8" | "bytes16" | "text" | "category";

/** Bytes of one row group's pages of the column, and how many of its rows are wanted, from the first. */
export interface Piece {
  /** Of the whole allocation, which goes on for 8 bytes after `end`. */
  bytes: Uint8Array;
  start: number;
  end: number;
  codec: number;
  rows: number;
  wanted: number;
}

/** What a column is decoded from. Plain data, so that it can be sent to another thread. */
export interface ColumnJob {
  store: Store;
  nullable: boolean;
  pieces: Piece[];
}

/** An Arrow column as its buffers. */
export interface DecodedColumn {
  rows: number;
  /** Values: words, bytes, bits or places in the dictionary, by the store. */
  data: Uint8Array;
  /** Of text: where each row's bytes start. */
  offsets: Int32Array | null;
  /** A bit a row, 1 where there is a value; null when all are there. */
  validity: Uint8Array | null;
  nulls: number;
  /** Of categories: the entries' bytes and where each starts. */
  entries: { bytes: Uint8Array; offsets: Int32Array } | null;
}

/** A part of the format that only the general reader knows. */
export class Unsupported extends Error {}

const PLAIN = 0;
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const RLE_DICTIONARY = 8;

/** Encodings that are read here. */
export const KNOWN_ENCODINGS: ReadonlySet<number> = new Set([PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY]);

/** Arrow's text columns count bytes in 31 bits. */
const MOST_TEXT = 2 ** 31 - 1;

const BYTES: Record<Store, number> = { bits: 1, bytes8: 1, bytes16: 2, words: 4, category: 4, pairs: 8, text: 0 };

/**
 * Decodes a column.
 *
 * @throws RunlabError for pages that are damaged, and Unsupported for those that the general reader has to read.
 */
export function decodeColumn(job: ColumnJob): DecodedColumn {
  const lease = leaseMemory({ alone: true });
  try {
    const column = new ColumnDecoder(lease, job.store, job.pieces.reduce((sum, piece) => sum + piece.wanted, 0));
    for (const piece of job.pieces) column.add(piece, job.nullable);
    return column.finish();
  } catch (error) {
    throw error instanceof WebAssembly.RuntimeError ? damaged("its pages do not hold what they say") : error;
  } finally {
    lease.release();
  }
}

interface ParquetKernel {
  hybrid(start: number, end: number, width: number, out: number, count: number): number;
  presence(start: number, end: number, out: number, count: number): number;
  gather32(dictionary: number, places: number, present: number, out: number, count: number): void;
  gather64(dictionary: number, places: number, present: number, out: number, count: number): void;
  spread(values: number, width: number, present: number, out: number, count: number): void;
  setBits(present: number, bits: number, first: number, count: number): void;
  textSize(offsets: number, places: number, count: number): number;
  copyTexts(dictionary: number, offsets: number, places: number, present: number, out: number, ends: number, before: number, count: number): void;
  plainTexts(start: number, end: number, present: number, out: number, ends: number, before: number, count: number): number;
  unsnappy(start: number, end: number, out: number, size: number): number;
}

/** The bytes of a page in the kernel's memory. */
interface Body {
  at: number;
  end: number;
}

class ColumnDecoder {
  readonly #lease: Lease;
  readonly #kernel: ParquetKernel;
  readonly #store: Store;
  readonly #rows: number;
  /** The next row to be filled. */
  #row = 0;
  #out: Uint8Array;
  #offsets: Int32Array | null = null;
  #textAt = 0;
  #validity: Uint8Array | null = null;
  #nulls = 0;
  readonly #categories = new ByteDictionary();

  // The dictionary of the row group that is being read, at the foot of the kernel's memory.
  #entries = 0;
  #dictionaryAt = 0;
  #dictionaryOffsetsAt = 0;
  readonly #foot: number;
  #pages: number;

  constructor(lease: Lease, store: Store, rows: number) {
    this.#lease = lease;
    this.#kernel = lease.kernel<ParquetKernel>("parquet");
    this.#foot = this.#pages = lease.mark();
    this.#store = store;
    this.#rows = rows;
    const size = rows * BYTES[store];
    this.#out = new Uint8Array(new ArrayBuffer(Math.ceil(size / 8) * 8), 0, size);
    if (store === "text") this.#offsets = new Int32Array(rows + 1);
  }

  add(piece: Piece, nullable: boolean): void {
    const end = this.#row + piece.wanted;
    let left = piece.rows;
    let at = piece.start;
    this.#entries = 0;
    this.#pages = this.#foot;
    const source = piece.bytes.subarray(0, piece.end);
    while (this.#row < end) {
      if (at >= piece.end) throw damaged("a column has fewer values than rows");
      const header = readPageHeader(source, at);
      const start = at + header.length;
      at = start + header.size;
      this.#lease.rewind(header.type === DICTIONARY_PAGE ? this.#foot : this.#pages);
      if (header.type === DICTIONARY_PAGE) this.#readDictionary(this.#plain(piece, start, header.size, header.plainSize), header.values, header.encoding);
      else if (header.type === DATA_PAGE || header.type === DATA_PAGE_2) {
        if (header.values > left) throw damaged("a column has more values than rows");
        left -= header.values;
        this.#readPage(piece, header, start, Math.min(header.values, end - this.#row), nullable);
      }
    }
  }

  #readPage(piece: Piece, header: PageHeader, start: number, wanted: number, nullable: boolean): void {
    let levels: Body = { at: 0, end: 0 };
    let values: Body;
    if (header.type === DATA_PAGE) {
      values = this.#plain(piece, start, header.size, header.plainSize);
      if (nullable) {
        if (header.levelEncoding !== RLE) throw new Unsupported("levels of the first kind");
        levels = this.#counted(values);
        values.at = levels.end;
      }
    } else {
      const size = header.repetitionSize + header.definitionSize;
      if (size > header.size || size > header.plainSize) throw damaged("a page breaks off");
      levels = this.#put(piece.bytes.subarray(start + header.repetitionSize, start + size));
      values = this.#plain(piece, start + size, header.size - size, header.plainSize - size, header.compressed);
    }
    let present = 0;
    let there = wanted;
    if (nullable) {
      present = this.#lease.alloc(wanted);
      there = this.#kernel.presence(levels.at, levels.end, present, wanted);
      if (there < 0) throw damaged("a page breaks off");
      this.#mark(present, wanted, there);
      if (there === wanted) present = 0;
    }
    this.#readValues(values, header.encoding, wanted, there, present);
    this.#row += wanted;
  }

  /** Bytes that stand behind their number. */
  #counted(body: Body): Body {
    const length = body.at + 4 <= body.end ? new DataView(this.#lease.memory.buffer).getUint32(body.at, true) : Infinity;
    if (length > body.end - body.at - 4) throw damaged("a page breaks off");
    return { at: body.at + 4, end: body.at + 4 + length };
  }

  #put(bytes: Uint8Array): Body {
    const at = this.#lease.alloc(bytes.length);
    this.#lease.u8(at, bytes.length).set(bytes);
    return { at, end: at + bytes.length };
  }

  /** The bytes of a page as they were before compression. */
  #plain(piece: Piece, start: number, size: number, plainSize: number, compressed = true): Body {
    const bytes = piece.bytes.subarray(start, start + size);
    if (piece.codec === 0 || !compressed) return this.#put(bytes);
    if (piece.codec === SNAPPY) {
      const packed = this.#put(bytes);
      const at = this.#lease.alloc(plainSize);
      if (this.#kernel.unsnappy(packed.at, packed.end, at, plainSize) !== 0) throw damaged("a compressed page makes no sense");
      return { at, end: at + plainSize };
    }
    return this.#put(decompress(piece.codec, bytes, plainSize));
  }

  /** Notes which rows of a page have a value. */
  #mark(present: number, count: number, there: number): void {
    this.#nulls += count - there;
    if (there < count && this.#validity === null) {
      this.#validity = new Uint8Array((this.#rows + 7) >> 3);
      setBits(this.#validity, 0, this.#row);
    }
    if (this.#validity === null) return;
    if (there === count) {
      setBits(this.#validity, this.#row, this.#row + count);
      return;
    }
    const first = this.#row & 7;
    const size = (first + count + 7) >> 3;
    const at = this.#lease.alloc(size);
    const bits = this.#lease.u8(at, size);
    bits.fill(0);
    bits[0] = this.#validity[this.#row >> 3];
    this.#kernel.setBits(present, at, first, count);
    this.#validity.set(bits, this.#row >> 3);
  }

  #readDictionary(body: Body, count: number, encoding: number): void {
    if (encoding !== PLAIN && encoding !== PLAIN_DICTIONARY) throw new Unsupported("an encoding of dictionaries");
    if (this.#store === "bits") throw damaged("a dictionary of truth values");
    this.#entries = count;
    const size = body.end - body.at;
    if (this.#store !== "text" && this.#store !== "category") {
      if (count * this.#physicalBytes() > size) throw damaged("a dictionary has more entries than bytes");
      this.#dictionaryAt = body.at;
    } else {
      if (count > size / 4) throw damaged("a dictionary has more entries than bytes");
      const texts = this.#lease.alloc(size);
      const offsets = this.#lease.alloc(4 * (count + 1));
      this.#lease.i32(offsets, 1)[0] = 0;
      if (this.#kernel.plainTexts(body.at, body.end, 0, texts, offsets + 4, 0, count) < 0) throw damaged("a dictionary breaks off");
      this.#dictionaryAt = texts;
      this.#dictionaryOffsetsAt = offsets;
      if (this.#store === "category") {
        const bytes = this.#lease.u8(texts, size).slice();
        const ends = this.#lease.i32(offsets, count + 1);
        const codes = Int32Array.from({ length: count }, (_, i) => this.#categories.code(bytes, ends[i], ends[i + 1]));
        this.#dictionaryAt = this.#lease.alloc(4 * count);
        this.#lease.i32(this.#dictionaryAt, count).set(codes);
      }
    }
    this.#pages = this.#lease.mark();
  }

  /** Bytes of a value in the file: narrow integers are stored in 32 bits. */
  #physicalBytes(): number {
    return this.#store === "pairs" ? 8 : 4;
  }

  #readValues(body: Body, encoding: number, count: number, there: number, present: number): void {
    const store = this.#store;
    if (encoding === RLE_DICTIONARY || encoding === PLAIN_DICTIONARY) {
      const places = this.#places(body, there);
      if (store === "text") this.#textFromDictionary(places, count, there, present);
      else if (store === "bits") throw damaged("a dictionary of truth values");
      else {
        const out = this.#lease.alloc(count * this.#physicalBytes());
        if (store === "pairs") this.#kernel.gather64(this.#dictionaryAt, places, present, out, count);
        else this.#kernel.gather32(this.#dictionaryAt, places, present, out, count);
        this.#keep(out, count);
      }
      return;
    }
    if (encoding === RLE && store === "bits") {
      const { at, end } = this.#counted(body);
      this.#keepSpread(this.#numbers(at, end, 1, there), count, present);
    } else if (encoding !== PLAIN) throw new Unsupported("an encoding");
    else if (store === "text") this.#textFromPlain(body, count, present);
    else if (store === "category") this.#categoriesFromPlain(body, count, there, present);
    else if (store === "bits") {
      if (Math.ceil(there / 8) > body.end - body.at) throw damaged("a page breaks off");
      const bits = this.#lease.u8(body.at, Math.ceil(there / 8)).slice();
      const values = this.#lease.alloc(4 * there + 4);
      const words = this.#lease.i32(values, there);
      for (let i = 0; i < there; i++) words[i] = (bits[i >> 3] >> (i & 7)) & 1;
      this.#keepSpread(values, count, present);
    } else {
      if (there * this.#physicalBytes() > body.end - body.at) throw damaged("a page breaks off");
      this.#keepSpread(body.at, count, present);
    }
  }

  #numbers(at: number, end: number, width: number, count: number, most = Infinity): number {
    const out = this.#lease.alloc(4 * count + 4);
    const greatest = count === 0 ? 0 : this.#kernel.hybrid(at, end, width, out, count);
    if (count === 0) this.#lease.i32(out, 1)[0] = 0;
    if (greatest < 0) throw damaged("a page breaks off");
    if (count > 0 && greatest > most) throw damaged("a value is not in its dictionary");
    return out;
  }

  #places(body: Body, there: number): number {
    if (there > 0 && body.at >= body.end) throw damaged("a page breaks off");
    return this.#numbers(body.at + 1, body.end, this.#lease.u8(body.at, 1)[0], there, this.#entries - 1);
  }

  /** Keeps values that stand one after another, one for each row that has one. */
  #keepSpread(values: number, count: number, present: number): void {
    const width = this.#physicalBytes();
    if (present === 0 && values % 4 === 0) {
      this.#keep(values, count);
      return;
    }
    const out = this.#lease.alloc(count * width);
    if (present === 0) this.#lease.u8(out, count * width).set(this.#lease.u8(values, count * width));
    else this.#kernel.spread(values, width, present, out, count);
    this.#keep(out, count);
  }

  /** Puts the rows of a page where they stay. */
  #keep(at: number, count: number): void {
    const row = this.#row;
    switch (this.#store) {
      case "bits": case "bytes8": this.#out.set(this.#lease.i32(at, count), row); return;
      case "bytes16": new Uint16Array(this.#out.buffer, 0, this.#rows).set(this.#lease.i32(at, count), row); return;
      case "pairs": this.#out.set(this.#lease.u8(at, 8 * count), 8 * row); return;
      default: this.#out.set(this.#lease.u8(at, 4 * count), 4 * row);
    }
  }

  /** Makes room for more bytes of text. */
  #keepText(at: number, size: number, ends: number, count: number): void {
    const needed = this.#textAt + size;
    if (needed > this.#out.length) {
      // Pages that are never touched cost no memory, so room is made generously.
      const larger = new Uint8Array(Math.max(needed, 2 * this.#out.length, 65_536));
      larger.set(this.#out.subarray(0, this.#textAt));
      this.#out = larger;
    }
    this.#out.set(this.#lease.u8(at, size), this.#textAt);
    this.#offsets!.set(this.#lease.i32(ends, count), this.#row + 1);
    this.#textAt = needed;
  }

  #textFromDictionary(places: number, count: number, there: number, present: number): void {
    const size = this.#kernel.textSize(this.#dictionaryOffsetsAt, places, there);
    if (this.#textAt + size > MOST_TEXT) throw new Unsupported("text of more than 2 GB in one column");
    const out = this.#lease.alloc(size);
    const ends = this.#lease.alloc(4 * count);
    this.#kernel.copyTexts(this.#dictionaryAt, this.#dictionaryOffsetsAt, places, present, out, ends, this.#textAt, count);
    this.#keepText(out, size, ends, count);
  }

  #textFromPlain(body: Body, count: number, present: number): void {
    if (this.#textAt + body.end - body.at > MOST_TEXT) throw new Unsupported("text of more than 2 GB in one column");
    const out = this.#lease.alloc(body.end - body.at);
    const ends = this.#lease.alloc(4 * count);
    const size = this.#kernel.plainTexts(body.at, body.end, present, out, ends, this.#textAt, count);
    if (size < 0) throw damaged("a page breaks off");
    this.#keepText(out, size, ends, count);
  }

  #categoriesFromPlain(body: Body, count: number, there: number, present: number): void {
    const texts = this.#lease.alloc(body.end - body.at);
    const ends = this.#lease.alloc(4 * there + 4);
    const size = this.#kernel.plainTexts(body.at, body.end, 0, texts, ends, 0, there);
    if (size < 0) throw damaged("a page breaks off");
    const bytes = this.#lease.u8(texts, size).slice();
    const words = this.#lease.i32(ends, there);
    for (let i = 0, from = 0; i < there; i++) {
      const to = words[i];
      words[i] = this.#categories.code(bytes, from, to);
      from = to;
    }
    this.#keepSpread(ends, count, present);
  }

  finish(): DecodedColumn {
    const common = { rows: this.#rows, offsets: this.#offsets, validity: this.#validity, nulls: this.#nulls, entries: null };
    if (this.#store === "text") return { ...common, data: this.#out.subarray(0, this.#textAt) };
    if (this.#store === "bits") {
      const bits = new Uint8Array((this.#rows + 7) >> 3);
      for (let i = 0; i < this.#rows; i++) bits[i >> 3] |= this.#out[i] << (i & 7);
      return { ...common, data: bits };
    }
    if (this.#store !== "category") return { ...common, data: this.#out };
    const texts = this.#categories.texts.map((text) => Buffer.from(text, "utf8"));
    const offsets = new Int32Array(texts.length + 1);
    texts.forEach((text, i) => { offsets[i + 1] = offsets[i] + text.length; });
    const bytes = new Uint8Array(offsets[texts.length]);
    texts.forEach((text, i) => bytes.set(text, offsets[i]));
    return { ...common, data: this.#out, entries: { bytes, offsets } };
  }
}

function setBits(bits: Uint8Array, from: number, to: number): void {
  let i = from;
  for (; i < to && (i & 7) !== 0; i++) bits[i >> 3] |= 1 << (i & 7);
  const whole = to & ~7;
  if (i < whole) {
    bits.fill(255, i >> 3, whole >> 3);
    i = whole;
  }
  for (; i < to; i++) bits[i >> 3] |= 1 << (i & 7);
}
