/**
 * Median absolute error: the error of a typical row.
 */
import { numberMetric } from "./define.js";
import type { WeightOption } from "./inputs.js";
import { median, weightedMedian } from "./median.js";
import { announced } from "./metric.js";
import { scratchDoubles } from "./scratch.js";
import type { Values } from "./metric.js";

export const medianAeMetric = numberMetric({
  name: "medianAe",
  summary: "median absolute error",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of({ truth, predicted, weights }) {
    const errors = scratchDoubles("errors", truth.length);
    let trace = 0;
    for (let i = 0; i < truth.length; i++) {
      errors[i] = Math.abs(truth[i] - predicted[i]);
      trace += errors[i] - errors[i];
    }
    // A median would pass over what is not finite.
    if (trace !== 0) return { value: NaN, details: {} };
    return { value: weights === null ? median(errors) : weightedMedian(errors, weights), details: {} };
  },
});

/**
 * The median absolute error. In the target's own unit; 0 is perfect. Half of the rows are closer than that, so outliers do
 * not move it.
 *
 * When it misleads: it says nothing at all of the worse half. Look at `rmse` or `maxError` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * medianAe([1, 2, 3, 4], [1, 2, 4, 90]); // 0.5
 */
export function medianAe(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(medianAeMetric, truth, predicted, options);
}
