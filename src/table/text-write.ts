/**
 * A table as text: CSV, JSON and JSONL.
 */
import { DataType } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "./kind.js";
import { numbersOf } from "./values.js";

/** A value as JSON has it: what a cell of a column is written as. */
type Plain = string | number | boolean | null;

/** A function that gives each row's value of a column, chosen once a column. */
function plainReader(vector: Vector, name: string): (row: number) => Plain {
  const type = vector.type as DataType;
  const kind = columnKind(type);
  if (kind === "other" && !DataType.isNull(type)) {
    throw new RunlabError(`column ${JSON.stringify(name)} cannot be written as text`, { received: String(type), allowed: "Parquet or Arrow" });
  }
  if (DataType.isTimestamp(type) || DataType.isDate(type)) {
    const times = numbersOf(vector, name);
    const days = DataType.isDate(type);
    const zone = DataType.isTimestamp(type) && type.timezone ? "Z" : "";
    return (row) => {
      if (times[row] !== times[row]) return null;
      const text = new Date(times[row]).toISOString();
      return days ? text.slice(0, 10) : text.slice(0, -1) + zone;
    };
  }
  if (kind === "time" || DataType.isDecimal(type)) {
    const numbers = numbersOf(vector, name);
    return (row) => (numbers[row] !== numbers[row] ? null : numbers[row]);
  }
  return (row) => {
    const value = vector.get(row) as unknown;
    if (value === null || value === undefined) return null;
    if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    if (typeof value === "number") return Number.isFinite(value) ? value : Number.isNaN(value) ? null : value;
    return typeof value === "boolean" ? value : String(value);
  };
}

function readersOf(table: Table): { name: string; read: (row: number) => Plain }[] {
  return table.schema.fields.map((field, i) => ({ name: field.name, read: plainReader(table.getChildAt(i)!, field.name) }));
}

/**
 * UTF-8 CSV with a header, LF line ends and quotes only where they are needed. Missing values are empty fields, so that
 * an empty text and a missing one look alike.
 */
export function encodeCsv(table: Table): Uint8Array {
  const readers = readersOf(table);
  const lines = [readers.map(({ name }) => field(name)).join(",")];
  for (let row = 0; row < table.numRows; row++) {
    const line = readers.map(({ read }) => field(read(row))).join(",");
    // A line of one missing value would be an empty line, which readers skip.
    lines.push(line === "" ? '""' : line);
  }
  return Buffer.from(lines.join("\n") + "\n", "utf8");
}

function field(value: Plain): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** JSON: an array of objects, one a line. JSONL: the same lines alone. Infinities become null, as JSON has none. */
export function encodeJson(table: Table, lines: boolean): Uint8Array {
  const readers = readersOf(table);
  const rows: string[] = [];
  for (let row = 0; row < table.numRows; row++) {
    rows.push(`{${readers.map(({ name, read }) => `${JSON.stringify(name)}:${JSON.stringify(read(row))}`).join(",")}}`);
  }
  return Buffer.from(lines ? rows.map((row) => row + "\n").join("") : `[${rows.join(",\n")}]\n`, "utf8");
}
