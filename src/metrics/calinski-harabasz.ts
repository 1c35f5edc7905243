/**
 * Calinski-Harabasz index: variance between groups over variance within.
 */
import { pointMetric } from "./define-points.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";
import { type Points, centres, squaredDistance } from "./points.js";

export const calinskiHarabaszMetric = pointMetric({
  name: "calinskiHarabasz",
  summary: "variance between groups over variance within",
  greaterIsBetter: true,
  perfect: null,
  options: {},
  of(points) {
    const { values, width, rows, labels, groups, sizes } = points;
    const middles = centres(points);
    const middle = new Float64Array(width);
    for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) middle[c] += values[i * width + c];
    for (let c = 0; c < width; c++) middle[c] /= rows;
    let between = 0;
    for (let g = 0; g < groups; g++) between += sizes[g] * squaredDistance(middles, g, middle, 0, width);
    let within = 0;
    for (let i = 0; i < rows; i++) within += squaredDistance(values, i, middles, labels[i], width);
    return { value: within === 0 ? 1 : (between * (rows - groups)) / (within * (groups - 1)), details: {} };
  },
});

/**
 * The variance of group middles over the variance inside groups, each by its degrees of freedom. Larger is better;
 * there is no upper end. 1 when every point equals its group's middle, as in scikit-learn.
 *
 * When it misleads: values of different data do not compare, and it likes round groups of one size; scale columns first.
 *
 * @throws RunlabError when lengths differ, a number is missing or not finite, or there are not 2 to rows - 1 groups.
 *
 * Source: T. Calinski and J. Harabasz (1974).
 *
 * @example
 * calinskiHarabasz([[0], [1], [10], [11]], ["a", "a", "b", "b"]); // 200
 */
export function calinskiHarabasz(points: Points, labels: Values, options: object = {}): number {
  return announced(calinskiHarabaszMetric, points, labels, options);
}
