/**
 * The shortest solution of a least-squares problem, also where columns determine one another.
 */

/** Coefficients, and how many columns are independent. */
export interface LeastSquares {
  readonly coefficients: Float64Array;
  readonly rank: number;
}

/**
 * Solves `gram x = right` for a positive semidefinite matrix, by Cholesky with pivots: columns are taken in the order of
 * what they add, and none that adds only rounding. Of all solutions the shortest, as scikit-learn's LinearRegression gives.
 *
 * Source: P. Courrieu, "Fast computation of Moore-Penrose inverse matrices" (2005).
 *
 * @param gram the lower half of a row-major matrix.
 */
export function leastSquares(gram: Float64Array, right: Float64Array): LeastSquares {
  const n = right.length;
  const scales = Float64Array.from(right, (_, j) => Math.sqrt(gram[j * n + j]) || 1);
  const order = Int32Array.from(right, (_, j) => j);
  // Rows of the factor, in the order of the pivots; every column scaled to length 1, so that units do not decide.
  const factor = new Float64Array(n * n);
  const left = Float64Array.from(right, (_, j) => (gram[j * n + j] > 0 ? 1 : 0));
  const at = (a: number, b: number): number => (a >= b ? gram[a * n + b] : gram[b * n + a]) / (scales[a] * scales[b]);
  const least = Math.max(n, 10) * Number.EPSILON;
  let rank = 0;
  for (; rank < n; rank++) {
    let best = rank;
    for (let i = rank + 1; i < n; i++) if (left[order[i]] > left[order[best]]) best = i;
    if (!(left[order[best]] > least)) break;
    [order[rank], order[best]] = [order[best], order[rank]];
    const pivot = order[rank];
    const root = Math.sqrt(left[pivot]);
    factor[pivot * n + rank] = root;
    for (let i = rank + 1; i < n; i++) {
      const row = order[i];
      let value = at(row, pivot);
      for (let k = 0; k < rank; k++) value -= factor[row * n + k] * factor[pivot * n + k];
      value /= root;
      factor[row * n + rank] = value;
      left[row] -= value * value;
    }
  }
  const solved = rank === n ? triangular(factor, order, n, scales, right) : shortest(factor, n, rank, scales, right);
  return { coefficients: solved, rank };
}

/** All columns are independent: forward and back. */
function triangular(factor: Float64Array, order: Int32Array, n: number, scales: Float64Array, right: Float64Array): Float64Array {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = right[order[i]] / scales[order[i]];
    for (let k = 0; k < i; k++) sum -= factor[order[i] * n + k] * x[k];
    x[i] = sum / factor[order[i] * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= factor[order[k] * n + i] * x[k];
    x[i] = sum / factor[order[i] * n + i];
  }
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[order[i]] = x[i] / scales[order[i]];
  return out;
}

/** With L of full column rank and gram = L L': x = L (L'L)^-1 (L'L)^-1 L' right. */
function shortest(factor: Float64Array, n: number, rank: number, scales: Float64Array, right: Float64Array): Float64Array {
  // The shortest in the columns' own units, hence the scales go back in.
  const l = new Float64Array(n * rank);
  for (let j = 0; j < n; j++) for (let k = 0; k < rank; k++) l[j * rank + k] = factor[j * n + k] * scales[j];
  const inner = new Float64Array(rank * rank);
  const v = new Float64Array(rank);
  for (let j = 0; j < n; j++) {
    for (let a = 0; a < rank; a++) {
      const value = l[j * rank + a];
      if (value === 0) continue;
      v[a] += value * right[j];
      for (let b = 0; b <= a; b++) inner[a * rank + b] += value * l[j * rank + b];
    }
  }
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b <= a; b++) {
      let value = inner[a * rank + b];
      for (let k = 0; k < b; k++) value -= inner[a * rank + k] * inner[b * rank + k];
      inner[a * rank + b] = a === b ? Math.sqrt(Math.max(value, Number.MIN_VALUE)) : value / inner[b * rank + b];
    }
  }
  for (let turn = 0; turn < 2; turn++) {
    for (let i = 0; i < rank; i++) {
      for (let k = 0; k < i; k++) v[i] -= inner[i * rank + k] * v[k];
      v[i] /= inner[i * rank + i];
    }
    for (let i = rank - 1; i >= 0; i--) {
      for (let k = i + 1; k < rank; k++) v[i] -= inner[k * rank + i] * v[k];
      v[i] /= inner[i * rank + i];
    }
  }
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let k = 0; k < rank; k++) out[j] += l[j * rank + k] * v[k];
  return out;
}
