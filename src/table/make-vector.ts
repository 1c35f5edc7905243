/**
 * Arrow columns from plain arrays, without a copy where that is possible.
 */
import { Bool, Dictionary, Float64, Int32, Int64, TimestampMillisecond, Uint8, Utf8, Vector, makeData, vectorFromArray } from "apache-arrow";

interface Validity {
  nullBitmap: Uint8Array | null;
  nullCount: number;
}

/** Marks of missing rows (1 is missing) as an Arrow bitmap. */
function validity(missing: Uint8Array | null | undefined): Validity {
  if (!missing) return { nullBitmap: null, nullCount: 0 };
  const nullBitmap = new Uint8Array((missing.length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < missing.length; i++) {
    if (missing[i]) nullCount++;
    else nullBitmap[i >> 3] |= 1 << (i & 7);
  }
  return nullCount === 0 ? { nullBitmap: null, nullCount } : { nullBitmap, nullCount };
}

/** A float64 column; rows marked in `missing` are null, whatever their value. */
export function float64Vector(data: Float64Array, missing?: Uint8Array | null): Vector {
  return new Vector([makeData({ type: new Float64(), length: data.length, data, ...validity(missing) })]);
}

/** An int32 column. */
export function int32Vector(data: Int32Array, missing?: Uint8Array | null): Vector {
  return new Vector([makeData({ type: new Int32(), length: data.length, data, ...validity(missing) })]);
}

/** An int64 column. */
export function int64Vector(data: BigInt64Array, missing?: Uint8Array | null): Vector {
  return new Vector([makeData({ type: new Int64(), length: data.length, data, ...validity(missing) })]);
}

/** A uint8 column: what a yes-or-no feature is held in. */
export function uint8Vector(data: Uint8Array): Vector {
  return new Vector([makeData({ type: new Uint8(), length: data.length, data, nullCount: 0 })]);
}

/** A boolean column of bytes 0 and 1. */
export function boolVector(values: Uint8Array, missing?: Uint8Array | null): Vector {
  const data = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) data[i >> 3] |= (values[i] & 1) << (i & 7);
  return new Vector([makeData({ type: new Bool(), length: values.length, data, ...validity(missing) })]);
}

/** A column of UTC timestamps, in milliseconds since 1970. */
export function timestampVector(milliseconds: Float64Array, missing?: Uint8Array | null, zone: string | null = "UTC"): Vector {
  const data = new BigInt64Array(milliseconds.length);
  // In two words each: many times as fast as making a BigInt of every row.
  const words = new Int32Array(data.buffer);
  for (let i = 0; i < milliseconds.length; i++) {
    const time = missing?.[i] ? 0 : Math.round(milliseconds[i]);
    words[2 * i] = time % 4294967296 | 0;
    words[2 * i + 1] = Math.floor(time / 4294967296);
  }
  return new Vector([makeData({ type: new TimestampMillisecond(zone), length: data.length, data, ...validity(missing) })]);
}

/**
 * Arrow numbers its own dictionaries from 0, as files do: one made here and one read from a file would then be taken
 * for the same when they meet in a table. These start where no file's do.
 */
let nextDictionaryId = 1 << 30;

/** A number for a new dictionary, which no other in this process has. */
export const newDictionaryId = (): number => nextDictionaryId++;

/** A column of categories: `codes` are places in `levels`, -1 is missing. */
export function dictionaryVector(codes: Int32Array, levels: readonly string[]): Vector {
  let missing: Uint8Array | null = null;
  let data = codes;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] >= 0) continue;
    if (missing === null) {
      missing = new Uint8Array(codes.length);
      data = codes.slice();
    }
    missing[i] = 1;
    data[i] = 0;
  }
  const dictionary = vectorFromArray([...levels], new Utf8()) as unknown as Vector<Utf8>;
  return new Vector([makeData({ type: new Dictionary(new Utf8(), new Int32(), newDictionaryId()), length: data.length, data, dictionary, ...validity(missing) })]) as unknown as Vector;
}

/** A text column from bytes that are UTF-8 already. */
export function utf8Vector(data: Uint8Array, valueOffsets: Int32Array, missing?: Uint8Array | null): Vector {
  return new Vector([makeData({ type: new Utf8(), length: valueOffsets.length - 1, valueOffsets, data, ...validity(missing) })]);
}
