/**
 * Matthews's correlation coefficient: how strongly truth and prediction go together.
 */
import { classTotals } from "./class-totals.js";
import { labelMetric } from "./define.js";
import type { LabelOptions } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const mccMetric = labelMetric({
  name: "mcc",
  summary: "correlation of true and predicted classes",
  greaterIsBetter: true,
  perfect: 1,
  options: {},
  of(rows) {
    const { hits, predicted, actual } = classTotals(rows);
    let right = 0;
    let total = 0;
    let both = 0;
    let predictedSquares = 0;
    let actualSquares = 0;
    for (let c = 0; c < actual.length; c++) {
      right += hits[c];
      total += actual[c];
      both += actual[c] * predicted[c];
      predictedSquares += predicted[c] * predicted[c];
      actualSquares += actual[c] * actual[c];
    }
    const spread = (total * total - predictedSquares) * (total * total - actualSquares);
    // One class alone, on either side, goes together with nothing: 0, as in scikit-learn.
    return { value: spread === 0 ? 0 : (right * total - both) / Math.sqrt(spread), details: { classes: rows.classes } };
  },
});

/**
 * The correlation of true and predicted classes, -1 to 1: 1 is perfect, 0 no better than chance. It needs all four
 * cells of the confusion matrix to be good, so no class can be ignored. For any number of classes.
 *
 * When it misleads: with very few rows of a class it jumps with each of them; 0 also when everything is given one class.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * Source: B. W. Matthews (1975); for several classes J. Gorodkin (2004).
 *
 * @example
 * mcc([1, 1, 0, 0], [1, 0, 0, 0]); // 0.5773502691896258
 */
export function mcc(truth: Values, predicted: Values, options: LabelOptions = {}): number {
  return announced(mccMetric, truth, predicted, options);
}
