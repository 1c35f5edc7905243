/**
 * Which rows a round's trees are grown on.
 */
import type { RandomStream } from "../../random/index.js";
import { orderStatistic } from "./order-statistic.js";

/** A share of the rows without replacement, ascending; all choices are equally likely. */
export function drawShare(rows: number, share: number, random: RandomStream): Uint32Array {
  const count = Math.max(1, Math.floor(rows * share));
  // One place more: a row that is not taken is written there and then written over.
  const drawn = new Uint32Array(count + 1);
  const draws = drawsOf(rows, random);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    drawn[at] = row;
    // Selection sampling (Knuth, "The Art of Computer Programming" 3.4.2), without a branch that cannot be foreseen.
    at += (rows - row) * draws[row] < (count - at) * DRAW_RANGE ? 1 : 0;
  }
  return drawn.subarray(0, count);
}

/**
 * Gradient-based one-side sampling: the rows with the largest derivatives and a draw of the others, whose derivatives
 * are then made larger in place so that sums stay what they were on average (Ke et al., "LightGBM", 2017).
 *
 * @param gradients and `hessians`: output k of row i at `k * rows + i`.
 */
export function drawByGradient(rows: number, topRate: number, otherRate: number, gradients: Float32Array, hessians: Float32Array, random: RandomStream): Uint32Array {
  const size = new Float32Array(rows);
  for (let at = 0; at < gradients.length; at += rows) {
    for (let i = 0; i < rows; i++) size[i] += Math.abs(gradients[at + i] * hessians[at + i]);
  }
  const threshold = largestShare(size, topRate);
  const draws = drawsOf(rows, random);
  let small = 0;
  for (let i = 0; i < rows; i++) small += size[i] < threshold ? 1 : 0;
  let wanted = Math.min(Math.floor(rows * otherRate), small);
  const larger = Math.fround(small / Math.max(1, wanted));
  const drawn = new Uint32Array(rows - small + wanted + 1);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (size[row] >= threshold) {
      drawn[count++] = row;
      continue;
    }
    if (small-- * draws[row] >= wanted * DRAW_RANGE) continue;
    drawn[count++] = row;
    wanted--;
    for (let at = row; at < gradients.length; at += rows) {
      gradients[at] *= larger;
      hessians[at] *= larger;
    }
  }
  return drawn.subarray(0, count);
}

/** Of more rows than this, evenly spaced ones say where the largest share begins, to within half a percent of the rows. */
const ROWS_FOR_THRESHOLD = 32_768;

/** The value from which on values are among the largest `share`. */
function largestShare(values: Float32Array, share: number): number {
  const step = Math.max(1, Math.floor(values.length / ROWS_FOR_THRESHOLD));
  const sample = step === 1 ? values.slice() : Float32Array.from({ length: Math.floor(values.length / step) }, (_, i) => values[i * step]);
  return orderStatistic(sample, sample.length - Math.max(1, Math.floor(sample.length * share)));
}

const DRAW_RANGE = 65536;

/** A whole number below 65536 for each row: two from each random word, as finely as a draw of rows can tell. */
function drawsOf(rows: number, random: RandomStream): Uint16Array {
  const words = new Uint32Array((rows + 1) >> 1);
  for (let i = 0; i < words.length; i++) words[i] = random.uint32();
  const draws = new Uint16Array(rows);
  for (let i = 0; i < rows; i++) draws[i] = (i & 1) === 0 ? words[i >> 1] & 65535 : words[i >> 1] >>> 16;
  return draws;
}
