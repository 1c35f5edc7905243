/**
 * Folds of equal size.
 */
import { RunlabError } from "../errors.js";
import { stream } from "../random/index.js";
import { rowNumbers } from "../table/take.js";
import { foldsFromPlaces } from "./fold.js";
import type { FoldList } from "./fold.js";
import { Splitter, wholeOption, yesOption } from "./splitter.js";
import type { SplitterData } from "./splitter.js";

/** Options of `KFold`. */
export interface KFoldOptions {
  /** How many folds, and so how many rounds. Default 5. */
  nSplits?: number;
  /** Draw which rows go to which fold; false makes folds of rows that follow each other. Default false. */
  shuffle?: boolean;
  /** Default: the seed of the run. Only with `shuffle: true`. */
  seed?: number;
}

/**
 * Every row is tested once: the table is cut into `nSplits` folds, and each round tests on one and learns from the
 * others. Sizes differ by one row at most, the first folds being the larger ones.
 *
 * When it misleads: rows in an order (by class, by time) make folds unlike each other, so shuffle them, keep the
 * classes in proportion (`StratifiedKFold`) or the time in order (`TimeSeriesSplit`); rows that belong together land
 * on both sides, unless `GroupKFold` makes the folds.
 *
 * The folds are scikit-learn's when rows are not shuffled.
 *
 * @throws RunlabError from `split` when there are fewer rows than folds.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5] });
 * [...new KFold({ nSplits: 2 }).split(table)].map(({ test }) => test); // [[0, 1, 2], [3, 4]]
 */
export class KFold extends Splitter<KFoldOptions> {
  readonly name = "KFold";

  params(): Record<string, unknown> {
    const { nSplits = 5, shuffle = false, seed = null } = this.options;
    return { nSplits, shuffle, seed };
  }

  protected get draws(): boolean {
    return this.options.shuffle === true;
  }

  protected plan(data: SplitterData, seed: number | null): FoldList {
    const nSplits = wholeOption(this.name, "nSplits", this.options.nSplits ?? 5, 2);
    yesOption(this.name, "shuffle", this.options.shuffle ?? false);
    return foldsFromPlaces(this.name, kFoldPlaces(this.name, data.rows, nSplits, seed === null ? null : stream("folds", seed)), nSplits);
  }
}

/** The fold of each row, by position, or drawn. */
export function kFoldPlaces(splitter: string, rows: number, nSplits: number, draws: { shuffle<T extends { length: number; [index: number]: any }>(array: T): T } | null): Uint32Array {
  if (rows < nSplits) throw new RunlabError(`${splitter} needs at least one row a fold`, { received: `${rows} row${rows === 1 ? "" : "s"} for ${nSplits} folds`, allowed: rows < 2 ? "a table of at least two rows" : `nSplits of at most ${rows}` });
  const places = new Uint32Array(rows);
  const order = draws === null ? null : draws.shuffle(rowNumbers(rows));
  const small = Math.floor(rows / nSplits);
  const larger = rows % nSplits;
  for (let fold = 0, at = 0; fold < nSplits; fold++) {
    const end = at + small + (fold < larger ? 1 : 0);
    if (order === null) places.fill(fold, at, end);
    else for (let i = at; i < end; i++) places[order[i]] = fold;
    at = end;
  }
  return places;
}
