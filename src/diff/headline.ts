/**
 * The headline of a diff: which of the five inputs of `metric = h(code, data, config, seed, environment)` changed, and
 * what the main metric did. It names no cause: where the seed changed too, two runs cannot tell.
 */
import { codeInput, configInput, dataInput, environmentInput, formatNumber, INPUTS, own, type InputName, type RunDocument } from "../runs/format/index.js";
import { changeInWords, mainMetric } from "./metrics.js";
import { comparable, listed } from "./rows.js";
import type { DiffRow, DiffSection, RunDiff } from "./types.js";

type InputLine = RunDiff["inputs"][number];

/** Per input: its value as far as the folder tells; undefined when it was not recorded. */
const VALUES: Record<InputName, (run: RunDocument) => unknown> = {
  code: (run) => (own(run.code, "cell.ts") === undefined ? undefined : codeInput(run.code["cell.ts"])),
  // A run that ended with no input read none; one that did not end may not have written its list.
  data: (run) => (run.inputs.length === 0 && !ended(run) ? undefined : dataInput(run.inputs)),
  config: (run) => configInput(run.config, run.meta.seed),
  seed: (run) => run.meta.seed,
  environment: (run) => (run.environment === null ? undefined : environmentInput(run.environment)),
};

const ended = (run: RunDocument): boolean => run.meta.status !== "running" && run.meta.status !== "crashed";

export function inputLines(runs: RunDocument[], sections: DiffSection[]): InputLine[] {
  return INPUTS.map((name) => {
    const values = runs.map(VALUES[name]);
    const known = values.filter((value) => value !== undefined);
    if (known.length < values.length) {
      const changed = new Set(known.map(comparable)).size > 1;
      return { name, changed, summary: changed ? "differs, and not recorded in every run" : `not recorded in ${known.length === 0 ? "these runs" : "every run"}` };
    }
    const changed = new Set(values.map(comparable)).size > 1;
    return { name, changed, summary: changed ? changedSummary(name, runs, sections) : "same" };
  });
}

function changedSummary(name: InputName, runs: RunDocument[], sections: DiffSection[]): string {
  if (name === "seed") return runs.map((run) => run.meta.seed).join(" → ");
  const section = sections.find((each) => each.id === name);
  return section?.changed ? section.summary : "differs";
}

/** The order of the sentence: what people change most often comes first. */
const SENTENCE: InputName[] = ["config", "code", "data", "seed", "environment"];

export function headline(runs: RunDocument[], inputs: InputLine[], sections: DiffSection[]): string {
  const line = (name: InputName): InputLine => inputs.find((input) => input.name === name) as InputLine;
  const parts = SENTENCE.map(line).filter((input) => input.changed).map((input) => `${input.name}: ${input.summary}`);
  const same = SENTENCE.filter((name) => line(name).summary === "same");
  if (same.length > 0) parts.push(`same ${listed(same)}`);
  const unknown = SENTENCE.filter((name) => !line(name).changed && line(name).summary !== "same");
  if (unknown.length > 0) parts.push(`${listed(unknown)} not recorded`);
  const metric = metricPart(runs, line("seed").changed, inputs.every((input) => input.summary === "same"), sections);
  if (metric !== null) parts.push(metric);
  return parts.join("; ");
}

function metricPart(runs: RunDocument[], seedChanged: boolean, allSame: boolean, sections: DiffSection[]): string | null {
  const table = sections.find((section) => section.id === "metrics");
  if (table?.kind !== "table") return "no metrics";
  const main = mainMetric(runs);
  const row = table.rows.find((each) => each.key === main) ?? table.rows[0];
  const numbers = row.values.filter((value) => typeof value === "number");
  if (numbers.length < runs.length) return `${row.key} not in every run`;
  if (!row.changed) return `${row.key} unchanged`;
  if (runs.length > 2) return `${row.key} ${formatNumber(Math.min(...numbers))} to ${formatNumber(Math.max(...numbers))}`;
  return `${changeInWords(row)}${caveat(row, seedChanged, allSame)}`;
}

function caveat(row: DiffRow, seedChanged: boolean, allSame: boolean): string {
  if (row.change === 0) return "";
  if (seedChanged) return " (one seed: cannot tell)";
  return allSame ? " although all five inputs are the same" : "";
}
