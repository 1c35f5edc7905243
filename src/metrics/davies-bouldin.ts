/**
 * Davies-Bouldin index: how wide groups are for how far they are apart.
 */
import { pointMetric } from "./define-points.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";
import { type Points, centres, squaredDistance } from "./points.js";

/** Below this a spread or a distance counts as none, as in scikit-learn. */
const NONE = 1e-8;

export const daviesBouldinMetric = pointMetric({
  name: "daviesBouldin",
  summary: "how wide groups are for how far they are apart",
  greaterIsBetter: false,
  perfect: 0,
  options: {},
  of(points) {
    const { values, width, rows, labels, groups, sizes } = points;
    const middles = centres(points);
    const spread = new Float64Array(groups);
    for (let i = 0; i < rows; i++) spread[labels[i]] += Math.sqrt(squaredDistance(values, i, middles, labels[i], width));
    for (let g = 0; g < groups; g++) spread[g] /= sizes[g];
    let sum = 0;
    let farthest = 0;
    for (let a = 0; a < groups; a++) {
      let worst = 0;
      for (let b = 0; b < groups; b++) {
        if (a === b) continue;
        const apart = Math.sqrt(squaredDistance(middles, a, middles, b, width));
        farthest = Math.max(farthest, apart);
        // Groups with one middle compare with nothing.
        if (apart > 0) worst = Math.max(worst, (spread[a] + spread[b]) / apart);
      }
      sum += worst;
    }
    return { value: spread.every((each) => each <= NONE) || farthest <= NONE ? 0 : sum / groups, details: {} };
  },
});

/**
 * The mean over groups of the worst (spread + spread) / distance with another group. 0 is best: tight groups far apart.
 * Much cheaper than `silhouette`.
 *
 * When it misleads: it looks at middles only, so long or nested groups score badly; scale columns first.
 *
 * @throws RunlabError when lengths differ, a number is missing or not finite, or there are not 2 to rows - 1 groups.
 *
 * Source: D. L. Davies and D. W. Bouldin (1979).
 *
 * @example
 * daviesBouldin([[0], [1], [10], [11]], ["a", "a", "b", "b"]); // 0.1
 */
export function daviesBouldin(points: Points, labels: Values, options: object = {}): number {
  return announced(daviesBouldinMetric, points, labels, options);
}
