/**
 * MSE: the mean squared error.
 */
import { numberPair } from "./inputs.js";
import { meanSquare } from "./mean-square.js";
import { announced } from "./metric.js";
import type { Metric, Values } from "./metric.js";

export const mseMetric: Metric = {
  name: "mse",
  summary: "mean squared error",
  task: "regression",
  predictions: "numbers",
  greaterIsBetter: false,
  perfect: 0,
  compute(truth: Values, predicted: Values) {
    const { truth: a, predicted: b } = numberPair(truth, predicted);
    return { value: meanSquare(a, b), details: { rows: a.length } };
  },
};

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
export function mse(truth: Values, predicted: Values): number {
  return announced(mseMetric, truth, predicted);
}
