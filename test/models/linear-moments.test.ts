/** Mean, deviation and median of columns of all kinds, against plain sums and sorting. */
import { afterEach, describe, expect, test } from "vitest";
import { leaseMemory, useVariant, type Variant } from "../../src/kernels/index.js";
import { fillOf, medianOf } from "../../src/models/linear/median.js";
import { MomentsReader } from "../../src/models/linear/moments.js";
import { stream } from "../../src/random/index.js";

function momentsOf(values: Float64Array) {
  const lease = leaseMemory();
  try {
    return new MomentsReader(lease).of(values);
  } finally {
    lease.release();
  }
}

afterEach(() => useVariant(null));

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
  "more than are brought to the kernel at a time": made(70_001, (i) => (i % 7) * 1e5 + random.normal()),
  "ones and zeros, then another": made(5000, (i) => (i < 4000 ? i % 2 : 7)),
  flags: made(5001, (i) => (i % 3 === 0 ? 1 : 0)),
  gaps: made(7000, (i) => (i % 5 === 0 ? NaN : i % 1000)),
  "flags with gaps": made(7001, (i) => (i % 5 === 0 ? NaN : i % 2)),
  "a long gap": made(7003, (i) => (i > 1000 && i < 4100 ? NaN : i)),
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
    expect(medianOf(values)).toBe(present.length % 2 === 1 ? present[half] : (present[half - 1] + present[half]) / 2);
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(1e-12 * (Math.abs(mean) + deviation));
    expect(Math.abs(found.scale - (deviation || 1))).toBeLessThanOrEqual(1e-6 * deviation + 1e-12);
    expect(found.missing).toBe(values.length - present.length);
    expect(found.flags).toBe(values.every((value) => value === 0 || value === 1 || Number.isNaN(value)));
    expect(found.infiniteAt).toBe(-1);
  });
});

test("the same in every build of the kernel", () => {
  for (const values of Object.values(columns)) {
    const found = (["threads", "simd", "plain"] as Variant[]).map((variant) => {
      useVariant(variant);
      return momentsOf(values);
    });
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  }
});

test("infinite values are found, and a constant column has scale 1", () => {
  expect(momentsOf(Float64Array.of(1, NaN, -Infinity, Infinity)).infiniteAt).toBe(2);
  expect(momentsOf(new Float64Array(5000).fill(0.1))).toMatchObject({ scale: 1 });
});

test("a column of nothing but gaps has no mean and no median", () => {
  const values = new Float64Array(3000).fill(NaN);
  expect(momentsOf(values)).toMatchObject({ count: 0, missing: 3000, mean: 0, scale: 1 });
  expect(fillOf(values, momentsOf(values))).toBeNaN();
});

test("missing values are filled with the median: of all rows when some are missing, of many when none is", () => {
  const gaps = columns["gaps"];
  expect(fillOf(gaps, momentsOf(gaps))).toBe(medianOf(gaps));
  const few = columns["odd, small"];
  expect(fillOf(few, momentsOf(few))).toBe(medianOf(few));
  const flags = columns["flags with gaps"];
  expect(fillOf(flags, momentsOf(flags))).toBe(medianOf(flags));
  const sorted = columns["sorted"];
  const filled = fillOf(sorted, momentsOf(sorted));
  expect(Math.abs(filled - medianOf(sorted))).toBeLessThan(10);
});
