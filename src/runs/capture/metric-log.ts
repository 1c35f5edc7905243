/** Metrics of a run: the latest value of each name, the main one, and the points of its history. */
import type { MetricRecord } from "../format/index.js";
import type { NewPoint } from "../store/index.js";

/** Which source names the main metric: what `evaluate` reports first, then what the user logs or returns. */
const RANK: Record<MetricRecord["source"], number> = { evaluate: 0, log: 1, result: 1, function: 2 };

export class MetricLog {
  private readonly records = new Map<string, MetricRecord>();
  private readonly notFinite = new Map<string, number>();
  /** Per name logged without a step: how often, and the first time, which becomes a point when there is a second. */
  private readonly unstepped = new Map<string, { count: number; first: { t: number; value: number } }>();

  /** Keeps the value as the metric's latest. A value that is not finite is kept apart: JSON has no NaN. */
  set(name: string, value: number, source: MetricRecord["source"], greaterIsBetter: boolean | null = null, details?: Record<string, unknown>): void {
    if (!Number.isFinite(value)) {
      this.notFinite.set(name, value);
      this.records.delete(name);
      return;
    }
    this.notFinite.delete(name);
    const before = this.records.get(name);
    this.records.set(name, { name, value, source, greater_is_better: greaterIsBetter ?? before?.greater_is_better ?? null, ...(details ? { details } : {}) });
  }

  /**
   * Numbers that were logged, and the points that they make. With a step each call is a point. Without one, a single
   * call is just a value; when a name comes again, its calls count as steps 0, 1, 2, … .
   */
  log(values: Map<string, number>, step: number | undefined, t: number): NewPoint[] {
    for (const [name, value] of values) this.set(name, value, "log");
    if (step !== undefined) return [{ step, t, values: Object.fromEntries(values) }];
    const byStep = new Map<number, NewPoint>();
    for (const [name, value] of values) {
      const seen = this.unstepped.get(name);
      if (seen === undefined) {
        this.unstepped.set(name, { count: 1, first: { t, value } });
        continue;
      }
      if (seen.count === 1) add(byStep, 0, seen.first.t, name, seen.first.value);
      add(byStep, seen.count++, t, name, value);
    }
    return [...byStep.values()];
  }

  has(name: string, value: number): boolean {
    return this.records.get(name)?.value === value;
  }

  list(): MetricRecord[] {
    return [...this.records.values()];
  }

  /** Latest values by name; those that are not finite included, so that the store can name them. */
  latest(): Record<string, number> {
    return Object.fromEntries([...[...this.records.values()].map(({ name, value }) => [name, value]), ...this.notFinite]);
  }

  finite(): Record<string, number> {
    return Object.fromEntries([...this.records.values()].map(({ name, value }) => [name, value]));
  }

  directions(): Record<string, boolean> {
    return Object.fromEntries([...this.records.values()].flatMap(({ name, greater_is_better }) => (greater_is_better === null ? [] : [[name, greater_is_better]])));
  }

  main(): string | null {
    let main: MetricRecord | null = null;
    for (const record of this.records.values()) if (main === null || RANK[record.source] < RANK[main.source]) main = record;
    return main?.name ?? null;
  }
}

function add(points: Map<number, NewPoint>, step: number, t: number, name: string, value: number): void {
  const point = points.get(step);
  if (point) point.values[name] = value;
  else points.set(step, { step, t, values: { [name]: value } });
}
