/** `report.md`: what the run was, how well it went, and the command that repeats it. */
import { formatDuration, formatNumber, formatValue, plainText, type InputRecord, type MetricRecord, type RunConfig, type RunMeta } from "../format/index.js";

/** Rows of a table for people; all of them are in the folder's JSON. */
const MOST_ROWS = 200;

export type ReportMeta = Pick<RunMeta, "id" | "name" | "status" | "started_at" | "duration_ms" | "command" | "seed" | "seed_drawn" | "main_metric" | "models" | "error" | "notebook" | "git" | "notes">;

export function reportText(meta: ReportMeta, config: RunConfig, metrics: MetricRecord[], inputs: InputRecord[]): string {
  const lines = [
    `# ${cell(meta.name)}`,
    "",
    `Run \`${code(meta.id)}\` ${meta.status}${meta.duration_ms === null ? "" : ` after ${formatDuration(meta.duration_ms)}`}. Started ${meta.started_at}.`,
    ...(meta.notebook === null ? [] : [`From ${cell(meta.notebook.path)}.`]),
    ...(meta.git === null ? [] : [`At git commit \`${code(meta.git.commit.slice(0, 12))}\`${meta.git.dirty ? " with uncommitted changes" : ""}.`]),
    "",
  ];
  if (meta.error !== null) lines.push(`It ended with ${cell(meta.error.name)}: ${cell(meta.error.message)}`, "");
  if (metrics.length > 0) {
    const main = metrics.filter((metric) => metric.name === meta.main_metric);
    const rest = metrics.filter((metric) => metric.name !== meta.main_metric);
    lines.push("## How well", "", ...table(["metric", "value"], [...main, ...rest].map((metric) => [metric.name, formatNumber(metric.value, 6)])), "");
  }
  lines.push("## What", "");
  if (inputs.length > 0) lines.push(...table(["data", "rows", "columns", "sha256"], inputs.map((input) => [input.path, String(input.rows ?? ""), String(input.columns ?? ""), input.sha256.slice(0, 12)])), "");
  for (const step of config.steps) {
    lines.push(`### ${cell(step.step)}`, "", ...table(["parameter", "value", ""], Object.entries(step.params).map(([name, value]) => [name, formatValue(value), step.chosen.includes(name) ? "" : "default"])), "");
  }
  if (meta.notes !== undefined && meta.notes.length > 0) lines.push("## Notes", "", ...meta.notes.map((note) => `- ${cell(note)}`), "");
  lines.push("## Again", "", "```", plainText(meta.command), "```", "", `The seed is ${meta.seed}${meta.seed_drawn ? ", drawn for this run" : ""}.`, "");
  return lines.join("\n");
}

function table(header: string[], rows: string[][]): string[] {
  const shown = rows.slice(0, MOST_ROWS).map((row) => `| ${row.map(cell).join(" | ")} |`);
  const more = rows.length > MOST_ROWS ? ["", `and ${rows.length - MOST_ROWS} more`] : [];
  return [`| ${header.join(" | ")} |`, `| ${header.map(() => "---").join(" | ")} |`, ...shown, ...more];
}

/** Text that stays text in Markdown: no markup, no HTML, no new column. */
function cell(text: string): string {
  return plainText(text.length > 300 ? `${text.slice(0, 300)}…` : text).replace(/[\\`*_{}[\]<>|#]/g, "\\$&");
}

const code = (text: string): string => plainText(text).replaceAll("`", "'");
