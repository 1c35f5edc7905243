/**
 * Which class was taken for which.
 */
import { RunlabError } from "../errors.js";
import { checkOptions } from "../table/check-options.js";
import type { Label, LabelOptions, LabelRows } from "./inputs.js";
import { labelRows } from "./inputs.js";
import type { Values } from "./metric.js";

/** Rows are the true classes, columns the predicted ones, both in the order of `labels`. */
export interface ConfusionMatrix {
  labels: Label[];
  counts: number[][];
}

/** Options of `confusionMatrix`. */
export interface ConfusionMatrixOptions extends LabelOptions {
  /** Shares instead of counts: of each true class, of each predicted class, or of all rows. Default null: counts. */
  normalize?: "truth" | "predicted" | "all" | null;
}

const OPTIONS: Record<keyof ConfusionMatrixOptions, true> = { labels: true, weights: true, normalize: true };

/**
 * Counts, for each true class, how often each class was predicted.
 *
 * @param options.labels fixes the classes and their order. Default: those that occur, sorted.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * @example
 * confusionMatrix(["a", "a", "b"], ["a", "b", "b"]).counts; // [[1, 1], [0, 1]]
 * confusionMatrix(["a", "a", "b"], ["a", "b", "b"], { normalize: "truth" }).counts; // [[0.5, 0.5], [0, 1]]
 */
export function confusionMatrix(truth: Values, predicted: Values, options: ConfusionMatrixOptions = {}): ConfusionMatrix {
  checkOptions("confusionMatrix", options, OPTIONS);
  const rows = labelRows(truth, predicted, options);
  const counts = countPairs(rows);
  const { normalize = null } = options;
  if (normalize !== null) share(counts, normalize);
  return { labels: [...rows.classes], counts };
}

/** The counts of a pair of columns that is already in numbers. */
export function countPairs({ truth, predicted, classes, weights }: LabelRows): number[][] {
  const width = classes.length;
  const flat = new Float64Array(width * width);
  for (let i = 0; i < truth.length; i++) flat[truth[i] * width + predicted[i]] += weights === null ? 1 : weights[i];
  return classes.map((_, row) => Array.from(flat.subarray(row * width, (row + 1) * width)));
}

/** Divides in place; a class without rows has shares of 0. */
function share(counts: number[][], by: unknown): void {
  const sum = (values: number[]): number => values.reduce((all, each) => all + each, 0);
  const all = sum(counts.map(sum));
  const columns = counts.map((_, c) => sum(counts.map((row) => row[c])));
  if (by !== "truth" && by !== "predicted" && by !== "all") throw new RunlabError("there is no such normalize", { received: by, allowed: '"truth", "predicted", "all" or null' });
  for (const row of counts) {
    const total = sum(row);
    for (let c = 0; c < row.length; c++) {
      const whole = by === "truth" ? total : by === "predicted" ? columns[c] : all;
      row[c] = whole === 0 ? 0 : row[c] / whole;
    }
  }
}
