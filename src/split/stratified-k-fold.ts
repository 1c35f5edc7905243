/**
 * Folds with the classes in proportion.
 */
import { RunlabError } from "../errors.js";
import { stream } from "../random/index.js";
import type { RandomStream } from "../random/index.js";
import type { Labels } from "../table/values.js";
import { foldsFromPlaces } from "./fold.js";
import type { FoldList } from "./fold.js";
import type { KFoldOptions } from "./k-fold.js";
import { Splitter, classesOf, countsOf, wholeOption, yesOption } from "./splitter.js";
import type { SplitterData } from "./splitter.js";

/** Options of `StratifiedKFold`. */
export interface StratifiedKFoldOptions extends KFoldOptions {
  /** The column whose values are kept in proportion. Default: the target. */
  stratify?: string;
}

/**
 * `KFold` with the classes of the target in the table's proportions: of each class, folds differ by one row at most,
 * and so do their sizes.
 *
 * Without shuffling each class is dealt in the order of its rows. The folds are then scikit-learn's.
 *
 * When it misleads: it makes folds more alike than new data will be, so the spread of the scores is a little too small.
 *
 * @throws RunlabError from `split` when a class has fewer members than there are folds (where scikit-learn warns), and
 * when the target is missing in some rows.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4], y: ["a", "a", "b", "b"] });
 * [...new StratifiedKFold({ nSplits: 2 }).split(table, { target: "y" })].map(({ test }) => test); // [[0, 2], [1, 3]]
 */
export class StratifiedKFold extends Splitter<StratifiedKFoldOptions> {
  readonly name = "StratifiedKFold";

  params(): Record<string, unknown> {
    const { nSplits = 5, shuffle = false, seed = null, stratify = null } = this.options;
    return { nSplits, shuffle, seed, stratify };
  }

  protected get draws(): boolean {
    return this.options.shuffle === true;
  }

  protected plan(data: SplitterData, seed: number | null): FoldList {
    const nSplits = wholeOption(this.name, "nSplits", this.options.nSplits ?? 5, 2);
    yesOption(this.name, "shuffle", this.options.shuffle ?? false);
    const { labels, column } = classesOf(this.name, data, this.options.stratify);
    requireClassMembers(this.name, labels, column, nSplits);
    return foldsFromPlaces(this.name, stratifiedPlaces(labels, nSplits, seed === null ? null : stream("folds", seed)), nSplits);
  }
}

/**
 * The fold of each row: classes laid end to end in the order they first occur, and dealt to the folds in turn.
 */
export function stratifiedPlaces(labels: Labels, nSplits: number, draws: RandomStream | null): Uint32Array {
  const { codes, levels } = labels;
  const counts = countsOf(labels);
  // Each class is dealt on from where the class before it stopped, so that sizes of folds differ by one at most.
  const next = new Int32Array(levels.length).fill(-1);
  const orderOfClasses: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    if (next[codes[i]] >= 0) continue;
    next[codes[i]] = 0;
    orderOfClasses.push(codes[i]);
    if (orderOfClasses.length === levels.length) break;
  }
  const hands = new Array<Uint32Array>(levels.length);
  let dealt = 0;
  for (const c of orderOfClasses) {
    const share = new Uint32Array(nSplits);
    for (let fold = 0; fold < nSplits; fold++) {
      const turn = (((fold - dealt) % nSplits) + nSplits) % nSplits;
      share[fold] = Math.max(0, Math.ceil((counts[c] - turn) / nSplits));
    }
    dealt += counts[c];
    const hand = new Uint32Array(counts[c]);
    for (let fold = 0, at = 0; fold < nSplits; at += share[fold++]) hand.fill(fold, at, at + share[fold]);
    // One stream a class: rows added to one class do not move the draw of another.
    hands[c] = draws === null ? hand : draws.split(c).shuffle(hand);
  }
  next.fill(0);
  const places = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i++) places[i] = hands[codes[i]][next[codes[i]]++];
  return places;
}

/** Refuses a class with fewer members than there are folds. */
export function requireClassMembers(splitter: string, labels: Labels, column: string, nSplits: number): void {
  if (labels.codes.length === 0) throw new RunlabError(`${splitter} needs at least one row a fold`, { received: `0 rows for ${nSplits} folds`, allowed: "a table of at least two rows" });
  const counts = countsOf(labels);
  const rarest = counts.indexOf(counts.reduce((least, count) => Math.min(least, count)));
  if (counts[rarest] < nSplits) {
    throw new RunlabError(`${splitter} needs at least one row of every class a fold`, {
      received: `${counts[rarest]} row${counts[rarest] === 1 ? "" : "s"} of ${labels.levels[rarest]} in ${column} for ${nSplits} folds`,
      allowed: counts[rarest] < 2 ? "KFold, or leave that row out" : `nSplits of at most ${counts[rarest]}, or KFold`,
    });
  }
}
