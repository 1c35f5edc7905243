/**
 * Thrift's compact protocol, as far as Parquet's footers and page headers need it.
 *
 * Every read is checked against the end of the bytes, so that damaged ones end in an error and never in a long loop.
 */
import { RunlabError } from "../../errors.js";

/** Types of the compact protocol. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;
const UUID = 13;

/** Deeper structures are no Parquet. */
const DEEPEST = 32;

/** What bytes that break off or make no sense are refused with. */
export function damaged(what: string): RunlabError {
  return new RunlabError(`the Parquet file is damaged: ${what}`, { allowed: "a whole copy of the file" });
}

/** A walk over bytes of the compact protocol. */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** The next byte to be read. */
  at: number;
  /** The type of the field that `fields` is at. */
  type = 0;
  #depth = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.at = start;
    this.#end = Math.min(end, bytes.length);
  }

  #byte(): number {
    if (this.at >= this.#end) throw damaged("a structure in it breaks off");
    return this.#bytes[this.at++];
  }

  /** A whole number without sign; not exact past 2^53. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw damaged("a number in it does not end");
  }

  /** Calls `read` with each field's id; what it does not take (by returning false) is skipped. */
  struct(read: (id: number) => void | false): void {
    if (++this.#depth > DEEPEST) throw damaged("its structures are nested too deep");
    let id = 0;
    for (;;) {
      const head = this.#byte();
      const type = head & 15;
      if (type === 0) break;
      const delta = head >> 4;
      id = delta === 0 ? this.#zigzag() : id + delta;
      this.type = type;
      if (read(id) === false) this.#skip(type);
    }
    this.#depth--;
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #expect(...types: number[]): void {
    if (!types.includes(this.type)) throw damaged("a field in it has the wrong type");
  }

  /** A field that is a whole number of any width. */
  int(): number {
    this.#expect(I16, I32, I64, BYTE);
    return this.type === BYTE ? (this.#byte() << 24) >> 24 : this.#zigzag();
  }

  /** A field that is true or false: its type is its value. */
  bool(): boolean {
    this.#expect(TRUE, FALSE);
    return this.type === TRUE;
  }

  /** A field of bytes, not copied. */
  binary(): Uint8Array {
    this.#expect(BINARY);
    return this.#binary();
  }

  #binary(): Uint8Array {
    const length = this.#varint();
    if (length > this.#end - this.at) throw damaged("a text in it is longer than the file");
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** A field of text. */
  text(): string {
    const bytes = this.binary();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  }

  /** A field that is a list: calls `read` once an element, which has to read it. */
  list(read: () => void): void {
    this.#expect(LIST);
    const { type, count } = this.#listHead();
    for (let i = 0; i < count; i++) {
      this.type = type;
      read();
    }
  }

  #listHead(): { type: number; count: number } {
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    // Every element takes a byte at least.
    if (count > this.#end - this.at) throw damaged("a list in it is longer than the file");
    return { type: head & 15, count };
  }

  #skip(type: number): void {
    switch (type) {
      case TRUE: case FALSE: return;
      case BYTE: this.#byte(); return;
      case I16: case I32: case I64: this.#varint(); return;
      case DOUBLE: this.#advance(8); return;
      case BINARY: this.#binary(); return;
      case UUID: this.#advance(16); return;
      case STRUCT: this.struct(() => false); return;
      case LIST: case SET: {
        if (++this.#depth > DEEPEST) throw damaged("its structures are nested too deep");
        const { type: element, count } = this.#listHead();
        for (let i = 0; i < count; i++) this.#skipElement(element);
        this.#depth--;
        return;
      }
      case MAP: {
        if (++this.#depth > DEEPEST) throw damaged("its structures are nested too deep");
        const count = this.#varint();
        if (count > this.#end - this.at) throw damaged("a list in it is longer than the file");
        const types = count === 0 ? 0 : this.#byte();
        for (let i = 0; i < count; i++) {
          this.#skipElement(types >> 4);
          this.#skipElement(types & 15);
        }
        this.#depth--;
        return;
      }
      default: throw damaged("a field in it has no known type");
    }
  }

  /** In lists a truth value takes a byte; as a field it takes none. */
  #skipElement(type: number): void {
    if (type === TRUE || type === FALSE) this.#byte();
    else this.#skip(type);
  }

  #advance(bytes: number): void {
    if (bytes > this.#end - this.at) throw damaged("a structure in it breaks off");
    this.at += bytes;
  }
}
