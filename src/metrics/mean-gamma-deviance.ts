/**
 * Mean Gamma deviance: the error of predicted positive amounts.
 */
import { numberMetric } from "./define.js";
import type { WeightOption } from "./inputs.js";
import { tweedieDeviance } from "./tweedie-deviance.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const meanGammaDevianceMetric = numberMetric({
  name: "meanGammaDeviance",
  summary: "error of predicted positive amounts",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of(rows) {
    return { value: tweedieDeviance(rows, 2), details: {} };
  },
});

/**
 * The mean Gamma deviance, for positive amounts such as costs and durations: being wrong by a factor costs the same
 * whatever the amount. 0 is perfect.
 *
 * When it misleads: true values near 0 dominate it.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, or values are not
 * in the range of the distribution.
 *
 * Source: P. McCullagh and J. A. Nelder, "Generalized Linear Models" (1989).
 *
 * @example
 * meanGammaDeviance([2, 0.5, 1, 4], [0.5, 0.5, 2, 2]); // 1.0568528194400546
 */
export function meanGammaDeviance(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(meanGammaDevianceMetric, truth, predicted, options);
}
