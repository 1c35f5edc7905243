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
 * Sums up a design. Dense columns and the target are centred before their products are taken: afterwards large means would
 * have eaten the digits.
 *
 * @param weights null for ones.
 */
export function normalEquations(design: Design, target: Float64Array, weights: Float64Array | null, fitIntercept: boolean, lease: Lease, threads: number): NormalEquations {
  const { rows, width } = design;
  const shifts = new Float64Array(width);
  let targetShift = 0;
  if (fitIntercept) {
    for (const { place, values, fill, mean, scale } of design.numbers) shifts[place] = (meanOf(values, fill, weights) - mean) / scale;
    targetShift = meanOf(target, NaN, weights);
  }
  const memory = new DesignMemory(design, lease, threads, shifts, [target.map((value) => value - targetShift)]);
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

/** The weighted mean, missing values as `fill`; four running sums, so that an addition need not wait for the one before. */
function meanOf(values: Float64Array | Uint8Array, fill: number, weights: Float64Array | null): number {
  let [a, b, c, d, total] = [0, 0, 0, 0, 0];
  const at = (i: number): number => (values[i] === values[i] ? values[i] : fill);
  if (weights !== null) {
    for (let i = 0; i < values.length; i++) {
      a += weights[i] * at(i);
      total += weights[i];
    }
    return a / total;
  }
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += at(i);
    b += at(i + 1);
    c += at(i + 2);
    d += at(i + 3);
  }
  for (let i = whole; i < values.length; i++) a += at(i);
  return (a + b + (c + d)) / values.length;
}
