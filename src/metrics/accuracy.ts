/**
 * Accuracy: the share of rows predicted right.
 */
import type { Label } from "./inputs.js";
import { labelPair } from "./inputs.js";
import { announced } from "./metric.js";
import type { Metric, Values } from "./metric.js";

export const accuracyMetric: Metric = {
  name: "accuracy",
  summary: "share of rows predicted right",
  task: "classification",
  predictions: "labels",
  greaterIsBetter: true,
  perfect: 1,
  compute(truth: Values, predicted: Values, options: { labels?: readonly Label[] } = {}) {
    const pair = labelPair(truth, predicted, options.labels);
    let right = 0;
    for (let i = 0; i < pair.truth.length; i++) if (pair.truth[i] === pair.predicted[i]) right++;
    return { value: right / pair.truth.length, details: { rows: pair.truth.length } };
  },
};

/**
 * The share of rows whose class was predicted right, 0 to 1.
 *
 * When it misleads: with 95 % of rows in one class, always saying that class scores 0.95. Look at the class counts
 * and at `f1` or `rocAuc` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * @example
 * accuracy(["a", "b", "b", "a"], ["a", "b", "a", "a"]); // 0.75
 */
export function accuracy(truth: Values, predicted: Values): number {
  return announced(accuracyMetric, truth, predicted);
}
