/**
 * The function that logistic regression minimises, with its slope and curvature.
 *
 * Mean log loss of the weighted rows plus `penalty / 2` times the squared coefficients; intercepts are not penalised.
 * Two classes have one vector of coefficients (of the second class), more have one each.
 */
import { addColumns, addProducts, addScores, type Design } from "./design.js";

/** Parameters are laid out vector after vector: `width` coefficients, then the intercept. */
export class LogisticLoss {
  readonly size: number;
  /** Vectors of coefficients. */
  readonly vectors: number;
  readonly #design: Design;
  readonly #labels: Int32Array;
  readonly #weights: Float64Array;
  readonly #total: number;
  readonly #penalty: number;
  readonly #fitIntercept: boolean;
  /** Per vector the probability of each row, as of the last evaluation. */
  readonly #probabilities: Float64Array[];

  constructor(design: Design, labels: Int32Array, classes: number, weights: Float64Array, penalty: number, fitIntercept: boolean) {
    this.#design = design;
    this.#labels = labels;
    this.#weights = weights;
    this.#total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#penalty = penalty / this.#total;
    this.#fitIntercept = fitIntercept;
    this.vectors = classes === 2 ? 1 : classes;
    this.size = this.vectors * (design.width + 1);
    this.#probabilities = Array.from({ length: this.vectors }, () => new Float64Array(design.rows));
  }

  /** The value at `at`; writes the slope into `gradient`. */
  evaluate(at: Float64Array, gradient: Float64Array): number {
    const { rows, width } = this.#design;
    const step = width + 1;
    for (let k = 0; k < this.vectors; k++) {
      const scores = this.#probabilities[k].fill(this.#fitIntercept ? at[k * step + width] : 0);
      addScores(this.#design, at, k * step, scores);
    }
    let loss = this.vectors === 1 ? this.#twoClasses() : this.#manyClasses();
    loss /= this.#total;
    gradient.fill(0);
    const factors = new Float64Array(rows);
    for (let k = 0; k < this.vectors; k++) {
      const probabilities = this.#probabilities[k];
      const own = this.vectors === 1 ? 1 : k;
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        factors[i] = (this.#weights[i] * (probabilities[i] - (this.#labels[i] === own ? 1 : 0))) / this.#total;
        sum += factors[i];
      }
      addColumns(this.#design, factors, k * step, gradient);
      if (this.#fitIntercept) gradient[k * step + width] = sum;
      for (let j = 0; j < width; j++) {
        const value = at[k * step + j];
        loss += (this.#penalty * value * value) / 2;
        gradient[k * step + j] += this.#penalty * value;
      }
    }
    return loss;
  }

  /** Turns scores into probabilities and returns the summed loss. */
  #twoClasses(): number {
    const scores = this.#probabilities[0];
    let loss = 0;
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i];
      const small = Math.exp(-Math.abs(score));
      // log(1 + e^score) - label * score, without overflow.
      loss += this.#weights[i] * (Math.log1p(small) + (score > 0 ? score : 0) - (this.#labels[i] === 1 ? score : 0));
      scores[i] = score >= 0 ? 1 / (1 + small) : small / (1 + small);
    }
    return loss;
  }

  #manyClasses(): number {
    const all = this.#probabilities;
    let loss = 0;
    for (let i = 0; i < this.#design.rows; i++) {
      let top = -Infinity;
      for (let k = 0; k < all.length; k++) if (all[k][i] > top) top = all[k][i];
      const own = all[this.#labels[i]][i];
      let sum = 0;
      for (let k = 0; k < all.length; k++) {
        all[k][i] = Math.exp(all[k][i] - top);
        sum += all[k][i];
      }
      for (let k = 0; k < all.length; k++) all[k][i] /= sum;
      loss += this.#weights[i] * (Math.log(sum) + top - own);
    }
    return loss;
  }

  /** The curvature where `evaluate` was last called: the lower half of a row-major matrix of `size`. */
  curvature(): Float64Array {
    const { rows, width } = this.#design;
    const step = width + 1;
    const { size } = this;
    const out = new Float64Array(size * size);
    const block = new Float64Array(step * step);
    const factors = new Float64Array(rows);
    for (let k = 0; k < this.vectors; k++) {
      for (let l = 0; l <= k; l++) {
        const a = this.#probabilities[k];
        const b = this.#probabilities[l];
        for (let i = 0; i < rows; i++) factors[i] = (this.#weights[i] * a[i] * ((k === l ? 1 : 0) - b[i])) / this.#total;
        block.fill(0);
        addProducts(this.#design, factors, block);
        for (let r = 0; r < step; r++) {
          for (let c = 0; c < step; c++) {
            out[(k * step + r) * size + l * step + c] = c <= r ? block[r * step + c] : block[c * step + r];
          }
        }
      }
    }
    let trace = 0;
    for (let p = 0; p < size; p++) trace += out[p * size + p];
    for (let k = 0; k < this.vectors; k++) {
      for (let r = 0; r < step; r++) {
        const p = k * step + r;
        out[p * size + p] += r < width ? this.#penalty : 0;
        // Directions that change nothing (all intercepts of several classes together, columns that add up to one) get
        // a trace of curvature, which moves the steps within them alone.
        out[p * size + p] += (1e-11 * trace) / size + 1e-300;
      }
      if (!this.#fitIntercept) {
        const p = k * step + width;
        for (let c = 0; c < size; c++) {
          if (c <= p) out[p * size + c] = 0;
          if (c >= p) out[c * size + p] = 0;
        }
        out[p * size + p] = 1;
      }
    }
    return out;
  }
}
