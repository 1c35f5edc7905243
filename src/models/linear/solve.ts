/**
 * Symmetric linear systems, by Cholesky on ml-matrix.
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";

/**
 * Solves `matrix x = right`, where the lower half of a symmetric, row-major matrix is given.
 *
 * @returns null when the matrix is not positive definite.
 */
export function solveSymmetric(lower: Float64Array, right: Float64Array): Float64Array | null {
  const n = right.length;
  const matrix = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix.set(i, j, lower[i * n + j]);
      matrix.set(j, i, lower[i * n + j]);
    }
  }
  const cholesky = new CholeskyDecomposition(matrix);
  if (!cholesky.isPositiveDefinite()) return null;
  const solved = cholesky.solve(Matrix.columnVector(right)).getColumn(0);
  return solved.every(Number.isFinite) ? Float64Array.from(solved) : null;
}
