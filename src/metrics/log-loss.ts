/**
 * Log loss: how surprised the predicted probabilities are by the truth.
 */
import { RunlabError } from "../errors.js";
import { scoreMetric } from "./define.js";
import { type ScoreOptions, checkProbabilities, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Probabilities, Values } from "./metric.js";

export type { ScoreOptions } from "./inputs.js";

const LEAST = Number.EPSILON;
const MOST = 1 - Number.EPSILON;

export const logLossMetric = scoreMetric({
  name: "logLoss",
  summary: "mean of -log of the probability given to the true class",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of(rows) {
    const { truth, scores, width, positive, classes, weights } = rows;
    if (classes.length < 2) throw new RunlabError("logLoss needs two classes at least", { received: classes.join(", "), allowed: "labels: [...] names classes that do not occur" });
    checkProbabilities(rows);
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      const p = width === 1 ? (truth[i] === positive ? scores[i] : 1 - scores[i]) : scores[i * width + truth[i]];
      const loss = Math.log(p < LEAST ? LEAST : p > MOST ? MOST : p);
      sum -= weights === null ? loss : weights[i] * loss;
    }
    return { value: sum / totalWeight(weights, truth.length), details: { classes } };
  },
});

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
