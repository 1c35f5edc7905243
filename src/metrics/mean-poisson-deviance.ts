/**
 * Mean Poisson deviance: the error of predicted counts.
 */
import { numberMetric } from "./define.js";
import type { WeightOption } from "./inputs.js";
import { tweedieDeviance } from "./tweedie-deviance.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const meanPoissonDevianceMetric = numberMetric({
  name: "meanPoissonDeviance",
  summary: "error of predicted counts",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of(rows) {
    return { value: tweedieDeviance(rows, 1), details: {} };
  },
});

/**
 * The mean Poisson deviance, for counts and rates whose variance grows with their mean. 0 is perfect.
 *
 * When it misleads: it assumes that variance equals the mean; where counts are burstier, wide misses are over-punished.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, or values are not
 * in the range of the distribution.
 *
 * Source: P. McCullagh and J. A. Nelder, "Generalized Linear Models" (1989).
 *
 * @example
 * meanPoissonDeviance([2, 0, 1, 4], [0.5, 0.5, 2, 2]); // 1.4260151319598084
 */
export function meanPoissonDeviance(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(meanPoissonDevianceMetric, truth, predicted, options);
}
