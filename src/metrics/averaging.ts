/**
 * Precision, recall and F1 of each class, and the ways of making one number of them.
 */
import { RunlabError } from "../errors.js";
import { countPairs } from "./confusion-matrix.js";
import type { Label } from "./inputs.js";
import { labelPair, positiveClass } from "./inputs.js";
import type { MetricValue, Values } from "./metric.js";

/**
 * - binary: of the positive class alone;
 * - macro: the plain mean over classes, so that rare ones count as much as common ones;
 * - weighted: the mean over classes, each weighted by its true rows;
 * - micro: of all decisions pooled, which equals accuracy when every row has one class.
 */
export type Average = "binary" | "macro" | "weighted" | "micro";

const AVERAGES: readonly Average[] = ["binary", "macro", "weighted", "micro"];

/** Options of `precision`, `recall` and `f1`. */
export interface AverageOptions {
  /** Default: "binary" when there are two classes, else "macro". */
  average?: Average;
  /** The positive class of "binary". Default: true, 1, or the later of the two labels in order. */
  positive?: Label;
  /** Every class there is, in order, when some may not occur in these rows. Default: those that occur. */
  labels?: readonly Label[];
}

type Counts = { hits: number; predicted: number; actual: number };

/** Makes the value of a score defined by a class's counts. A score of 0 / 0 is 0, as in scikit-learn. */
export function averaged(score: (counts: Counts) => number, truth: Values, predicted: Values, options: AverageOptions): MetricValue {
  const pair = labelPair(truth, predicted, options.labels);
  const { classes } = pair;
  const average = options.average ?? (classes.length <= 2 ? "binary" : "macro");
  if (!AVERAGES.includes(average)) throw new RunlabError("there is no such average", { received: average, allowed: AVERAGES.join(", ") });
  if (options.positive !== undefined && average !== "binary") throw new RunlabError("only the binary average has a positive class", { received: `average ${average} and positive ${String(options.positive)}` });
  const matrix = countPairs(pair);
  const counts: Counts[] = classes.map((_, c) => ({
    hits: matrix[c][c],
    predicted: matrix.reduce((sum, row) => sum + row[c], 0),
    actual: matrix[c].reduce((sum, count) => sum + count, 0),
  }));
  if (average === "binary") {
    if (classes.length > 2) throw new RunlabError("the binary average is for two classes", { received: `${classes.length} classes (${classes.slice(0, 5).join(", ")})`, allowed: "average: macro, weighted or micro" });
    const at = positiveClass(classes, options.positive);
    return { value: score(counts[at]), details: { average, positive: classes[at], rows: pair.truth.length } };
  }
  const details = { average, classes, rows: pair.truth.length };
  if (average === "micro") {
    const pooled = counts.reduce((sum, each) => ({ hits: sum.hits + each.hits, predicted: sum.predicted + each.predicted, actual: sum.actual + each.actual }));
    return { value: score(pooled), details };
  }
  const scores = counts.map(score);
  const value = average === "macro"
    ? scores.reduce((sum, each) => sum + each, 0) / scores.length
    : scores.reduce((sum, each, c) => sum + each * counts[c].actual, 0) / pair.truth.length;
  return { value, details: { ...details, perClass: scores } };
}
