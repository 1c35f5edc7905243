/**
 * Training rows to judge a model in training by.
 */
import { applyLink } from "./link.js";
import type { JudgedRows } from "./losses.js";
import type { Objective, ObjectiveRows } from "./objective.js";

/** More rows than this say no more of a training curve, and would cost as much as the trees do. */
const MOST_ROWS = 10_000;

/** Evenly spaced training rows, or the first groups of a ranking, with their current predictions. */
export class TrainingSample {
  readonly rows: JudgedRows;
  readonly #at: Uint32Array;
  readonly #count: number;
  readonly #objective: Objective;
  readonly #offset: Float64Array | null;
  readonly #predictions: Float64Array;

  /**
   * @param shifted targets as the scores are compared with.
   * @param labels whether the target is the place of a label.
   */
  constructor({ count, target, weights, groups }: ObjectiveRows, shifted: Float64Array, objective: Objective, labels: boolean) {
    this.#count = count;
    this.#objective = objective;
    this.#at = groups === null ? evenly(count) : firstGroups(groups);
    const take = (values: Float64Array): Float64Array => Float64Array.from(this.#at, (row) => values[row]);
    this.rows = {
      count: this.#at.length,
      target: take(target),
      codes: labels ? Int32Array.from(take(target)) : null,
      weights: weights === null ? null : take(weights),
      groups: groups === null ? null : groups.filter((from) => from <= this.#at.length),
    };
    this.#offset = objective.shifts ? Float64Array.from(this.#at, (row) => target[row] - shifted[row]) : null;
    this.#predictions = new Float64Array(this.#at.length * objective.outputs);
  }

  /** Predictions of the sample from all training rows' scores; the same array each time. */
  predictions(scores: Float32Array): Float64Array {
    const { outputs, link } = this.#objective;
    const out = this.#predictions;
    for (let i = 0; i < this.#at.length; i++) {
      const offset = this.#offset === null ? 0 : this.#offset[i];
      for (let k = 0; k < outputs; k++) out[i * outputs + k] = offset + scores[k * this.#count + this.#at[i]];
    }
    return applyLink(link, out, outputs);
  }
}

function evenly(count: number): Uint32Array {
  const rows = Math.min(count, MOST_ROWS);
  return Uint32Array.from({ length: rows }, (_, i) => Math.floor((i * count) / rows));
}

function firstGroups(groups: Uint32Array): Uint32Array {
  let end = groups[1];
  for (const next of groups) if (next <= MOST_ROWS) end = Math.max(end, next);
  return Uint32Array.from({ length: end }, (_, i) => i);
}
