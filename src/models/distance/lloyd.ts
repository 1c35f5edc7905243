/**
 * k-means: starts and Lloyd's iterations, on points in memory.
 */
import type { RandomStream } from "../../random/index.js";
import { JOB_WORDS, type PointMemory } from "./point-memory.js";

export interface Clustering {
  /** Row after row, `columns` values each, in the places of the points. */
  readonly centers: Float64Array;
  readonly labels: Int32Array;
  /** The weighted sum of squared distances to the own centre. */
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** A job of the kernel with places for `count` points, and what it works on. */
export class Clusters {
  readonly points: PointMemory;
  readonly count: number;
  readonly #job: number;
  readonly #centers: number;
  readonly #halves: number;
  readonly #labels: number;
  readonly #partial: number;
  readonly #distances: number;
  readonly #closest: number;
  readonly #weights: Float64Array | null;
  readonly #candidates: number;

  /** @param weights null for ones. */
  constructor(points: PointMemory, count: number, weights: Float64Array | null) {
    const { lease, rows, columns, padded, blocks, blockRows } = points;
    this.points = points;
    this.count = count;
    this.#weights = weights;
    this.#candidates = 2 + Math.floor(Math.log(count));
    const most = Math.max(count, this.#candidates);
    this.#job = lease.alloc(4 * JOB_WORDS);
    this.#centers = lease.alloc(8 * most * columns);
    this.#halves = lease.alloc(8 * count);
    this.#labels = lease.alloc(4 * padded);
    this.#partial = lease.alloc(8 * blocks * Math.max(count * (columns + 1), this.#candidates));
    this.#distances = lease.alloc(8 * padded * this.#candidates);
    this.#closest = lease.alloc(8 * padded);
    let weightsAt = 0;
    if (weights !== null) {
      weightsAt = lease.alloc(8 * rows);
      lease.f64(weightsAt, rows).set(weights);
    }
    lease.u32(this.#job, JOB_WORDS).set([0, points.at, rows, padded, columns, this.#centers, count, this.#halves, this.#labels, weightsAt, blockRows, this.#partial, this.#distances, this.#closest, 0]);
  }

  /**
   * Starts far apart: each next one is drawn with a chance that grows with the squared distance to those before, the best
   * of a few draws.
   *
   * Source: D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding" (2007), with the several draws a
   * step that scikit-learn makes.
   */
  plusPlus(random: RandomStream): Float64Array {
    const { lease, kernel, rows, columns, padded, blocks, blockRows } = this.points;
    const weights = this.#weights;
    const starts = new Float64Array(this.count * columns);
    let total = 0;
    for (let i = 0; i < rows; i++) total += weights === null ? 1 : weights[i];
    let first = rows - 1;
    for (let i = 0, left = random.next() * total; i < rows; i++) {
      left -= weights === null ? 1 : weights[i];
      if (left < 0) {
        first = i;
        break;
      }
    }
    lease.f64(this.#closest, padded).fill(Infinity);
    let candidates = [first];
    let sums: number[] = [];
    for (let c = 0; c < this.count; c++) {
      const places = lease.f64(this.#centers, candidates.length * columns);
      candidates.forEach((row, k) => this.#copyPoint(row, places, k * columns));
      lease.u32(this.#job, 7)[6] = candidates.length;
      kernel.nearer(this.#job);
      const partial = lease.f64(this.#partial, blocks * candidates.length);
      let best = 0;
      let least = Infinity;
      candidates.forEach((_, k) => {
        let sum = 0;
        for (let block = 0; block < blocks; block++) sum += partial[block * candidates.length + k];
        if (sum < least) {
          least = sum;
          best = k;
        }
      });
      this.#copyPoint(candidates[best], starts, c * columns);
      sums = Array.from({ length: blocks }, (_, block) => partial[block * candidates.length + best]);
      const closest = lease.f64(this.#closest, padded);
      closest.set(lease.f64(this.#distances + 8 * padded * best, padded));
      candidates = Array.from({ length: this.#candidates }, () => draw(random.next() * least, sums, closest, weights, blockRows, rows));
    }
    return starts;
  }

  /** Rows drawn at random, each at most once, as starts. */
  randomRows(random: RandomStream): Float64Array {
    const { rows, columns } = this.points;
    const starts = new Float64Array(this.count * columns);
    random.choice(rows, this.count).forEach((row, c) => this.#copyPoint(row, starts, c * columns));
    return starts;
  }

  #copyPoint(row: number, out: Float64Array, from: number): void {
    for (let c = 0; c < this.points.columns; c++) out[from + c] = this.points.column(c)[row];
  }

  /**
   * Lloyd's iterations from these starts, until no label changes or the centres move by less than `tol` (squared, summed).
   * A centre that loses all its rows is put on the row farthest from its own, as in scikit-learn.
   */
  lloyd(starts: Float64Array, maxIter: number, tol: number, onStep: () => void): Clustering {
    const { lease, kernel, rows, columns } = this.points;
    const { count } = this;
    let centers = starts;
    let before: Int32Array | null = null;
    let strict = false;
    let converged = false;
    let iterations = 0;
    while (iterations < maxIter && !converged) {
      iterations++;
      this.#assign(centers);
      const labels = lease.i32(this.#labels, rows);
      const sums = lease.f64(this.#partial, count * (columns + 1)).slice();
      this.#fillEmpty(sums);
      const next = new Float64Array(count * columns);
      let moved = 0;
      for (let k = 0; k < count; k++) {
        const weight = sums[k * (columns + 1) + columns];
        for (let c = 0; c < columns; c++) {
          const at = k * columns + c;
          next[at] = weight > 0 ? sums[k * (columns + 1) + c] / weight : centers[at];
          moved += (next[at] - centers[at]) * (next[at] - centers[at]);
        }
      }
      centers = next;
      strict = before !== null && same(before, labels);
      converged = strict || moved <= tol;
      before = labels.slice();
      onStep();
    }
    // The labels of the last centres, unless they are those already.
    if (!strict) this.#assign(centers);
    else this.#setCenters(centers);
    const inertia = kernel.inertia(this.#job);
    return { centers, labels: lease.i32(this.#labels, rows).slice(), inertia, iterations, converged };
  }

  #setCenters(centers: Float64Array): void {
    const { lease, columns } = this.points;
    lease.f64(this.#centers, this.count * columns).set(centers);
    const halves = lease.f64(this.#halves, this.count);
    for (let k = 0; k < this.count; k++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += centers[k * columns + c] * centers[k * columns + c];
      halves[k] = sum / 2;
    }
    lease.u32(this.#job, 7)[6] = this.count;
  }

  #assign(centers: Float64Array): void {
    this.#setCenters(centers);
    this.points.kernel.assign(this.#job);
  }

  /** The nearest of these centres to every row. */
  label(centers: Float64Array): Int32Array {
    this.#assign(centers);
    return this.points.lease.i32(this.#labels, this.points.rows).slice();
  }

  #fillEmpty(sums: Float64Array): void {
    const { lease, kernel, rows, columns } = this.points;
    const wide = columns + 1;
    const empty = Array.from({ length: this.count }, (_, k) => k).filter((k) => sums[k * wide + columns] === 0);
    if (empty.length === 0) return;
    const labels = lease.i32(this.#labels, rows).slice();
    kernel.inertia(this.#job);
    const distances = lease.f64(this.#distances, rows).slice();
    const far = Array.from(distances.keys()).sort((a, b) => distances[b] - distances[a] || a - b);
    empty.forEach((k, e) => {
      const row = far[e];
      if (row === undefined || distances[row] === 0) return;
      const weight = this.#weights === null ? 1 : this.#weights[row];
      for (let c = 0; c < columns; c++) {
        const value = weight * this.points.column(c)[row];
        sums[k * wide + c] = value;
        sums[labels[row] * wide + c] -= value;
      }
      sums[k * wide + columns] = weight;
      sums[labels[row] * wide + columns] -= weight;
    });
  }
}

/** The row where the running sum of weighted squared distances passes `left`. */
function draw(left: number, sums: readonly number[], closest: Float64Array, weights: Float64Array | null, blockRows: number, rows: number): number {
  let block = 0;
  while (block < sums.length - 1 && left >= sums[block]) left -= sums[block++];
  const end = Math.min(rows, (block + 1) * blockRows);
  let last = Math.min(rows - 1, block * blockRows);
  for (let i = block * blockRows; i < end; i++) {
    const share = weights === null ? closest[i] : closest[i] * weights[i];
    if (share > 0) last = i;
    left -= share;
    if (left < 0) return i;
  }
  return last;
}

function same(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
