/**
 * Folds of whole groups, with the classes near their proportions.
 */
import { stream } from "../random/index.js";
import { rowNumbers } from "../table/take.js";
import { foldsFromPlaces } from "./fold.js";
import type { FoldList } from "./fold.js";
import { requireGroups } from "./group-k-fold.js";
import type { GroupKFoldOptions } from "./group-k-fold.js";
import { requireClassMembers } from "./stratified-k-fold.js";
import { Splitter, classesOf, countsOf, groupsOf, wholeOption, yesOption } from "./splitter.js";
import type { SplitterData } from "./splitter.js";

/** Options of `StratifiedGroupKFold`. */
export interface StratifiedGroupKFoldOptions extends GroupKFoldOptions {
  /** The column whose values are kept in proportion. Default: the target. */
  stratify?: string;
}

/**
 * Folds that never divide a group and keep the classes as near to the table's proportions as that allows.
 *
 * Groups with the most uneven classes are given out first, each to the fold that then leaves the classes most evenly
 * spread over the folds; of equally good folds, to the one with the fewest rows. With `shuffle: true` equally uneven
 * groups are given out in a drawn order. The rule, and the folds without shuffling, are scikit-learn's.
 *
 * When it misleads: where each group has one class, or groups are few, the proportions stay far off; look at the parts.
 *
 * @throws RunlabError from `split` when there are fewer groups, or members of a class, than folds, and when a fold
 * would stay empty.
 *
 * @example
 * const table = tableFromColumns({ who: [1, 1, 2, 2, 3, 3, 4, 4], y: ["a", "b", "a", "a", "b", "b", "a", "b"] });
 * [...new StratifiedGroupKFold({ group: "who", nSplits: 2 }).split(table, { target: "y" })].map(({ test }) => test); // [[0, 1, 2, 3], [4, 5, 6, 7]]
 */
export class StratifiedGroupKFold extends Splitter<StratifiedGroupKFoldOptions> {
  readonly name = "StratifiedGroupKFold";

  constructor(options: StratifiedGroupKFoldOptions) {
    super(options);
  }

  params(): Record<string, unknown> {
    const { group = null, nSplits = 5, shuffle = false, seed = null, stratify = null } = this.options;
    return { group, nSplits, shuffle, seed, stratify };
  }

  protected get draws(): boolean {
    return this.options.shuffle === true;
  }

  protected plan(data: SplitterData, seed: number | null): FoldList {
    const nSplits = wholeOption(this.name, "nSplits", this.options.nSplits ?? 5, 2);
    yesOption(this.name, "shuffle", this.options.shuffle ?? false);
    const groups = groupsOf(this.name, data, this.options.group);
    const { labels, column } = classesOf(this.name, data, this.options.stratify);
    requireGroups(this.name, groups.levels.length, nSplits, this.options.group);
    requireClassMembers(this.name, labels, column, nSplits);

    const classes = labels.levels.length;
    const members = new Float64Array(groups.levels.length * classes);
    for (let i = 0; i < data.rows; i++) members[groups.codes[i] * classes + labels.codes[i]]++;
    const order = rowNumbers(groups.levels.length);
    if (seed !== null) stream("folds", seed).shuffle(order);
    const uneven = Float64Array.from({ length: groups.levels.length }, (_, group) => spread(members.subarray(group * classes, (group + 1) * classes)));
    const foldOf = assign(members, countsOf(labels), order.sort((a, b) => uneven[b] - uneven[a]), classes, nSplits);
    return foldsFromPlaces(this.name, groups.codes.map((group) => foldOf[group]), nSplits);
  }
}

/** Standard deviation. */
function spread(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) * (values[i] - mean);
  return Math.sqrt(squares / values.length);
}

function assign(members: Float64Array, classCounts: Uint32Array, order: Uint32Array, classes: number, nSplits: number): Uint32Array {
  const foldOf = new Uint32Array(members.length / classes);
  const inFold = new Float64Array(nSplits * classes);
  const rows = new Float64Array(nSplits);
  const shares = new Float64Array(nSplits);
  for (const group of order) {
    let best = -1;
    let bestSpread = Infinity;
    for (let fold = 0; fold < nSplits; fold++) {
      let sum = 0;
      for (let c = 0; c < classes; c++) {
        for (let other = 0; other < nSplits; other++) shares[other] = (inFold[other * classes + c] + (other === fold ? members[group * classes + c] : 0)) / classCounts[c];
        sum += spread(shares);
      }
      const mean = sum / classes;
      // "As good" is numpy's isclose, as in scikit-learn.
      const asGood = Math.abs(mean - bestSpread) <= 1e-8 + 1e-5 * Math.abs(bestSpread);
      if (best < 0 || mean < bestSpread || (asGood && rows[fold] < rows[best])) {
        best = fold;
        bestSpread = mean;
      }
    }
    foldOf[group] = best;
    for (let c = 0; c < classes; c++) {
      inFold[best * classes + c] += members[group * classes + c];
      rows[best] += members[group * classes + c];
    }
  }
  return foldOf;
}
