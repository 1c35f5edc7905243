import { describe, expect, it } from "vitest";
import { stream } from "../../src/random/index.js";
import { sortedNumbers } from "../../src/table/sorted-numbers.js";

describe("values in ascending order", () => {
  const random = stream("sorted-numbers", 1);
  it.each([
    ["nothing", 0, () => 1],
    ["one value", 1, () => 5],
    ["few values", 5000, () => Math.floor(random.next() * 40) / 8 - 2],
    ["many values", 5000, () => random.next() - 0.5],
    ["gaps and infinities", 5000, () => [NaN, Infinity, -Infinity, 3, -3, 0][Math.floor(random.next() * 6)]],
  ])("%s", (_, count, next) => {
    const values = Float64Array.from({ length: count }, next);
    const before = values.slice();
    expect(sortedNumbers(values)).toEqual(values.filter((value) => value === value).sort());
    expect(values).toEqual(before);
  });

  it("takes both zeros for one", () => {
    expect(Array.from(sortedNumbers(Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? -0 : 0))))).toEqual(new Array(40).fill(0));
  });
});
