/**
 * How a column of Arrow becomes a column of a Parquet file.
 */
import { DataType } from "apache-arrow";
import type { Data, Field as ArrowField } from "apache-arrow";
import { BOOLEAN, BYTE_ARRAY, DOUBLE, FLOAT, INT32, INT64 } from "./footer.js";
import { bool, i32, i8, struct, text } from "./thrift-writer.js";
import type { Field } from "./thrift-writer.js";

/** Which of the kernel's functions finds the least and the greatest value. */
export type RangeKind = "I32" | "U32" | "I64" | "U64" | "F32" | "F64";

/** How the values of a column are taken: bits, numbers of 4 or 8 bytes, texts, or places in a dictionary. */
export type WriteShape = "bits" | "words" | "pairs" | "text" | "category";

/** A column of the file. */
export interface WritePlan {
  physical: number;
  shape: WriteShape;
  range: RangeKind | null;
  /** The older and the newer way to say what a value stands for; null when the physical type says it. */
  converted: number | null;
  logical: Field;
}

const plain = (physical: number, shape: WriteShape, range: RangeKind | null): WritePlan => ({ physical, shape, range, converted: null, logical: null });
const texts = (shape: WriteShape): WritePlan => ({ ...plain(BYTE_ARRAY, shape, null), converted: 0, logical: struct(1, []) });

/** Milli-, micro- and nanoseconds are fields 1 to 3 of the unit; Arrow counts them the same, after seconds. */
const moment = (id: number, utc: boolean, unit: number): Field => struct(id, [bool(1, utc), struct(2, [struct(unit, [])])]);

function integer(bits: number, signed: boolean): WritePlan {
  const wide = bits === 64;
  const basis = plain(wide ? INT64 : INT32, wide ? "pairs" : "words", wide ? (signed ? "I64" : "U64") : signed ? "I32" : "U32");
  if (signed && bits >= 32) return basis;
  const place = Math.log2(bits / 8);
  return { ...basis, converted: (signed ? 15 : 11) + place, logical: struct(10, [i8(1, bits), bool(2, signed)]) };
}

/** The plan for a column; null when the general writer has to write it. */
export function writePlanOf(field: ArrowField, chunk: Data | undefined): WritePlan | null {
  const type = field.type as DataType;
  if (DataType.isBool(type)) return plain(BOOLEAN, "bits", null);
  if (DataType.isInt(type)) return integer(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return type.precision === 0 ? null : type.precision === 1 ? plain(FLOAT, "words", "F32") : plain(DOUBLE, "pairs", "F64");
  if (DataType.isUtf8(type)) return texts("text");
  if (DataType.isBinary(type)) return plain(BYTE_ARRAY, "text", null);
  if (DataType.isDate(type)) return type.unit === 0 ? { ...plain(INT32, "words", "I32"), converted: 6, logical: struct(6, []) } : null;
  if (DataType.isTime(type)) return type.unit === 0 ? null : { ...plain(type.bitWidth === 32 ? INT32 : INT64, type.bitWidth === 32 ? "words" : "pairs", type.bitWidth === 32 ? "I32" : "I64"), logical: moment(7, false, type.unit) };
  if (DataType.isTimestamp(type)) {
    // Parquet has no seconds.
    if (type.unit === 0) return null;
    const zoned = type.timezone !== null && type.timezone !== undefined && type.timezone !== "";
    return { ...plain(INT64, "pairs", "I64"), converted: zoned && type.unit < 3 ? 8 + type.unit : null, logical: moment(8, zoned, type.unit) };
  }
  if (DataType.isDictionary(type)) {
    const entries = chunk?.dictionary;
    const fits = DataType.isUtf8(type.dictionary) && (entries === undefined || entries.nullCount === 0) && (type.indices as { bitWidth: number }).bitWidth <= 32;
    return fits ? texts("category") : null;
  }
  return null;
}

/** The column in the list of the file's schema. */
export function schemaElement(name: string, nullable: boolean, plan: WritePlan): Field[] {
  return [i32(1, plan.physical), i32(3, nullable ? 1 : 0), text(4, name), plan.converted === null ? null : i32(6, plan.converted), plan.logical === null ? null : struct(10, [plan.logical])];
}
