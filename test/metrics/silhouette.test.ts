import { afterEach, describe, expect, it } from "vitest";
import { useVariant } from "../../src/kernels/index.js";
import { silhouetteSamples } from "../../src/metrics/index.js";
import { stream } from "../../src/random/index.js";

afterEach(() => useVariant(null));

/** Points of `width` numbers in `groups` groups of unequal size. */
function sample(rows: number, width: number, groups: number): { points: number[][]; labels: number[] } {
  const draws = stream(`silhouette ${rows} ${width} ${groups}`, 42);
  const labels = Array.from({ length: rows }, (_, i) => (i < groups ? i : Math.min(draws.int(groups), draws.int(groups))));
  return { labels, points: labels.map((label) => Array.from({ length: width }, (_, c) => draws.normal() + (c === 0 ? 3 * label : 0))) };
}

/** By the definition, a pair at a time. */
function slowly(points: number[][], labels: number[]): number[] {
  const groups = [...new Set(labels)];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return points.map((point, i) => {
    const to = (group: number) => points.flatMap((other, j) => (labels[j] === group && j !== i ? [Math.hypot(...point.map((value, c) => value - other[c]))] : []));
    const own = to(labels[i]);
    if (own.length === 0) return 0;
    const inside = mean(own);
    const outside = Math.min(...groups.filter((group) => group !== labels[i]).map((group) => mean(to(group))));
    return (outside - inside) / Math.max(inside, outside);
  });
}

describe.each([[3, 1, 2], [17, 2, 3], [64, 5, 4], [151, 3, 9], [200, 1, 40]])("%i points of %i numbers in %i groups", (rows, width, groups) => {
  const { points, labels } = sample(rows, width, groups);
  it("have the silhouettes of the definition", () => {
    const found = silhouetteSamples(points, labels);
    slowly(points, labels).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
  });
  it("have the same bits with lanes and without", () => {
    const bits = (["threads", "simd", "plain"] as const).map((variant) => {
      useVariant(variant);
      return silhouetteSamples(points, labels);
    });
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]).toEqual(bits[0]);
  });
});
