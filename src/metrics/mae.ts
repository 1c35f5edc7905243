/**
 * MAE: the mean absolute error.
 */
import { numberPair } from "./inputs.js";
import { announced } from "./metric.js";
import type { Metric, Values } from "./metric.js";

export const maeMetric: Metric = {
  name: "mae",
  summary: "mean absolute error",
  task: "regression",
  predictions: "numbers",
  greaterIsBetter: false,
  perfect: 0,
  compute(truth: Values, predicted: Values) {
    const { truth: a, predicted: b } = numberPair(truth, predicted);
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
    return { value: sum / a.length, details: { rows: a.length } };
  },
};

/**
 * The mean absolute error. In the target's own unit; 0 is perfect.
 *
 * When it misleads: it hides a few very wrong rows behind many nearly right ones. Look at `rmse` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * mae([1, 2, 3], [1, 2, 6]); // 1
 */
export function mae(truth: Values, predicted: Values): number {
  return announced(maeMetric, truth, predicted);
}
