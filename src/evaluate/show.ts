/**
 * An evaluation as text and as HTML. Everything that comes from data is escaped: a class may be called anything.
 */
import type { EvaluationData } from "./evaluation.js";

/** A larger confusion matrix is left to the plot. */
const MOST_CLASSES_SHOWN = 12;

/** Four digits that say something: 0.9767, 39.86, 1234. */
export function shown(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  if (size >= 100) return value.toFixed(1);
  if (size >= 10) return value.toFixed(2);
  if (size >= 1e-3) return value.toFixed(4);
  return value.toExponential(3);
}

function heading(data: EvaluationData): string {
  return `${data.model} on ${data.rows} ${data.rows === 1 ? "row" : "rows"}, target ${data.target}`;
}

/** Columns of equal width, numbers to the right. */
export function evaluationText(data: EvaluationData): string {
  const lines = [heading(data)];
  const names = Object.keys(data.metrics);
  const wide = Math.max(...names.map((name) => name.length));
  const values = names.map((name) => shown(data.metrics[name]));
  const long = Math.max(...values.map((value) => value.length));
  names.forEach((name, i) => lines.push(`  ${name.padEnd(wide)}  ${values[i].padStart(long)}`));
  const matrix = data.confusion;
  if (matrix !== null && matrix.labels.length <= MOST_CLASSES_SHOWN) {
    const labels = matrix.labels.map((label) => oneLine(String(label)));
    const first = Math.max("true \\ predicted".length, ...labels.map((label) => label.length));
    const widths = labels.map((label, j) => Math.max(label.length, ...matrix.counts.map((row) => String(row[j]).length)));
    lines.push(`  ${"true \\ predicted".padEnd(first)}  ${labels.map((label, j) => label.padStart(widths[j])).join("  ")}`);
    matrix.counts.forEach((row, i) => lines.push(`  ${labels[i].padEnd(first)}  ${row.map((count, j) => String(count).padStart(widths[j])).join("  ")}`));
  }
  for (const note of data.notes) lines.push(`  ${note}`);
  return lines.join("\n");
}

export function evaluationHtml(data: EvaluationData): string {
  const metrics = Object.entries(data.metrics).map(([name, value]) => `<tr><th style="text-align:left">${escape(name)}</th><td style="text-align:right" title="${value}">${shown(value)}</td></tr>`).join("");
  const parts = [`<p>${escape(heading(data))}</p><table><tbody>${metrics}</tbody></table>`];
  const matrix = data.confusion;
  if (matrix !== null && matrix.labels.length <= MOST_CLASSES_SHOWN) {
    const head = matrix.labels.map((label) => `<th style="text-align:right">${escape(String(label))}</th>`).join("");
    const rows = matrix.counts.map((row, i) => {
      const cells = row.map((count, j) => `<td style="text-align:right">${i === j ? `<b>${count}</b>` : count}</td>`).join("");
      return `<tr><th style="text-align:left">${escape(String(matrix.labels[i]))}</th>${cells}</tr>`;
    }).join("");
    parts.push(`<table><thead><tr><th style="text-align:left">true \\ predicted</th>${head}</tr></thead><tbody>${rows}</tbody></table>`);
  }
  for (const note of data.notes) parts.push(`<p>${escape(note)}</p>`);
  return parts.join("");
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
