/**
 * Which class was taken for which.
 */
import type { Label, LabelPair } from "./inputs.js";
import { labelPair } from "./inputs.js";
import type { Values } from "./metric.js";

/** Rows are the true classes, columns the predicted ones, both in the order of `labels`. */
export interface ConfusionMatrix {
  labels: Label[];
  counts: number[][];
}

/**
 * Counts, for each true class, how often each class was predicted.
 *
 * @param options.labels fixes the classes and their order. Default: those that occur, sorted.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * @example
 * confusionMatrix(["a", "a", "b"], ["a", "b", "b"]).counts; // [[1, 1], [0, 1]]
 */
export function confusionMatrix(truth: Values, predicted: Values, options: { labels?: readonly Label[] } = {}): ConfusionMatrix {
  const pair = labelPair(truth, predicted, options.labels);
  return { labels: pair.classes, counts: countPairs(pair) };
}

/** The counts of a pair of columns that is already in numbers. */
export function countPairs({ truth, predicted, classes }: LabelPair): number[][] {
  const width = classes.length;
  const flat = new Float64Array(width * width);
  for (let i = 0; i < truth.length; i++) flat[truth[i] * width + predicted[i]]++;
  return classes.map((_, row) => Array.from(flat.subarray(row * width, (row + 1) * width)));
}
