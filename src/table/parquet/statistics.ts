/**
 * Row groups that cannot hold a row that is asked for, by their least and greatest values.
 */
import type { DataType } from "apache-arrow";
import { mayMeet } from "../where.js";
import type { Test } from "../where.js";
import { BYTE_ARRAY, DOUBLE, FLOAT, INT32, INT64 } from "./footer.js";
import type { FileColumn, Statistics } from "./footer.js";

/** False only when the statistics rule out every row of the group. */
export function groupMayMeet(column: FileColumn, type: DataType, statistics: Statistics | null, rows: number, test: Test): boolean {
  if (statistics === null) return true;
  const { min, max, nulls } = statistics;
  // NaN counts as missing and is in no statistics, so only asking for values can be answered.
  if (test.missing) return true;
  if (nulls === rows) return false;
  if (min === null || max === null) return true;
  const least = valueOf(column, min);
  const greatest = valueOf(column, max);
  if (least === null || greatest === null || typeof least !== typeof boundOf(test, least)) return true;
  if (typeof least === "number" && (Number.isNaN(least) || Number.isNaN(greatest))) return true;
  return mayMeet(test, least, greatest);
}

/** Any of the test's values, to compare kinds; `otherwise` when it has none. */
function boundOf(test: Test, otherwise: number | string): number | string {
  return test.any?.values().next().value ?? test.from ?? test.to ?? test.above ?? test.below ?? otherwise;
}

/** A stored value as tests compare it: times in milliseconds. */
function valueOf(column: FileColumn, bytes: Uint8Array): number | string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { meaning } = column;
  switch (column.physical) {
    case INT32: {
      if (bytes.length !== 4) return null;
      if (meaning.kind === "date") return view.getInt32(0, true) * 86_400_000;
      if (meaning.kind === "int" && !meaning.signed) return view.getUint32(0, true);
      return meaning.kind === "other" ? null : view.getInt32(0, true);
    }
    case INT64: {
      if (bytes.length !== 8 || meaning.kind === "other") return null;
      const value = Number(meaning.kind === "int" && !meaning.signed ? view.getBigUint64(0, true) : view.getBigInt64(0, true));
      return meaning.kind === "timestamp" || meaning.kind === "time" ? value * [1000, 1, 1e-3, 1e-6][meaning.unit] : value;
    }
    case FLOAT: return bytes.length === 4 ? view.getFloat32(0, true) : null;
    case DOUBLE: return bytes.length === 8 ? view.getFloat64(0, true) : null;
    case BYTE_ARRAY: {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
      // Bytes and code units order texts alike up to here; a bound cut off inside a character would not be one.
      return /^[\u0000-\ud7ff]*$/.test(text) ? text : null;
    }
    default: return null;
  }
}
