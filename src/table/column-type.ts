/**
 * The types a column of a text file can be read as.
 */
import { RunlabError } from "../errors.js";

export const COLUMN_TYPES = ["float64", "int32", "int64", "bool", "timestamp", "utf8", "category"] as const;

/** A type that `types: { column: … }` may name. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** What a column of a text file was read as, and why. */
export interface ColumnReport {
  column: string;
  type: ColumnType;
  why: string;
}

/** Field values that stand for a missing value, unless `missing` says otherwise. */
export const MISSING_VALUES: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>", "#N/A"];

/** Checks the `types` option against the columns there are. */
export function checkTypes(types: Readonly<Record<string, ColumnType>> | undefined): void {
  for (const [column, type] of Object.entries(types ?? {})) {
    if (!COLUMN_TYPES.includes(type)) throw new RunlabError(`types names no known type for column ${JSON.stringify(column)}`, { received: type, allowed: COLUMN_TYPES.join(", ") });
  }
}
