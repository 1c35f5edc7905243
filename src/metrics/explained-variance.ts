/**
 * Explained variance: R2 that forgives a constant error.
 */
import { numberMetric } from "./define.js";
import { type WeightOption, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const explainedVarianceMetric = numberMetric({
  name: "explainedVariance",
  summary: "share of the target's variance that is explained, a constant error aside",
  greaterIsBetter: true,
  perfect: 1,
  options: {},
  of({ truth, predicted, weights }) {
    const all = totalWeight(weights, truth.length);
    let meanTruth = 0;
    let meanMiss = 0;
    for (let i = 0; i < truth.length; i++) {
      const weight = weights === null ? 1 : weights[i];
      meanTruth += weight * truth[i];
      meanMiss += weight * (truth[i] - predicted[i]);
    }
    meanTruth /= all;
    meanMiss /= all;
    let total = 0;
    let left = 0;
    for (let i = 0; i < truth.length; i++) {
      const weight = weights === null ? 1 : weights[i];
      const miss = truth[i] - predicted[i] - meanMiss;
      total += weight * (truth[i] - meanTruth) * (truth[i] - meanTruth);
      left += weight * miss * miss;
    }
    // As R2: without variance there is nothing to explain, and the mean of equal values may differ from them by a last bit.
    if (truth.every((value) => value === truth[0])) total = 0;
    return { value: total === 0 ? (left === 0 ? 1 : 0) : 1 - left / total, details: {} };
  },
});

/**
 * The share of the target's variance that is explained when a constant error is forgiven: 1 - variance of the errors over
 * variance of the target. 1 is perfect.
 *
 * When it misleads: a model that is wrong by 1000 in every row scores 1. Look at `r2` too: the difference of both is that error.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * explainedVariance([1, 2, 3], [2, 3, 4]); // 1
 */
export function explainedVariance(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(explainedVarianceMetric, truth, predicted, options);
}
