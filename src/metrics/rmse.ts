/**
 * RMSE: the root of the mean squared error.
 */
import { numberMetric } from "./define.js";
import type { WeightOption } from "./inputs.js";
import { meanSquare } from "./mean-square.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const rmseMetric = numberMetric({
  name: "rmse",
  summary: "root of the mean squared error",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of(rows) {
    return { value: Math.sqrt(meanSquare(rows)), details: {} };
  },
});

/**
 * The root of the mean squared error. In the target's own unit; 0 is perfect.
 *
 * When it misleads: one far outlier can outweigh every other row. Look at `mae` and the residuals too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * rmse([1, 2, 3, 4], [1, 2, 3, 8]); // 2
 */
export function rmse(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(rmseMetric, truth, predicted, options);
}
