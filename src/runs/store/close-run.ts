/** The end of a run: one record, published once, by whoever comes first. */
import { join } from "node:path";
import { parseHistory } from "../format/history.js";
import { checkMeta, setMember } from "../format/meta.js";
import { FILES, type RunError, type RunMeta, type RunStatus } from "../format/types.js";
import { readContained } from "./contained-file.js";
import { discard, flush, flushNow, publishOnce, publishOnceNow } from "./durable.js";
import { manifestOf } from "./manifest.js";
import { freeReserve } from "./reserve.js";
import { redactValue } from "./redact.js";

export interface Outcome {
  status: Exclude<RunStatus, "running">;
  error?: RunError | null;
}

/**
 * Publishes the end record of a run in `folder`.
 *
 * @returns true when this call ended the run, false when it was ended already. Everything that was written before is on
 * the disk when it returns.
 */
export async function publishEnd(folder: string, meta: RunMeta, unflushed: Iterable<string> = []): Promise<boolean> {
  freeReserve(folder);
  const first = await publishOnce(join(folder, FILES.meta), Buffer.from(metaText(meta)), unflushed);
  discard(join(folder, FILES.live));
  await flush([folder]);
  return first;
}

/** The same without waiting for anything: for a process that exits. */
export function publishEndNow(folder: string, meta: RunMeta, unflushed: Iterable<string> = []): boolean {
  freeReserve(folder);
  const first = publishOnceNow(join(folder, FILES.meta), Buffer.from(metaText(meta)), unflushed);
  discard(join(folder, FILES.live));
  flushNow(folder);
  return first;
}

/** The end record that is there, if one is and it can be read. */
export function publishedMeta(folder: string): RunMeta | null {
  try {
    const text = readContained(folder, FILES.meta);
    return text === null ? null : checkMeta(text.toString("utf8")).meta;
  } catch {
    return null;
  }
}

/** The record of a run as text; ends with a line break, which the heartbeat rewrites. */
export function metaText(meta: RunMeta): string {
  return `${JSON.stringify(meta, null, 1)}\n`;
}

/** The end record for a run whose writer is gone, from what it left in its folder. `lastSeen`: its last heartbeat. */
export function metaFromRemains(folder: string, live: RunMeta, outcome: Outcome, lastSeen: number): RunMeta {
  const history = parseHistory(readContained(folder, FILES.history)?.toString("utf8") ?? "");
  const metrics: Record<string, number> = { ...live.metrics };
  // The history is flushed before the state is, so it may know later values: those of points that the state does not count
  // yet. An older point says less than the state, where a name may have changed hands since (`log`, then `evaluate`).
  for (const point of history.points) {
    const later = point.i >= live.history_points;
    for (const [name, value] of Object.entries(point.values)) if (later || !Object.hasOwn(live.metrics, name)) setMember(metrics, name, value);
  }
  const started = Date.parse(live.started_at);
  return {
    ...live,
    status: outcome.status,
    error: outcome.error == null ? live.error : redactValue(outcome.error),
    ended_at: new Date(Math.max(lastSeen, started)).toISOString(),
    duration_ms: Math.max(0, Math.round(lastSeen - started)),
    metrics,
    history_points: history.points.length,
    files: manifestOf(folder, new Map()),
  };
}

