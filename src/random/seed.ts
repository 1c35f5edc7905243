/**
 * The seed that applies when none is given: the one of the run being recorded, else one drawn once per process.
 */
import { randomInt } from "node:crypto";
import { RunlabError } from "../errors.js";

/** Seeds that are drawn stay short enough to be read out and typed again. */
const DRAWN_SEEDS = 2 ** 31;

let runSeed: number | null = null;
let processSeed: number | null = null;

/**
 * Sets the seed of every later draw that is not given one; null goes back to the seed drawn for the process.
 * A recorded run does this by itself.
 *
 * @throws RunlabError unless the seed is null or a whole number from 0 to 2^53 - 1.
 *
 * @example
 * setSeed(42);
 * const first = stream("example").next();
 * stream("example").next() === first; // true
 * setSeed(null);
 */
export function setSeed(seed: number | null): void {
  runSeed = seed === null ? null : checkSeed(seed);
}

/**
 * The seed that a draw without one of its own uses now.
 *
 * @example
 * setSeed(7);
 * currentSeed(); // 7
 * setSeed(null);
 */
export function currentSeed(): number {
  if (runSeed !== null) return runSeed;
  processSeed ??= drawSeed();
  return processSeed;
}

/** A new seed from the system's entropy: what a run without `--seed` records and uses. */
export function drawSeed(): number {
  return randomInt(DRAWN_SEEDS);
}

/** The seed itself when it is one. */
export function checkSeed(seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RunlabError("a seed is a whole number", { received: seed, allowed: "0 to 9007199254740991, such as 42" });
  }
  return seed;
}
