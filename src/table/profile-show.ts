/**
 * A profile as text and as HTML with small pictures. Everything that comes from the data is escaped; nothing of it runs.
 */
import type { ColumnProfile, Profile } from "./profile.js";

const WIDTH = 120;
const HEIGHT = 28;
/** More columns than this are too many to look at. */
const MOST = 200;
const LONGEST = 30;

/** Aligned columns, a line each, and the warnings below. */
export function profileText(profile: Profile): string {
  const head = ["column", "kind", "missing", "distinct", "values"];
  const lines = [head, ...profile.columns.slice(0, MOST).map((column) => [cut(oneLine(column.name)), column.kind, shareMissing(column), String(column.distinct ?? ""), cut(oneLine(summary(column)), 70)])];
  const widths = head.map((_, c) => Math.max(...lines.map((line) => line[c].length)));
  const right = [false, false, true, true, false];
  const out = lines.map((line) => line.map((text, c) => (right[c] ? text.padStart(widths[c]) : text.padEnd(widths[c]))).join("  ").trimEnd());
  if (profile.columns.length > MOST) out.push(`… ${profile.columns.length - MOST} more columns`);
  for (const warning of profile.warnings) out.push(`! ${cut(oneLine(warning), 120)}`);
  out.push(`${profile.rows} rows × ${profile.columns.length} columns`);
  return out.join("\n");
}

/** A table with a picture a column. */
export function profileHtml(profile: Profile): string {
  const rows = profile.columns.slice(0, MOST).map((column) => {
    const cells = [
      `<th scope="row" style="text-align:left">${escaped(cut(column.name))}<br><small style="font-weight:normal;opacity:.65">${escaped(column.kind)}</small></th>`,
      `<td style="text-align:right">${shareMissing(column)}</td>`,
      `<td style="text-align:right">${column.distinct ?? ""}</td>`,
      `<td style="text-align:left">${picture(column)}</td>`,
      `<td style="text-align:left">${escaped(cut(summary(column), 90))}${column.warnings.map((warning) => `<br><b>${escaped(cut(warning, 120))}</b>`).join("")}</td>`,
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const more = profile.columns.length > MOST ? `, the first ${MOST} shown` : "";
  return `<table class="runlab-profile"><caption style="caption-side:bottom;text-align:left">${profile.rows} rows × ${profile.columns.length} columns${more}</caption><thead><tr><th style="text-align:left">column</th><th>missing</th><th>distinct</th><th></th><th style="text-align:left">values</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** Bars of the histogram, or of the commonest values and all others. */
function picture({ bars, top, rows, missing }: ColumnProfile): string {
  const counts = bars.length > 0 ? bars.map((bar) => bar.count) : [...top.map((each) => each.count), rows - missing - top.reduce((sum, each) => sum + each.count, 0)].filter((count, i) => i < top.length || count > 0);
  if (counts.length === 0) return "";
  const names = bars.length > 0 ? bars.map((bar) => `${short(bar.from)} to ${short(bar.to)}`) : [...top.map((each) => each.value), "others"];
  const most = Math.max(...counts, 1);
  const width = WIDTH / counts.length;
  const shapes = counts.map((count, i) => {
    const height = count === 0 ? 0 : Math.max(1, (HEIGHT * count) / most);
    return `<rect x="${fixed(i * width)}" y="${fixed(HEIGHT - height)}" width="${fixed(Math.max(1, width - 1))}" height="${fixed(height)}"${i >= top.length && bars.length === 0 ? ' opacity=".4"' : ""}><title>${escaped(`${cut(names[i])}: ${count}`)}</title></rect>`;
  });
  return `<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" fill="currentColor" opacity=".75">${shapes.join("")}</svg>`;
}

function summary({ kind, quantiles, mean, top, distinct }: ColumnProfile): string {
  if (kind === "time" && quantiles !== null) return `${time(quantiles.min)} to ${time(quantiles.max)}, median ${time(quantiles.median)}`;
  if (quantiles !== null) return `${short(quantiles.min)} · ${short(quantiles.q25)} · ${short(quantiles.median)} · ${short(quantiles.q75)} · ${short(quantiles.max)}, mean ${short(mean!)}`;
  const more = (distinct ?? 0) > 4 ? ", …" : "";
  return top.slice(0, 4).map(({ value, count }) => `${cut(value, 24)} ${count}`).join(", ") + more;
}

/** To the second; the year of a time that no calendar here reaches is not shown. */
function time(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString().slice(0, 19).replace("T", " ").replace(" 00:00:00", "");
}

function shareMissing({ rows, missing }: ColumnProfile): string {
  if (missing === 0) return "0";
  const share = (100 * missing) / rows;
  return `${missing} (${share < 0.1 ? "<0.1" : share > 99.9 && missing < rows ? ">99.9" : share.toFixed(share < 10 ? 1 : 0)} %)`;
}

const fixed = (value: number): string => String(Math.round(value * 100) / 100);
const short = (value: number): string => (Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(4))));
const cut = (text: string, longest = LONGEST): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, " ");
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
