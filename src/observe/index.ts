/**
 * What happens in the library, as events. The floor of the house: it imports nothing, and every room may import it.
 *
 * Reading a table, fitting a model or computing a metric *announces* itself here; a run that is being recorded
 * listens. So no primitive knows of runs, and no user writes bookkeeping code. Without a listener an event costs
 * one comparison.
 *
 * @example
 * const stop = observe((event) => { if (event.type === "metric") console.log(event.name, event.value); });
 * accuracy(["a", "b"], ["a", "a"]); // prints: accuracy 0.5
 * stop();
 */
import type { Table } from "apache-arrow";

/** Whether a table is the data itself ("processed") or a part of it taken for a quick look ("sample"). */
export type DataRole = "sample" | "processed";

/** What folds said of a model, by the names that a run's files have. */
export interface CrossValidationEvent {
  model: string;
  /** Every option of the model, defaults included; of a search those that were tried, of the best candidate. */
  params: Record<string, unknown>;
  target: string;
  rows: number;
  splitter: { name: string; params: Readonly<Record<string, unknown>> };
  seed: number;
  metrics: string[];
  higher_is_better: Readonly<Record<string, boolean>>;
  /** Over folds, by metric. */
  mean: Readonly<Record<string, number>>;
  std: Readonly<Record<string, number>>;
  train_mean: Readonly<Record<string, number>> | null;
  folds: {
    fold: number;
    train_rows: number | null;
    test_rows: number | null;
    test: Readonly<Record<string, number>>;
    train: Readonly<Record<string, number>> | null;
    fit_seconds: number;
    score_seconds: number;
  }[];
  /** Null unless candidates were compared. */
  search: {
    kind: string;
    space: Record<string, unknown>;
    /** The metric that decided. */
    metric: string;
    candidates: { params: Record<string, unknown>; mean: Readonly<Record<string, number>>; std: Readonly<Record<string, number>>; rank: number; fit_seconds: number; error: string | null }[];
  } | null;
}

export type ObservedEvent =
  /** A file was read as a table. `sha256` is of the bytes that were parsed, hashed on the same read. */
  | { type: "read"; path: string; sha256: string; bytes: number; rows: number; columns: number; role: DataRole; schema: { name: string; type: string; nullable: boolean }[] }
  /** A table was written to a file. */
  | { type: "write"; path: string; sha256: string; bytes: number; rows: number; columns: number }
  /** A table was divided. `details` says how, with every default filled in. */
  | { type: "split"; details: Record<string, unknown> }
  /** An estimator was fitted. `params` holds every option, implicit defaults included; `chosen` the names the user gave. */
  | { type: "fit"; estimator: string; params: Record<string, unknown>; chosen: string[]; rows: number; features: string[]; target: string | null; seconds: number; model: { toJSON(): unknown } }
  /** A metric was computed. `source` tells a value reported by `evaluate` from one by a metric function in the cell. */
  | { type: "metric"; name: string; value: number; source: "evaluate" | "function"; greaterIsBetter: boolean | null; details?: Record<string, unknown> }
  /** A model was judged on folds. `record` is what `metrics/cv.json` holds; `chosen` the names of the options the user gave. */
  | { type: "crossValidation"; record: CrossValidationEvent; chosen: string[] }
  /** The user logged fields; numbers become metrics (a point of the history when `step` is given), anything else is kept as it is. */
  | { type: "log"; values: Record<string, unknown>; step?: number }
  /** A table that belongs to the run, such as the hold-out predictions (`name` without extension). Kept as Parquet, or as CSV. */
  | { type: "table"; name: string; table: Table; format?: "parquet" | "csv" }
  /** A vega-lite specification that belongs to the run. */
  | { type: "plot"; name: string; spec: Record<string, unknown> }
  /** What the model expects of a row: becomes `schema/input_schema.json`. */
  | { type: "schema"; schema: Record<string, unknown> }
  /** Work that takes longer than a moment. `done` counts up to `total`. */
  | { type: "progress"; label: string; done: number; total: number };

export type Observer = (event: ObservedEvent) => void;

const observers: Observer[] = [];
let muted: ReadonlySet<ObservedEvent["type"]> = new Set();

/** Calls `observer` for every later event, in order, in the same tick. Returns the function that stops it. */
export function observe(observer: Observer): () => void {
  observers.push(observer);
  return () => {
    const at = observers.indexOf(observer);
    if (at >= 0) observers.splice(at, 1);
  };
}

/** Announces an event. An observer that throws does not disturb the caller's work. */
export function announce(event: ObservedEvent): void {
  if (muted.has(event.type)) return;
  for (const observer of observers.slice()) {
    try {
      observer(event);
    } catch {
      // A recorder that fails must not change what the user's program does; it reports on its own channel.
    }
  }
}

/**
 * Does synchronous work whose events of one type are parts of a larger one that the caller announces: the model inside
 * a pipeline is fitted, but what a run records is the pipeline.
 */
export function asPartOf<Result>(type: ObservedEvent["type"], work: () => Result): Result {
  const before = muted;
  muted = new Set([...before, type]);
  try {
    return work();
  } finally {
    muted = before;
  }
}

/** True when somebody listens: lets a caller skip work that only an observer needs (building a table, a plot). */
export function observed(): boolean {
  return observers.length > 0;
}

export { interrupted, onInterrupt } from "./interrupts.js";
