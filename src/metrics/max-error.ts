/**
 * Maximum error: the worst row.
 */
import { numberMetric } from "./define.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const maxErrorMetric = numberMetric({
  name: "maxError",
  summary: "largest absolute error",
  greaterIsBetter: false,
  perfect: 0,
  weighted: false,
  options: {},
  of({ truth, predicted }) {
    let worst = 0;
    for (let i = 0; i < truth.length; i++) worst = Math.max(worst, Math.abs(truth[i] - predicted[i]));
    return { value: worst, details: {} };
  },
});

/**
 * The largest absolute error. In the target's own unit; 0 is perfect. It takes no weights.
 *
 * When it misleads: it is one row; more rows make it larger, so values of hold-outs of different sizes do not compare.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * maxError([1, 2, 3], [1, 4, 2]); // 2
 */
export function maxError(truth: Values, predicted: Values, options: object = {}): number {
  return announced(maxErrorMetric, truth, predicted, options);
}
