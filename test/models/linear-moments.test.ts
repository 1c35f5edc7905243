/** Mean, deviation and median of columns of all kinds, against plain sums and sorting. */
import { describe, expect, test } from "vitest";
import { momentsOf } from "../../src/models/linear/moments.js";
import { stream } from "../../src/random/index.js";

const random = stream("moments", 1);
const made = (rows: number, draw: (i: number) => number) => Float64Array.from({ length: rows }, (_, i) => draw(i));
const columns: Record<string, Float64Array> = {
  "one value": made(1, () => -3),
  two: made(2, (i) => i),
  "odd, small": made(999, () => random.normal()),
  "even, with ties": made(50_000, () => random.int(12)),
  "odd, with ties": made(50_001, () => random.int(12) - 6),
  normal: made(30_000, () => random.normal() * 1e-3 + 1e6),
  skewed: made(30_001, () => Math.exp(3 * random.normal())),
  sorted: made(20_000, (i) => i),
  "mostly one value": made(20_000, (i) => (i % 100 === 0 ? i : 5)),
  // The few values that are looked at first mislead: every one of them is an exception.
  misleading: made(20_460, (i) => (i % 20 === 10 ? 1e6 + i : -i)),
  "ones and zeros, then another": made(5000, (i) => (i < 4000 ? i % 2 : 7)),
  flags: made(5001, (i) => (i % 3 === 0 ? 1 : 0)),
  gaps: made(7000, (i) => (i % 5 === 0 ? NaN : i % 1000)),
  negative: made(10_000, () => -Math.abs(random.normal())),
};

describe.each(Object.entries(columns))("%s", (_, values) => {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  const deviation = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / present.length);

  test("as by plain sums and sorting", () => {
    const before = values.slice();
    const found = momentsOf(values);
    expect(values).toEqual(before);
    const half = present.length >> 1;
    expect(found.median).toBe(present.length % 2 === 1 ? present[half] : (present[half - 1] + present[half]) / 2);
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(1e-12 * (Math.abs(mean) + deviation));
    expect(Math.abs(found.scale - (deviation || 1))).toBeLessThanOrEqual(1e-6 * deviation + 1e-12);
    expect(found.missing).toBe(values.length - present.length);
    expect(found.flags).toBe(values.every((value) => value === 0 || value === 1 || Number.isNaN(value)));
    expect(found.infiniteAt).toBe(-1);
  });
});

test("infinite values are found, and a constant column has scale 1", () => {
  expect(momentsOf(Float64Array.of(1, NaN, -Infinity, Infinity)).infiniteAt).toBe(2);
  expect(momentsOf(new Float64Array(5000).fill(0.1))).toMatchObject({ scale: 1, median: 0.1 });
});
