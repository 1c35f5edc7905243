/**
 * Columns as one matrix of numbers.
 */
import type { Table } from "apache-arrow";
import { asTable } from "./as-table.js";
import { asNameList } from "./name-list.js";
import { numbersOf } from "./values.js";

/** Row-major: the value of row r and column c is `values[r * columns.length + c]`. */
export interface NumberMatrix {
  rows: number;
  columns: readonly string[];
  values: Float64Array;
}

/**
 * Columns side by side, missing values as NaN.
 *
 * @throws RunlabError when a column is not there or does not hold numbers.
 *
 * @example
 * matrixOf(tableFromColumns({ a: [1, 2], b: [3, 4] }), ["b", "a"]).values; // Float64Array [3, 1, 4, 2]
 */
export function matrixOf(table: Table, columns: readonly string[]): NumberMatrix {
  asTable(table, "matrixOf");
  const width = asNameList(columns, "matrixOf: columns").length;
  const values = new Float64Array(table.numRows * width);
  columns.forEach((name, c) => {
    const column = numbersOf(table, name);
    for (let r = 0, at = c; r < column.length; r++, at += width) values[at] = column[r];
  });
  return { rows: table.numRows, columns, values };
}
