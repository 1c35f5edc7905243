/**
 * Average precision: precision over all thresholds, as recall grows.
 */
import { RunlabError } from "../errors.js";
import { meanOf } from "./averaging.js";
import { scoreMetric } from "./define.js";
import { type Label, type ScoreOptions, type ScoreRows, scoresOf } from "./inputs.js";
import { announced } from "./metric.js";
import type { MetricValue, Probabilities, Values } from "./metric.js";
import { pooled } from "./roc-auc.js";
import { type Thresholds, thresholds } from "./thresholds.js";

/** Options of `averagePrecision` and `prAuc`. */
export interface PrecisionCurveOptions extends ScoreOptions {
  /**
   * How the one-against-rest values of more than two classes become one. Default "macro", the plain mean; "weighted" by
   * how common they are; "micro" pools all decisions.
   */
  average?: "macro" | "weighted" | "micro";
}

/** The number that a curve becomes, for two classes or more. */
export function overCurves(metric: string, rows: ScoreRows, average: unknown, area: (curve: Thresholds) => number): MetricValue {
  const { truth, classes, weights } = rows;
  if (average !== "macro" && average !== "weighted" && average !== "micro") throw new RunlabError("there is no such average", { received: average, allowed: "macro, weighted, micro" });
  const of = (c: number): number => {
    const curve = thresholds(scoresOf(rows, c), truth, c, weights);
    requireHits(metric, curve, classes[c]);
    return area(curve);
  };
  if (classes.length <= 2) return { value: of(rows.positive), details: { positive: classes[rows.positive] } };
  const details = { average, multiClass: "one against rest", classes };
  if (average === "micro") return { value: area(pooled(rows)), details };
  const shares = new Float64Array(classes.length);
  for (let i = 0; i < truth.length; i++) shares[truth[i]] += weights === null ? 1 : weights[i];
  const values = classes.map((_, c) => of(c));
  return { value: meanOf(values, average === "macro" ? null : shares), details: { ...details, perClass: values } };
}

function requireHits(metric: string, { hits }: Thresholds, label: Label | undefined): void {
  if (!(hits[hits.length - 1] > 0)) throw new RunlabError(`${metric} needs rows of the positive class`, { received: `no row of ${String(label ?? "it")}` });
}

export const averagePrecisionMetric = scoreMetric<Pick<PrecisionCurveOptions, "average">>({
  name: "averagePrecision",
  summary: "mean of the precision at every true hit",
  greaterIsBetter: true,
  perfect: 1,
  options: { average: true },
  of: (rows, { average = "macro" }) => overCurves("averagePrecision", rows, average, steps),
});

/** Each gain of recall times the precision reached there. */
function steps({ hits, alarms }: Thresholds): number {
  const all = hits[hits.length - 1];
  let sum = 0;
  let before = 0;
  for (let i = 0; i < hits.length; i++) {
    if (hits[i] === before) continue;
    sum += ((hits[i] - before) / all) * (hits[i] / (hits[i] + alarms[i]));
    before = hits[i];
  }
  return sum;
}

/**
 * Average precision, 0 to 1: the precision at each threshold that finds more positives, weighted by how many more. The
 * share of positives is what guessing scores. For rare positives it tells more than `rocAuc`.
 *
 * When it misleads: it depends on how common positives are, so values from different hold-outs do not compare.
 *
 * @param predicted one score a sample (of the positive class), a row of them a sample, or what `predictProba` returns.
 *
 * @throws RunlabError when lengths differ, a value is missing or not finite, or no row is positive.
 *
 * @example
 * averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.8333333333333333
 */
export function averagePrecision(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: PrecisionCurveOptions = {}): number {
  return announced(averagePrecisionMetric, truth, predicted, options);
}
