/**
 * Folds of whole groups.
 */
import { RunlabError } from "../errors.js";
import { stream } from "../random/index.js";
import { rowNumbers } from "../table/take.js";
import { foldsFromPlaces } from "./fold.js";
import type { FoldList } from "./fold.js";
import type { KFoldOptions } from "./k-fold.js";
import { Splitter, countsOf, groupsOf, wholeOption, yesOption } from "./splitter.js";
import type { SplitterData } from "./splitter.js";

/** Options of `GroupKFold`. */
export interface GroupKFoldOptions extends KFoldOptions {
  /** The column that says which rows belong together: a patient, a household, a day. */
  group: string;
}

/**
 * `KFold` of groups: all rows of a group are tested in the same round, and never learned from in it. Large groups are
 * given out first, each to the fold with the fewest rows so far; with `shuffle: true` groups are drawn instead, the
 * same number to each fold, whatever their size.
 *
 * When it misleads: few or very unequal groups make folds of very unequal size, and the mean over rounds then says
 * little about any one.
 *
 * Groups of different sizes go to the folds that scikit-learn puts them in; of equal ones the smaller label goes first.
 *
 * @throws RunlabError from `split` when there are fewer groups than folds, or rows without a group.
 *
 * @example
 * const table = tableFromColumns({ patient: ["a", "b", "a", "c"], x: [1, 2, 3, 4] });
 * [...new GroupKFold({ group: "patient", nSplits: 2 }).split(table)].map(({ test }) => test); // [[0, 2], [1, 3]]
 */
export class GroupKFold extends Splitter<GroupKFoldOptions> {
  readonly name = "GroupKFold";

  constructor(options: GroupKFoldOptions) {
    super(options);
  }

  params(): Record<string, unknown> {
    const { group = null, nSplits = 5, shuffle = false, seed = null } = this.options;
    return { group, nSplits, shuffle, seed };
  }

  protected get draws(): boolean {
    return this.options.shuffle === true;
  }

  protected plan(data: SplitterData, seed: number | null): FoldList {
    const nSplits = wholeOption(this.name, "nSplits", this.options.nSplits ?? 5, 2);
    yesOption(this.name, "shuffle", this.options.shuffle ?? false);
    const groups = groupsOf(this.name, data, this.options.group);
    const counts = countsOf(groups);
    requireGroups(this.name, counts.length, nSplits, this.options.group);
    const foldOf = seed === null ? lightestFolds(counts, nSplits) : dealtFolds(stream("folds", seed).shuffle(rowNumbers(counts.length)), nSplits);
    return foldsFromPlaces(this.name, groups.codes.map((group) => foldOf[group]), nSplits);
  }
}

/** Refuses fewer groups than folds. */
export function requireGroups(splitter: string, groups: number, nSplits: number, column: string): void {
  if (groups >= nSplits) return;
  throw new RunlabError(`${splitter} needs at least one group a fold`, {
    received: `${groups} group${groups === 1 ? "" : "s"} in ${column} for ${nSplits} folds`,
    allowed: groups < 2 ? "a column with at least two groups" : `nSplits of at most ${groups}`,
  });
}

/** The largest group left to the fold with the fewest rows. */
function lightestFolds(counts: Uint32Array, nSplits: number): Uint32Array {
  const order = rowNumbers(counts.length).sort((a, b) => counts[b] - counts[a] || a - b);
  const rows = new Float64Array(nSplits);
  const foldOf = new Uint32Array(counts.length);
  for (const group of order) {
    let lightest = 0;
    for (let fold = 1; fold < nSplits; fold++) if (rows[fold] < rows[lightest]) lightest = fold;
    foldOf[group] = lightest;
    rows[lightest] += counts[group];
  }
  return foldOf;
}

/** Groups in a drawn order, cut into folds of equally many. */
function dealtFolds(order: Uint32Array, nSplits: number): Uint32Array {
  const foldOf = new Uint32Array(order.length);
  const small = Math.floor(order.length / nSplits);
  const larger = order.length % nSplits;
  for (let fold = 0, at = 0; fold < nSplits; fold++) {
    const end = at + small + (fold < larger ? 1 : 0);
    while (at < end) foldOf[order[at++]] = fold;
  }
  return foldOf;
}
