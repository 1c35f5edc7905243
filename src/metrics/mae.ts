/**
 * MAE: the mean absolute error.
 */
import { numberMetric } from "./define.js";
import { type WeightOption, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const maeMetric = numberMetric({
  name: "mae",
  summary: "mean absolute error",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of({ truth, predicted, weights }) {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      const error = Math.abs(truth[i] - predicted[i]);
      sum += weights === null ? error : weights[i] * error;
    }
    return { value: sum / totalWeight(weights, truth.length), details: {} };
  },
});

/**
 * The mean absolute error. In the target's own unit; 0 is perfect.
 *
 * When it misleads: it hides a few very wrong rows behind many nearly right ones. Look at `rmse` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * mae([1, 2, 3], [1, 2, 6]); // 1
 * mae([1, 2, 3], [1, 2, 6], { weights: [1, 1, 0] }); // 0
 */
export function mae(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(maeMetric, truth, predicted, options);
}
