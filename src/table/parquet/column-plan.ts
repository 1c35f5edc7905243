/**
 * How a column of a Parquet file becomes a column of Arrow.
 */
import { Binary, Bool, DateDay, Dictionary, Float32, Float64, Int16, Int32, Int64, Int8, TimeMicrosecond, TimeMillisecond, TimeNanosecond, Timestamp, Uint16, Uint32, Uint64, Uint8, Utf8, Vector, makeData } from "apache-arrow";
import type { Data, DataType } from "apache-arrow";
import { newDictionaryId } from "../make-vector.js";
import type { ArrowHint } from "./arrow-hint.js";
import type { DecodedColumn, Store } from "./decode-column.js";
import { BOOLEAN, BYTE_ARRAY, DOUBLE, FLOAT, INT32, INT64 } from "./footer.js";
import type { FileColumn } from "./footer.js";

/** A column's Arrow type and how its values are held. */
export interface ColumnPlan {
  type: DataType;
  store: Store;
}

/** Bytes a row of each store takes, to judge a table's size before it is read. */
export const STORE_BYTES: Record<Store, number> = { bits: 1, bytes8: 1, bytes16: 2, words: 4, category: 4, pairs: 8, text: 4 };

/** The plan for a column; null when the general reader has to read it. */
export function planOf(column: FileColumn, hint: ArrowHint | undefined): ColumnPlan | null {
  if (column.nested || hint?.kind === "other") return null;
  const { meaning } = column;
  if (meaning.kind === "other" || (hint?.kind === "category" && column.physical !== BYTE_ARRAY)) return null;
  switch (column.physical) {
    case BOOLEAN: return { type: new Bool(), store: "bits" };
    case FLOAT: return { type: new Float32(), store: "words" };
    case DOUBLE: return { type: new Float64(), store: "pairs" };
    case INT32: return plan32(column);
    case INT64: return plan64(column, hint);
    case BYTE_ARRAY: {
      if (hint?.kind === "category") return { type: new Dictionary(new Utf8(), new Int32(), newDictionaryId()), store: "category" };
      if (meaning.kind === "text") return { type: new Utf8(), store: "text" };
      return meaning.kind === "plain" ? { type: new Binary(), store: "text" } : null;
    }
    default: return null;
  }
}

function plan32({ meaning }: FileColumn): ColumnPlan | null {
  if (meaning.kind === "plain") return { type: new Int32(), store: "words" };
  if (meaning.kind === "date") return { type: new DateDay(), store: "words" };
  if (meaning.kind === "time") return meaning.unit === 1 ? { type: new TimeMillisecond(), store: "words" } : null;
  if (meaning.kind !== "int") return null;
  switch (meaning.bits) {
    case 8: return { type: meaning.signed ? new Int8() : new Uint8(), store: "bytes8" };
    case 16: return { type: meaning.signed ? new Int16() : new Uint16(), store: "bytes16" };
    case 32: return { type: meaning.signed ? new Int32() : new Uint32(), store: "words" };
    default: return null;
  }
}

function plan64({ meaning }: FileColumn, hint: ArrowHint | undefined): ColumnPlan | null {
  if (meaning.kind === "plain") return { type: new Int64(), store: "pairs" };
  if (meaning.kind === "int") return meaning.bits === 64 ? { type: meaning.signed ? new Int64() : new Uint64(), store: "pairs" } : null;
  if (meaning.kind === "time") return meaning.unit === 1 ? null : { type: meaning.unit === 2 ? new TimeMicrosecond() : new TimeNanosecond(), store: "pairs" };
  if (meaning.kind !== "timestamp") return null;
  // Seconds are stored as milliseconds: whoever wrote seconds gets them from the general reader.
  if (hint?.kind === "timestamp" && hint.unit !== meaning.unit) return null;
  const zone = !meaning.utc ? null : hint?.kind === "timestamp" ? (hint.zone ?? "UTC") : "UTC";
  return { type: new Timestamp(meaning.unit, zone), store: "pairs" };
}


/** The decoded buffers as an Arrow column, without a copy. */
export function arrowData(plan: ColumnPlan, column: DecodedColumn): Data {
  const common = { length: column.rows, nullCount: column.nulls, nullBitmap: column.validity };
  const { type } = plan;
  if (plan.store === "text") return makeData({ type: type as Utf8, ...common, valueOffsets: column.offsets!, data: column.data });
  if (plan.store === "category") {
    const { bytes, offsets } = column.entries!;
    const dictionary = new Vector([makeData({ type: new Utf8(), length: offsets.length - 1, nullCount: 0, valueOffsets: offsets, data: bytes })]);
    return makeData({ type: type as Dictionary, ...common, data: new Int32Array(column.data.buffer, column.data.byteOffset, column.rows) as never, dictionary });
  }
  if (plan.store === "bits") return makeData({ type: type as Bool, ...common, data: column.data });
  const ArrayType = type.ArrayType as new (buffer: ArrayBufferLike, offset: number, length: number) => Int32Array;
  return makeData({ type: type as Int32, ...common, data: new ArrayType(column.data.buffer, column.data.byteOffset, column.rows) });
}
