/**
 * RMSPE: the root of the mean squared error relative to the truth.
 */
import { RunlabError } from "../errors.js";
import { numberMetric } from "./define.js";
import { type WeightOption, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const rmspeMetric = numberMetric({
  name: "rmspe",
  summary: "root of the mean squared relative error",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of({ truth, predicted, weights }) {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      if (truth[i] === 0) throw new RunlabError("rmspe divides by the truth, which is 0 in some row", { received: `0 in row ${i}`, allowed: "rmse, or rows whose truth is not 0" });
      const share = (truth[i] - predicted[i]) / truth[i];
      const error = share * share;
      sum += weights === null ? error : weights[i] * error;
    }
    return { value: Math.sqrt(sum / totalWeight(weights, truth.length)), details: {} };
  },
});

/**
 * The root of the mean squared error as a share of the true value: 0.1 is 10 %; 0 is perfect.
 *
 * When it misleads: rows whose true value is near 0 outweigh all others; rows of 0 have no such error and are refused.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, or a true value is 0.
 *
 * @example
 * rmspe([100, 200], [110, 180]); // 0.1
 */
export function rmspe(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(rmspeMetric, truth, predicted, options);
}
