/**
 * Log loss: how surprised the predicted probabilities are by the truth.
 */
import { RunlabError } from "../errors.js";
import type { Label } from "./inputs.js";
import { probabilityRows } from "./inputs.js";
import { announced } from "./metric.js";
import type { Metric, Probabilities, Values } from "./metric.js";

/** Options of `logLoss` and `rocAuc`. */
export interface ScoreOptions {
  /** Every class, in the order of the columns. Default: the labels of `truth`, sorted. */
  labels?: readonly Label[];
  /** With one number a sample, the class it is the score of. Default: true, 1, or the later label in order. */
  positive?: Label;
}

export const logLossMetric: Metric = {
  name: "logLoss",
  summary: "mean of -log of the probability given to the true class",
  task: "classification",
  predictions: "scores",
  greaterIsBetter: false,
  perfect: 0,
  compute(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: ScoreOptions = {}) {
    const { truth: codes, matrix } = probabilityRows(truth, predicted, options.labels, options.positive);
    const width = matrix.classes.length;
    if (width < 2) throw new RunlabError("logLoss needs two classes at least", { received: matrix.classes.join(", "), allowed: "labels: [...] names classes that do not occur" });
    let sum = 0;
    for (let i = 0; i < codes.length; i++) {
      for (let c = 0; c < width; c++) {
        const p = matrix.values[i * width + c];
        if (!(p >= 0 && p <= 1)) throw new RunlabError(`probabilities lie between 0 and 1; see row ${i}`, { received: p });
      }
      const p = matrix.values[i * width + codes[i]];
      sum -= Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
    }
    return { value: sum / codes.length, details: { classes: matrix.classes, rows: codes.length } };
  },
};

/**
 * The mean of -log(probability given to the true class), in nats; 0 is perfect and there is no upper end. Probabilities
 * are kept 2.2e-16 away from 0 and 1, as in scikit-learn, so that one sure mistake costs 36, not infinity.
 *
 * When it misleads: a few rows that are surely wrong can outweigh all others, and values for different numbers of
 * classes do not compare.
 *
 * @param predicted one probability a sample (of the positive class), a row of them a sample, or what `predictProba`
 * returns.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or no probability.
 *
 * @example
 * logLoss([1, 0], [0.5, 0.5]); // 0.6931471805599453
 */
export function logLoss(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: ScoreOptions = {}): number {
  return announced(logLossMetric, truth, predicted, options);
}
