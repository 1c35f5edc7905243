/**
 * The pages of one column, of any number of row groups, straight into the buffers of one Arrow column.
 *
 * No value is ever an object of JavaScript: numbers move as words of 32 bits (signed ones, which are small integers to
 * the engine before it has compiled the loop), texts as bytes, categories as places in a dictionary.
 */
import { ByteDictionary } from "../byte-dictionary.js";
import { decompress } from "./codecs.js";
import { readHybrid, readPresence } from "./hybrid.js";
import { DATA_PAGE, DATA_PAGE_2, DICTIONARY_PAGE, readPageHeader } from "./page-header.js";
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

/** Windows of 32 bits may reach past the last byte that counts. */
const SLACK = 8;

const BYTES: Record<Store, number> = { bits: 1, bytes8: 1, bytes16: 2, words: 4, category: 4, pairs: 8, text: 0 };

/**
 * Decodes a column.
 *
 * @throws RunlabError for pages that are damaged, and Unsupported for those that the general reader has to read.
 */
export function decodeColumn(job: ColumnJob): DecodedColumn {
  const column = new ColumnDecoder(job.store, job.pieces.reduce((sum, piece) => sum + piece.wanted, 0));
  for (const piece of job.pieces) column.add(piece, job.nullable);
  return column.finish();
}

/** The values of a page: bytes and where they are. */
interface Body {
  bytes: Uint8Array;
  view: DataView;
  at: number;
  end: number;
}

class ColumnDecoder {
  readonly #store: Store;
  readonly #rows: number;
  /** The next row to be filled. */
  #row = 0;
  #out: Uint8Array;
  #words: Int32Array;
  #offsets: Int32Array | null = null;
  #textAt = 0;
  #validity: Uint8Array | null = null;
  #nulls = 0;

  // The dictionary of the row group that is being read.
  #entries = 0;
  #dictionary: Uint8Array = new Uint8Array(0);
  #dictionaryWords = new Int32Array(0);
  #dictionaryOffsets = new Int32Array(1);
  #codes = new Int32Array(0);
  readonly #categories = new ByteDictionary();

  // Kept from page to page.
  #page = new Uint8Array(0);
  #present = new Uint8Array(0);
  #places = new Int32Array(0);

  constructor(store: Store, rows: number) {
    this.#store = store;
    this.#rows = rows;
    const size = rows * BYTES[store];
    const whole = new ArrayBuffer(Math.ceil(size / 8) * 8);
    this.#out = new Uint8Array(whole, 0, size);
    this.#words = new Int32Array(whole);
    if (store === "text") this.#offsets = new Int32Array(rows + 1);
  }

  add(piece: Piece, nullable: boolean): void {
    const end = this.#row + piece.wanted;
    let left = piece.rows;
    let at = piece.start;
    this.#entries = 0;
    const source = piece.bytes.subarray(0, piece.end);
    while (this.#row < end) {
      if (at >= piece.end) throw damaged("a column has fewer values than rows");
      const header = readPageHeader(source, at);
      const body = at + header.length;
      at = body + header.size;
      if (header.type === DICTIONARY_PAGE) {
        this.#readDictionary(this.#plain(piece, body, header.size, header.plainSize), header.values, header.encoding);
      } else if (header.type === DATA_PAGE || header.type === DATA_PAGE_2) {
        if (header.values > left) throw damaged("a column has more values than rows");
        left -= header.values;
        const wanted = Math.min(header.values, end - this.#row);
        let levelsAt: number;
        let levelsEnd: number;
        let levels: DataView;
        let values: Body;
        if (header.type === DATA_PAGE) {
          values = this.#plain(piece, body, header.size, header.plainSize);
          levels = values.view;
          levelsAt = values.at;
          levelsEnd = values.at;
          if (nullable) {
            if (header.levelEncoding !== RLE) throw new Unsupported("levels of the first kind");
            if (values.at + 4 > values.end) throw damaged("a page breaks off");
            levelsAt += 4;
            levelsEnd = levelsAt + levels.getUint32(levelsAt - 4, true);
            if (levelsEnd > values.end) throw damaged("a page breaks off");
          }
          values.at = levelsEnd;
        } else {
          const size = header.repetitionSize + header.definitionSize;
          if (size > header.size || size > header.plainSize) throw damaged("a page breaks off");
          levels = new DataView(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
          levelsAt = body + header.repetitionSize;
          levelsEnd = body + size;
          values = this.#plain(piece, levelsEnd, header.size - size, header.plainSize - size, header.compressed);
        }
        const there = nullable ? this.#readPresence(levels, levelsAt, levelsEnd, wanted) : wanted;
        this.#readValues(values, header.encoding, wanted, there);
        this.#row += wanted;
      }
    }
  }

  /** The bytes of a page as they were before compression, in memory that the next page uses again. */
  #plain(piece: Piece, start: number, size: number, plainSize: number, compressed = true): Body {
    if (piece.codec === 0 || !compressed) {
      const view = new DataView(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
      return { bytes: piece.bytes, view, at: start, end: start + size };
    }
    if (this.#page.length < plainSize + SLACK) this.#page = new Uint8Array(plainSize + SLACK + (plainSize >> 2));
    decompress(piece.codec, piece.bytes.subarray(start, start + size), this.#page.subarray(0, plainSize));
    return { bytes: this.#page, view: new DataView(this.#page.buffer), at: 0, end: plainSize };
  }

  #readPresence(view: DataView, at: number, end: number, count: number): number {
    if (this.#present.length < count) this.#present = new Uint8Array(count);
    const there = readPresence(view, at, end, this.#present, count);
    if (there < count && this.#validity === null) {
      this.#validity = new Uint8Array((this.#rows + 7) >> 3);
      setBits(this.#validity, 0, this.#row);
    }
    if (this.#validity !== null) {
      if (there === count) setBits(this.#validity, this.#row, this.#row + count);
      else {
        const validity = this.#validity;
        const present = this.#present;
        for (let i = 0, row = this.#row; i < count; i++, row++) validity[row >> 3] |= present[i] << (row & 7);
      }
    }
    this.#nulls += count - there;
    return there;
  }

  #readDictionary(body: Body, count: number, encoding: number): void {
    if (encoding !== PLAIN && encoding !== PLAIN_DICTIONARY) throw new Unsupported("an encoding of dictionaries");
    this.#entries = count;
    const { bytes, at, end } = body;
    if (this.#store === "text" || this.#store === "category") {
      if (count > (end - at) / 4) throw damaged("a dictionary has more entries than bytes");
      const offsets = new Int32Array(count + 1);
      const packed = new Uint8Array(end - at + SLACK);
      let to = 0;
      let from = at;
      for (let i = 0; i < count; i++) {
        const length = from + 4 <= end ? body.view.getUint32(from, true) : Infinity;
        if (length > end - from - 4) throw damaged("a dictionary breaks off");
        packed.set(bytes.subarray(from + 4, from + 4 + length), to);
        from += 4 + length;
        to += length;
        offsets[i + 1] = to;
      }
      this.#dictionary = packed;
      this.#dictionaryOffsets = offsets;
      if (this.#store === "category") this.#codes = Int32Array.from({ length: count }, (_, i) => this.#categories.code(packed, offsets[i], offsets[i + 1]));
      return;
    }
    if (this.#store === "bits") throw damaged("a dictionary of truth values");
    const size = count * this.#physicalBytes();
    if (size > end - at) throw damaged("a dictionary has more entries than bytes");
    const words = new Int32Array(size / 4);
    new Uint8Array(words.buffer).set(bytes.subarray(at, at + size));
    this.#dictionaryWords = words;
  }

  /** Bytes of a value in the file: narrow integers are stored in 32 bits. */
  #physicalBytes(): number {
    return this.#store === "pairs" ? 8 : 4;
  }

  #readValues(body: Body, encoding: number, count: number, there: number): void {
    if (encoding === RLE_DICTIONARY || encoding === PLAIN_DICTIONARY) {
      this.#readPlaces(body, there);
      this.#fromDictionary(count, there);
    } else if (encoding === PLAIN) this.#fromPlain(body, count, there);
    else if (encoding === RLE && this.#store === "bits") {
      if (body.at + 4 > body.end) throw damaged("a page breaks off");
      if (this.#places.length < there) this.#places = new Int32Array(there);
      readHybrid(body.view, body.at + 4, body.end, 1, this.#places, there);
      this.#scatter8(count, there, this.#places);
    } else throw new Unsupported("an encoding");
  }

  #readPlaces(body: Body, there: number): void {
    if (this.#places.length < there) this.#places = new Int32Array(there);
    if (there === 0) return;
    if (body.at >= body.end) throw damaged("a page breaks off");
    const greatest = readHybrid(body.view, body.at + 1, body.end, body.bytes[body.at], this.#places, there);
    if (greatest >= this.#entries) throw damaged("a value is not in its dictionary");
  }

  #fromDictionary(count: number, there: number): void {
    const places = this.#places;
    const present = there === count ? null : this.#present;
    const row = this.#row;
    const words = this.#words;
    switch (this.#store) {
      case "words": gather32(this.#dictionaryWords, places, present, words, row, count); return;
      case "category": gather32(this.#codes, places, present, words, row, count); return;
      case "pairs": gather64(this.#dictionaryWords, places, present, words, row, count); return;
      case "bytes8": case "bytes16": {
        for (let i = 0; i < there; i++) places[i] = this.#dictionaryWords[places[i]];
        if (this.#store === "bytes8") this.#scatter8(count, there, places);
        else this.#scatter16(count, there, places);
        return;
      }
      case "text": this.#textFromDictionary(count, there); return;
      case "bits": throw damaged("a dictionary of truth values");
    }
  }

  #scatter8(count: number, there: number, values: Int32Array): void {
    const out = this.#out;
    const present = this.#present;
    if (there === count) for (let i = 0, row = this.#row; i < count; i++) out[row + i] = values[i];
    else for (let i = 0, j = 0, row = this.#row; i < count; i++) if (present[i] === 1) out[row + i] = values[j++];
  }

  #scatter16(count: number, there: number, values: Int32Array): void {
    const out = new Uint16Array(this.#words.buffer);
    const present = this.#present;
    if (there === count) for (let i = 0, row = this.#row; i < count; i++) out[row + i] = values[i];
    else for (let i = 0, j = 0, row = this.#row; i < count; i++) if (present[i] === 1) out[row + i] = values[j++];
  }

  #fromPlain(body: Body, count: number, there: number): void {
    const { bytes, view, at, end } = body;
    if (this.#store === "text" || this.#store === "category") {
      this.#textFromPlain(body, count, there);
      return;
    }
    if (this.#store === "bits") {
      if (at + Math.ceil(there / 8) > end) throw damaged("a page breaks off");
      if (this.#places.length < there) this.#places = new Int32Array(there);
      for (let i = 0; i < there; i++) this.#places[i] = (bytes[at + (i >> 3)] >> (i & 7)) & 1;
      this.#scatter8(count, there, this.#places);
      return;
    }
    const width = this.#physicalBytes();
    if (there * width > end - at) throw damaged("a page breaks off");
    const row = this.#row;
    if (this.#store === "bytes8" || this.#store === "bytes16") {
      if (this.#places.length < there) this.#places = new Int32Array(there);
      for (let i = 0; i < there; i++) this.#places[i] = view.getInt32(at + 4 * i, true);
      if (this.#store === "bytes8") this.#scatter8(count, there, this.#places);
      else this.#scatter16(count, there, this.#places);
      return;
    }
    if (there === count) {
      this.#out.set(bytes.subarray(at, at + there * width), row * width);
      return;
    }
    const present = this.#present;
    const words = this.#words;
    if (width === 4) {
      for (let i = 0, from = at; i < count; i++) {
        if (present[i] === 0) continue;
        words[row + i] = view.getInt32(from, true);
        from += 4;
      }
    } else {
      for (let i = 0, from = at; i < count; i++) {
        if (present[i] === 0) continue;
        words[2 * (row + i)] = view.getInt32(from, true);
        words[2 * (row + i) + 1] = view.getInt32(from + 4, true);
        from += 8;
      }
    }
  }

  /** Makes room for more bytes of text. */
  #reserve(more: number): void {
    const needed = this.#textAt + more;
    if (needed > MOST_TEXT) throw new Unsupported("text of more than 2 GB in one column");
    if (needed + SLACK <= this.#out.length) return;
    // Pages that are never touched cost no memory, so room is made generously.
    const larger = new Uint8Array(Math.max(needed + SLACK, 2 * this.#out.length, 65_536));
    larger.set(this.#out.subarray(0, this.#textAt));
    this.#out = larger;
  }

  #textFromDictionary(count: number, there: number): void {
    const places = this.#places;
    const from = this.#dictionaryOffsets;
    this.#reserve(textSize(from, places, there));
    this.#textAt = copyTexts(new DataView(this.#dictionary.buffer), from, places, there === count ? null : this.#present, count, new DataView(this.#out.buffer), this.#textAt, this.#offsets!, this.#row);
  }

  #textFromPlain(body: Body, count: number, there: number): void {
    const { bytes, view, end } = body;
    const present = there === count ? null : this.#present;
    const row = this.#row;
    const isText = this.#store === "text";
    if (isText) this.#reserve(end - body.at);
    let from = body.at;
    for (let i = 0; i < count; i++) {
      if (present === null || present[i] === 1) {
        const length = from + 4 <= end ? view.getUint32(from, true) : Infinity;
        from += 4;
        if (length > end - from) throw damaged("a page breaks off");
        if (isText) {
          for (let k = 0; k < length; k++) this.#out[this.#textAt + k] = bytes[from + k];
          this.#textAt += length;
        } else this.#words[row + i] = this.#categories.code(bytes, from, from + length);
        from += length;
      }
      if (isText) this.#offsets![row + i + 1] = this.#textAt;
    }
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

function gather32(dictionary: Int32Array, places: Int32Array, present: Uint8Array | null, out: Int32Array, row: number, count: number): void {
  if (present === null) for (let i = 0; i < count; i++) out[row + i] = dictionary[places[i]];
  else for (let i = 0, j = 0; i < count; i++) if (present[i] === 1) out[row + i] = dictionary[places[j++]];
}

function gather64(dictionary: Int32Array, places: Int32Array, present: Uint8Array | null, out: Int32Array, row: number, count: number): void {
  if (present === null) {
    for (let i = 0, to = 2 * row; i < count; i++, to += 2) {
      const from = 2 * places[i];
      out[to] = dictionary[from];
      out[to + 1] = dictionary[from + 1];
    }
    return;
  }
  for (let i = 0, j = 0, to = 2 * row; i < count; i++, to += 2) {
    if (present[i] === 0) continue;
    const from = 2 * places[j++];
    out[to] = dictionary[from];
    out[to + 1] = dictionary[from + 1];
  }
}

function textSize(from: Int32Array, places: Int32Array, count: number): number {
  let size = 0;
  for (let i = 0; i < count; i++) size += from[places[i] + 1] - from[places[i]];
  return size;
}

/** Copies four bytes at a time; what runs over the end of a text is written over by the next. */
function copyTexts(dictionary: DataView, from: Int32Array, places: Int32Array, present: Uint8Array | null, count: number, out: DataView, textAt: number, offsets: Int32Array, row: number): number {
  let at = textAt;
  for (let i = 0, j = 0; i < count; i++) {
    if (present === null || present[i] === 1) {
      const place = places[j++];
      const start = from[place];
      const length = from[place + 1] - start;
      for (let k = 0; k < length; k += 4) out.setInt32(at + k, dictionary.getInt32(start + k, true), true);
      at += length;
    }
    offsets[row + i + 1] = at;
  }
  return at;
}
