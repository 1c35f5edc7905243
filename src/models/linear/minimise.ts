/**
 * The minimum of a smooth convex function: by Newton's method, or by L-BFGS that starts from a matrix which bounds the
 * curvature.
 */
import type { SymmetricSolver } from "./solve.js";

/** A function with its slope, and its curvature where it was last evaluated. */
export interface SmoothFunction {
  readonly size: number;
  evaluate(at: Float64Array, gradient: Float64Array): number;
  /** Writes the lower half of a row-major matrix of `size`. */
  curvature(out: Float64Array): void;
}

/** How to get from a slope to a step: by the curvature of all parameters, or by one matrix for each `solver.size` of them. */
export interface Steps {
  readonly method: "newton" | "lbfgs";
  /** For Newton's method of the size of the function. For L-BFGS it holds a matrix already, which the steps start from, or there is none. */
  readonly solver: SymmetricSolver | null;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly iterations: number;
  /** False when the slope was not below the tolerance after the last iteration. */
  readonly converged: boolean;
  readonly method: "newton" | "lbfgs";
}

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
export function minimise(target: SmoothFunction, { method, solver }: Steps, maxIter: number, tolerance: number, onStep: (done: number) => void = () => {}): Minimum {
  const memory = new Corrections(MEMORY);
  const curvature = method === "newton" && solver !== null ? new Float64Array(target.size * target.size) : null;
  let at = new Float64Array(target.size);
  let gradient = new Float64Array(target.size);
  let value = target.evaluate(at, gradient);
  for (let iteration = 0; iteration < maxIter; iteration++) {
    if (largest(gradient) <= tolerance) return { at, iterations: iteration, converged: true, method };
    const step = (curvature === null || solver === null ? null : newtonStep(target, solver, curvature, gradient)) ?? memory.apply(gradient, method === "lbfgs" ? solver : null);
    const slope = -dot(step, gradient);
    const direction = slope < 0 ? step : gradient;
    const promised = slope < 0 ? slope : -dot(gradient, gradient);
    const next = new Float64Array(target.size);
    const nextGradient = new Float64Array(target.size);
    let found = false;
    let nextValue = value;
    // Without a matrix the first step knows no scale.
    const first = solver === null && iteration === 0 ? Math.min(1, 1 / largest(gradient)) : 1;
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

function newtonStep(target: SmoothFunction, solver: SymmetricSolver, curvature: Float64Array, gradient: Float64Array): Float64Array | null {
  target.curvature(curvature);
  return solver.factor(curvature) ? solver.solve(gradient) : null;
}

/** Each stretch of the slope, as long as the solver's matrix, by itself. */
function solveInParts(solver: SymmetricSolver, step: Float64Array): void {
  for (let start = 0; start < step.length; start += solver.size) {
    const part = solver.solve(step.subarray(start, start + solver.size));
    if (part !== null) step.set(part, start);
  }
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

  apply(gradient: Float64Array, start: SymmetricSolver | null): Float64Array {
    const step = gradient.slice();
    const shares: number[] = [];
    for (let m = this.#steps.length - 1; m >= 0; m--) {
      shares[m] = dot(this.#steps[m], step) / dot(this.#steps[m], this.#changes[m]);
      for (let i = 0; i < step.length; i++) step[i] -= shares[m] * this.#changes[m][i];
    }
    const last = this.#steps.length - 1;
    if (start !== null) {
      solveInParts(start, step);
    } else if (last >= 0) {
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
