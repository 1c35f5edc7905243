/**
 * The minimum of a smooth convex function: Newton's method where its curvature fits, L-BFGS where it does not.
 */
import { solveSymmetric } from "./solve.js";

/** A function with its slope, and its curvature where it was last evaluated. */
export interface SmoothFunction {
  readonly size: number;
  evaluate(at: Float64Array, gradient: Float64Array): number;
  curvature(): Float64Array;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly iterations: number;
  /** False when the slope was not below the tolerance after the last iteration. */
  readonly converged: boolean;
  readonly method: "newton" | "lbfgs";
}

/** Up to this many parameters a Cholesky step of Newton's method is quicker than the many steps of L-BFGS. */
const MOST_FOR_NEWTON = 600;
/** Corrections that L-BFGS remembers. */
const MEMORY = 10;
/** Share of the promised decrease that a step has to keep (Armijo). */
const SUFFICIENT = 1e-4;
const SHORTEST_STEP = 1e-12;

/**
 * Looks for the minimum from zero.
 *
 * Sources: Nocedal and Wright, "Numerical Optimization" (2006), algorithms 3.2 and 7.5.
 *
 * @param tolerance the largest slope that counts as flat.
 */
export function minimise(target: SmoothFunction, maxIter: number, tolerance: number, onStep: (done: number) => void = () => {}): Minimum {
  const method = target.size <= MOST_FOR_NEWTON ? "newton" : "lbfgs";
  const memory = new Corrections(MEMORY);
  let at = new Float64Array(target.size);
  let gradient = new Float64Array(target.size);
  let value = target.evaluate(at, gradient);
  for (let iteration = 0; iteration < maxIter; iteration++) {
    if (largest(gradient) <= tolerance) return { at, iterations: iteration, converged: true, method };
    const newton = method === "newton" ? solveSymmetric(target.curvature(), gradient) : null;
    const step = newton ?? memory.apply(gradient);
    const slope = -dot(step, gradient);
    const direction = slope < 0 ? step : gradient;
    const promised = slope < 0 ? slope : -dot(gradient, gradient);
    const first = method === "lbfgs" && memory.isEmpty ? Math.min(1, 1 / largest(gradient)) : 1;
    const next = new Float64Array(target.size);
    const nextGradient = new Float64Array(target.size);
    let found = false;
    let nextValue = value;
    for (let length = first; length >= SHORTEST_STEP; length /= 2) {
      for (let i = 0; i < next.length; i++) next[i] = at[i] - length * direction[i];
      nextValue = target.evaluate(next, nextGradient);
      // Near the minimum the decrease drowns in rounding: a step that flattens the slope is as good.
      if (nextValue <= value + SUFFICIENT * length * promised || (nextValue <= value + 1e-13 * Math.abs(value) && largest(nextGradient) < largest(gradient))) {
        found = true;
        break;
      }
    }
    if (!found) return { at, iterations: iteration, converged: false, method };
    memory.add(next, at, nextGradient, gradient);
    at = next;
    gradient = nextGradient;
    value = nextValue;
    onStep(iteration + 1);
  }
  return { at, iterations: maxIter, converged: largest(gradient) <= tolerance, method };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The last steps of L-BFGS, and the step they suggest. */
class Corrections {
  readonly #most: number;
  readonly #steps: Float64Array[] = [];
  readonly #changes: Float64Array[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  add(next: Float64Array, at: Float64Array, nextGradient: Float64Array, gradient: Float64Array): void {
    const step = next.map((value, i) => value - at[i]);
    const change = nextGradient.map((value, i) => value - gradient[i]);
    if (!(dot(step, change) > 1e-300)) return;
    this.#steps.push(step);
    this.#changes.push(change);
    if (this.#steps.length > this.#most) {
      this.#steps.shift();
      this.#changes.shift();
    }
  }

  apply(gradient: Float64Array): Float64Array {
    const step = gradient.slice();
    const shares: number[] = [];
    for (let m = this.#steps.length - 1; m >= 0; m--) {
      shares[m] = dot(this.#steps[m], step) / dot(this.#steps[m], this.#changes[m]);
      for (let i = 0; i < step.length; i++) step[i] -= shares[m] * this.#changes[m][i];
    }
    const last = this.#steps.length - 1;
    if (last >= 0) {
      const scale = dot(this.#steps[last], this.#changes[last]) / dot(this.#changes[last], this.#changes[last]);
      for (let i = 0; i < step.length; i++) step[i] *= scale;
    }
    for (let m = 0; m < this.#steps.length; m++) {
      const share = dot(this.#changes[m], step) / dot(this.#steps[m], this.#changes[m]);
      for (let i = 0; i < step.length; i++) step[i] += (shares[m] - share) * this.#steps[m][i];
    }
    return step;
  }
}
