/**
 * R2: the share of the target's variance that is explained.
 */
import { RunlabError } from "../errors.js";
import { numberPair } from "./inputs.js";
import { announced } from "./metric.js";
import type { Metric, Values } from "./metric.js";

export const r2Metric: Metric = {
  name: "r2",
  summary: "share of the target's variance that is explained",
  task: "regression",
  predictions: "numbers",
  greaterIsBetter: true,
  perfect: 1,
  compute(truth: Values, predicted: Values) {
    const { truth: a, predicted: b } = numberPair(truth, predicted);
    if (a.length < 2) throw new RunlabError("r2 needs at least two rows", { received: a.length });
    let mean = 0;
    for (let i = 0; i < a.length; i++) mean += a[i];
    mean /= a.length;
    let total = 0;
    let left = 0;
    for (let i = 0; i < a.length; i++) {
      total += (a[i] - mean) * (a[i] - mean);
      left += (a[i] - b[i]) * (a[i] - b[i]);
    }
    // A target without variance has nothing to explain: 1 when it is met exactly, else 0, as in scikit-learn.
    const value = total === 0 ? (left === 0 ? 1 : 0) : 1 - left / total;
    return { value, details: { rows: a.length } };
  },
};

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
export function r2(truth: Values, predicted: Values): number {
  return announced(r2Metric, truth, predicted);
}
