/**
 * Precision, recall and F of each class, and the ways of making one number of them.
 */
import { RunlabError } from "../errors.js";
import { classTotals } from "./class-totals.js";
import type { Label, LabelOptions, LabelRows } from "./inputs.js";
import { positiveClass } from "./labels.js";
import type { MetricValue } from "./metric.js";

/**
 * - binary: of the positive class alone;
 * - macro: the plain mean over classes, so that rare ones count as much as common ones;
 * - weighted: the mean over classes, each weighted by its true rows;
 * - micro: of all decisions pooled, which equals accuracy when every row has one class.
 */
export type Average = "binary" | "macro" | "weighted" | "micro";

const AVERAGES: readonly Average[] = ["binary", "macro", "weighted", "micro"];

/** Options of `precision`, `recall` and `f1`. */
export interface AverageOptions extends LabelOptions {
  /** Default: "binary" when there are two classes, else "macro". */
  average?: Average;
  /** The positive class of "binary". Default: true, 1, or the later of the two labels in order. */
  positive?: Label;
}

/** The options that averages add to those of labels. */
export const AVERAGE_OPTIONS = { average: true, positive: true } as const;

/** Sums of weights of one class. */
export interface ClassCounts {
  hits: number;
  predicted: number;
  actual: number;
}

/** Makes the value of a score defined by a class's counts. A score of 0 / 0 is 0, as in scikit-learn. */
export function averaged(score: (counts: ClassCounts) => number, rows: LabelRows, options: Pick<AverageOptions, "average" | "positive">): MetricValue {
  const { classes } = rows;
  const average = options.average ?? (classes.length <= 2 ? "binary" : "macro");
  if (!AVERAGES.includes(average)) throw new RunlabError("there is no such average", { received: average, allowed: AVERAGES.join(", ") });
  if (options.positive !== undefined && average !== "binary") throw new RunlabError("only the binary average has a positive class", { received: `average ${average} and positive ${String(options.positive)}` });
  if (average === "binary" && classes.length > 2) throw new RunlabError("the binary average is for two classes", { received: `${classes.length} classes (${classes.slice(0, 5).join(", ")})`, allowed: "average: macro, weighted or micro" });
  const totals = classTotals(rows);
  const of = (c: number): ClassCounts => ({ hits: totals.hits[c], predicted: totals.predicted[c], actual: totals.actual[c] });
  if (average === "binary") {
    const at = positiveClass(classes, options.positive);
    return { value: score(of(at)), details: { average, positive: classes[at] } };
  }
  const all = classes.map((_, c) => of(c));
  const details = { average, classes };
  if (average === "micro") {
    const pooled = all.reduce((sum, each) => ({ hits: sum.hits + each.hits, predicted: sum.predicted + each.predicted, actual: sum.actual + each.actual }));
    return { value: score(pooled), details };
  }
  const scores = all.map(score);
  return { value: meanOf(scores, average === "macro" ? null : totals.actual), details: { ...details, perClass: scores } };
}

/** The mean over classes, plain or by how much each class counts. */
export function meanOf(scores: readonly number[], shares: Float64Array | null): number {
  if (shares === null) return scores.reduce((sum, each) => sum + each, 0) / scores.length;
  let sum = 0;
  let total = 0;
  for (let c = 0; c < scores.length; c++) {
    sum += scores[c] * shares[c];
    total += shares[c];
  }
  return sum / total;
}
