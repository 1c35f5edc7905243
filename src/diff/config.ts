/** Config: the flags first, then every parameter of each split and estimator, implicit defaults marked. */
import type { RunDocument } from "../runs/format/index.js";
import { count, flatten, rowsOf, theSame } from "./rows.js";
import type { Cell, DiffRow, DiffSection } from "./types.js";

export function configSection(runs: RunDocument[]): DiffSection & { kind: "table" } {
  const flags = rowsOf(runs.map(({ config }) => {
    const cells = new Map<string, Cell>();
    flatten("", Object.fromEntries(Object.entries(config.flags).filter(([name]) => name !== "seed")), cells);
    cells.delete("");
    return cells;
  }));
  const parameters = parameterRows(runs);
  const rows = [...flags, ...parameters];
  const changed = rows.some((each) => each.changed);
  return { id: "config", title: "Config", kind: "table", changed, summary: changed ? summary(flags, parameters) : theSame(runs.length), rows };
}

function parameterRows(runs: RunDocument[]): DiffRow[] {
  const implicit: Set<string>[] = [];
  const records = runs.map(({ config, meta }) => {
    const cells = new Map<string, Cell>();
    const defaults = new Set<string>();
    const seen = new Map<string, number>();
    for (const { step, params, chosen } of config.steps) {
      const times = (seen.get(step) ?? 0) + 1;
      seen.set(step, times);
      const name = times === 1 ? step : `${step} #${times}`;
      cells.set(name, "used");
      for (const [parameter, value] of Object.entries(params)) {
        // The run's own seed is one of the five inputs and has its own line.
        if (parameter === "seed" && value === meta.seed) continue;
        const before = cells.size;
        flatten(`${name}.${parameter}`, value, cells);
        if (!chosen.includes(parameter)) for (const key of [...cells.keys()].slice(before)) defaults.add(key);
      }
    }
    implicit.push(defaults);
    return cells;
  });
  // "used" says only something where one run has the step and another has not.
  return rowsOf(records, implicit).filter((each) => each.values.some((value) => value !== "used") || each.changed);
}

/** Parameters that merely repeat a changed flag (`nEstimators: config.n_estimators`) are not counted twice. */
function summary(flags: DiffRow[], parameters: DiffRow[]): string {
  const changedFlags = flags.filter((each) => each.changed);
  const explained = new Set(changedFlags.map((each) => JSON.stringify(each.values)));
  const others = parameters.filter((each) => each.changed && !explained.has(JSON.stringify(each.values)));
  const steps = others.filter((each) => each.values.some((value) => value === "used"));
  // A step that only one run has brings its parameters along: it is one difference.
  const inSteps = others.filter((each) => !steps.some((step) => each.key === step.key || each.key.startsWith(`${step.key}.`)));
  const parts = [];
  if (changedFlags.length > 0) parts.push(count(changedFlags.length, "flag"));
  if (steps.length > 0) parts.push(count(steps.length, "step"));
  if (inSteps.length > 0) parts.push(count(inSteps.length, "parameter"));
  return parts.join(", ");
}
