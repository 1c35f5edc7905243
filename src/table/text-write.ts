/**
 * A table as text: CSV, JSON and JSONL.
 */
import { DataType } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "./kind.js";
import { labelsOf, numbersOf } from "./values.js";

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
    // Rows of one hour or day often follow each other, and the text of a time is what costs.
    let last = NaN;
    let text = "";
    return (row) => {
      const time = times[row];
      if (time !== time) return null;
      if (time !== last) {
        last = time;
        const full = new Date(time).toISOString();
        text = days ? full.slice(0, 10) : full.slice(0, -1) + zone;
      }
      return text;
    };
  }
  if (kind === "time" || DataType.isDecimal(type) || DataType.isFloat(type) || (DataType.isInt(type) && type.bitWidth < 64)) {
    const numbers = numbersOf(vector, name);
    return (row) => (numbers[row] !== numbers[row] ? null : numbers[row]);
  }
  if (kind === "boolean") {
    const bits = numbersOf(vector, name);
    return (row) => (bits[row] !== bits[row] ? null : bits[row] === 1);
  }
  if (kind === "category" && !(DataType.isDictionary(type) && columnKind(type.dictionary as DataType) !== "category")) {
    const { codes, levels } = labelsOf(vector, name);
    return (row) => (codes[row] < 0 ? null : (levels[codes[row]] as string));
  }
  return (row) => {
    const value = vector.get(row) as unknown;
    if (value === null || value === undefined) return null;
    if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    return String(value);
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
    let line = "";
    for (let c = 0; c < readers.length; c++) line += c === 0 ? field(readers[c].read(row)) : "," + field(readers[c].read(row));
    // A line of one missing value would be an empty line, which readers skip.
    lines.push(line === "" ? '""' : line);
  }
  return Buffer.from(lines.join("\n") + "\n", "utf8");
}

function field(value: Plain): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  return /[",\n\r]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
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
