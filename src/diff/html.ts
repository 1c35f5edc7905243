/** The diff as a plain table for notebooks whose viewer knows no runlab: no script, no style sheet, all text escaped. */
import { escapeHtml, formatNumber, plainText } from "../runs/format/index.js";
import type { Cell, DiffRow, DiffSection, RunDiff } from "./types.js";

/** Characters of one cell or line. */
const LONGEST = 500;
/** Lines of code per file. */
const CODE_LINES = 500;

const LEFT = 'style="text-align:left"';

/** The diff as HTML that stands alone: what differs, section by section. */
export function diffHtml(diff: RunDiff): string {
  const runs = diff.runs.map((run) => `<th ${LEFT} title="${text(run.id)}">${text(run.label)}</th>`).join("");
  const changed = diff.sections.filter((section) => section.changed);
  const same = diff.sections.filter((section) => !section.changed).map((section) => section.title.toLowerCase());
  const parts = [`<p><strong>${text(diff.headline)}</strong></p>`];
  for (const section of changed) parts.push(`<h4>${text(section.title)}</h4><p>${text(section.summary)}</p>`, sectionHtml(section, runs, diff));
  if (same.length > 0) parts.push(`<p>The same: ${text(same.join(", "))}</p>`);
  return `<div>${parts.join("")}</div>`;
}

function sectionHtml(section: DiffSection, runs: string, diff: RunDiff): string {
  switch (section.kind) {
    case "table":
      return tableHtml(section.rows.filter((row) => row.changed), runs, section.id === "metrics");
    case "curves":
      return tableHtml(section.metrics.map(({ name, series }) => {
        const values = diff.runs.map((_run, run) => {
          const points = series.find((each) => each.run === run)?.points;
          return points === undefined ? undefined : `${formatNumber(points[0][1])} → ${formatNumber(points[points.length - 1][1])}`;
        });
        return { key: name, values, changed: true };
      }), runs, false);
    case "code":
      return section.files.filter((file) => file.changed).map(codeHtml).join("");
    case "plots":
      return tableHtml(section.plots.filter((plot) => plot.changed).map(({ name, specs }) => ({ key: name, changed: true, values: specs.map((spec, at) => (spec === null ? undefined : at === 0 ? "shown" : "differs")) })), runs, false);
  }
}

function tableHtml(rows: DiffRow[], runs: string, withChange: boolean): string {
  const body = rows.map((row) => {
    const cells = row.values.map((value, at) => `<td ${LEFT}>${text(cellText(value))}${row.implicit?.[at] ? " <em>(default)</em>" : ""}</td>`).join("");
    return `<tr><th scope="row" ${LEFT}>${text(row.key)}</th>${cells}${withChange ? `<td ${LEFT}>${text(changeText(row))}</td>` : ""}</tr>`;
  });
  return `<table><thead><tr><th></th>${runs}${withChange ? `<th ${LEFT}>change</th>` : ""}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function codeHtml(file: (DiffSection & { kind: "code" })["files"][number]): string {
  const lines = file.hunks.flatMap((hunk, at) => [...(at > 0 ? ["⋯"] : []), ...hunk.lines.map((line) => `${line.mark} ${line.text}`)]);
  const shown = lines.slice(0, CODE_LINES).map((line) => text(line, " "));
  if (lines.length > CODE_LINES) shown.push(`… ${lines.length - CODE_LINES} more lines`);
  return `<p>${text(file.path)}</p><pre>${shown.join("\n")}</pre>`;
}

const cellText = (value: Cell): string => (value === undefined ? "(not set)" : typeof value === "number" ? formatNumber(value, 6) : String(value));

function changeText(row: DiffRow): string {
  if (row.change === undefined || row.change === 0) return "";
  const sign = row.change > 0 ? "+" : "-";
  return `${sign}${formatNumber(Math.abs(row.change), 3)}${row.better === undefined ? "" : row.better ? " better" : " worse"}`;
}

/** `tab` replaces tabs where they are layout, as in code; elsewhere they are shown as escapes. */
function text(value: string, tab?: string): string {
  const cut = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  return escapeHtml(plainText(tab === undefined ? cut : cut.replaceAll("\t", tab.repeat(4))));
}
