/**
 * A table as a notebook shows it: its first rows, its types and its size.
 */
import { DataType } from "apache-arrow";
import type { Table, Vector } from "apache-arrow";
import { asTable } from "./as-table.js";

const ROWS = 10;
const COLUMNS = 30;
const TEXT_COLUMNS = 12;
const LONGEST = 60;

/** What a notebook shows of a table. */
export interface TablePreview {
  "text/html": string;
  "text/plain": string;
}

/**
 * The first ten rows with the type of each column and the size of the table, as HTML and as text. Everything that
 * comes from the data is escaped; nothing of it runs.
 *
 * @example
 * tablePreview(tableFromColumns({ a: [1, 2] }))["text/plain"].split("\n").at(-1); // "2 rows × 1 column"
 */
export function tablePreview(table: Table): TablePreview {
  asTable(table, "tablePreview");
  const rows = Math.min(ROWS, table.numRows);
  const size = `${counted(table.numRows, "row")} × ${counted(table.numCols, "column")}`;
  return { "text/html": html(table, rows, size), "text/plain": text(table, rows, size) };
}

function counted(count: number, noun: string): string {
  return `${count.toString().replace(/\B(?=(\d{3})+$)/g, ",")} ${noun}${count === 1 ? "" : "s"}`;
}

function html(table: Table, rows: number, size: string): string {
  const fields = table.schema.fields.slice(0, COLUMNS);
  const more = table.schema.fields.length > COLUMNS;
  const head = fields.map((field) => `<th scope="col">${escaped(field.name)}<br><small style="font-weight:normal;opacity:.65">${escaped(typeName(field.type))}</small></th>`).join("");
  const body: string[] = [];
  for (let row = 0; row < rows; row++) {
    const cells = fields.map((field, i) => {
      const { shown, numeric, missing } = cell(table.getChildAt(i)!, row);
      const style = missing ? ' style="opacity:.5;font-style:italic"' : numeric ? ' style="text-align:right"' : ' style="text-align:left"';
      return `<td${style}>${escaped(shown)}</td>`;
    });
    body.push(`<tr>${cells.join("")}${more ? "<td>…</td>" : ""}</tr>`);
  }
  const rest = table.numRows > rows ? `, the first ${rows} shown` : "";
  return `<table class="runlab-table"><caption style="caption-side:bottom;text-align:left">${size}${rest}</caption><thead><tr>${head}${more ? "<th>…</th>" : ""}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function text(table: Table, rows: number, size: string): string {
  const fields = table.schema.fields.slice(0, TEXT_COLUMNS);
  const columns = fields.map((field, i) => {
    const vector = table.getChildAt(i)!;
    const cells = Array.from({ length: rows }, (_, row) => cell(vector, row));
    const lines = [oneLine(field.name), typeName(field.type), ...cells.map((each) => oneLine(each.shown))];
    const width = Math.max(...lines.map((line) => line.length));
    const right = cells.some((each) => each.numeric);
    return lines.map((line) => (right ? line.padStart(width) : line.padEnd(width)));
  });
  const more = table.schema.fields.length > TEXT_COLUMNS ? "  …" : "";
  const lines = columns.length === 0 ? [] : columns[0].map((_, line) => (columns.map((column) => column[line]).join("  ") + more).trimEnd());
  if (table.numRows > rows) lines.push("…");
  return [...lines, size].join("\n");
}

function cell(vector: Vector, row: number): { shown: string; numeric: boolean; missing: boolean } {
  const value = vector.get(row) as unknown;
  const type = vector.type as DataType;
  if (value === null || value === undefined) return { shown: "null", numeric: false, missing: true };
  if ((DataType.isTimestamp(type) || DataType.isDate(type)) && (typeof value === "number" || value instanceof Date)) {
    const time = new Date(value);
    if (Number.isNaN(time.getTime())) return { shown: "null", numeric: false, missing: true };
    const iso = time.toISOString();
    return { shown: DataType.isDate(type) ? iso.slice(0, 10) : iso.replace("T", " ").replace(/\.000Z$|Z$/, ""), numeric: false, missing: false };
  }
  if (typeof value === "number") return { shown: Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7))), numeric: true, missing: Number.isNaN(value) };
  if (typeof value === "bigint") return { shown: value.toString(), numeric: true, missing: false };
  const shown = String(value);
  return { shown: shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown, numeric: false, missing: false };
}

/** A type as people write it: what a category's entries are does not matter to a reader. */
function typeName(type: DataType): string {
  if (DataType.isDictionary(type)) return "category";
  return String(type).replace(/^(Timestamp|Date|Time)\w*<([A-Z]+)(?:, [^>]*)?>$/, "$1<$2>").toLowerCase();
}

function oneLine(text: string): string {
  return text.replace(/[\n\r\t]+/g, " ");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
