/**
 * The minimum of a smooth convex function plus a penalty on absolute coefficients.
 */
import type { LogisticLoss } from "./logistic-loss.js";

export interface PenalisedMinimum {
  readonly at: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
  readonly method: "proximalNewton" | "majorisation";
}

/** Up to this many parameters the curvature of all of them together is used, above a bound of it for each class. */
const MOST_FOR_NEWTON = 1500;
const SUFFICIENT = 1e-4;
const SHORTEST_STEP = 1e-10;
const MOST_ROUNDS = 1000;

/**
 * Newton's method where each step minimises the local parabola plus the penalty, one coefficient at a time. Parameters are laid
 * out as in `LogisticLoss`; intercepts are not penalised.
 *
 * Source: J. Friedman, T. Hastie and R. Tibshirani (2010); J. Lee, Y. Sun and M. Saunders, "Proximal Newton-type
 * methods for minimizing composite functions" (2014); D. Böhning, "Multinomial logistic regression algorithm" (1992) for the bound.
 *
 * @param l1 strength of the penalty on the mean loss.
 */
export function minimisePenalised(loss: LogisticLoss, l1: number, maxIter: number, tolerance: number, onStep: (done: number) => void): PenalisedMinimum {
  const { size, vectors } = loss;
  const step = size / vectors;
  const newton = size <= MOST_FOR_NEWTON;
  const method = newton ? "proximalNewton" : "majorisation";
  const block = newton ? size : step;
  const matrix = new Float64Array(block * block);
  if (!newton) mirror(matrix, block, () => loss.bound(matrix));
  const penalised = (p: number): boolean => p % step !== step - 1;
  let at = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = loss.evaluate(at, gradient);
  for (let iteration = 0; iteration < maxIter; iteration++) {
    const steepest = largestSlope(at, gradient, l1, penalised);
    if (steepest <= tolerance) return { at, iterations: iteration, converged: true, method };
    if (newton) mirror(matrix, block, () => loss.curvature(matrix));
    const direction = new Float64Array(size);
    for (let start = 0; start < size; start += block) descend(matrix, block, start, at, gradient, direction, l1, penalised, Math.max(tolerance / 10, steepest / 1000));
    let promised = 0;
    for (let p = 0; p < size; p++) promised += gradient[p] * direction[p] + (penalised(p) ? l1 * (Math.abs(at[p] + direction[p]) - Math.abs(at[p])) : 0);
    const before = value + l1 * absolute(at, penalised);
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let found = false;
    for (let length = 1; length >= SHORTEST_STEP; length /= 2) {
      for (let p = 0; p < size; p++) next[p] = at[p] + length * direction[p];
      const nextValue = loss.evaluate(next, nextGradient);
      const after = nextValue + l1 * absolute(next, penalised);
      // Near the minimum the decrease drowns in rounding: a step that flattens the slope is as good.
      if (after <= before + SUFFICIENT * length * promised || (after <= before + 1e-13 * Math.abs(before) && largestSlope(next, nextGradient, l1, penalised) < steepest)) {
        value = nextValue;
        found = true;
        break;
      }
    }
    if (!found) return { at, iterations: iteration, converged: false, method };
    at = next;
    gradient = nextGradient;
    onStep(iteration + 1);
  }
  return { at, iterations: maxIter, converged: largestSlope(at, gradient, l1, penalised) <= tolerance, method };
}

/** Writes the lower half and copies it to the upper one. */
function mirror(matrix: Float64Array, size: number, write: () => void): void {
  write();
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) matrix[b * size + a] = matrix[a * size + b];
}

function absolute(at: Float64Array, penalised: (p: number) => boolean): number {
  let sum = 0;
  for (let p = 0; p < at.length; p++) if (penalised(p)) sum += Math.abs(at[p]);
  return sum;
}

/** How far the point is from one where no coefficient wants to move. */
function largestSlope(at: Float64Array, gradient: Float64Array, l1: number, penalised: (p: number) => boolean): number {
  let most = 0;
  for (let p = 0; p < at.length; p++) {
    const slope = gradient[p];
    const pull = !penalised(p) ? Math.abs(slope) : at[p] > 0 ? Math.abs(slope + l1) : at[p] < 0 ? Math.abs(slope - l1) : Math.max(0, Math.abs(slope) - l1);
    most = Math.max(most, pull);
  }
  return most;
}

/** The step that minimises the parabola plus the penalty, for one block of parameters. */
function descend(matrix: Float64Array, size: number, start: number, at: Float64Array, gradient: Float64Array, direction: Float64Array, l1: number, penalised: (p: number) => boolean, enough: number): void {
  // The slope of the parabola where the step so far leads.
  const slope = gradient.slice(start, start + size);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let most = 0;
    for (let j = 0; j < size; j++) {
      const p = start + j;
      const curve = matrix[j * size + j];
      const here = at[p] + direction[p];
      const target = here - slope[j] / curve;
      const size1 = penalised(p) ? Math.abs(target) - l1 / curve : Math.abs(target);
      const change = (size1 > 0 ? (target < 0 ? -size1 : size1) : 0) - here;
      if (change === 0) continue;
      direction[p] += change;
      most = Math.max(most, Math.abs(change) * curve);
      for (let k = 0, row = j * size; k < size; k++) slope[k] += change * matrix[row + k];
    }
    if (most <= enough) return;
  }
}
