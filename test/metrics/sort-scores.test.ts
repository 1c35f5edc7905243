import { describe, expect, it } from "vitest";
import { median } from "../../src/metrics/median.js";
import { sortedScores } from "../../src/metrics/sort-scores.js";
import { stream } from "../../src/random/index.js";

const random = stream("sorting", 42);
const many = (make: (i: number) => number, rows = 3000): Float64Array => Float64Array.from({ length: rows }, (_, i) => make(i));

const CASES: Record<string, Float64Array> = {
  "of no row": new Float64Array(0),
  "of one row": Float64Array.of(0.3),
  "in ties": many(() => random.int(7) / 7),
  "all equal": many(() => 0.25),
  "all different": many(() => random.next()),
  "of both signs and far apart": many(() => random.normal() * 10 ** random.int(12)),
  "that halve again and again": many((i) => 2 ** -(i % 1000)),
  "close together beside one far away": many((i) => (i === 0 ? 1e12 : random.next())),
  "next to each other": many((i) => 1 + (i % 50) * Number.EPSILON),
  "at the ends of what a number can be": Float64Array.of(Number.MAX_VALUE, -Number.MAX_VALUE, 0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, 1, -1),
  "smaller than any range": many(() => random.int(100) * Number.MIN_VALUE),
  "in order": many((i) => -i),
  "in the wrong order": many((i) => i),
};

describe("scores", () => {
  it.each(Object.entries(CASES))("%s are put in order, equal ones kept in theirs", (_, scores) => {
    const { scores: sorted, tags } = sortedScores(scores.slice());
    const expected = Array.from(scores, (score, row) => ({ score, row })).sort((a, b) => b.score - a.score || a.row - b.row);
    expect([...tags]).toEqual(expected.map(({ row }) => row));
    expect([...sorted]).toEqual([...tags].map((row) => scores[row]));
  });

  it.each(Object.entries(CASES).filter(([, scores]) => scores.length > 0))("%s have the median that sorting gives", (_, scores) => {
    for (const some of [scores, scores.subarray(1)].filter((each) => each.length > 0)) {
      const sorted = some.slice().sort();
      const half = sorted.length >> 1;
      expect(median(some.slice()) + 0).toBe(0 + (sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2));
    }
  });
});
