/**
 * Thrift's compact protocol, written: what Parquet's footers and page headers are made of.
 */

/** A field of a structure: its number, its type, and how its value is written. */
type Field = readonly [id: number, type: number, write: (out: ThriftWriter) => void] | null;

const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

export const i8 = (id: number, value: number): Field => [id, BYTE, (out) => out.byte(value)];
export const i16 = (id: number, value: number): Field => [id, I16, (out) => out.zigzag(value)];
export const i32 = (id: number, value: number): Field => [id, I32, (out) => out.zigzag(value)];
/** Exact up to 2^53. */
export const i64 = (id: number, value: number): Field => [id, I64, (out) => out.zigzag(value)];
export const bool = (id: number, value: boolean): Field => [id, value ? TRUE : FALSE, () => {}];
export const bytes = (id: number, value: Uint8Array): Field => [id, BINARY, (out) => out.binary(value)];
export const text = (id: number, value: string): Field => [id, BINARY, (out) => out.binary(Buffer.from(value, "utf8"))];
export const struct = (id: number, fields: readonly Field[]): Field => [id, STRUCT, (out) => out.struct(fields)];
export const structs = (id: number, items: readonly (readonly Field[])[]): Field => [id, LIST, (out) => out.list(STRUCT, items, (item) => out.struct(item))];
export const i32s = (id: number, items: readonly number[]): Field => [id, LIST, (out) => out.list(I32, items, (item) => out.zigzag(item))];
export const texts = (id: number, items: readonly string[]): Field => [id, LIST, (out) => out.list(BINARY, items, (item) => out.binary(Buffer.from(item, "utf8")))];

/** A structure as bytes; fields that are null are left out, the others stand in ascending order. */
export function thriftBytes(fields: readonly Field[]): Uint8Array {
  const out = new ThriftWriter();
  out.struct(fields);
  return out.finish();
}

class ThriftWriter {
  #bytes = Buffer.allocUnsafe(256);
  #size = 0;

  #room(size: number): void {
    if (this.#size + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#size + size));
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#size++] = value;
  }

  #varint(value: number): void {
    let left = value;
    while (left >= 128) {
      this.byte((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    this.byte(left);
  }

  zigzag(value: number): void {
    this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  binary(value: Uint8Array): void {
    this.#varint(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#size);
    this.#size += value.length;
  }

  list<T>(type: number, items: readonly T[], write: (item: T) => void): void {
    if (items.length < 15) this.byte((items.length << 4) | type);
    else {
      this.byte(0xf0 | type);
      this.#varint(items.length);
    }
    for (const item of items) write(item);
  }

  struct(fields: readonly Field[]): void {
    let before = 0;
    for (const field of fields) {
      if (field === null) continue;
      const [id, type, write] = field;
      this.byte(((id - before) << 4) | type);
      write(this);
      before = id;
    }
    this.byte(0);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }
}

export type { Field };
