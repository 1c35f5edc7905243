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
