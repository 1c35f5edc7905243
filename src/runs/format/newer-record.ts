import type { IndexRecord } from "./types.js";

/** Which of two records of one run counts: an end beats a live state, the later one beats the earlier. */
export function newerOf(a: IndexRecord, b: IndexRecord): IndexRecord {
  // A deleted run, or one that could not be read, has no state to keep: only time decides about it.
  const plain = !a.deleted && !b.deleted && a.problem === undefined && b.problem === undefined;
  const [endedA, endedB] = [a.status !== "running", b.status !== "running"];
  if (plain && endedA !== endedB) return endedA ? a : b;
  return b.t >= a.t ? b : a;
}
