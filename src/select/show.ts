/**
 * Folds and candidates as text and as HTML. Everything that comes from data is escaped.
 */
import type { CrossValidationData } from "./cross-validation-result.js";
import type { SearchData } from "./search-result.js";

/** More rows than this are left to the table. */
const MOST_ROWS = 20;

/** Four digits that say something. */
export function shown(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  if (size >= 100) return value.toFixed(1);
  if (size >= 10) return value.toFixed(2);
  if (size >= 1e-3) return value.toFixed(4);
  return value.toExponential(3);
}

/** A table of text: first row the head, first column to the left. */
interface Grid {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

function foldGrid(data: CrossValidationData): Grid {
  const names = Object.keys(data.mean);
  const both = data.trainMean !== null;
  const head = ["fold", "rows", ...names, ...(both ? names.map((name) => `${name} (train)`) : []), "fit, s"];
  const folds = data.folds.slice(0, MOST_ROWS).map((fold) => [
    String(fold.fold + 1), String(fold.testRows), ...names.map((name) => shown(fold.test[name])), ...(both ? names.map((name) => shown(fold.train![name])) : []), fold.fitSeconds.toFixed(2),
  ]);
  const seconds = data.folds.reduce((sum, fold) => sum + fold.fitSeconds, 0) / data.folds.length;
  const mean = ["mean", "", ...names.map((name) => shown(data.mean[name])), ...(both ? names.map((name) => shown(data.trainMean![name])) : []), seconds.toFixed(2)];
  const std = ["± std", "", ...names.map((name) => shown(data.std[name])), ...(both ? names.map((name) => shown(data.trainStd![name])) : []), ""];
  const left = data.folds.length - folds.length;
  return {
    title: `${data.model}, ${data.folds.length} folds (${data.splitter.name}) of ${data.rows} rows, target ${data.target}`,
    rows: [head, ...folds, mean, std],
    notes: left > 0 ? [`and ${left} folds more: see .table`] : [],
  };
}

function searchGrid(data: SearchData): Grid {
  const names = [...new Set(data.candidates.flatMap((each) => Object.keys(each.params)))];
  const ranked = [...data.candidates].sort((a, b) => a.rank - b.rank).slice(0, MOST_ROWS);
  const head = ["rank", ...names, data.metric, "± std", "fit, s"];
  const rows = ranked.map((each) => [String(each.rank), ...names.map((name) => valueText(each.params[name])), shown(each.mean[data.metric] ?? NaN), shown(each.std[data.metric] ?? NaN), each.fitSeconds.toFixed(2)]);
  const left = data.candidates.length - ranked.length;
  return {
    title: `${data.model}, ${data.candidates.length} candidates x ${data.folds} folds (${data.splitter.name}) of ${data.rows} rows, target ${data.target}`,
    rows: [head, ...rows],
    notes: [...(left > 0 ? [`and ${left} candidates more: see .table`] : []), ...data.notes],
  };
}

/** A setting as a cell of a table shows it. */
export function valueText(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value) ?? String(value);
}

export const crossValidationText = (data: CrossValidationData): string => gridText(foldGrid(data));
export const crossValidationHtml = (data: CrossValidationData): string => gridHtml(foldGrid(data));
export const searchText = (data: SearchData): string => gridText(searchGrid(data));
export const searchHtml = (data: SearchData): string => gridHtml(searchGrid(data));

function gridText({ title, rows, notes }: Grid): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => oneLine(row[column]).length)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => (column === 0 ? oneLine(cell).padEnd(widths[column]) : oneLine(cell).padStart(widths[column]))).join("  ")}`.trimEnd());
  return [oneLine(title), ...lines, ...notes.map((note) => `  ${oneLine(note)}`)].join("\n");
}

function gridHtml({ title, rows, notes }: Grid): string {
  const align = (column: number): string => `style="text-align:${column === 0 ? "left" : "right"}"`;
  const head = rows[0].map((cell, column) => `<th ${align(column)}>${escape(cell)}</th>`).join("");
  const body = rows.slice(1).map((row) => `<tr>${row.map((cell, column) => (column === 0 ? `<th ${align(0)}>${escape(cell)}</th>` : `<td ${align(column)}>${escape(cell)}</td>`)).join("")}</tr>`).join("");
  return `<p>${escape(title)}</p><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${notes.map((note) => `<p>${escape(note)}</p>`).join("")}`;
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
