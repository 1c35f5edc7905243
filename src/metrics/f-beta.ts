/**
 * F-beta: precision and recall in one number, with recall counting beta times as much.
 */
import { RunlabError } from "../errors.js";
import { AVERAGE_OPTIONS, averaged } from "./averaging.js";
import type { AverageOptions } from "./averaging.js";
import { labelMetric } from "./define.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

/** Options of `fBeta`. */
export interface FBetaOptions extends AverageOptions {
  /** How many times as much recall counts as precision, above 0. Default 2. */
  beta?: number;
}

export const fBetaMetric = labelMetric<Pick<FBetaOptions, "average" | "positive" | "beta">>({
  name: "fBeta",
  summary: "precision and recall, recall counting beta times as much",
  greaterIsBetter: true,
  perfect: 1,
  options: { ...AVERAGE_OPTIONS, beta: true },
  of(rows, options) {
    const { beta = 2 } = options;
    if (typeof beta !== "number" || !(beta > 0 && beta < Infinity)) throw new RunlabError("beta is a number above 0", { received: beta });
    const square = beta * beta;
    const { value, details } = averaged(({ hits, predicted, actual }) => (predicted + actual === 0 ? 0 : ((1 + square) * hits) / (square * actual + predicted)), rows, options);
    return { value, details: { ...details, beta } };
  },
});

/**
 * F-beta, 0 to 1: the weighted harmonic mean of precision and recall, in which recall counts `beta` times as much.
 * `beta` 1 is `f1`; below 1 favours precision.
 *
 * When it misleads: as `f1`; and the right `beta` is a question of what a miss and a false alarm cost, not of the data.
 *
 * @throws RunlabError as `f1`, and when `beta` is not above 0.
 *
 * Source: C. J. van Rijsbergen, "Information Retrieval" (1979).
 *
 * @example
 * fBeta([1, 0, 0, 1], [1, 1, 1, 1], { beta: 0.5 }); // 0.5555555555555556
 */
export function fBeta(truth: Values, predicted: Values, options: FBetaOptions = {}): number {
  return announced(fBetaMetric, truth, predicted, options);
}
