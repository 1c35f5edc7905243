/**
 * Brier score: mean squared error of probabilities.
 */
import { RunlabError } from "../errors.js";
import { scoreMetric } from "./define.js";
import { type ScoreOptions, checkProbabilities, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Probabilities, Values } from "./metric.js";

export const brierMetric = scoreMetric({
  name: "brier",
  summary: "mean squared error of the probabilities",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of(rows) {
    const { truth, scores, width, positive, classes, weights } = rows;
    if (classes.length < 2) throw new RunlabError("brier needs two classes at least", { received: classes.join(", "), allowed: "labels: [...] names classes that do not occur" });
    checkProbabilities(rows);
    const binary = classes.length === 2;
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      let error = 0;
      if (binary) {
        const p = width === 1 ? scores[i] : scores[i * 2 + positive];
        const miss = p - (truth[i] === positive ? 1 : 0);
        error = miss * miss;
      } else {
        for (let c = 0; c < width; c++) {
          const miss = scores[i * width + c] - (truth[i] === c ? 1 : 0);
          error += miss * miss;
        }
      }
      sum += weights === null ? error : weights[i] * error;
    }
    return { value: sum / totalWeight(weights, truth.length), details: { classes } };
  },
});

/**
 * The mean squared difference of probability and truth (1 for the class that came, 0 for the others). Of two classes
 * for the positive one alone, 0 to 1; of more the sum over classes, 0 to 2. Both as in scikit-learn.
 *
 * When it misleads: with rare positives even a useless model scores near 0; compare it with the score of the class's share.
 *
 * @param predicted one probability a sample (of the positive class), a row of them a sample, or what `predictProba`
 * returns.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or no probability.
 *
 * Source: G. W. Brier (1950).
 *
 * @example
 * brier([1, 0], [0.5, 0.5]); // 0.25
 */
export function brier(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: ScoreOptions = {}): number {
  return announced(brierMetric, truth, predicted, options);
}
