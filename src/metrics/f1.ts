/**
 * F1: harmonic mean of precision and recall.
 */
import { AVERAGE_OPTIONS, averaged } from "./averaging.js";
import type { AverageOptions } from "./averaging.js";
import { labelMetric } from "./define.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const f1Metric = labelMetric<Pick<AverageOptions, "average" | "positive">>({
  name: "f1",
  summary: "harmonic mean of precision and recall",
  greaterIsBetter: true,
  perfect: 1,
  options: AVERAGE_OPTIONS,
  of: (rows, options) => averaged(({ hits, predicted, actual }) => (predicted + actual === 0 ? 0 : (2 * hits) / (predicted + actual)), rows, options),
});

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
