/**
 * Points that were grouped, as one block of numbers.
 */
import { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { type NumberMatrix, matrixOf } from "../table/matrix.js";
import { columnNames } from "../table/names.js";
import { codesOf } from "./labels.js";
import type { Values } from "./metric.js";

/** Rows of numbers: a table of number columns, a matrix, or an array of rows. */
export type Points = Table | NumberMatrix | readonly ArrayLike<number>[];

/** Points with the group of each. */
export interface GroupedPoints {
  /** Row-major, `width` a row. */
  readonly values: Float64Array;
  readonly width: number;
  readonly rows: number;
  readonly labels: Int32Array;
  /** How many groups there are. */
  readonly groups: number;
  /** Rows of each group. */
  readonly sizes: Float64Array;
}

/**
 * @throws RunlabError when lengths differ, a number is missing or not finite, or there are not 2 to rows - 1 groups.
 */
export function groupedPoints(metric: string, points: unknown, labels: Values): GroupedPoints {
  const { values, width, rows } = readPoints(metric, points);
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number") throw new RunlabError(`${metric} needs the group of each row`, { received: String(labels) });
  if (labels.length !== rows) throw new RunlabError("points and groups have equal lengths", { received: `${rows} and ${labels.length}` });
  const { codes, levels } = codesOf(labels, "groups");
  if (levels.length < 2 || levels.length > rows - 1) {
    throw new RunlabError(`${metric} needs at least two groups, and fewer than rows`, { received: `${levels.length} ${levels.length === 1 ? "group" : "groups"} for ${rows} rows` });
  }
  const sizes = new Float64Array(levels.length);
  for (let i = 0; i < rows; i++) sizes[codes[i]]++;
  return { values, width, rows, labels: codes, groups: levels.length, sizes };
}

function readPoints(metric: string, points: unknown): { values: Float64Array; width: number; rows: number } {
  const found = points instanceof Table ? fromMatrix(matrixOf(points, columnNames(points))) : isMatrix(points) ? fromMatrix(points) : fromRows(metric, points);
  if (found.rows === 0) throw new RunlabError("a metric needs at least one row", { received: "no points" });
  if (found.width === 0) throw new RunlabError(`${metric} needs points of at least one number`, { received: "points without columns" });
  for (let i = 0; i < found.values.length; i++) {
    if (found.values[i] - found.values[i] !== 0) throw new RunlabError(`${metric} compares finite numbers; points has none in row ${Math.floor(i / found.width)}`, { received: found.values[i] });
  }
  return found;
}

function isMatrix(value: unknown): value is NumberMatrix {
  return typeof value === "object" && value !== null && (value as NumberMatrix).values instanceof Float64Array && Array.isArray((value as NumberMatrix).columns);
}

function fromMatrix({ rows, columns, values }: NumberMatrix): { values: Float64Array; width: number; rows: number } {
  if (values.length !== rows * columns.length) throw new RunlabError("a matrix has rows x columns values", { received: `${values.length} for ${rows} x ${columns.length}` });
  return { values, width: columns.length, rows };
}

function fromRows(metric: string, points: unknown): { values: Float64Array; width: number; rows: number } {
  if (!Array.isArray(points)) throw new RunlabError(`${metric} needs points`, { received: typeof points, allowed: "a table of numbers, matrixOf(table, columns), or an array of rows" });
  const width = (points[0] as ArrayLike<number> | undefined)?.length ?? 0;
  const values = new Float64Array(points.length * width);
  points.forEach((row: ArrayLike<number> | null, i) => {
    if (typeof row !== "object" || row === null || row.length !== width) throw new RunlabError("every point has as many numbers", { received: `${typeof row === "object" && row !== null ? row.length : String(row)} in row ${i} and ${width} in row 0` });
    for (let c = 0; c < width; c++) {
      if (typeof row[c] !== "number") throw new RunlabError(`points holds something that is no number, in row ${i}`, { received: row[c] });
      values[i * width + c] = row[c];
    }
  });
  return { values, width, rows: points.length };
}

/** The middle of each group, row-major. */
export function centres({ values, width, rows, labels, groups, sizes }: GroupedPoints): Float64Array {
  const out = new Float64Array(groups * width);
  for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) out[labels[i] * width + c] += values[i * width + c];
  for (let g = 0; g < groups; g++) for (let c = 0; c < width; c++) out[g * width + c] /= sizes[g];
  return out;
}

/** The square of the distance of two rows of two blocks. */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const apart = a[i * width + c] - b[j * width + c];
    sum += apart * apart;
  }
  return sum;
}
