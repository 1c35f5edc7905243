/**
 * A table without the rows that lack something.
 */
import type { Table } from "apache-arrow";
import { asTable } from "./as-table.js";
import { asNameList } from "./name-list.js";
import { columnNames, requireColumn } from "./names.js";
import { takeRows } from "./take.js";
import { missingIn } from "./values.js";

/**
 * The rows that have a value in every one of `columns`. Default: in every column.
 *
 * When it misleads: the rows that are left may differ from those that are gone; a model then knows only the former.
 *
 * @throws RunlabError when a column is not there.
 *
 * @example
 * dropMissing(tableFromColumns({ a: [1, null, 3], b: [null, "x", "y"] }), ["a"]).numRows; // 2
 */
export function dropMissing(table: Table, columns?: readonly string[]): Table {
  asTable(table, "dropMissing");
  const gone = new Uint8Array(table.numRows);
  for (const name of columns === undefined ? columnNames(table) : asNameList(columns, "dropMissing: columns")) {
    const missing = missingIn(requireColumn(table, name));
    if (missing !== null) for (let i = 0; i < gone.length; i++) gone[i] |= missing[i];
  }
  const kept = new Uint32Array(table.numRows);
  let count = 0;
  for (let i = 0; i < gone.length; i++) if (gone[i] === 0) kept[count++] = i;
  return count === table.numRows ? table : takeRows(table, kept.slice(0, count));
}
