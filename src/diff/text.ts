/** The diff for a terminal: only what differs, one column a run, cut to the width. */
import { formatNumber, plainText } from "../runs/format/index.js";
import { clip, displayWidth, fit, wrap } from "./columns.js";
import type { Cell, DiffRow, DiffSection, RunDiff } from "./types.js";

export interface DiffTextOptions {
  /** Columns of the terminal. Default 80; at least 40 are assumed. */
  width?: number;
  /** ANSI colours. Default false. */
  color?: boolean;
}

/** Lines of code printed per file. */
const CODE_LINES = 200;
const NOT_SET = "(not set)";

type Paint = (text: string) => string;
interface Brush { bold: Paint; dim: Paint; good: Paint; bad: Paint; mark: Paint }

const paint = (code: number): Paint => (text) => `\u001b[${code}m${text}\u001b[0m`;
const plain: Paint = (text) => text;
const COLORS: Brush = { bold: paint(1), dim: paint(2), good: paint(32), bad: paint(31), mark: paint(36) };
const NO_COLORS: Brush = { bold: plain, dim: plain, good: plain, bad: plain, mark: plain };

interface Page { diff: RunDiff; width: number; brush: Brush }

/**
 * Prints a diff. Text from the runs draws nothing but itself: control characters are shown as escapes.
 *
 * Ends without a line break.
 *
 * @example
 * console.log(diffText(diffRuns([before, after]), { width: process.stdout.columns, color: process.stdout.isTTY }));
 */
export function diffText(diff: RunDiff, { width = 80, color = false }: DiffTextOptions = {}): string {
  const page: Page = { diff, width: Math.max(40, width), brush: color ? COLORS : NO_COLORS };
  const lines = wrap(plainText(diff.headline), page.width).map(page.brush.bold);
  lines.push("", ...runLines(page));
  const same: string[] = [];
  for (const section of diff.sections) {
    if (!section.changed) {
      same.push(section.title.toLowerCase());
      continue;
    }
    lines.push("", page.brush.bold(section.title) + page.brush.dim(`  ${clip(plainText(section.summary), page.width - displayWidth(section.title) - 2)}`));
    for (const line of sectionLines(section, page)) lines.push(line);
  }
  if (same.length > 0) lines.push("", ...wrap(`The same: ${same.join(", ")}`, page.width).map(page.brush.dim));
  return lines.map((line) => line.trimEnd()).join("\n");
}

function runLines({ diff, width, brush }: Page): string[] {
  const label = Math.min(Math.max(...diff.runs.map((run) => displayWidth(plainText(run.label)))), Math.floor(width / 2));
  return diff.runs.map((run, at) => {
    const rest = `seed ${run.seed}  ${run.status}  ${run.started_at.slice(0, 16).replace("T", " ")} UTC`;
    return `${at + 1}  ${brush.bold(fit(plainText(run.label), label))}  ${clip(plainText(rest), width - label - 5)}`;
  });
}

function sectionLines(section: DiffSection, page: Page): string[] {
  switch (section.kind) {
    case "table":
      return tableLines(section.rows.filter((row) => row.changed), section.id === "metrics", page);
    case "curves":
      return curveLines(section.metrics, page);
    case "code":
      return section.files.filter((file) => file.changed).flatMap((file) => codeLines(file, page));
    case "plots":
      return tableLines(section.plots.filter((plot) => plot.changed).map(plotRow), false, page);
  }
}

const plotRow = (plot: { name: string; specs: unknown[] }): DiffRow => ({ key: plot.name, changed: true, values: plot.specs.map((spec, at) => (spec === null ? undefined : at === 0 ? "shown" : "differs")) });

function tableLines(rows: DiffRow[], withChange: boolean, { diff, width, brush }: Page): string[] {
  const runs = diff.runs.length;
  const texts = rows.map((row) => [plainText(row.key), ...row.values.map((value, at) => cellText(value, row.implicit?.[at] ?? false))]);
  const changes = rows.map((row) => (withChange && row.change !== undefined && row.change !== 0 ? `${row.change > 0 ? "+" : "-"}${formatNumber(Math.abs(row.change), 3)}${row.better === undefined ? "" : row.better ? " better" : " worse"}` : ""));
  const header = ["", ...diff.runs.map((_run, at) => `run ${at + 1}`)];
  const natural = header.map((title, column) => texts.reduce((widest, line) => Math.max(widest, displayWidth(clip(line[column], width))), displayWidth(title)));
  const changeWidth = changes.reduce((widest, change) => Math.max(widest, change.length), 0);
  const widths = shareOut(natural, width - 2 - 2 * runs - (changeWidth > 0 ? changeWidth + 2 : 0));
  const line = (cells: string[], change: string): string => `  ${cells.map((cell, column) => fit(cell, widths[column])).join("  ")}${change === "" ? "" : `  ${change}`}`;
  return [
    brush.dim(line(header, "")),
    ...texts.map((cells, at) => {
      const better = rows[at].better;
      return line(cells, better === undefined ? changes[at] : (better ? brush.good : brush.bad)(changes[at]));
    }),
  ];
}

/** Column widths that fit: the widest columns give way first, and none falls below eight while there is room. */
function shareOut(natural: number[], room: number): number[] {
  const widths = natural.slice();
  let total = widths.reduce((sum, width) => sum + width, 0);
  while (total > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest] <= 4) break;
    widths[widest] -= 1;
    total -= 1;
  }
  return widths;
}

function cellText(value: Cell, implicit: boolean): string {
  if (value === undefined) return NOT_SET;
  const text = typeof value === "number" ? formatNumber(value, 6) : plainText(String(value));
  return implicit ? `${text} (default)` : text;
}

const BARS = "▁▂▃▄▅▆▇█";

function curveLines(metrics: (DiffSection & { kind: "curves" })["metrics"], { diff, width, brush }: Page): string[] {
  const lines: string[] = [];
  const tail = (points: [number, number][]): string => `${formatNumber(points[0][1])} → ${formatNumber(points[points.length - 1][1])}, steps ${formatNumber(points[0][0])} to ${formatNumber(points[points.length - 1][0])}`;
  for (const metric of metrics) {
    const values = metric.series.flatMap((series) => series.points.map(([, value]) => value));
    const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    lines.push(`  ${clip(plainText(metric.name), width - 2)}`);
    const texts = metric.series.map((series) => tail(series.points));
    const bars = Math.min(32, width - 13 - Math.max(...texts.map((text) => text.length)));
    for (let run = 0; run < diff.runs.length; run++) {
      const at = metric.series.findIndex((series) => series.run === run);
      if (at < 0) lines.push(`    run ${run + 1}  ${NOT_SET}`);
      else lines.push(`    run ${run + 1}  ${bars >= 8 ? `${brush.mark(fit(bar(metric.series[at].points, bars, low, high), bars))}  ` : ""}${clip(texts[at], width - 11)}`);
    }
  }
  return lines;
}

function bar(points: [number, number][], width: number, low: number, high: number): string {
  const cells = Math.min(width, points.length);
  let out = "";
  for (let cell = 0; cell < cells; cell++) {
    const value = points[Math.floor((cell * (points.length - 1)) / Math.max(1, cells - 1))][1];
    out += BARS[high > low ? Math.round(((value - low) / (high - low)) * (BARS.length - 1)) : 0];
  }
  return out;
}

/** Lines of the terminal that one changed line of code may take. */
const FOLDS = 4;

const codeText = (text: string, room: number): string => clip(plainText(clip(text.replaceAll("\t", "    "), room * 2)), room);

function folded(text: string, room: number): string[] {
  const parts: string[] = [];
  // Never more of a huge line than can be shown.
  let rest = plainText(text.slice(0, room * FOLDS + 1).replaceAll("\t", "    "));
  while (displayWidth(rest) > room && parts.length < FOLDS - 1) {
    let end = 0;
    for (let used = 0; end < rest.length; ) {
      const char = String.fromCodePoint(rest.codePointAt(end) as number);
      used += displayWidth(char);
      if (used > room) break;
      end += char.length;
    }
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, clip(rest, room)];
}

function codeLines(file: (DiffSection & { kind: "code" })["files"][number], { diff, width, brush }: Page): string[] {
  const lines = [brush.dim(`  ${clip(plainText(file.path), width - 2)}${diff.runs.length > 2 ? `  (run 1 and run ${diff.runs.length})` : ""}`)];
  const digits = String(Math.max(1, ...file.hunks.map((hunk) => Math.max(hunk.oldStart, hunk.newStart) + hunk.lines.length))).length;
  if (file.hunks.length === 0) lines.push("    the first and the last run agree");
  let printed = 0;
  for (const [at, hunk] of file.hunks.entries()) {
    if (at > 0) lines.push(brush.dim(`  ${"⋯".padStart(digits)}`));
    let oldLine = hunk.oldStart;
    let newLine = hunk.newStart;
    for (const { mark, text } of hunk.lines) {
      const number = mark === "-" ? oldLine : newLine;
      if (mark !== "+") oldLine += 1;
      if (mark !== "-") newLine += 1;
      if (printed++ === CODE_LINES) lines.push(brush.dim("  … more lines; the sidebar shows them all"));
      if (printed > CODE_LINES) continue;
      const paintLine = mark === "-" ? brush.bad : mark === "+" ? brush.good : plain;
      const room = width - digits - 5;
      // A changed line is folded, so that what changed at its end is seen; a line of context is cut.
      for (const [fold, part] of (mark === " " ? [codeText(text, room)] : folded(text, room)).entries()) {
        lines.push(paintLine(`  ${(fold === 0 ? String(number) : "").padStart(digits)} ${mark} ${part}`));
      }
    }
  }
  return lines;
}
