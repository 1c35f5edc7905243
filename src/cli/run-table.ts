/** The list of runs as a table for people. */
import { formatDuration, formatNumber, formatValue, plainText } from "../runs/format/text.js";
import { shortId } from "../runs/format/id.js";
import type { IndexRecord, RunStatus } from "../runs/format/types.js";
import { brushOf, type Terminal } from "./terminal.js";
import { textTable, type Column } from "./text-table.js";

/** `now` in milliseconds since 1970, for the ages. */
export function runTable(records: IndexRecord[], terminal: Pick<Terminal, "width" | "color">, now: number): string[] {
  const brush = brushOf(terminal);
  const paint: Record<RunStatus, (text: string) => string> = { finished: brush.good, failed: brush.bad, crashed: brush.bad, interrupted: brush.busy, running: brush.busy };
  const column = (title: string, rank: number, cell: (record: IndexRecord) => string, more: Partial<Column> = {}): Column => ({ title, rank, cells: records.map((record) => plainText(cell(record))), ...more });
  const readable = records.filter((record) => record.problem === undefined);
  const mains = new Set(readable.map((record) => record.main_metric).filter((name) => name !== null));
  // One metric for all: its name is the title, and the cells are numbers that line up.
  const [only] = mains.size === 1 ? [...mains] : [null];
  return textTable(
    [
      column("run", 0, (record) => (record.problem === undefined ? shortId(record.id) : record.id), { least: 18 }),
      column("status", 1, (record) => (record.problem === undefined ? record.status : "unreadable"), { paint: (text, row) => (records[row].problem === undefined ? paint[records[row].status] ?? brush.dim : brush.bad)(text) }),
      column(only === null ? "metric" : plainText(only), 2, (record) => metricOf(record, only), { align: only === null ? "left" : "right" }),
      column("seed", 4, (record) => (record.problem === undefined ? String(record.seed) : ""), { align: "right" }),
      column("age", 3, (record) => ageOf(now - record.started), { align: "right" }),
      column("took", 6, (record) => (record.duration_ms === null ? "" : formatDuration(record.duration_ms)), { align: "right" }),
      column("flags", 5, flagsOf, { least: 12 }),
      column("notebook", 7, (record) => record.notebook ?? "", { least: 12 }),
    ],
    terminal.width,
    brush.dim,
  );
}

function metricOf(record: IndexRecord, only: string | null): string {
  const name = record.main_metric ?? Object.keys(record.metrics)[0];
  if (name === undefined || record.metrics[name] === undefined) return "";
  return only === name ? formatNumber(record.metrics[name]) : `${name} ${formatNumber(record.metrics[name])}`;
}

function flagsOf(record: IndexRecord): string {
  return Object.entries(record.flags)
    .filter(([name]) => name !== "seed")
    .map(([name, value]) => `${name}=${formatValue(value)}`)
    .join(" ");
}

/** How long ago, as one rounded number. */
export function ageOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
