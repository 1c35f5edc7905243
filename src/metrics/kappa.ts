/**
 * Cohen's kappa: agreement beyond what chance gives.
 */
import { RunlabError } from "../errors.js";
import { classTotals } from "./class-totals.js";
import { labelMetric } from "./define.js";
import type { LabelOptions } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

/** How far apart two classes are; `null`: any two different classes the same. */
export type Disagreement = "linear" | "quadratic" | null;

/** Options of `kappa`. */
export interface KappaOptions extends LabelOptions {
  /** How much a disagreement grows with the distance of the classes in their order. Default null: not at all. */
  disagreement?: Disagreement;
}

export const kappaMetric = labelMetric<Pick<KappaOptions, "disagreement">>({
  name: "kappa",
  summary: "agreement beyond what chance gives",
  greaterIsBetter: true,
  perfect: 1,
  options: { disagreement: true },
  of(rows, { disagreement = null }) {
    if (disagreement !== null && disagreement !== "linear" && disagreement !== "quadratic") {
      throw new RunlabError("there is no such disagreement", { received: disagreement, allowed: '"linear", "quadratic" or null' });
    }
    const { truth, predicted, weights } = rows;
    const { predicted: columns, actual, hits } = classTotals(rows);
    const apart = (a: number, b: number): number => (disagreement === null ? (a === b ? 0 : 1) : disagreement === "linear" ? Math.abs(a - b) : (a - b) * (a - b));
    let total = 0;
    for (let c = 0; c < actual.length; c++) total += actual[c];
    let seen = 0;
    let expected = 0;
    if (disagreement === null) {
      seen = total;
      expected = total * total;
      for (let c = 0; c < actual.length; c++) {
        seen -= hits[c];
        expected -= actual[c] * columns[c];
      }
    } else {
      for (let i = 0; i < truth.length; i++) seen += apart(truth[i], predicted[i]) * (weights === null ? 1 : weights[i]);
      for (let a = 0; a < actual.length; a++) {
        if (actual[a] === 0) continue;
        for (let b = 0; b < actual.length; b++) expected += apart(a, b) * actual[a] * columns[b];
      }
    }
    if (expected === 0) throw new RunlabError("kappa needs two classes at least: with one, chance agrees too", { received: String(rows.classes[actual.findIndex((each) => each > 0)]) });
    return { value: 1 - seen / (expected / total), details: { disagreement, classes: rows.classes } };
  },
});

/**
 * Agreement of truth and prediction (or of two people) beyond what chance would give, 1 at best, 0 for chance. With
 * `disagreement` a near miss in an order of classes, such as grades, costs less than a far one.
 *
 * When it misleads: it falls when one class is rare, at the same share of right rows; values of different data do not compare.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing, or there is only one class.
 *
 * Source: J. Cohen (1960, weighted 1968).
 *
 * @example
 * kappa([1, 2, 3, 1], [1, 2, 2, 1]); // 0.6
 * kappa([1, 2, 3, 1], [1, 2, 2, 1], { disagreement: "quadratic" }); // 0.75
 */
export function kappa(truth: Values, predicted: Values, options: KappaOptions = {}): number {
  return announced(kappaMetric, truth, predicted, options);
}
