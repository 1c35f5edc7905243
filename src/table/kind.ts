/**
 * What a column is for a model, whatever its Arrow type.
 */
import { DataType } from "apache-arrow";

/**
 * - number: integers, floats, decimals;
 * - boolean;
 * - category: text, and dictionaries of anything;
 * - time: dates, times of day, timestamps, durations;
 * - other: lists, structs, bytes and the like, which no model here takes.
 */
export type ColumnKind = "number" | "boolean" | "category" | "time" | "other";

/**
 * The kind of an Arrow type.
 *
 * @example
 * columnKind(tableFromColumns({ a: ["x", "y"] }).getChild("a")!.type); // "category"
 */
export function columnKind(type: DataType): ColumnKind {
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type)) return "number";
  if (DataType.isBool(type)) return "boolean";
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type) || DataType.isDictionary(type)) return "category";
  if (DataType.isTimestamp(type) || DataType.isDate(type) || DataType.isTime(type) || DataType.isDuration(type)) return "time";
  return "other";
}
