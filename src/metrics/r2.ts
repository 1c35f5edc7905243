/**
 * R2: the share of the target's variance that is explained.
 */
import { RunlabError } from "../errors.js";
import { numberMetric } from "./define.js";
import { type WeightOption, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const r2Metric = numberMetric({
  name: "r2",
  summary: "share of the target's variance that is explained",
  greaterIsBetter: true,
  perfect: 1,
  options: {},
  of({ truth, predicted, weights }) {
    if (truth.length < 2) throw new RunlabError("r2 needs at least two rows", { received: truth.length });
    const rows = truth.length;
    let total = 0;
    let left = 0;
    if (weights === null) {
      const mean = sumOf(truth) / rows;
      for (let i = 0; i < rows; i++) {
        const apart = truth[i] - mean;
        const miss = truth[i] - predicted[i];
        total += apart * apart;
        left += miss * miss;
      }
    } else {
      let mean = 0;
      for (let i = 0; i < rows; i++) mean += weights[i] * truth[i];
      mean /= totalWeight(weights, rows);
      for (let i = 0; i < rows; i++) {
        total += weights[i] * (truth[i] - mean) * (truth[i] - mean);
        left += weights[i] * (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
      }
    }
    // The mean of equal values may differ from them by a last bit.
    if (truth.every((value) => value === truth[0])) total = 0;
    // A target without variance has nothing to explain: 1 when it is met exactly, else 0, as in scikit-learn.
    return { value: total === 0 ? (left === 0 ? 1 : 0) : 1 - left / total, details: {} };
  },
});

/** Four sums side by side. */
function sumOf(values: Float64Array): number {
  const whole = values.length - (values.length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += values[i];
    b += values[i + 1];
    c += values[i + 2];
    d += values[i + 3];
  }
  for (let i = whole; i < values.length; i++) a += values[i];
  return a + b + (c + d);
}

/**
 * The share of the target's variance that is explained. 1 is perfect, 0 is no better than the mean of these rows, and it has no lower end.
 *
 * When it misleads: it depends on how much the target varies in these rows, so values from different hold-outs do not compare;
 * it needs two rows at least.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * @example
 * r2([1, 2, 3], [1, 2, 3]); // 1
 * r2([1, 2, 3], [2, 2, 2]); // 0
 */
export function r2(truth: Values, predicted: Values, options: WeightOption = {}): number {
  return announced(r2Metric, truth, predicted, options);
}
