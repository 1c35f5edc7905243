/**
 * The function that logistic regression minimises, with its slope and curvature.
 *
 * Mean log loss of the weighted rows plus `penalty / 2` times the squared coefficients; intercepts are not penalised.
 * Two classes have one vector of coefficients (of the second class), more have one each.
 */
import { CHUNK_ROWS, type DesignMemory } from "./design-memory.js";
import type { SmoothFunction } from "./minimise.js";

/** Parameters are laid out vector after vector: `width` coefficients, then the intercept. */
export class LogisticLoss implements SmoothFunction {
  readonly size: number;
  /** Vectors of coefficients. */
  readonly vectors: number;
  readonly #memory: DesignMemory;
  /** The weights, summed: what the loss is divided by. */
  readonly total: number;
  readonly #penalty: number;
  readonly #fitIntercept: boolean;
  /** Vectors in memory: an even number when there are several. */
  readonly #laid: number;
  readonly #at: { job: number; dense: number; codes: number[]; residuals: number; curvature: number; slopes: number; codeSlopes: number[]; factor: number };
  readonly #block: Float64Array;

  constructor(memory: DesignMemory, labels: Int32Array, classes: number, weights: Float64Array, penalty: number, fitIntercept: boolean) {
    const { lease, stride, design } = memory;
    const { rows, width, codes } = design;
    this.#memory = memory;
    this.total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#penalty = penalty / this.total;
    this.#fitIntercept = fitIntercept;
    this.vectors = classes === 2 ? 1 : classes;
    this.size = this.vectors * (width + 1);
    this.#laid = this.vectors === 1 ? 1 : this.vectors + (this.vectors % 2);
    this.#block = new Float64Array((width + 1) * (width + 1));
    const laid = this.#laid;
    const chunks = Math.ceil(rows / CHUNK_ROWS);
    const tables = (): number[] => codes.map(({ places }) => lease.alloc(8 * (places.length + 1) * laid));
    const job = lease.alloc(64);
    const labelsAt = lease.alloc(4 * rows);
    const weightsAt = lease.alloc(8 * rows);
    const dense = lease.alloc(8 * stride * laid);
    const residuals = lease.alloc(8 * rows * laid);
    const curvature = lease.alloc(8 * rows);
    const losses = lease.alloc(8 * chunks);
    const slopes = lease.alloc(8 * chunks * laid * stride);
    const codeTables = tables();
    const codeSlopes = tables();
    const addresses = lease.alloc(8 * codes.length);
    lease.i32(labelsAt, rows).set(labels);
    lease.f64(weightsAt, rows).set(weights);
    lease.f64(dense, stride * laid).fill(0);
    lease.u32(addresses, 2 * codes.length).set([...codeTables, ...codeSlopes]);
    codes.forEach(({ places }, c) => lease.f64(codeTables[c], (places.length + 1) * laid).fill(0));
    lease.u32(job, 14).set([0, memory.header, laid, this.vectors === 1 ? 2 : this.vectors, labelsAt, weightsAt, dense, addresses, residuals, curvature, CHUNK_ROWS, losses, slopes, addresses + 4 * codes.length]);
    this.#at = { job, dense, codes: codeTables, residuals, curvature, slopes, codeSlopes, factor: this.vectors === 1 ? curvature : lease.alloc(8 * rows) };
    this.#weightsAt = weightsAt;
  }

  readonly #weightsAt: number;

  /** The value at `at`; writes the slope into `gradient`. */
  evaluate(at: Float64Array, gradient: Float64Array): number {
    const { lease, stride, denseColumns, design, kernel } = this.#memory;
    const { width, codes } = design;
    const laid = this.#laid;
    const step = width + 1;
    const place = this.#at;
    const dense = lease.f64(place.dense, stride * laid);
    const tables = codes.map(({ places }, c) => lease.f64(place.codes[c], places.length * laid));
    for (let v = 0; v < this.vectors; v++) {
      denseColumns.forEach((column, j) => {
        dense[v * stride + j] = column === width && !this.#fitIntercept ? 0 : at[v * step + column];
      });
      codes.forEach(({ places }, c) => {
        for (let level = 0; level < places.length; level++) tables[c][level * laid + v] = at[v * step + places[level]];
      });
    }
    const total = this.total;
    let loss = kernel.logistic(place.job) / total;
    const slopes = lease.f64(place.slopes, stride * laid);
    const slopeTables = codes.map(({ places }, c) => lease.f64(place.codeSlopes[c], places.length * laid));
    for (let v = 0; v < this.vectors; v++) {
      denseColumns.forEach((column, j) => {
        gradient[v * step + column] = slopes[v * stride + j] / total;
      });
      codes.forEach(({ places }, c) => {
        for (let level = 0; level < places.length; level++) gradient[v * step + places[level]] = slopeTables[c][level * laid + v] / total;
      });
      if (!this.#fitIntercept) gradient[v * step + width] = 0;
      for (let j = 0; j < width; j++) {
        const value = at[v * step + j];
        loss += (this.#penalty * value * value) / 2;
        gradient[v * step + j] += this.#penalty * value;
      }
    }
    return loss;
  }

  /** The curvature where `evaluate` was last called: the lower half of a row-major matrix of `size`. */
  curvature(out: Float64Array): void {
    const { width } = this.#memory.design;
    const step = width + 1;
    const { size } = this;
    const block = this.#block;
    for (let v = 0; v < this.vectors; v++) {
      for (let w = 0; w <= v; w++) {
        if (this.vectors > 1) this.#pairFactor(v, w);
        this.#memory.products(this.#at.factor, block);
        for (let r = 0; r < step; r++) {
          const row = (v * step + r) * size + w * step;
          for (let c = 0; c <= r; c++) out[row + c] = block[r * step + c] / this.total;
          if (v !== w) for (let c = r + 1; c < step; c++) out[row + c] = block[c * step + r] / this.total;
        }
      }
    }
    let trace = 0;
    for (let p = 0; p < size; p++) trace += out[p * size + p];
    for (let v = 0; v < this.vectors; v++) {
      for (let r = 0; r < step; r++) {
        const p = v * step + r;
        out[p * size + p] += r < width ? this.#penalty : 0;
        // Directions that change nothing (all intercepts of several classes together, columns that add up to one) get
        // a trace of curvature, which moves the steps within them alone.
        out[p * size + p] += (1e-11 * trace) / size + 1e-300;
      }
      if (!this.#fitIntercept) {
        const p = v * step + width;
        for (let c = 0; c < size; c++) {
          if (c <= p) out[p * size + c] = 0;
          if (c >= p) out[c * size + p] = 0;
        }
        out[p * size + p] = 1;
      }
    }
  }

  /**
   * Twice the curvature of one class at even odds, which no curvature of any class exceeds: what steps of L-BFGS
   * start from. The lower half of a row-major matrix of `width + 1`.
   */
  bound(out: Float64Array): void {
    const { width } = this.#memory.design;
    const step = width + 1;
    this.#memory.products(this.#weightsAt, out);
    const share = (this.vectors === 1 ? 0.25 : 0.5) / this.total;
    let trace = 0;
    for (let r = 0; r < step; r++) {
      for (let c = 0; c <= r; c++) out[r * step + c] *= share;
      trace += out[r * step + r];
    }
    for (let r = 0; r < step; r++) out[r * step + r] += (r < width ? this.#penalty : 0) + (1e-9 * trace) / step + 1e-300;
    if (!this.#fitIntercept) {
      for (let c = 0; c < width; c++) out[width * step + c] = 0;
      out[width * step + width] = 1;
    }
  }

  /** Weight times p_v ((v = w) - p_w) of each row, from the residuals, which are weight times (p - 1 of the own class). */
  #pairFactor(v: number, w: number): void {
    const { lease, design } = this.#memory;
    const { rows } = design;
    const laid = this.#laid;
    const residuals = lease.f64(this.#at.residuals, rows * laid);
    const weights = lease.f64(this.#weightsAt, rows);
    const labels = lease.i32(lease.u32(this.#at.job, 5)[4], rows);
    const factor = lease.f64(this.#at.factor, rows);
    for (let i = 0; i < rows; i++) {
      const weight = weights[i];
      if (weight === 0) {
        factor[i] = 0;
        continue;
      }
      const a = residuals[i * laid + v] / weight + (labels[i] === v ? 1 : 0);
      const b = residuals[i * laid + w] / weight + (labels[i] === w ? 1 : 0);
      factor[i] = weight * a * ((v === w ? 1 : 0) - b);
    }
  }
}
