/**
 * New columns out of those there are.
 */
import { Vector } from "apache-arrow";
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { vectorOf } from "./from-columns.js";
import type { ColumnValues } from "./from-columns.js";
import { columnOf } from "./names.js";
import { replaceColumns } from "./replace-columns.js";
import type { NamedColumn } from "./replace-columns.js";
import { eachRow } from "./rows.js";
import type { Row } from "./rows.js";

/** A column as it is, or a function of a row that gives its values. */
export type Derived = ColumnValues | ((row: Row, index: number) => unknown);

/**
 * The table with further columns, or with other ones in place of those of the same name. Later ones see earlier ones.
 *
 * A function is called once a row and returns numbers, text, booleans, dates or bigints, one type a column, and null where
 * there is no value. A missing value is null in `row`; `null + 1` is 1 in JavaScript, so ask for it first. NaN becomes
 * missing.
 *
 * @throws RunlabError for a column that is not there, mixed types and wrong lengths.
 *
 * @example
 * const table = derive(tableFromColumns({ sched: [517, 1205] }), { hour: (row) => Math.floor(row.sched / 100) });
 * [...table.getChild("hour")!]; // [5, 12]
 */
export function derive(table: Table, columns: Readonly<Record<string, Derived>>): Table {
  asTable(table, "derive");
  if (typeof columns !== "object" || columns === null || Array.isArray(columns)) throw new RunlabError("derive takes an object of columns", { received: columns, allowed: "such as { hour: (row) => Math.floor(row.sched / 100) }" });
  let result = table;
  for (const [name, derived] of Object.entries(columns)) {
    const column: NamedColumn = { name, vector: columnFrom(result, name, derived) };
    result = columnOf(result, name) === null ? replaceColumns(result, new Map(), [column]) : replaceColumns(result, new Map([[name, [column]]]));
  }
  return result;
}

function columnFrom(table: Table, name: string, derived: Derived): Vector {
  if (typeof derived !== "function") {
    const given = vectorOf(derived, name);
    if (given.length !== table.numRows) throw new RunlabError(`derive: column ${JSON.stringify(name)} is not as long as the table`, { received: given.length, allowed: `${table.numRows} values` });
    return given.data.length === 1 ? given : vectorOf([...given] as ColumnValues, name);
  }
  const values: unknown[] = new Array(table.numRows);
  eachRow(table, (row, index) => {
    const value = derived(row, index);
    values[index] = value === undefined || value !== value ? null : value;
  });
  return vectorOf(values as ColumnValues, name);
}
