/** `runlab show`: one run, in full. */
import { formatDuration, formatNumber, formatValue, plainText } from "../runs/format/text.js";
import type { RunDocument } from "../runs/format/types.js";
import { clip, wrap } from "../diff/columns.js";
import { chooseStore } from "./choose-store.js";
import { JSON_OPTION, STORE_OPTION, type CliCommand } from "./command.js";
import { brushOf, type Terminal } from "./terminal.js";
import { textTable } from "./text-table.js";

export const show: CliCommand = {
  usage: "show <id>",
  summary: "show one run: inputs, config, metrics, files",
  examples: [
    { line: "runlab show last", does: "the newest run; last~1 is the one before" },
    { line: "runlab show k3f9", does: "a part of the id is enough while it is unique" },
    { line: "runlab show last --json | jq .meta.metrics", does: "for programs" },
  ],
  options: [JSON_OPTION, STORE_OPTION],
  async run([reference], options, terminal) {
    const store = chooseStore(options.store);
    const id = await store.resolve(reference);
    const document = await store.read(id);
    store.dispose();
    const folder = store.folderOf(id);
    if (options.json === true) terminal.print(JSON.stringify({ folder, ...document }, null, 2));
    else for (const line of pageOf(document, folder, terminal)) terminal.print(line);
  },
};

/** The page of a run as lines no wider than the terminal. */
export function pageOf(run: RunDocument, folder: string, terminal: Pick<Terminal, "width" | "color">): string[] {
  const { meta } = run;
  const brush = brushOf(terminal);
  const status = meta.status === "finished" ? brush.good : meta.status === "running" || meta.status === "interrupted" ? brush.busy : brush.bad;
  const lines = [`${brush.bold(clip(plainText(meta.name), terminal.width - 14))}  ${status(meta.status)}`];
  const fact = (name: string, value: string | null) => {
    if (value === null || value === "") return;
    const [first, ...rest] = wrap(plainText(value), Math.max(10, terminal.width - 11));
    lines.push(`${brush.dim(name.padEnd(9))}  ${first}`, ...rest.map((line) => `${" ".repeat(11)}${line}`));
  };
  const section = (title: string, rows: string[]) => {
    if (rows.length > 0) lines.push("", brush.bold(title), ...rows);
  };
  fact("id", meta.id);
  fact("folder", folder);
  fact("command", meta.command);
  fact("notebook", meta.notebook === null ? null : meta.notebook.path + (meta.notebook.execution_count === null ? "" : ` [${meta.notebook.execution_count}]`));
  fact("started", `${meta.started_at.slice(0, 19).replace("T", " ")} UTC`);
  fact("took", meta.duration_ms === null ? null : formatDuration(meta.duration_ms) + (meta.peak_memory_bytes === null ? "" : `, ${formatBytes(meta.peak_memory_bytes)} at most`));
  fact("seed", String(meta.seed) + (meta.seed_drawn ? " (drawn)" : ""));
  fact("git", meta.git === null ? null : `${meta.git.commit.slice(0, 12)}${meta.git.branch ? ` ${meta.git.branch}` : ""}${meta.git.dirty ? ", with uncommitted changes" : ""}`);
  fact("parent", meta.parent);
  fact("tags", meta.tags.join(", "));
  fact("error", meta.error === null ? null : `${meta.error.name}: ${meta.error.message}`);
  const table = (columns: { title: string; cells: string[]; align?: "left" | "right"; least?: number }[]) =>
    textTable(columns.map((column, at) => ({ rank: at === 0 ? 0 : at, ...column, cells: column.cells.map(plainText) })), terminal.width, brush.dim);

  const metrics = Object.entries(meta.metrics);
  if (metrics.length > 0) section("Metrics", table([{ title: "name", cells: metrics.map(([name]) => name), least: 20 }, { title: "value", cells: metrics.map(([, value]) => formatNumber(value)), align: "right" }]));
  const flags = Object.entries(meta.flags);
  if (flags.length > 0) section("Flags", table([{ title: "name", cells: flags.map(([name]) => name), least: 20 }, { title: "value", cells: flags.map(([, value]) => formatValue(value)), least: 20 }]));
  if (run.config.steps.length > 0) section("Steps", run.config.steps.flatMap((step) => wrap(plainText(`${step.step}: ${stepText(step.params, step.chosen)}`), terminal.width)));
  if (run.inputs.length > 0) {
    section(
      "Data",
      table([
        { title: "path", cells: run.inputs.map((input) => input.path), least: 24 },
        { title: "rows", cells: run.inputs.map((input) => (input.rows === null ? "" : String(input.rows))), align: "right" },
        { title: "role", cells: run.inputs.map((input) => input.role) },
        { title: "sha256", cells: run.inputs.map((input) => input.sha256.slice(0, 12)) },
      ]),
    );
  }
  if (meta.files.length > 0) {
    section("Files", table([{ title: "path", cells: meta.files.map((file) => file.path), least: 30 }, { title: "size", cells: meta.files.map((file) => formatBytes(file.bytes)), align: "right" }]));
  }
  if (run.history.length > 0) section("History", [`${run.history.length} points, steps ${run.history[0].step} to ${run.history[run.history.length - 1].step}`]);
  section("Problems", run.problems.flatMap((problem) => wrap(plainText(problem), terminal.width)).map(brush.bad));
  return lines;
}

/** Chosen options first and marked by their place; the implicit ones after a semicolon. */
function stepText(params: Record<string, Parameters<typeof formatValue>[0]>, chosen: string[]): string {
  const write = (names: string[]) => names.map((name) => `${name}=${formatValue(params[name])}`).join(" ");
  const names = Object.keys(params);
  const set = write(names.filter((name) => chosen.includes(name)));
  const implied = write(names.filter((name) => !chosen.includes(name)));
  return [set, implied === "" ? "" : `(defaults: ${implied})`].filter((part) => part !== "").join(" ");
}

/** Bytes in the units of storage, powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}
