/**
 * Accuracy: the share of rows predicted right.
 */
import { labelMetric } from "./define.js";
import { type LabelOptions, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const accuracyMetric = labelMetric({
  name: "accuracy",
  summary: "share of rows predicted right",
  greaterIsBetter: true,
  perfect: 1,
  options: {},
  of({ truth, predicted, weights }) {
    let right = 0;
    if (weights === null) for (let i = 0; i < truth.length; i++) right += truth[i] === predicted[i] ? 1 : 0;
    else for (let i = 0; i < truth.length; i++) right += truth[i] === predicted[i] ? weights[i] : 0;
    return { value: right / totalWeight(weights, truth.length), details: {} };
  },
});

/**
 * The share of rows whose class was predicted right, 0 to 1.
 *
 * When it misleads: with 95 % of rows in one class, always saying that class scores 0.95. Look at the class counts
 * and at `f1`, `balancedAccuracy` or `rocAuc` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * @example
 * accuracy(["a", "b", "b", "a"], ["a", "b", "a", "a"]); // 0.75
 * accuracy(["a", "b"], ["a", "a"], { weights: [3, 1] }); // 0.75
 */
export function accuracy(truth: Values, predicted: Values, options: LabelOptions = {}): number {
  return announced(accuracyMetric, truth, predicted, options);
}
