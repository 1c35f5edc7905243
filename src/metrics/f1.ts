/**
 * F1: harmonic mean of precision and recall.
 */
import { averaged } from "./averaging.js";
import type { AverageOptions } from "./averaging.js";
import { announced } from "./metric.js";
import type { Metric, Values } from "./metric.js";

export const f1Metric: Metric = {
  name: "f1",
  summary: "harmonic mean of precision and recall",
  task: "classification",
  predictions: "labels",
  greaterIsBetter: true,
  perfect: 1,
  compute(truth: Values, predicted: Values, options: AverageOptions = {}) {
    return averaged(({ hits, predicted, actual }) => (predicted + actual === 0 ? 0 : (2 * hits) / (predicted + actual)), truth, predicted, options);
  },
};

/**
 * F1, 0 to 1: harmonic mean of precision and recall. With more than two classes the plain mean over classes, unless `average`
 * says otherwise; 0 / 0 counts as 0.
 *
 * When it misleads: the binary value depends on which class is called positive, and macro and weighted can differ widely when
 * classes are of unequal size; the run records which was used.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing, or "binary" meets more than
 * two classes.
 *
 * @example
 * f1([1, 0, 0, 1], [1, 1, 1, 1]); // 0.6666666666666666
 * f1(["a", "b", "c"], ["a", "b", "c"], { average: "weighted" }); // 1
 */
export function f1(truth: Values, predicted: Values, options: AverageOptions = {}): number {
  return announced(f1Metric, truth, predicted, options);
}
