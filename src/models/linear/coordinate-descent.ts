/**
 * Least squares with penalties on absolute and squared coefficients, one coefficient at a time.
 */

/** The problem: half the squared error by way of its sums, plus `l1` times the absolute coefficients, plus half `l2` times the squared ones. */
export interface PenalisedSquares {
  /** Products of every two columns: a whole row-major matrix of `width`. */
  readonly gram: Float64Array;
  readonly right: Float64Array;
  readonly targetSquares: number;
  readonly l1: number;
  readonly l2: number;
  /** Coefficients are 0 or more. */
  readonly positive: boolean;
}

export interface Descent {
  readonly coefficients: Float64Array;
  readonly iterations: number;
  /** How much the objective may at most be above its least value. */
  readonly gap: number;
  readonly converged: boolean;
}

/**
 * Goes round the coefficients until the duality gap is below `tol` times the squared target, as scikit-learn's
 * enet_coordinate_descent_gram does.
 *
 * Source: J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear models via coordinate
 * descent" (2010); S.-J. Kim et al., "An interior-point method for large-scale l1-regularized least squares" (2007) for the gap.
 */
export function coordinateDescent({ gram, right, targetSquares, l1, l2, positive }: PenalisedSquares, maxIter: number, tol: number): Descent {
  const width = right.length;
  const w = new Float64Array(width);
  // What is left of `right` once the coefficients so far are taken off: right - gram w.
  const rest = Float64Array.from(right);
  const enough = tol * targetSquares;
  let gap = Infinity;
  let iterations = 0;
  while (iterations < maxIter) {
    iterations++;
    let largest = 0;
    let moved = 0;
    for (let j = 0; j < width; j++) {
      const row = j * width;
      const norm = gram[row + j];
      if (norm === 0) continue;
      const before = w[j];
      const pull = rest[j] + norm * before;
      const size = positive ? pull - l1 : Math.abs(pull) - l1;
      const after = size > 0 ? ((pull < 0 ? -1 : 1) * size) / (norm + l2) : 0;
      const change = after - before;
      if (change !== 0) {
        w[j] = after;
        for (let k = 0; k < width; k++) rest[k] -= change * gram[row + k];
      }
      moved = Math.max(moved, Math.abs(change));
      largest = Math.max(largest, Math.abs(after));
    }
    if (largest === 0 || moved / largest <= tol || iterations === maxIter) {
      gap = dualityGap(w, rest, right, targetSquares, l1, l2, positive);
      if (gap <= enough) return { coefficients: w, iterations, gap, converged: true };
      if (moved === 0) break;
    }
  }
  return { coefficients: w, iterations, gap, converged: gap <= enough };
}

function dualityGap(w: Float64Array, rest: Float64Array, right: Float64Array, targetSquares: number, l1: number, l2: number, positive: boolean): number {
  let steepest = positive ? -Infinity : 0;
  let pulled = 0;
  let fit = 0;
  let squares = 0;
  let absolute = 0;
  for (let j = 0; j < w.length; j++) {
    const slope = rest[j] - l2 * w[j];
    steepest = Math.max(steepest, positive ? slope : Math.abs(slope));
    pulled += w[j] * right[j];
    fit += w[j] * (right[j] - rest[j]);
    squares += w[j] * w[j];
    absolute += Math.abs(w[j]);
  }
  const error = Math.max(0, targetSquares + fit - 2 * pulled);
  const share = steepest > l1 ? l1 / steepest : 1;
  // The error at the coefficients, against the best that the scaled residuals prove.
  const gap = share === 1 ? error : 0.5 * (error + error * share * share);
  return gap + l1 * absolute - share * (targetSquares - pulled) + 0.5 * l2 * (1 + share * share) * squares;
}
