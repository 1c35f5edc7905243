/**
 * When each row was.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { requireColumn } from "../table/names.js";
import { labelsOf } from "../table/values.js";
import type { Labels } from "../table/values.js";

/**
 * The moment of each row: its place among the distinct ones, in order; -1 where it is missing.
 *
 * @throws RunlabError for text, whose order is not that of time.
 */
export function momentsOf(table: Table, time: string): Labels {
  const column = requireColumn(table, time, "column of times");
  const kind = columnKind(column.type);
  if (kind !== "time" && kind !== "number") {
    throw new RunlabError(`the column of times ${JSON.stringify(time)} holds no times`, { received: String(column.type), allowed: "dates, timestamps or numbers; readTable(path, { types: { column: \"timestamp\" } }) reads text as such" });
  }
  return labelsOf(column, time);
}
