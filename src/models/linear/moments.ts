/**
 * What a column of numbers is like, in few passes over it.
 */
import type { Lease } from "../../kernels/index.js";

/** Missing values (NaN) count for nothing but `missing`. */
export interface Moments {
  readonly count: number;
  readonly missing: number;
  readonly mean: number;
  /** Standard deviation of the population; 1 for a column that does not vary but for rounding. */
  readonly scale: number;
  /** True when every value is 0 or 1. */
  readonly flags: boolean;
  /** The first row that holds an infinite value; -1 when none does. */
  readonly infiniteAt: number;
}

/** Values brought to the kernel at a time: they stay in the processor's cache, and no second copy of the table is made. */
const PIECE = 1 << 15;

interface MomentsKernel {
  moments(values: number, count: number, seen: number): void;
}

/** Looks at columns with the `dense` kernel, in memory that they share. */
export class MomentsReader {
  readonly #lease: Lease;
  readonly #kernel: MomentsKernel;
  readonly #piece: number;
  readonly #seen: number;

  constructor(lease: Lease) {
    this.#lease = lease;
    this.#kernel = lease.kernel<MomentsKernel>("dense");
    this.#piece = lease.alloc(8 * PIECE);
    this.#seen = lease.alloc(64);
  }

  of(values: Float64Array | Uint8Array): Moments {
    const seen = this.#lease.f64(this.#seen, 5).fill(0);
    const piece = this.#lease.f64(this.#piece, PIECE);
    for (let from = 0; from < values.length; from += PIECE) {
      const some = values.subarray(from, from + PIECE);
      piece.set(some);
      this.#kernel.moments(this.#piece, some.length, this.#seen);
    }
    const [count, mean, squares, other, infinite] = seen;
    const infiniteAt = infinite === 0 ? -1 : values.findIndex((value) => value === Infinity || value === -Infinity);
    return { ...deviation(count, mean, squares), missing: values.length - count, flags: other === 0, infiniteAt };
  }
}

function deviation(count: number, mean: number, squares: number): { count: number; mean: number; scale: number } {
  if (count === 0) return { count, mean: 0, scale: 1 };
  const variance = Math.max(0, squares / count);
  // scikit-learn's bound for "does not vary but for rounding": n eps var + (n mean eps)^2.
  const bound = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) * (count * mean * Number.EPSILON);
  const root = Math.sqrt(variance);
  // Adding 0 makes a negative zero, which JSON does not keep, a plain one.
  return { count, mean: mean + 0, scale: variance <= bound || root < 10 * Number.EPSILON ? 1 : root };
}
