/**
 * MAPE: the mean absolute error relative to the truth.
 */
import { numberMetric } from "./define.js";
import { type WeightOption, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const mapeMetric = numberMetric({
  name: "mape",
  summary: "mean absolute error relative to the truth",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of({ truth, predicted, weights }) {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      const error = Math.abs(truth[i] - predicted[i]) / Math.max(Math.abs(truth[i]), Number.EPSILON);
      sum += weights === null ? error : weights[i] * error;
    }
    return { value: sum / totalWeight(weights, truth.length), details: {} };
  },
});

/**
 * The mean absolute error as a share of the true value: 0.1 is 10 %; 0 is perfect and there is no upper end.
 *
 * When it misleads: rows whose true value is near 0 weigh beyond all measure (a value of 0 counts as 2.2e-16, as in
 * scikit-learn, so the result is then huge), and guessing too low costs less than guessing too high.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * mape([100, 200], [110, 180]); // 0.1
 */
export function mape(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(mapeMetric, truth, predicted, options);
}
