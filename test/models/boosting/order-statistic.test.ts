import { describe, expect, test } from "vitest";
import { orderStatistic, smallestFrom } from "../../../src/models/boosting/order-statistic.js";
import { quantileOf, weightedQuantileOf } from "../../../src/models/boosting/quantile.js";
import { drawByGradient, drawShare } from "../../../src/models/trees/row-sampling.js";
import { stream } from "../../../src/random/index.js";

describe("the k-th smallest", () => {
  test.each([1, 2, 3, 10, 101, 1000])("of %i values, with many ties, sorted and turned round", (count) => {
    const random = stream("order", count);
    const tied = Float64Array.from({ length: count }, () => random.int(Math.max(1, count >> 2)));
    for (const values of [tied, tied.slice().sort(), tied.slice().sort().reverse(), new Float64Array(count).fill(7), Float64Array.from(tied, () => random.normal())]) {
      const sorted = values.slice().sort();
      for (const k of new Set([0, count - 1, count >> 1, count >> 3])) {
        const own = values.slice();
        expect(orderStatistic(own, k)).toBe(sorted[k]);
        expect(smallestFrom(own, k)).toBe(sorted[k]);
        expect(own.slice().sort()).toEqual(sorted);
      }
    }
  });

  test("quantiles, plain and weighted", () => {
    expect(quantileOf(Float64Array.of(5), 0.3)).toBe(5);
    expect(quantileOf(Float64Array.of(4, 1, 3, 2), 0.25)).toBeCloseTo(1.75, 12);
    expect(quantileOf(Float64Array.of(4, 1, 3, 2), 0)).toBe(1);
    expect(quantileOf(Float64Array.of(4, 1, 3, 2), 1)).toBe(4);
    // As LightGBM 4.7 gives them.
    const values = Float64Array.of(50, 10, 30, 20, 40);
    const weights = Float64Array.of(4, 3, 2, 7, 9);
    for (const [quantile, expected] of [[0.1, 10], [0.3, 16.4286], [0.5, 30.5556], [0.8, 38.8889], [0.95, 50]]) expect(weightedQuantileOf(values, weights, quantile)).toBeCloseTo(expected, 4);
    expect(weightedQuantileOf(values, weights.map((weight) => weight / 10), 0.8)).toBe(30);
  });
});

describe("drawn rows", () => {
  test("as many as asked for, ascending, each row as likely as another", () => {
    const random = stream("rows", 1);
    const taken = new Float64Array(50);
    for (let i = 0; i < 4000; i++) {
      const rows = drawShare(50, 0.3, random);
      expect(rows).toHaveLength(15);
      for (let at = 0; at < 15; at++) {
        taken[rows[at]]++;
        if (at > 0 && rows[at] <= rows[at - 1]) throw new Error("not ascending");
      }
    }
    // 1200 expected with a standard deviation of 29.
    for (const count of taken) expect(Math.abs(count - 1200)).toBeLessThan(130);
    expect(drawShare(3, 0.01, random)).toHaveLength(1);
  });

  test("by gradient: all large ones, some of the others, whose derivatives grow", () => {
    const gradients = Float32Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 5 : 1));
    const hessians = new Float32Array(100).fill(1);
    const rows = drawByGradient(100, 0.1, 0.3, gradients, hessians, stream("goss", 1));
    expect(rows).toHaveLength(40);
    expect([...rows].filter((row) => row % 10 === 0)).toHaveLength(10);
    for (const row of rows) expect(hessians[row]).toBe(row % 10 === 0 ? 1 : 3);
    expect([...rows].reduce((sum, row) => sum + hessians[row], 0)).toBe(100);
  });
});
