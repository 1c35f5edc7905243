/**
 * K-fold several times over, each time drawn anew.
 */
import { stream } from "../random/index.js";
import { FoldList, foldsFromPlaces } from "./fold.js";
import { kFoldPlaces } from "./k-fold.js";
import { Splitter, wholeOption } from "./splitter.js";
import type { SplitterData } from "./splitter.js";

/** Options of `RepeatedKFold`. */
export interface RepeatedKFoldOptions {
  /** Folds of each repeat. Default 5. */
  nSplits?: number;
  /** Default 10. */
  nRepeats?: number;
  /** Default: the seed of the run. */
  seed?: number;
}

/**
 * Shuffled `KFold`, `nRepeats` times with different draws: `nSplits * nRepeats` rounds.
 *
 * It tells how much of a score is the luck of one division. When it misleads: rounds share rows, so their scores are
 * not independent, and the standard error taken over all of them is too small.
 *
 * @throws RunlabError from `split` when there are fewer rows than folds.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5] });
 * new RepeatedKFold({ nSplits: 2, nRepeats: 3, seed: 42 }).split(table).length; // 6
 */
export class RepeatedKFold extends Splitter<RepeatedKFoldOptions> {
  readonly name = "RepeatedKFold";

  params(): Record<string, unknown> {
    const { nSplits = 5, nRepeats = 10, seed = null } = this.options;
    return { nSplits, nRepeats, seed };
  }

  protected get draws(): boolean {
    return true;
  }

  protected plan(data: SplitterData, seed: number): FoldList {
    const nSplits = wholeOption(this.name, "nSplits", this.options.nSplits ?? 5, 2);
    const nRepeats = wholeOption(this.name, "nRepeats", this.options.nRepeats ?? 10, 1);
    return repeated(nSplits, nRepeats, (repeat) => foldsFromPlaces(this.name, kFoldPlaces(this.name, data.rows, nSplits, stream("folds", seed).split(repeat)), nSplits));
  }
}

/** The rounds of every repeat, one repeat after the other. The first is made at once, so that a mistake is told at once. */
export function repeated(nSplits: number, nRepeats: number, make: (repeat: number) => FoldList): FoldList {
  let made = 0;
  let folds = make(0);
  return new FoldList(nSplits * nRepeats, (index) => {
    const repeat = Math.floor(index / nSplits);
    if (repeat !== made) {
      folds = make(repeat);
      made = repeat;
    }
    return folds.at(index % nSplits);
  });
}
