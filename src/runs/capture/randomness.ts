/**
 * Randomness during a run: the library's seed and `Math.random` follow the innermost run, and are put back after the last.
 *
 * What it cannot seed: `crypto.randomUUID` and friends, other threads, and a `Math.random` that a program kept aside
 * before the run.
 */
import { currentSeed, setSeed } from "../../random/index.js";
import { innermost } from "./active.js";

interface Before {
  random: () => number;
  seed: number;
}

let before: Before | null = null;

function random(): number {
  const run = innermost();
  return run === null ? (before as Before).random() : run.draw();
}

/** Makes the library's seed and `Math.random` those of the innermost open run; without one, what they were before. */
export function followInnermost(): void {
  const run = innermost();
  if (run !== null) {
    if (before === null) {
      before = { random: Math.random, seed: currentSeed() };
      Math.random = random;
    }
    setSeed(run.seed);
    return;
  }
  if (before === null) return;
  // A replacement that the user made during the run is the user's wish.
  if (Math.random === random) Math.random = before.random;
  setSeed(before.seed);
  before = null;
}
