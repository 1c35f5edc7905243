/**
 * JSON into a table: an array of objects, one object of columns, or an object a line.
 *
 * Rows are parsed one at a time, and their values go straight into the columns: reading takes little more memory than
 * the file and the table. One object of columns is parsed as a whole.
 */
import { constants } from "node:buffer";
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { checkTypes } from "./column-type.js";
import type { ColumnReport, ColumnType } from "./column-type.js";
import { tableFromVectors } from "./from-columns.js";
import { JsonColumn } from "./json-column.js";
import { arrayStart, jsonElements, jsonLines } from "./json-elements.js";
import { jsonSample } from "./json-sample.js";
import { missingColumn } from "./names.js";

/** Options for JSON. */
export interface JsonOptions {
  types?: Readonly<Record<string, ColumnType>>;
  columns?: readonly string[];
  limit?: number;
}

/** JSON in UTF-8 as a table. `lines` says that every line is an object of its own. Nothing past the limit is looked at. */
export function decodeJson(utf8: Uint8Array, lines: boolean, options: JsonOptions = {}): { table: Table; report: ColumnReport[] } {
  checkTypes(options.types);
  const bytes = Buffer.from(utf8.buffer, utf8.byteOffset, utf8.length);
  const columns = new GrowingColumns(options);
  const open = lines ? -1 : arrayStart(bytes);
  if (lines) readLines(bytes, columns, options.limit);
  else if (open >= 0) readElements(bytes, open, columns, options.limit);
  else readColumns(parse(bytes), columns, options.limit);
  return columns.finish();
}

/** The columns by name, in order of first appearance; a row without a key has a missing value there. */
class GrowingColumns {
  rows = 0;
  readonly #options: JsonOptions;
  readonly #wanted: ReadonlySet<string> | null;
  /** A column that nobody wants is null: its name is all there is to know. */
  readonly #columns = new Map<string, JsonColumn | null>();

  constructor(options: JsonOptions) {
    this.#options = options;
    this.#wanted = options.columns === undefined ? null : new Set(options.columns);
  }

  column(name: string): JsonColumn | null {
    let column = this.#columns.get(name);
    if (column === undefined) {
      const types = this.#options.types;
      const given = types !== undefined && Object.hasOwn(types, name) ? types[name] : undefined;
      this.#columns.set(name, (column = this.#wanted === null || this.#wanted.has(name) ? new JsonColumn(name, given) : null));
    }
    return column;
  }

  addRow(row: Record<string, unknown>): void {
    for (const name of Object.keys(row)) this.column(name)?.add(this.rows, row[name]);
    this.rows++;
  }

  finish(): { table: Table; report: ColumnReport[] } {
    const { columns: wanted, types } = this.#options;
    const names = [...this.#columns.keys()];
    for (const name of [...(wanted ?? []), ...Object.keys(types ?? {})]) if (!this.#columns.has(name)) throw missingColumn(name, names);
    const order = wanted ?? names;
    // A column that is asked for twice is finished once.
    const finished = new Map([...new Set(order)].map((name) => [name, this.#columns.get(name)!.finish(this.rows)]));
    return { table: tableFromVectors(order, order.map((name) => finished.get(name)!.vector)), report: order.map((name) => finished.get(name)!.report) };
  }
}

function readLines(bytes: Buffer, columns: GrowingColumns, limit = Infinity): void {
  for (const { start, end, at } of jsonLines(bytes)) {
    if (columns.rows >= limit) return;
    const text = bytes.toString("utf8", start, end);
    if (text.trim() === "") continue;
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (error) {
      throw new RunlabError(`line ${at}: not JSON: ${reason(error)}`);
    }
    if (!isRow(row)) throw new RunlabError(`line ${at}: a line of JSONL is an object`, { received: text.slice(0, 60) });
    columns.addRow(row);
  }
}

function readElements(bytes: Buffer, open: number, columns: GrowingColumns, limit = Infinity): void {
  for (const { start, end, at } of jsonElements(bytes, open)) {
    if (at >= limit) return;
    let row: unknown;
    try {
      row = JSON.parse(bytes.toString("utf8", start, end));
    } catch (error) {
      throw new RunlabError(`the file is not JSON: element ${at} of the array: ${reason(error)}`, { allowed: "an array of objects, or an object of columns; .jsonl for an object a line" });
    }
    if (!isRow(row)) throw new RunlabError(`element ${at} of the array is no object`, { received: jsonSample(row), allowed: "an array of objects" });
    columns.addRow(row);
  }
}

function parse(bytes: Buffer): unknown {
  if (bytes.length > constants.MAX_STRING_LENGTH) throw new RunlabError("one object of columns is too large to be parsed", { received: `${bytes.length} bytes`, allowed: `${constants.MAX_STRING_LENGTH} bytes; an array of objects or .jsonl may be larger` });
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new RunlabError(`the file is not JSON: ${reason(error)}`, { allowed: "an array of objects, or an object of columns; .jsonl for an object a line" });
  }
}

/** What the parser says, which quotes the file, on one line. */
function reason(error: unknown): string {
  return (error as Error).message.replace(/\s*[\r\n]\s*/g, " ");
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readColumns(json: unknown, columns: GrowingColumns, limit = Infinity): void {
  if (!isRow(json)) throw new RunlabError("a table in JSON is an array of objects or an object of columns", { received: jsonSample(json) });
  let length = -1;
  for (const [name, values] of Object.entries(json)) {
    if (!Array.isArray(values)) throw new RunlabError(`column ${JSON.stringify(name)} of the object is no array`, { received: jsonSample(values), allowed: "an object of columns, or an array of objects" });
    if (length >= 0 && values.length !== length) throw new RunlabError("the columns of a table have equal lengths", { received: `${JSON.stringify(name)} with ${values.length} instead of ${length}` });
    length = values.length;
    columns.rows = Math.min(length, limit);
    const column = columns.column(name);
    for (let r = 0; column !== null && r < columns.rows; r++) column.add(r, values[r]);
  }
}
