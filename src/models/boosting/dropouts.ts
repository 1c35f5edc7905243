/**
 * DART: which earlier rounds a round leaves out, and how much the rounds then count.
 */
import type { RandomStream } from "../../random/index.js";
import type { ResolvedBoosting } from "./options.js";

/**
 * Rounds are left out in proportion to what they count, `dropRate` of all on average; a round grown while k were left
 * out counts `learningRate / (k + 1)`, and those k shrink to k / (k + 1) of what they were (LightGBM's rule).
 */
export class Dropouts {
  readonly #options: Pick<ResolvedBoosting, "learningRate" | "dropRate" | "maxDrop" | "skipDrop">;
  readonly #random: RandomStream;
  readonly #counts: number[] = [];
  #total = 0;

  constructor(options: Pick<ResolvedBoosting, "learningRate" | "dropRate" | "maxDrop" | "skipDrop">, random: RandomStream) {
    this.#options = options;
    this.#random = random;
  }

  /** The rounds to leave out of the next one, ascending. */
  draw(rounds: number): number[] {
    const { dropRate, maxDrop, skipDrop } = this.#options;
    const dropped: number[] = [];
    if (this.#random.next() < skipDrop || rounds === 0) return dropped;
    const perCount = rounds / this.#total;
    const rate = Math.min(dropRate, maxDrop / rounds);
    for (let round = 0; round < rounds && dropped.length < maxDrop; round++) {
      if (this.#random.next() < rate * this.#counts[round] * perCount) dropped.push(round);
    }
    return dropped;
  }

  /** What a tree grown while `dropped` rounds were left out counts. */
  rate(dropped: number): number {
    return this.#options.learningRate / (dropped + 1);
  }

  /** Notes a round that was grown. */
  grew(dropped: readonly number[], rate: number): void {
    const kept = dropped.length / (dropped.length + 1);
    for (const round of dropped) this.#counts[round] *= kept;
    this.#counts.push(rate);
    this.#total = this.#counts.reduce((sum, each) => sum + each, 0);
  }
}
