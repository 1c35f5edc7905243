/**
 * Some columns or the first rows of a table.
 */
import type { Table } from "apache-arrow";
import { asTable } from "./as-table.js";
import { asNameList } from "./name-list.js";
import { requireColumn } from "./names.js";

/**
 * The table with those columns only, in that order. Nothing is copied.
 *
 * @throws RunlabError with the nearest names when a column is not there.
 *
 * @example
 * columnNames(select(tableFromColumns({ a: [1], b: [2], c: [3] }), ["c", "a"])); // ["c", "a"]
 */
export function select(table: Table, columns: readonly string[]): Table {
  asTable(table, "select");
  for (const name of asNameList(columns, "select: columns")) requireColumn(table, name);
  return table.select(columns as string[]);
}

/**
 * The first rows of a table. Nothing is copied.
 *
 * @example
 * head(tableFromColumns({ a: [1, 2, 3] }), 2).numRows; // 2
 */
export function head(table: Table, rows = 5): Table {
  asTable(table, "head");
  // A table without columns has no rows, and nothing that could be cut.
  return table.numCols === 0 ? table : table.slice(0, rows);
}
