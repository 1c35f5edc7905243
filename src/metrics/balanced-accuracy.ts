/**
 * Balanced accuracy: the mean of the recalls of the classes.
 */
import { RunlabError } from "../errors.js";
import { classTotals } from "./class-totals.js";
import { labelMetric } from "./define.js";
import type { LabelOptions } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

/** Options of `balancedAccuracy`. */
export interface BalancedAccuracyOptions extends LabelOptions {
  /** Put guessing at 0 and keep 1 at 1. Default false. */
  adjusted?: boolean;
}

export const balancedAccuracyMetric = labelMetric<Pick<BalancedAccuracyOptions, "adjusted">>({
  name: "balancedAccuracy",
  summary: "mean over classes of the share predicted right",
  greaterIsBetter: true,
  perfect: 1,
  options: { adjusted: true },
  of(rows, { adjusted = false }) {
    const { hits, actual } = classTotals(rows);
    let sum = 0;
    let classes = 0;
    for (let c = 0; c < actual.length; c++) {
      // A class that is predicted but does not occur has no recall.
      if (actual[c] === 0) continue;
      sum += hits[c] / actual[c];
      classes++;
    }
    const mean = sum / classes;
    if (!adjusted) return { value: mean, details: { classes } };
    if (classes < 2) throw new RunlabError("adjusted balanced accuracy needs rows of two classes at least", { received: "one class" });
    const chance = 1 / classes;
    return { value: (mean - chance) / (1 - chance), details: { classes, adjusted } };
  },
});

/**
 * The mean over classes of the share of their rows that was predicted right, 0 to 1: accuracy with every class
 * counting the same, however rare. Guessing scores 1 / classes, or 0 with `adjusted`.
 *
 * When it misleads: a class of three rows moves it as much as one of three thousand, so on few rows it is noisy.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * @example
 * balancedAccuracy(["a", "a", "a", "b"], ["a", "a", "a", "a"]); // 0.5
 */
export function balancedAccuracy(truth: Values, predicted: Values, options: BalancedAccuracyOptions = {}): number {
  return announced(balancedAccuracyMetric, truth, predicted, options);
}
