/**
 * RMSLE: the root of the mean squared error of logarithms.
 */
import { RunlabError } from "../errors.js";
import { numberMetric } from "./define.js";
import { type WeightOption, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const rmsleMetric = numberMetric({
  name: "rmsle",
  summary: "root of the mean squared error of log(1 + value)",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of({ truth, predicted, weights }) {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      if (!(truth[i] > -1 && predicted[i] > -1)) throw new RunlabError("rmsle takes the logarithm of 1 + value, so values are above -1", { received: `${truth[i]} and ${predicted[i]} in row ${i}` });
      const miss = Math.log1p(truth[i]) - Math.log1p(predicted[i]);
      const error = miss * miss;
      sum += weights === null ? error : weights[i] * error;
    }
    return { value: Math.sqrt(sum / totalWeight(weights, truth.length)), details: {} };
  },
});

/**
 * The root of the mean squared difference of log(1 + value): for quantities that span orders of magnitude, where being
 * wrong by a factor matters more than by an amount. 0 is perfect.
 *
 * When it misleads: guessing too low costs more than guessing too high by the same amount, and its unit is no unit of the target.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, or one is -1 or below.
 *
 * @example
 * rmsle([0, 3], [0, 1]); // 0.49012907173427356
 */
export function rmsle(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(rmsleMetric, truth, predicted, options);
}
