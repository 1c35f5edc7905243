import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { currentSeed, philox4x32, setSeed, stream } from "../../src/random/index.js";

afterEach(() => setSeed(null));

describe("a stream", () => {
  it("is fixed by its seed and purpose, and its numbers never change", () => {
    const draws = stream("golden", 42);
    expect([draws.uint32(), draws.uint32(), draws.uint32()]).toEqual([0x32995771, 0x5462a7d2, 0x9f346a87]);
    expect(stream("golden", 42).next()).toBe(stream("golden", 42).next());
    expect(stream("golden", 42).next()).not.toBe(stream("golden", 43).next());
    expect(stream("golden", 42).next()).not.toBe(stream("silver", 42).next());
  });

  it("uses every bit of the seed", () => {
    expect(stream("x", 1).uint32()).not.toBe(stream("x", 1 + 2 ** 32).uint32());
  });

  it("counts blocks of the generator, with the purpose in the upper half of the counter", () => {
    // sha256("golden") starts with these eight bytes.
    const hash = [0x41de56dd, 0x9c1d9537];
    const out = new Uint32Array(4);
    const draws = stream("golden", 2 ** 32 + 5);
    for (let block = 0; block < 40; block++) {
      philox4x32(block, 0, hash[0], hash[1], 5, 1, out);
      expect([draws.uint32(), draws.uint32(), draws.uint32(), draws.uint32()]).toEqual([...out]);
    }
  });

  it("fills arrays with the numbers that next gives, from any position", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 300 }), (skipped, length) => {
      const one = stream("fill", 1);
      const many = stream("fill", 1);
      for (let i = 0; i < skipped; i++) { one.uint32(); many.uint32(); }
      expect(Array.from(many.fill(new Float64Array(length)))).toEqual(Array.from({ length }, () => one.next()));
      expect(many.uint32()).toBe(one.uint32());
    }));
  });

  it("gives numbers in [0, 1) of 53 bits and the right moments", () => {
    const values = stream("moments", 7).fill(new Float64Array(200_000));
    let odd = 0;
    let sum = 0;
    let squares = 0;
    for (const value of values) {
      if (!(value >= 0 && value < 1)) throw new Error(`out of range: ${value}`);
      if ((value * 2 ** 53) % 2 === 1) odd++;
      sum += value;
      squares += value * value;
    }
    expect(odd / values.length).toBeCloseTo(0.5, 2);
    expect(sum / values.length).toBeCloseTo(1 / 2, 2);
    expect(squares / values.length).toBeCloseTo(1 / 3, 2);
  });

  it("draws whole numbers without favour", () => {
    const draws = stream("die", 3);
    const counts = new Array(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[draws.int(6)]++;
    const chi = counts.reduce((total, count) => total + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
    // Of 2^31 + 1 choices, a remainder without rejection would give the first half twice as often.
    let low = 0;
    for (let i = 0; i < 20_000; i++) if (draws.int(3 * 2 ** 30) < 2 ** 30) low++;
    expect(low / 20_000).toBeCloseTo(1 / 3, 1.5);
    for (const n of [1, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      const value = draws.int(n);
      expect(Number.isSafeInteger(value) && value >= 0 && value < n).toBe(true);
    }
  });

  it("draws from the normal distribution", () => {
    const draws = stream("normal", 11);
    const n = 100_000;
    let sum = 0, squares = 0, cubes = 0, beyond = 0;
    for (let i = 0; i < n; i++) {
      const z = draws.normal();
      sum += z; squares += z * z; cubes += z * z * z;
      if (Math.abs(z) > 1.959964) beyond++;
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.015);
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.02);
    expect(Math.abs(cubes / n)).toBeLessThan(0.04);
    expect(Math.abs(beyond / n - 0.05)).toBeLessThan(0.004);
  });

  it("shuffles into every order equally often", () => {
    const counts = new Map<string, number>();
    const draws = stream("orders", 5);
    for (let i = 0; i < 24_000; i++) {
      const order = draws.shuffle([0, 1, 2, 3]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chi = [...counts.values()].reduce((total, count) => total + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001
  });

  it("chooses without replacement, every number alike", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 200 }), (n, wanted) => {
      const count = Math.min(n, wanted);
      const drawn = stream("choice", wanted).choice(n, count);
      expect(new Set(drawn).size).toBe(count);
      expect(drawn.every((each) => each < n)).toBe(true);
    }));
    const counts = new Array(5).fill(0);
    const draws = stream("pairs", 9);
    for (let i = 0; i < 10_000; i++) for (const each of draws.choice(5, 2)) counts[each]++;
    for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(200);
    expect(() => draws.choice(3, 4)).toThrow(RunlabError);
    expect(draws.choice(3, 10, { replace: true }).length).toBe(10);
  });

  it("is not moved by what its parts draw", () => {
    const a = stream("forest", 1);
    const b = stream("forest", 1);
    for (let i = 0; i < 10; i++) b.split(`tree ${i}`).next();
    expect(b.next()).toBe(a.next());
    expect(a.split("x").next()).toBe(stream("forest/x", 1).next());
  });
});

describe("the seed", () => {
  it("is the one set, else one drawn for the process", () => {
    const drawn = currentSeed();
    expect(currentSeed()).toBe(drawn);
    setSeed(42);
    expect(stream("x").seed).toBe(42);
    setSeed(null);
    expect(stream("x").seed).toBe(drawn);
  });
  it.each([-1, 1.5, NaN, 2 ** 53, "42"])("refuses %s", (seed) => {
    expect(() => setSeed(seed as number)).toThrow(RunlabError);
    expect(() => stream("x", seed as number)).toThrow(RunlabError);
  });
});
