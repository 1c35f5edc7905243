/**
 * Hinge loss: how far decisions are from being right by a margin of 1.
 */
import { RunlabError } from "../errors.js";
import { scoreMetric } from "./define.js";
import { type ScoreOptions, scoresOf, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Probabilities, Values } from "./metric.js";

export const hingeMetric = scoreMetric({
  name: "hinge",
  summary: "how far scores are from being right by a margin of 1",
  greaterIsBetter: false,
  // Scores of -1 and 1 reach 0; probabilities never do.
  perfect: null,
  options: {},
  of(rows) {
    const { truth, scores, width, positive, classes, weights } = rows;
    if (classes.length < 2) throw new RunlabError("hinge needs two classes at least", { received: classes.join(", "), allowed: "labels: [...] names classes that do not occur" });
    const binary = classes.length === 2;
    const column = binary ? scoresOf(rows, positive) : scores;
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      let margin: number;
      if (binary) margin = truth[i] === positive ? column[i] : -column[i];
      else {
        let rival = -Infinity;
        for (let c = 0; c < width; c++) if (c !== truth[i] && scores[i * width + c] > rival) rival = scores[i * width + c];
        margin = scores[i * width + truth[i]] - rival;
      }
      if (margin < 1) sum += (1 - margin) * (weights === null ? 1 : weights[i]);
    }
    return { value: sum / totalWeight(weights, truth.length), details: { classes } };
  },
});

/**
 * The mean hinge loss: 0 for a row whose score is on the right side by 1 or more, else how much is missing. Scores are
 * decisions such as those of a support vector machine: above 0 for the positive class. With more classes, the margin is to
 * the best of the others.
 *
 * When it misleads: it depends on the scale of the scores, so values of different models compare only when scales do.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing or not finite.
 *
 * Source: K. Crammer and Y. Singer (2001), for several classes.
 *
 * @example
 * hinge([1, 0], [0.5, -2]); // 0.25
 */
export function hinge(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: ScoreOptions = {}): number {
  return announced(hingeMetric, truth, predicted, options);
}
