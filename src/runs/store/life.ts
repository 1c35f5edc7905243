/** Whether a live run is still being made. */
import type { OpenedRun } from "./open-run.js";
import { lifeOf } from "./process-mark.js";

/** A run whose process is known to be gone may be closed after three missed beats: its supervisor comes first. */
const GONE_MS = 6_000;
/** Where nothing is known of the process, such as on another machine, this many missed beats decide. */
const STALE_MS = 30_000;

/**
 * `time` is what the clock of the file system says, in milliseconds since 1970; it is asked only when it matters. The
 * clock of this machine would mislead: a file server's may be minutes ahead or behind.
 */
export function judge(run: OpenedRun & { state: "live" }, time: () => number): "alive" | "dead" {
  const life = lifeOf(run.mark);
  // A process that certainly lives may be stopped, or its machine may have slept: it will beat again.
  if (life === "alive") return "alive";
  return time() - run.beat > (life === "dead" ? GONE_MS : STALE_MS) ? "dead" : "alive";
}
