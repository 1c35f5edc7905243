/**
 * Symmetric linear systems, by Cholesky in the memory of a kernel.
 */
import type { DesignMemory } from "./design-memory.js";

/** Solves `matrix x = right` again and again for matrices of one size. */
export class SymmetricSolver {
  readonly size: number;
  readonly #memory: DesignMemory;
  readonly #stride: number;
  readonly #at: number;

  constructor(memory: DesignMemory, size: number) {
    this.size = size;
    this.#memory = memory;
    this.#stride = size + (size % 2);
    this.#at = memory.lease.alloc(8 * size * this.#stride);
  }

  /**
   * Takes a matrix apart; `solve` then uses it.
   *
   * @param lower the lower half of a symmetric matrix, row-major.
   * @returns false when the matrix is not positive definite: a pivot is not above `least`.
   */
  factor(lower: Float64Array, least = 0): boolean {
    const { size } = this;
    const stride = this.#stride;
    const upper = this.#memory.lease.f64(this.#at, size * stride);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) upper[j * stride + i] = lower[i * size + j];
      // The place before the diagonal and the one behind the row take part in sums that nobody reads: no NaN there.
      if (i > 0) upper[i * stride + i - 1] = 0;
      if (stride > size) upper[i * stride + size] = 0;
    }
    return this.#memory.kernel.cholesky(this.#at, size, stride, least) < 0;
  }

  /** The solution for a right side, in an array of its own; null when it is not finite. */
  solve(right: Float64Array): Float64Array | null {
    const { size } = this;
    const stride = this.#stride;
    const upper = this.#memory.lease.f64(this.#at, size * stride);
    const x = Float64Array.from(right);
    for (let i = 0; i < size; i++) {
      const value = x[i] / upper[i * stride + i];
      x[i] = value;
      for (let j = i + 1; j < size; j++) x[j] -= upper[i * stride + j] * value;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i];
      for (let j = i + 1; j < size; j++) sum -= upper[i * stride + j] * x[j];
      x[i] = sum / upper[i * stride + i];
    }
    return x.every(Number.isFinite) ? x : null;
  }
}
