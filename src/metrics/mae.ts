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
    const rows = truth.length;
    let sum = 0;
    if (weights === null) {
      // Two sums side by side: one would wait for each addition before the next.
      let other = 0;
      const whole = rows - (rows % 2);
      for (let i = 0; i < whole; i += 2) {
        sum += Math.abs(truth[i] - predicted[i]);
        other += Math.abs(truth[i + 1] - predicted[i + 1]);
      }
      if (whole < rows) sum += Math.abs(truth[whole] - predicted[whole]);
      sum += other;
    } else for (let i = 0; i < rows; i++) sum += weights[i] * Math.abs(truth[i] - predicted[i]);
    return { value: sum / totalWeight(weights, rows), details: {} };
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
