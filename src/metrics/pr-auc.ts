/**
 * PR-AUC: the area under the precision-recall curve, by trapezoids.
 */
import { type PrecisionCurveOptions, overCurves } from "./average-precision.js";
import { scoreMetric } from "./define.js";
import { announced } from "./metric.js";
import type { Probabilities, Values } from "./metric.js";
import type { Thresholds } from "./thresholds.js";

export const prAucMetric = scoreMetric<Pick<PrecisionCurveOptions, "average">>({
  name: "prAuc",
  summary: "area under the precision-recall curve, by trapezoids",
  greaterIsBetter: true,
  perfect: 1,
  options: { average: true },
  of: (rows, { average = "macro" }) => overCurves("prAuc", rows, average, trapezoids),
});

/** From recall 0, where precision is 1 by convention. */
function trapezoids({ hits, alarms }: Thresholds): number {
  const all = hits[hits.length - 1];
  let sum = 0;
  let recall = 0;
  let precision = 1;
  for (let i = 0; i < hits.length; i++) {
    const seen = hits[i] + alarms[i];
    const here = seen === 0 ? 0 : hits[i] / seen;
    sum += ((hits[i] / all - recall) * (here + precision)) / 2;
    recall = hits[i] / all;
    precision = here;
  }
  return sum;
}

/**
 * The area under the precision-recall curve by the trapezoidal rule, 0 to 1, as `auc(recall, precision)` in scikit-learn.
 *
 * When it misleads: straight lines between points promise more than any threshold gives, so it is a little too good
 * where scores are few and coarse; `averagePrecision` has no such lines and is what is usually meant.
 *
 * @param predicted one score a sample (of the positive class), a row of them a sample, or what `predictProba` returns.
 *
 * @throws RunlabError when lengths differ, a value is missing or not finite, or no row is positive.
 *
 * Source: J. Davis and M. Goadrich (2006), on why to interpolate with care.
 *
 * @example
 * prAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.7916666666666666
 */
export function prAuc(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: PrecisionCurveOptions = {}): number {
  return announced(prAucMetric, truth, predicted, options);
}
