/**
 * Precision: of the rows given a class, the share that is of that class.
 */
import { AVERAGE_OPTIONS, averaged } from "./averaging.js";
import type { AverageOptions } from "./averaging.js";
import { labelMetric } from "./define.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const precisionMetric = labelMetric<Pick<AverageOptions, "average" | "positive">>({
  name: "precision",
  summary: "of the rows given a class, the share that is of that class",
  greaterIsBetter: true,
  perfect: 1,
  options: AVERAGE_OPTIONS,
  of: (rows, options) => averaged(({ hits, predicted }) => (predicted === 0 ? 0 : hits / predicted), rows, options),
});

/**
 * Precision, 0 to 1: of the rows given a class, the share that is of that class. With more than two classes the plain mean over classes, unless `average`
 * says otherwise; 0 / 0 counts as 0.
 *
 * When it misleads: blind to what was missed: a model that names the one row it is sure of scores 1. Look at `recall` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing, or "binary" meets more than
 * two classes.
 *
 * @example
 * precision([1, 0, 0, 1], [1, 1, 1, 1]); // 0.5
 * precision(["a", "b", "c"], ["a", "b", "c"], { average: "weighted" }); // 1
 */
export function precision(truth: Values, predicted: Values, options: AverageOptions = {}): number {
  return announced(precisionMetric, truth, predicted, options);
}
