/**
 * The curves themselves: every trade of hits against false alarms that a threshold can make.
 */
import { RunlabError } from "../errors.js";
import { checkOptions } from "../table/check-options.js";
import { type ScoreOptions, scoreRows, scoresOf } from "./inputs.js";
import type { Probabilities, Values } from "./metric.js";
import { type Thresholds, requireBoth, thresholds } from "./thresholds.js";

/** Options of `rocCurve` and `precisionRecallCurve`. */
export interface CurveOptions extends ScoreOptions {
  /**
   * Leave out points that lie on a line between others. Default: true for the ROC curve, false for precision and recall,
   * as in scikit-learn.
   */
  dropIntermediate?: boolean;
}

const OPTIONS: Record<keyof CurveOptions, true> = { labels: true, positive: true, weights: true, dropIntermediate: true };

/** Points by falling threshold. The first point calls nothing positive: its threshold is infinite. */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  readonly thresholds: Float64Array;
}

/** Points by rising threshold, then one of precision 1 and recall 0 that has no threshold. */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly thresholds: Float64Array;
}

function curveOf(name: string, truth: Values, predicted: unknown, options: CurveOptions): { curve: Thresholds; positive: unknown } {
  checkOptions(name, options, OPTIONS);
  const rows = scoreRows(truth, predicted, options);
  if (rows.positive < 0) throw new RunlabError(`${name} is for two classes, or for one that is named`, { received: `${rows.classes.length} classes`, allowed: "positive: one of them, against the rest" });
  const curve = thresholds(scoresOf(rows, rows.positive), rows.truth, rows.positive, rows.weights);
  requireBoth(name, curve, rows.classes[rows.positive]);
  return { curve, positive: rows.classes[rows.positive] };
}

/**
 * The ROC curve: for every threshold the share of negatives that would be called positive, and the share of positives.
 *
 * @param predicted one score a sample (of the positive class), or of several classes with `positive` naming one.
 *
 * @throws RunlabError as `rocAuc`.
 *
 * @example
 * const { falsePositiveRate, truePositiveRate, thresholds } = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * falsePositiveRate; // [0, 0, 0.5, 0.5, 1]
 * truePositiveRate; // [0, 0.5, 0.5, 1, 1]
 * thresholds; // [Infinity, 0.8, 0.4, 0.35, 0.1]
 */
export function rocCurve(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: CurveOptions = {}): RocCurve {
  const { curve } = curveOf("rocCurve", truth, predicted, options);
  const { hits, alarms, scores } = curve;
  const last = scores.length - 1;
  const bend = (values: Float64Array, i: number): boolean => values[i + 1] - values[i] - (values[i] - values[i - 1]) !== 0;
  const kept = options.dropIntermediate === false || scores.length <= 2
    ? keptRows(scores.length, () => true)
    : keptRows(scores.length, (i) => i === 0 || i === last || bend(alarms, i) || bend(hits, i));
  const after = (values: Float64Array, scale: number, first: number): Float64Array => Float64Array.from({ length: kept.length + 1 }, (_, i) => (i === 0 ? first : values[kept[i - 1]] / scale));
  return { falsePositiveRate: after(alarms, alarms[last], 0), truePositiveRate: after(hits, hits[last], 0), thresholds: after(scores, 1, Infinity) };
}

/**
 * Precision and recall at every threshold.
 *
 * @param predicted one score a sample (of the positive class), or of several classes with `positive` naming one.
 *
 * @throws RunlabError as `averagePrecision`.
 *
 * @example
 * const { precision, recall } = precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * precision; // [0.5, 0.6666666666666666, 0.5, 1, 1]
 * recall; // [1, 1, 0.5, 0.5, 0]
 */
export function precisionRecallCurve(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: CurveOptions = {}): PrecisionRecallCurve {
  const { curve } = curveOf("precisionRecallCurve", truth, predicted, options);
  const { hits, alarms, scores } = curve;
  const last = scores.length - 1;
  const kept = options.dropIntermediate !== true || scores.length <= 2
    ? keptRows(scores.length, () => true)
    : keptRows(scores.length, (i) => i === 0 || i === last || hits[i] !== hits[i - 1] || hits[i + 1] !== hits[i]);
  kept.reverse();
  const size = kept.length;
  const precision = new Float64Array(size + 1);
  const recall = new Float64Array(size + 1);
  const found = new Float64Array(size);
  kept.forEach((at, i) => {
    const seen = hits[at] + alarms[at];
    precision[i] = seen === 0 ? 0 : hits[at] / seen;
    recall[i] = hits[at] / hits[last];
    found[i] = scores[at];
  });
  precision[size] = 1;
  return { precision, recall, thresholds: found };
}

function keptRows(length: number, keep: (i: number) => boolean): Uint32Array {
  const kept = new Uint32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) if (keep(i)) kept[count++] = i;
  return kept.slice(0, count);
}
