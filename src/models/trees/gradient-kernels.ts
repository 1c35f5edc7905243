/**
 * Derivatives in single precision, every step rounded as the kernels' lanes round it: the same bits as theirs.
 */
import type { GradientKernel } from "./grower.js";

/** Whether the engine computes these derivatives for so many outputs. */
export function hasKernel(kernel: GradientKernel, outputs: number): boolean {
  return kernel === "softmax" || outputs === 1;
}

const f = Math.fround;

/** 1.5 x 2^23: adding and taking it away rounds a small single-precision number to a whole one, ties to even. */
const ROUNDER = 12582912;

const LOG2_E = f(1.44269504);
const LN2_HIGH = f(0.693359375);
const LN2_LOW = f(-2.1219444e-4);
const POLYNOMIAL = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1].map(f);

const word = new Int32Array(1);
const single = new Float32Array(word.buffer);

/**
 * e to the x in single precision, within two units in the last place: range reduction by ln 2 in two parts and a
 * polynomial of degree 7 (coefficients of Moshier's Cephes library).
 */
export function expSingle(x: number): number {
  x = Math.min(Math.max(x, -87), 88);
  const n = f(f(f(x * LOG2_E) + ROUNDER) - ROUNDER);
  let r = f(x - f(n * LN2_HIGH));
  r = f(r - f(n * LN2_LOW));
  let p = POLYNOMIAL[0];
  for (let i = 1; i < POLYNOMIAL.length; i++) p = f(f(p * r) + POLYNOMIAL[i]);
  p = f(f(f(p * f(r * r)) + r) + 1);
  word[0] = (n + 127) << 23;
  return f(p * single[0]);
}

/** Fills in the derivatives of all outputs; output k of row i is at `k * rows + i`. */
export function fillByKernel(kernel: GradientKernel, parameter: number, rows: number, outputs: number, target: Float32Array, weights: Float32Array | null, scores: Float32Array, gradients: Float32Array, hessians: Float32Array): void {
  const factor = f(parameter);
  const shares = new Float32Array(outputs);
  for (let i = 0; i < rows; i++) {
    const weight = weights === null ? 1 : weights[i];
    if (kernel !== "softmax") {
      const { first, second } = derivatives(kernel, parameter, scores[i], target[i]);
      gradients[i] = f(first * weight);
      hessians[i] = f(second * weight);
    } else {
      let largest = scores[i];
      for (let k = 1; k < outputs; k++) largest = Math.max(largest, scores[k * rows + i]);
      let sum = 0;
      for (let k = 0; k < outputs; k++) {
        shares[k] = expSingle(f(scores[k * rows + i] - largest));
        sum = f(sum + shares[k]);
      }
      for (let k = 0; k < outputs; k++) {
        const p = f(shares[k] / sum);
        gradients[k * rows + i] = f(f(p - (target[i] === k ? 1 : 0)) * weight);
        hessians[k * rows + i] = f(f(factor * f(p * f(1 - p))) * weight);
      }
    }
  }
}

/** First and second derivative of a loss of one score. */
function derivatives(kernel: Exclude<GradientKernel, "softmax">, parameter: number, score: number, target: number): { first: number; second: number } {
  const single = f(parameter);
  const difference = f(score - target);
  switch (kernel) {
    case "squared":
      return { first: difference, second: 1 };
    case "absolute":
      return { first: Math.sign(difference), second: 1 };
    case "huber":
      return { first: Math.max(-single, Math.min(single, difference)), second: 1 };
    case "quantile":
      return { first: difference >= 0 ? f(1 - parameter) : -single, second: 1 };
    case "fair": {
      const size = f(Math.abs(difference) + single);
      return { first: f(f(single * difference) / size), second: f(f(single * single) / f(size * size)) };
    }
    case "poisson": {
      const mean = expSingle(score);
      return { first: f(mean - target), second: f(mean * single) };
    }
    case "gamma": {
      const ratio = f(target * expSingle(-score));
      return { first: f(1 - ratio), second: ratio };
    }
    case "tweedie": {
      const below = f(1 - parameter);
      const above = f(2 - parameter);
      const scaled = f(target * expSingle(f(below * score)));
      const mean = expSingle(f(above * score));
      return { first: f(mean - scaled), second: f(f(above * mean) - f(below * scaled)) };
    }
    case "logistic": {
      const p = f(1 / f(1 + expSingle(-score)));
      return { first: f(p - target), second: f(p * f(1 - p)) };
    }
  }
}
