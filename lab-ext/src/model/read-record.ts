/** Reads one line of an index segment; the line may have been written by anyone. */
import type { IndexRecord, RunStatus } from "runlab/format";

const STATUSES: readonly RunStatus[] = ["running", "finished", "failed", "interrupted", "crashed"];

/**
 * The record on a line, with every field of the kind the types promise; null for a line that is torn or is not a record.
 *
 * An id that is not a plain folder name is refused: it becomes part of a path.
 */
export function readRecord(line: string): IndexRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { id, t, name, status, started, duration_ms, seed, notebook, main_metric, metrics, flags, parent, tags, deleted, problem } = value;
  if (!isRunId(id)) return null;
  const record: IndexRecord = {
    id,
    t: finite(t) ?? 0,
    name: typeof name === "string" ? name : "",
    status: STATUSES.includes(status as RunStatus) ? (status as RunStatus) : "crashed",
    started: finite(started) ?? 0,
    duration_ms: finite(duration_ms),
    seed: finite(seed) ?? 0,
    notebook: typeof notebook === "string" ? notebook : null,
    main_metric: typeof main_metric === "string" ? main_metric : null,
    metrics: isObject(metrics) ? (metrics as Record<string, number>) : {},
    flags: isObject(flags) ? (flags as IndexRecord["flags"]) : {},
    parent: isRunId(parent) ? parent : null,
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
  };
  if (deleted === true) record.deleted = true;
  if (typeof problem === "string") record.problem = problem;
  return record;
}

/** Whether text can be the name of a run's folder: one plain name that leads nowhere else. */
export function isRunId(id: unknown): id is string {
  return typeof id === "string" && id !== "" && !id.startsWith(".") && !/[/\\\0]/.test(id);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

const finite = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
