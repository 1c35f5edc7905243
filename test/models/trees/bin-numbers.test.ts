/** Numbers into bins by the kernel: the same bins as in TypeScript, in every build. */
import { afterEach, describe, expect, test } from "vitest";
import { useVariant } from "../../../src/kernels/index.js";
import { type NumberBins, numberBins, writeBins } from "../../../src/models/trees/bins.js";
import { withBinner } from "../../../src/models/trees/bin-numbers.js";
import { stream } from "../../../src/random/index.js";

afterEach(() => useVariant(null));

const ROWS = 20_001;
const random = stream("bin numbers", 1);
const odd = [NaN, Infinity, -Infinity, 0, -0, 5e-324, -1.7e308, 1.7e308];
const strange = (values: number[]): Float64Array => Float64Array.from(values, (value, i) => (i % 97 < odd.length ? odd[i % 97] : value));
const draw = (of: () => number): number[] => Array.from({ length: ROWS }, of);

const columns: [string, Float64Array, NumberBins | null][] = [
  ["evenly spread", strange(draw(() => random.next())), null],
  ["bell-shaped", strange(draw(() => random.normal())), null],
  ["whole numbers", Float64Array.from(draw(() => random.int(400)), (value) => (value === 7 ? NaN : value)), null],
  ["very skewed", strange(draw(() => Math.exp(30 * random.next()))), null],
  ["all sizes there are", strange(draw(() => (random.next() - 0.5) * 2 ** (2000 * (random.next() - 0.5)))), null],
  ["one value", new Float64Array(ROWS).fill(3), null],
  ["two values", Float64Array.from(draw(() => random.int(2))), null],
  ["values at the edges", Float64Array.from(draw(() => random.int(300) / 10)), { kind: "number", edges: Float64Array.from({ length: 254 }, (_, i) => i / 10) }],
  ["infinite edges", strange(draw(() => random.normal())), { kind: "number", edges: Float64Array.of(-Infinity, -1, 0, 1, Infinity) }],
  ["edges next to each other", Float64Array.from(draw(() => 1 + random.int(6) * Number.EPSILON)), { kind: "number", edges: Float64Array.from({ length: 5 }, (_, i) => 1 + i * Number.EPSILON) }],
];

describe.each(["threads", "simd", "plain"] as const)("%s", (variant) => {
  test.each(columns)("%s", (_, values, chosen) => {
    useVariant(variant);
    const bins = chosen ?? numberBins(values.filter((value) => Math.abs(value) < 1e300));
    const expected = new Uint8Array(ROWS);
    writeBins({ kind: "number", values }, bins, expected, 0, 1);
    const found = new Uint8Array(ROWS);
    withBinner((binner) => binner.write(values, bins, found));
    expect(Buffer.compare(found, expected)).toBe(0);
  });
});
