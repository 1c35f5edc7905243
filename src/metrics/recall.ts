/**
 * Recall: of the rows of a class, the share that was given it.
 */
import { AVERAGE_OPTIONS, averaged } from "./averaging.js";
import type { AverageOptions } from "./averaging.js";
import { labelMetric } from "./define.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const recallMetric = labelMetric<Pick<AverageOptions, "average" | "positive">>({
  name: "recall",
  summary: "of the rows of a class, the share that was given it",
  greaterIsBetter: true,
  perfect: 1,
  options: AVERAGE_OPTIONS,
  of: (rows, options) => averaged(({ hits, actual }) => (actual === 0 ? 0 : hits / actual), rows, options),
});

/**
 * Recall, 0 to 1: of the rows of a class, the share that was given it. With more than two classes the plain mean over classes, unless `average`
 * says otherwise; 0 / 0 counts as 0.
 *
 * When it misleads: blind to false alarms: a model that gives every row the class scores 1. Look at `precision` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing, or "binary" meets more than
 * two classes.
 *
 * @example
 * recall([1, 0, 0, 1], [1, 1, 1, 1]); // 1
 * recall(["a", "b", "c"], ["a", "b", "c"], { average: "weighted" }); // 1
 */
export function recall(truth: Values, predicted: Values, options: AverageOptions = {}): number {
  return announced(recallMetric, truth, predicted, options);
}
