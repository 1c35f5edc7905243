/**
 * What linear regressions need of the data: products of columns with one another and with the target.
 */
import type { Lease } from "../../kernels/index.js";
import { DesignMemory } from "./design-memory.js";
import type { Design } from "./design.js";

/** Weighted sums over rows; with an intercept, of columns and target with their weighted means taken off. */
export interface NormalEquations {
  readonly width: number;
  /** Products of every two columns: the lower half of a row-major matrix of `width`. */
  readonly gram: Float64Array;
  /** Products of each column with the target. */
  readonly right: Float64Array;
  /** The squared target, summed. */
  readonly targetSquares: number;
  /** Means of the columns and of the target; 0 without an intercept. */
  readonly means: Float64Array;
  readonly targetMean: number;
  /** The weights, summed. */
  readonly total: number;
  readonly memory: DesignMemory;
}

/**
 * Sums up a design. Dense columns and the target are shifted to about 0 before their products are taken, since large means would eat
 * their digits, and what the shift leaves of the means is taken off after.
 *
 * @param weights null for ones.
 */
export function normalEquations(design: Design, target: Float64Array, weights: Float64Array | null, fitIntercept: boolean, lease: Lease, threads: number): NormalEquations {
  const { rows, width } = design;
  const shifts = new Float64Array(width);
  let targetShift = 0;
  if (fitIntercept) {
    for (const { place, center } of design.numbers) shifts[place] = center;
    for (let i = 0; i < rows; i++) targetShift += target[i];
    targetShift /= rows;
  }
  const memory = new DesignMemory(design, lease, threads, shifts, [{ values: target, shift: targetShift }]);
  let factor = 0;
  if (weights !== null) {
    factor = lease.alloc(8 * rows);
    lease.f64(factor, rows).set(weights);
  }
  const size = width + 2;
  const sums = new Float64Array(size * size);
  memory.products(factor, sums);
  const target0 = width * size;
  const ones0 = (width + 1) * size;
  const total = sums[ones0 + width + 1];
  const means = new Float64Array(width);
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width);
  let targetMean = 0;
  let targetSquares = sums[target0 + width];
  for (let a = 0; a < width; a++) {
    const own = fitIntercept ? sums[ones0 + a] / total : 0;
    means[a] = fitIntercept ? shifts[a] + own : 0;
    for (let b = 0; b <= a; b++) gram[a * width + b] = sums[a * size + b] - own * sums[ones0 + b];
    right[a] = sums[target0 + a] - own * sums[ones0 + width];
  }
  if (fitIntercept) {
    const rest = sums[ones0 + width] / total;
    targetMean = targetShift + rest;
    targetSquares -= rest * sums[ones0 + width];
  }
  return { width, gram, right, targetSquares, means, targetMean, total, memory };
}
