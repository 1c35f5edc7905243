/**
 * Values that should be a table: a forgotten `await` is the commonest of those that are none.
 */
import { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";

/** Longer texts are shown cut off. */
const LONGEST = 60;

/**
 * The value, when it is an Arrow table.
 *
 * @param owner the function it was given to, which the message starts with; none where it is not the one the user called.
 *
 * @throws RunlabError that says what was received instead.
 *
 * @example
 * asTable(tableFromColumns({ a: [1] }), "split").numRows; // 1
 * // a Promise gives: split: a table is needed; received a Promise; allowed: an Arrow table, such as `await readTable(…)`
 */
export function asTable(value: unknown, owner?: string): Table {
  if (value instanceof Table) return value;
  throw new RunlabError(`${owner === undefined ? "" : `${owner}: `}a table is needed; received ${described(value)}`, { allowed: "an Arrow table, such as `await readTable(…)`" });
}

function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof (value as { then?: unknown }).then === "function" ? "a Promise" : "an object";
}
