/**
 * Which rows a tree is grown on: the plain form of what the kernels draw (`kernels/assembly/boost-sampling.ts`).
 */
import type { RandomStream } from "../../random/index.js";

/** How many rows a share of them is: one at least. */
export function rowsInShare(rows: number, share: number): number {
  return Math.max(1, Math.floor(rows * share));
}

/** A share of the rows without replacement, ascending; all choices are equally likely. */
export function drawShare(rows: number, share: number, random: RandomStream): Uint32Array {
  let wanted = rowsInShare(rows, share);
  const drawn = new Uint32Array(wanted);
  const draw = drawsOf(random);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    // Selection sampling (Knuth, "The Art of Computer Programming" 3.4.2).
    if ((rows - row) * draw() >= wanted * DRAW_RANGE) continue;
    drawn[count++] = row;
    wanted--;
  }
  return drawn;
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
    for (let i = 0; i < rows; i++) size[i] += Math.abs(Math.fround(gradients[at + i] * hessians[at + i]));
  }
  const threshold = size.slice().sort()[rows - rowsInShare(rows, topRate)];
  const draw = drawsOf(random);
  let small = size.reduce((count, each) => count + (each < threshold ? 1 : 0), 0);
  let wanted = Math.min(Math.floor(rows * otherRate), small);
  const larger = Math.fround(small / Math.max(1, wanted));
  const drawn: number[] = [];
  for (let row = 0; row < rows; row++) {
    const chance = draw();
    if (size[row] >= threshold) {
      drawn.push(row);
      continue;
    }
    if (small-- * chance >= wanted * DRAW_RANGE) continue;
    drawn.push(row);
    wanted--;
    for (let at = row; at < gradients.length; at += rows) {
      gradients[at] *= larger;
      hessians[at] *= larger;
    }
  }
  return Uint32Array.from(drawn);
}

const DRAW_RANGE = 65536;

/** Draws a whole number below 65536: two from each random word, as finely as a draw of rows can tell. */
function drawsOf(random: RandomStream): () => number {
  let word = 0;
  let half = false;
  return () => {
    word = half ? word >>> 16 : random.uint32();
    half = !half;
    return word & 65535;
  };
}
