/**
 * Which rows a round's trees are grown on.
 */
import type { RandomStream } from "../../random/index.js";

/** A share of the rows without replacement, ascending; all orders of which rows are equally likely. */
export function drawShare(rows: number, share: number, random: RandomStream): Uint32Array {
  return drawSome(rows, Math.max(1, Math.floor(rows * share)), random);
}

/** `count` of `rows` rows, ascending (selection sampling, Knuth, "The Art of Computer Programming" 3.4.2). */
function drawSome(rows: number, count: number, random: RandomStream): Uint32Array {
  const drawn = new Uint32Array(count);
  const numbers = random.fill(new Float64Array(rows));
  let at = 0;
  for (let row = 0; at < count; row++) {
    if ((rows - row) * numbers[row] < count - at) drawn[at++] = row;
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
    for (let i = 0; i < rows; i++) size[i] += Math.abs(gradients[at + i] * hessians[at + i]);
  }
  const top = Math.max(1, Math.floor(rows * topRate));
  const others = Math.floor(rows * otherRate);
  const threshold = size.slice().sort()[rows - top];
  const numbers = random.fill(new Float64Array(rows));
  let large = 0;
  for (let i = 0; i < rows; i++) if (size[i] >= threshold) large++;
  const drawn: number[] = [];
  const larger = Math.fround((rows - top) / Math.max(1, others));
  let small = rows - large;
  let wanted = Math.min(others, small);
  for (let row = 0; row < rows; row++) {
    if (size[row] >= threshold) {
      drawn.push(row);
      continue;
    }
    if (small * numbers[row] < wanted) {
      drawn.push(row);
      wanted--;
      for (let at = row; at < gradients.length; at += rows) {
        gradients[at] *= larger;
        hessians[at] *= larger;
      }
    }
    small--;
  }
  return Uint32Array.from(drawn);
}
