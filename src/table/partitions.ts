/**
 * Columns that are written in the names of folders: `year=2024/month=6/part-0.parquet`.
 */
import type { Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { FoundFile } from "./find-files.js";
import { dictionaryVector, int32Vector, timestampVector } from "./make-vector.js";
import { parseTime } from "./time-text.js";

/** What Hive, and everyone after it, writes for a missing value. */
const MISSING = "__HIVE_DEFAULT_PARTITION__";

/** A partition column: what each file holds of it, and how it becomes a column. */
export interface PartitionColumn {
  name: string;
  /** By file; null where it is missing. */
  values: readonly (string | null)[];
  type: "int32" | "timestamp" | "category";
}

/**
 * The partition columns of some files. Whole numbers become int32, dates of ISO 8601 timestamps, anything else a category;
 * as in a CSV file 007 is a code and no number.
 *
 * @throws RunlabError when some files lack a column that others have.
 */
export function partitionColumns(files: readonly FoundFile[]): PartitionColumn[] {
  const names = [...new Set(files.flatMap((file) => file.partitions.map(([name]) => name)))];
  return names.map((name) => {
    const values = files.map((file) => {
      const own = file.partitions.find(([key]) => key === name);
      if (own === undefined) throw new RunlabError(`${file.path} lies in no folder ${name}=…, as others do`, { allowed: "folders of the same names on the way to every file" });
      return own[1] === MISSING || own[1] === "" ? null : own[1];
    });
    const given = values.filter((value) => value !== null);
    const isInt = given.length > 0 && given.every((value) => /^-?(0|[1-9]\d{0,9})$/.test(value) && (Number(value) | 0) === Number(value));
    const isTime = given.length > 0 && given.every((value) => parseTime(value) !== null);
    return { name, values, type: isInt ? "int32" : isTime ? "timestamp" : "category" };
  });
}

/** A column of one value, `rows` times. */
export function constantColumn(column: PartitionColumn, file: number, rows: number): Vector {
  const value = column.values[file];
  const absent = value === null ? new Uint8Array(rows).fill(1) : null;
  if (column.type === "int32") return int32Vector(new Int32Array(rows).fill(value === null ? 0 : Number(value)), absent);
  if (column.type === "timestamp") return timestampVector(new Float64Array(rows).fill(value === null ? 0 : parseTime(value)!.milliseconds), absent, null);
  return dictionaryVector(new Int32Array(rows).fill(value === null ? -1 : 0), value === null ? [] : [value]);
}
