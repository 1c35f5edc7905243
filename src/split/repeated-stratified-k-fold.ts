/**
 * Stratified K-fold several times over, each time drawn anew.
 */
import { stream } from "../random/index.js";
import { foldsFromPlaces } from "./fold.js";
import type { FoldList } from "./fold.js";
import { repeated } from "./repeated-k-fold.js";
import type { RepeatedKFoldOptions } from "./repeated-k-fold.js";
import { requireClassMembers, stratifiedPlaces } from "./stratified-k-fold.js";
import { Splitter, classesOf, wholeOption } from "./splitter.js";
import type { SplitterData } from "./splitter.js";

/** Options of `RepeatedStratifiedKFold`. */
export interface RepeatedStratifiedKFoldOptions extends RepeatedKFoldOptions {
  /** The column whose values are kept in proportion. Default: the target. */
  stratify?: string;
}

/**
 * Shuffled `StratifiedKFold`, `nRepeats` times with different draws: `nSplits * nRepeats` rounds. See `RepeatedKFold`.
 *
 * @throws RunlabError from `split` when a class has fewer members than there are folds.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4], y: ["a", "a", "b", "b"] });
 * new RepeatedStratifiedKFold({ nSplits: 2, nRepeats: 5, seed: 42 }).split(table, { target: "y" }).length; // 10
 */
export class RepeatedStratifiedKFold extends Splitter<RepeatedStratifiedKFoldOptions> {
  readonly name = "RepeatedStratifiedKFold";

  params(): Record<string, unknown> {
    const { nSplits = 5, nRepeats = 10, seed = null, stratify = null } = this.options;
    return { nSplits, nRepeats, seed, stratify };
  }

  protected get draws(): boolean {
    return true;
  }

  protected plan(data: SplitterData, seed: number): FoldList {
    const nSplits = wholeOption(this.name, "nSplits", this.options.nSplits ?? 5, 2);
    const nRepeats = wholeOption(this.name, "nRepeats", this.options.nRepeats ?? 10, 1);
    const { labels, column } = classesOf(this.name, data, this.options.stratify);
    requireClassMembers(this.name, labels, column, nSplits);
    return repeated(nSplits, nRepeats, (repeat) => foldsFromPlaces(this.name, stratifiedPlaces(labels, nSplits, stream("folds", seed).split(`repeat ${repeat}`)), nSplits));
  }
}
