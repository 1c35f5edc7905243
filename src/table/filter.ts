/**
 * The rows of a table that are wanted.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { eachRow } from "./rows.js";
import type { Row } from "./rows.js";
import { takeRows } from "./take.js";
import { checkWhere, rowsMarked, whereTable } from "./where.js";
import type { Where } from "./where.js";

/**
 * The rows that meet conditions, given as data or as a function of a row. Types, categories and missing values are kept.
 *
 * Conditions as data work on whole columns and are ten times as fast; a function sees missing values as null, times as
 * dates.
 *
 * When it misleads: a missing value meets no condition but `null`, so `{ delay: { below: 10 } }` and its opposite do not
 * add up to the table. In a function `null < 10` is true: ask for null first.
 *
 * @throws RunlabError for a column that is not there, and for values that a column cannot be compared with.
 *
 * @example
 * const table = tableFromColumns({ carrier: ["UA", "AA", "UA"], delay: [5, 60, null] });
 * filter(table, { carrier: ["UA", "DL"], delay: { not: null } }).numRows; // 1
 * filter(table, (row) => row.carrier === "UA" || row.delay > 30).numRows; // 3
 */
export function filter(table: Table, where: Where | ((row: Row, index: number) => unknown)): Table {
  asTable(table, "filter");
  if (typeof where !== "function") {
    checkWhere("filter", where);
    return whereTable(table, where);
  }
  const marks = new Uint8Array(table.numRows);
  eachRow(table, (row, index) => {
    const kept = where(row, index);
    if (kept === undefined || (typeof kept === "object" && kept !== null)) {
      throw new RunlabError(`filter: the function returned ${kept === undefined ? "nothing" : "an object"} in row ${index}`, { allowed: "true to keep a row, such as (row) => row.delay > 30" });
    }
    marks[index] = kept ? 1 : 0;
  });
  const rows = rowsMarked(marks);
  return rows.length === table.numRows ? table : takeRows(table, rows);
}
