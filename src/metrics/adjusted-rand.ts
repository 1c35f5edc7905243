/**
 * Adjusted Rand index: pairs of rows that two groupings agree on, beyond chance.
 */
import { groupingMetric } from "./define-groupings.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

export const adjustedRandMetric = groupingMetric({
  name: "adjustedRand",
  summary: "pairs of rows that two groupings agree on, beyond chance",
  options: {},
  of({ pairs, firstSizes, secondSizes, rows }) {
    const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
    const both = squares(pairs);
    const first = squares(firstSizes);
    const second = squares(secondSizes);
    // Ordered pairs of rows: together in both, in one only, in none. Whole numbers, exact below 2^53.
    const together = both - rows;
    const firstOnly = first - both;
    const secondOnly = second - both;
    const apart = rows * rows - first - second + both;
    if (firstOnly === 0 && secondOnly === 0) return { value: 1, details: {} };
    return { value: (2 * (together * apart - firstOnly * secondOnly)) / ((together + firstOnly) * (firstOnly + apart) + (together + secondOnly) * (secondOnly + apart)), details: {} };
  },
});

/**
 * How far two groupings of the same rows agree, whatever their groups are called: 1 for the same groups, 0 for chance,
 * down to -0.5.
 *
 * When it misleads: one large group weighs most, because it holds most pairs.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * Source: L. Hubert and P. Arabie (1985).
 *
 * @example
 * adjustedRand([0, 0, 1, 1], ["b", "b", "a", "a"]); // 1
 * adjustedRand([0, 0, 1, 2], [0, 0, 1, 1]); // 0.5714285714285714
 */
export function adjustedRand(truth: Values, predicted: Values, options: object = {}): number {
  return announced(adjustedRandMetric, truth, predicted, options);
}
