/**
 * MSE: the mean squared error.
 */
import { numberMetric } from "./define.js";
import type { WeightOption } from "./inputs.js";
import { meanSquare } from "./mean-square.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const mseMetric = numberMetric({
  name: "mse",
  summary: "mean squared error",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of(rows) {
    return { value: meanSquare(rows), details: {} };
  },
});

/**
 * The mean squared error. In the square of the target's unit; 0 is perfect.
 *
 * When it misleads: one far outlier can outweigh every other row, and its unit is a square. Look at `mae` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * mse([1, 2, 3], [1, 2, 6]); // 3
 */
export function mse(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(mseMetric, truth, predicted, options);
}
