/** Metrics of a run: the latest value of each name, the main one, and the points of its history. */
import type { MetricRecord } from "../format/index.js";
import type { NewPoint } from "../store/index.js";

type Source = MetricRecord["source"];

/** Who may take a name from whom: what `evaluate` reports, then what the user logs or returns, then a metric function. */
const RANK: Record<Source, number> = { evaluate: 0, log: 1, result: 1, function: 2 };
/** Calls of `evaluate` that are kept under names of their own; a loop may make thousands. */
const MOST_EVALUATIONS = 20;

/** A value that is not finite is kept apart in the answers: JSON has no NaN. */
interface Held extends MetricRecord {
  /** The name as it was reported; `name` is the one it is kept under. */
  reported: string;
}

/**
 * A name belongs to the source of the highest rank that reported it. What another source reports under the same name is
 * kept as `accuracy_2`, as are the values of a second `evaluate`, and `notes` says so.
 */
export class MetricLog {
  /** By source rank, call of `evaluate` and reported name: reporting again from there replaces the value. */
  private readonly held = new Map<string, Held>();
  private readonly byName = new Map<string, Held>();
  private readonly clashes = new Set<string>();
  /** Per name logged without a step: how often, and the first time, which becomes a point when there is a second. */
  private readonly unstepped = new Map<string, { count: number; first: { t: number; value: number } }>();
  /** Calls of `evaluate` so far, and the names that the last of them has reported. */
  private evaluations = 1;
  private readonly reportedByEvaluation = new Set<string>();
  private chosen: { name: string; source: Source } | null = null;

  /** Keeps the value as the latest that this source reports under the name. */
  set(reported: string, value: number, source: Source, greaterIsBetter: boolean | null = null, details?: Record<string, unknown>): void {
    const evaluation = source === "evaluate" ? this.evaluationOf(reported) : 1;
    if (evaluation > MOST_EVALUATIONS) return;
    const key = `${RANK[source]} ${evaluation} ${reported}`;
    const before = this.held.get(key);
    if (before === undefined && this.knownFromAbove(reported, value, source)) return;
    const direction = greaterIsBetter ?? before?.greater_is_better ?? this.byName.get(reported)?.greater_is_better ?? null;
    const name = before?.name ?? this.nameFor(reported, evaluation, value, source);
    const record: Held = { reported, name, value, source, greater_is_better: direction, ...(details ? { details } : {}) };
    this.held.set(key, record);
    this.byName.set(name, record);
    if (!Number.isFinite(value)) return;
    // Chosen once, so that a card, a list and a diff speak of the same number; only the first `evaluate` knows better.
    if (this.chosen === null || (source === "evaluate" && this.chosen.source !== "evaluate")) this.chosen = { name, source };
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

  /** Whether some source has reported this value under the name. */
  has(reported: string, value: number): boolean {
    return this.all().some((record) => record.reported === reported && record.value === value);
  }

  list(): MetricRecord[] {
    return this.all().filter(({ value }) => Number.isFinite(value)).map(({ reported: _, ...record }) => record);
  }

  /** Latest values by name; those that are not finite included, so that the store can name them. */
  latest(): Record<string, number> {
    return Object.fromEntries(this.all().map(({ name, value }) => [name, value]));
  }

  finite(): Record<string, number> {
    return Object.fromEntries(this.list().map(({ name, value }) => [name, value]));
  }

  directions(): Record<string, boolean> {
    return Object.fromEntries(this.list().flatMap(({ name, greater_is_better }) => (greater_is_better === null ? [] : [[name, greater_is_better]])));
  }

  main(): string | null {
    return this.chosen !== null && Number.isFinite(this.byName.get(this.chosen.name)?.value) ? this.chosen.name : null;
  }

  /** What a reader of the metrics must know: one line for each name that was reported more than once. */
  notes(): string[] {
    const left = this.evaluations - MOST_EVALUATIONS;
    return [...this.clashes, ...(left > 0 ? [`evaluate was called ${this.evaluations} times: the metrics of the last ${left} calls are not kept; log what you need of them`] : [])];
  }

  private all(): Held[] {
    return [...this.held.values()];
  }

  /** Which call of `evaluate` reports this: one call reports a name once. */
  private evaluationOf(reported: string): number {
    if (this.reportedByEvaluation.has(reported)) {
      this.evaluations += 1;
      this.reportedByEvaluation.clear();
    }
    this.reportedByEvaluation.add(reported);
    return this.evaluations;
  }

  /** The same number again, from a source that says less about it, is no news. */
  private knownFromAbove(reported: string, value: number, source: Source): boolean {
    return this.all().some((record) => record.reported === reported && record.value === value && RANK[record.source] < RANK[source]);
  }

  private nameFor(reported: string, evaluation: number, value: number, source: Source): string {
    const wanted = evaluation === 1 ? reported : `${reported}_${evaluation}`;
    if (evaluation > 1) this.clashes.add(`evaluate was called more than once: ${wanted} is ${JSON.stringify(reported)} of call ${evaluation}`);
    const holder = this.byName.get(wanted);
    if (holder === undefined) return wanted;
    if (RANK[holder.source] <= RANK[source]) {
      const name = this.free(reported);
      this.clashes.add(clash(reported, holder.source, name, source));
      return name;
    }
    const [key] = [...this.held].find(([, record]) => record === holder) as [string, Held];
    if (holder.value === value) {
      this.held.delete(key);
      return wanted;
    }
    const moved: Held = { ...holder, name: this.free(holder.reported) };
    this.held.set(key, moved);
    this.byName.set(moved.name, moved);
    if (this.chosen?.name === wanted && !Number.isFinite(value)) this.chosen.name = moved.name;
    this.clashes.add(clash(wanted, source, moved.name, holder.source));
    return wanted;
  }

  private free(reported: string): string {
    let number = 2;
    while (this.byName.has(`${reported}_${number}`)) number += 1;
    return `${reported}_${number}`;
  }
}

const SAID: Record<Source, string> = { evaluate: "evaluate reported", log: "log was given", result: "the cell's last expression holds", function: "the metric function gave" };

function clash(name: string, source: Source, other: string, otherSource: Source): string {
  return `${name} is what ${SAID[source]}; ${other} is what ${SAID[otherSource]} under the same name`;
}

function add(points: Map<number, NewPoint>, step: number, t: number, name: string, value: number): void {
  const point = points.get(step);
  if (point) point.values[name] = value;
  else points.set(step, { step, t, values: { [name]: value } });
}
