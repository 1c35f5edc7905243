/**
 * Top-k accuracy: how often the true class is among the k likeliest.
 */
import { RunlabError } from "../errors.js";
import { scoreMetric } from "./define.js";
import { type ScoreOptions, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Probabilities, Values } from "./metric.js";

/** Options of `topKAccuracy`. */
export interface TopKOptions extends ScoreOptions {
  /** How many of the likeliest classes count as right. Default 2. */
  k?: number;
}

export const topKAccuracyMetric = scoreMetric<Pick<TopKOptions, "k">>({
  name: "topKAccuracy",
  summary: "share of rows whose class is among the k likeliest",
  greaterIsBetter: true,
  perfect: 1,
  options: { k: true },
  of({ truth, scores, width, classes, weights, positive }, { k = 2 }) {
    if (!Number.isInteger(k) || k < 1) throw new RunlabError("k is a whole number of classes, 1 or more", { received: k });
    let hits = 0;
    for (let i = 0; i < truth.length; i++) {
      let ahead = 0;
      if (width === 1) {
        // One score says no more than which side of 0.5 a row is on; the second of two classes is always among two.
        ahead = (scores[i] > 0.5) === (truth[i] === positive) ? 0 : 1;
      } else {
        const own = scores[i * width + truth[i]];
        // Of equal scores the later class goes first, as in scikit-learn.
        for (let c = 0; c < width; c++) if (scores[i * width + c] > own || (scores[i * width + c] === own && c > truth[i])) ahead++;
      }
      if (ahead < k) hits += weights === null ? 1 : weights[i];
    }
    return { value: hits / totalWeight(weights, truth.length), details: { k, classes } };
  },
});

/**
 * The share of rows whose true class is among the `k` with the highest scores, 0 to 1.
 *
 * When it misleads: with `k` as large as the number of classes it is always 1.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, or `k` is no
 * whole number above 0.
 *
 * @example
 * topKAccuracy(["a", "b", "c"], [[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.5, 0.3, 0.2]], { k: 2 }); // 0.6666666666666666
 */
export function topKAccuracy(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: TopKOptions = {}): number {
  return announced(topKAccuracyMetric, truth, predicted, options);
}
