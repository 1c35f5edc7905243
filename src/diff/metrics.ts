/** Metrics, the main one first, with the change and whether it is for the better. */
import { formatNumber, own, type MetricRecord, type RunDocument } from "../runs/format/index.js";
import { count, row, theSame } from "./rows.js";
import type { DiffRow, DiffSection } from "./types.js";

export function metricsSection(runs: RunDocument[]): (DiffSection & { kind: "table" }) | null {
  const main = mainMetric(runs);
  const names = new Set<string>();
  if (main !== null) names.add(main);
  for (const run of runs) for (const name of metricNames(run)) names.add(name);
  const rows = [...names].map((name) => {
    const made = row(name, runs.map((run) => metricValue(run, name)));
    const direction = greaterIsBetter(runs, name);
    if (direction !== null && made.change !== undefined && made.change !== 0) made.better = made.change > 0 === direction;
    return made;
  });
  if (rows.length === 0) return null;
  const changed = rows.filter((each) => each.changed);
  const summary = changed.length === 0 ? theSame(runs.length) : `${count(changed.length, "metric")} of ${rows.length} ${changed.length === 1 ? "differs" : "differ"}`;
  return { id: "metrics", title: "Metrics", kind: "table", changed: changed.length > 0, summary, rows };
}

/** The metric that the headline speaks of: the first run's main one, or another's. */
export function mainMetric(runs: RunDocument[]): string | null {
  const shared = runs.map((run) => run.meta.main_metric).filter((name): name is string => name !== null);
  return shared.find((name) => runs.every((run) => metricValue(run, name) !== undefined)) ?? shared[0] ?? null;
}

/** Metrics that are shares of one, where people speak of percentage points. */
const SHARES = ["accuracy", "f1", "precision", "recall", "auc", "specificity", "sensitivity"];

/** `accuracy +0.8 points`, `rmse -1.2`. */
export function changeInWords(each: DiffRow): string {
  const change = each.change as number;
  const lowered = each.key.toLowerCase();
  const share = SHARES.some((word) => lowered.includes(word)) && each.values.every((value) => typeof value === "number" && value >= 0 && value <= 1);
  const sign = change > 0 ? "+" : "-";
  return share ? `${each.key} ${sign}${formatNumber(Math.abs(change) * 100, 2)} points` : `${each.key} ${sign}${formatNumber(Math.abs(change), 3)}`;
}

/** Metrics of a run by name, made once: a run may have very many. */
const byName = new WeakMap<MetricRecord[], Map<string, MetricRecord>>();

function recordOf(run: RunDocument, name: string): MetricRecord | undefined {
  let records = byName.get(run.metrics);
  if (records === undefined) {
    // The first of a name counts, so the later ones are put in before it.
    records = new Map([...run.metrics].reverse().map((metric) => [metric.name, metric]));
    byName.set(run.metrics, records);
  }
  return records.get(name);
}

function metricNames(run: RunDocument): string[] {
  return [...run.metrics.map((metric) => metric.name), ...Object.keys(run.meta.metrics)];
}

function metricValue(run: RunDocument, name: string): number | undefined {
  return recordOf(run, name)?.value ?? own(run.meta.metrics, name);
}

function greaterIsBetter(runs: RunDocument[], name: string): boolean | null {
  for (const run of runs) {
    const known = recordOf(run, name)?.greater_is_better ?? own(run.meta.metric_directions, name);
    if (typeof known === "boolean") return known;
  }
  return null;
}
