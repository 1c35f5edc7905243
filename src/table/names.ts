/**
 * Columns by name, with a message that helps when the name is not there.
 */
import type { Schema, Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { nearest } from "./nearest.js";

/**
 * The names of a table's columns, in order.
 *
 * @example
 * columnNames(tableFromColumns({ a: [1], b: ["x"] })); // ["a", "b"]
 */
export function columnNames(table: Table): string[] {
  return asTable(table).schema.fields.map((field) => field.name);
}

/**
 * The column of that name.
 *
 * @throws RunlabError with the nearest names when there is none; `role` ("target", "feature") says what it was wanted for.
 */
export function requireColumn(table: Table, name: string, role = "column"): Vector {
  const at = placesOf(asTable(table).schema).get(name);
  if (at !== undefined) return table.getChildAt(at)!;
  throw missingColumn(name, columnNames(table), role);
}

/** The column of that name; null when there is none. Unlike `getChild` it does not walk over all columns each time. */
export function columnOf(table: Table, name: string): Vector | null {
  const at = placesOf(table.schema).get(name);
  return at === undefined ? null : table.getChildAt(at);
}

const known = new WeakMap<Schema, Map<string, number>>();

/** Where each column is, found once a schema: a walk for every column is too slow where there are thousands. */
function placesOf(schema: Schema): Map<string, number> {
  let places = known.get(schema);
  if (places === undefined) {
    known.set(schema, (places = new Map()));
    for (let i = schema.fields.length - 1; i >= 0; i--) places.set(schema.fields[i].name, i);
  }
  return places;
}

/** The error for a column that is not among `names`. */
export function missingColumn(name: unknown, names: string[], role = "column"): RunlabError {
  const near = typeof name === "string" ? nearest(name, names) : [];
  const hint = near.length > 0
    ? `did you mean ${near.map((each) => JSON.stringify(each)).join(" or ")}?`
    : names.length === 0 ? "the table has no columns" : names.slice(0, 12).join(", ") + (names.length > 12 ? `, … (${names.length} in all)` : "");
  return new RunlabError(role === "column" ? "there is no such column" : `the ${role} is not a column of the table`, { received: name, allowed: hint });
}
