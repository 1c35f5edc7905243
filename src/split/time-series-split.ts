/**
 * Folds in the order of time.
 */
import { RunlabError } from "../errors.js";
import type { Labels } from "../table/values.js";
import { FoldList } from "./fold.js";
import { momentsOf } from "./moments.js";
import { Splitter, refuseMissing, wholeOption } from "./splitter.js";
import type { SplitterData } from "./splitter.js";

/** Options of `TimeSeriesSplit`. */
export interface TimeSeriesSplitOptions {
  /** How many rounds. Default 5. */
  nSplits?: number;
  /**
   * The column that holds the time: dates, timestamps or numbers. Sizes then count its distinct moments, and rows of
   * one moment stay together. Default: the rows are in order already, one moment each.
   */
  time?: string;
  /** Moments tested in each round. Default: all moments divided by `nSplits + 1`, rounded down. */
  testSize?: number;
  /** Learn from this many moments at most, those just before the test: a window that rolls. Default: from all, a window that grows. */
  maxTrainSize?: number;
  /** Moments left out between `train` and `test`, where the past would give the future away. Default 0. */
  gap?: number;
}

/**
 * Every round learns from the past and is judged on what came next: the last moments are cut into `nSplits` tests of
 * equal size, and each round learns from what is before its test.
 *
 * When it misleads: early rounds learn from less data than the final model will, so their scores are worse than its;
 * features that were computed with the future (a mean over all days) give it away whatever the split.
 *
 * The rounds are scikit-learn's, where `time` is not given.
 *
 * @throws RunlabError from `split` when there are too few moments for the options, or rows without a time.
 *
 * @example
 * const table = tableFromColumns({ day: [3, 1, 2, 4, 4], x: [1, 2, 3, 4, 5] });
 * const rounds = new TimeSeriesSplit({ time: "day", nSplits: 2 }).split(table);
 * [...rounds].map(({ train, test }) => [train, test]); // [[[1, 2], [0]], [[0, 1, 2], [3, 4]]]
 */
export class TimeSeriesSplit extends Splitter<TimeSeriesSplitOptions> {
  readonly name = "TimeSeriesSplit";

  params(): Record<string, unknown> {
    const { nSplits = 5, time = null, testSize = null, maxTrainSize = null, gap = 0 } = this.options;
    return { nSplits, time, testSize, maxTrainSize, gap };
  }

  protected get draws(): boolean {
    return false;
  }

  protected plan(data: SplitterData): FoldList {
    const { time } = this.options;
    const nSplits = wholeOption(this.name, "nSplits", this.options.nSplits ?? 5, 1);
    const gap = wholeOption(this.name, "gap", this.options.gap ?? 0, 0);
    const most = this.options.maxTrainSize === undefined ? Infinity : wholeOption(this.name, "maxTrainSize", this.options.maxTrainSize, 1);
    const moments = time === undefined ? null : momentsOf(data.table, time);
    if (moments !== null) refuseMissing(moments, time!, "time");
    const count = moments === null ? data.rows : moments.levels.length;
    const size = this.options.testSize === undefined ? Math.floor(count / (nSplits + 1)) : wholeOption(this.name, "testSize", this.options.testSize, 1);
    const first = count - nSplits * size;
    if (size < 1 || first - gap < 1) {
      throw new RunlabError(`${this.name} needs moments to learn from before every test`, {
        received: `${count} ${moments === null ? "rows" : `moments in ${time}`} for ${nSplits} test${nSplits === 1 ? "" : "s"}${size < 1 ? "" : ` of ${size}`}${gap === 0 ? "" : ` and a gap of ${gap}`}`,
        allowed: "fewer splits, a smaller testSize or a smaller gap",
      });
    }
    return new FoldList(nSplits, (round) => {
      const start = first + round * size;
      const end = start - gap;
      return { train: rowsBetween(moments, Math.max(0, end - most), end), test: rowsBetween(moments, start, start + size) };
    });
  }
}

/** Rows of the moments from `from` until before `to`, ascending. */
function rowsBetween(moments: Labels | null, from: number, to: number): Uint32Array {
  if (moments === null) return Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const { codes } = moments;
  const rows = new Uint32Array(codes.length);
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] >= from && codes[i] < to) rows[count++] = i;
  return rows.slice(0, count);
}
