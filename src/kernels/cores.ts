/**
 * How many threads a job takes.
 */
import { availableParallelism } from "node:os";
import { RunlabError } from "../errors.js";

/** The most threads that one job takes: beyond these, memory is the limit and not the cores. */
const MOST_THREADS = 64;

let limit = MOST_THREADS;

/**
 * Lets no later job of this thread take more than `threads`: for a worker that is itself one of several.
 *
 * @example
 * limitThreads(64);
 */
export function limitThreads(threads: number): void {
  limit = threads;
}

/**
 * Threads for an option `nJobs`: null or -1 means all cores that this process may use. Results never depend on it.
 *
 * @throws RunlabError for anything but null, -1 or a whole number from 1.
 *
 * @example
 * coresToUse(2); // 2
 * coresToUse(null) >= 1; // true
 */
export function coresToUse(nJobs: number | null): number {
  if (nJobs === null || nJobs === -1) return Math.min(limit, availableParallelism());
  if (Number.isInteger(nJobs) && nJobs >= 1) return Math.min(limit, nJobs);
  throw new RunlabError("nJobs is a number of threads", { received: nJobs, allowed: "a whole number from 1, or null for all cores" });
}
