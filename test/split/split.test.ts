import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { observe } from "../../src/observe/index.js";
import type { ObservedEvent } from "../../src/observe/index.js";
import { setSeed, stream } from "../../src/random/index.js";
import { allocate } from "../../src/split/allocate.js";
import { asPart, partOf, split } from "../../src/split/index.js";
import { labelsOf, tableFromColumns } from "../../src/table/index.js";

afterEach(() => setSeed(null));

function sample(rows: number, classes = 3) {
  const draws = stream("rows", rows);
  return tableFromColumns({
    id: Int32Array.from({ length: rows }, (_, i) => i),
    x: Array.from({ length: rows }, () => draws.next()),
    y: Array.from({ length: rows }, () => `class ${Math.min(draws.int(classes), draws.int(classes))}`),
  });
}

const ids = (part: { table: { getChild(name: string): any } }): number[] => [...part.table.getChild("id")];

describe("split", () => {
  it("puts every row in exactly one part, in the table's order", () => {
    fc.assert(fc.property(fc.integer({ min: 12, max: 200 }), fc.integer({ min: 0, max: 1000 }), fc.boolean(), (rows, seed, validated) => {
      const table = sample(rows);
      const parts = split(table, { target: "y", seed, ...(validated ? { validationSize: 0.2 } : {}) } as Parameters<typeof split>[1]);
      const all = Object.values(parts).flatMap(ids);
      expect(all.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
      for (const part of Object.values(parts)) {
        expect(ids(part)).toEqual(ids(part).sort((a, b) => a - b));
        expect(Array.from(part.rows)).toEqual(ids(part));
      }
      expect(parts.test.table.numRows).toBe(Math.ceil(rows / 4));
    }), { numRuns: 40 });
  });

  it("gives the same parts for the same seed, others for another, and the run's seed when none is given", () => {
    const table = sample(100);
    const first = ids(split(table, { target: "y", seed: 42 }).test);
    expect(ids(split(table, { target: "y", seed: 42 }).test)).toEqual(first);
    expect(ids(split(table, { target: "y", seed: 43 }).test)).not.toEqual(first);
    setSeed(42);
    expect(ids(split(table, { target: "y" }).test)).toEqual(first);
    expect(first).toEqual([3, 5, 12, 15, 18, 20, 22, 28, 31, 37, 45, 47, 48, 51, 52, 55, 60, 61, 63, 70, 75, 81, 90, 94, 96]);
  });

  it("takes each row with the same chance", () => {
    const table = sample(20);
    const counts = new Array(20).fill(0);
    for (let seed = 0; seed < 2000; seed++) for (const id of ids(split(table, { target: "x", testSize: 0.25, seed }).test)) counts[id]++;
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(80);
  });

  it("keeps the classes' proportions, within one row", () => {
    const table = sample(997, 4);
    const all = labelsOf(table, "y");
    const { train, test } = split(table, { target: "y", stratify: true, testSize: 0.3, seed: 5 });
    const count = (labels: { codes: Int32Array }, c: number) => labels.codes.reduce((sum, code) => sum + (code === c ? 1 : 0), 0);
    all.levels.forEach((_, c) => {
      const exact = (count(all, c) * test.table.numRows) / 997;
      expect(Math.abs(count(labelsOf(test.table, "y"), c) - exact)).toBeLessThan(1);
      expect(count(labelsOf(test.table, "y"), c) + count(labelsOf(train.table, "y"), c)).toBe(count(all, c));
    });
  });

  it("takes the last rows when rows are not shuffled", () => {
    const { train, validation, test } = split(sample(10), { target: "y", shuffle: false, testSize: 0.2, validationSize: 0.3 });
    expect([ids(train), ids(validation), ids(test)]).toEqual([[0, 1, 2, 3, 4], [5, 6, 7], [8, 9]]);
  });

  it("rounds shares up to whole rows, but not by the last bit of a product", () => {
    expect(split(sample(100), { target: "y", testSize: 0.07, seed: 1 }).test.table.numRows).toBe(7);
    expect(split(sample(10), { target: "y", testSize: 0.01, seed: 1 }).test.table.numRows).toBe(1);
  });

  it("leaves out rows without a target only when told to", () => {
    const table = tableFromColumns({ x: [1, 2, 3, 4, 5], y: [1, null, 3, 4, null] });
    expect(() => split(table, { target: "y" })).toThrow("missing in 2 of 5 rows");
    const { train, test } = split(table, { target: "y", dropMissingTarget: true, seed: 1 });
    expect([...train.rows!, ...test.rows!].sort()).toEqual([0, 2, 3]);
  });

  it("announces how it was done, defaults included", () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    split(sample(40), { target: "y", stratify: true, seed: 9 });
    stop();
    expect(events).toEqual([{
      type: "split",
      details: {
        method: "stratified", target: "y", features: ["id", "x"], testSize: 0.25, validationSize: null, stratify: "y", shuffle: true, seed: 9,
        dropMissingTarget: false, rows: { train: 30, test: 10 }, chosen: ["target", "stratify", "seed"],
      },
    }]);
  });

  const table = tableFromColumns({ x: [1, 2, 3, 4], y: ["a", "a", "a", "b"] });
  it.each([
    ["a target that is not there", () => split(table, { target: "Y2" }), /not a column.*"Y2".*y/],
    ["a testSize of 0", () => split(table, { target: "y", testSize: 0 }), /received 0/],
    ["a testSize of 20", () => split(table, { target: "y", testSize: 20 }), /received 20/],
    ["sizes that leave nothing", () => split(table, { target: "y", testSize: 0.5, validationSize: 0.5 }), /sum under 1/],
    ["a part without rows", () => split(tableFromColumns({ x: [1], y: [1] }), { target: "y" }), /at least one row/],
    ["an empty table", () => split(tableFromColumns({ x: new Float64Array(0), y: new Float64Array(0) }), { target: "y" }), /at least one row/],
    ["a class of one member", () => split(table, { target: "y", stratify: true }), /one row of b/],
    ["stratifying in order", () => split(table, { target: "y", stratify: true, shuffle: false }), /at random/],
    ["a column to stratify by that is not there", () => split(table, { target: "y", stratify: "z" }), /column to stratify by/],
    ["an option of another spelling", () => split(table, { target: "y", test_size: 0.9 } as never), /^split: there is no option test_size; did you mean testSize\?$/],
    ["an option that is nothing like one", () => split(table, { target: "y", zzz: 1 } as never), /no option zzz; allowed: target, features, testSize/],
    ["a target that is no option", () => split(table, "y" as never), /takes its options as an object; received "y"; allowed: \{ target/],
    ["no options", () => split(table, undefined as never), /takes its options as an object/],
    ["a part of another spelling", () => partOf(table, { target: "y", feature: ["x"] } as never), /^partOf: there is no option feature; did you mean features\?$/],
    ["a seed for a split in order", () => split(table, { target: "y", shuffle: false, seed: 1 }), /takes no seed/],
    ["no features", () => split(tableFromColumns({ y: [1, 2] }), { target: "y" }), /at least one feature/],
  ])("refuses %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

describe("allocate", () => {
  it("is exact and fair", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 1000 }), (sizes, wanted) => {
      const all = sizes.reduce((sum, size) => sum + size, 0);
      const total = Math.min(wanted, all);
      const shares = allocate(sizes, total);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
      shares.forEach((share, i) => {
        if (all > 0) expect(Math.abs(share - (sizes[i] * total) / all)).toBeLessThan(1);
        expect(share).toBeLessThanOrEqual(sizes[i]);
      });
    }));
  });
});

describe("parts", () => {
  const table = tableFromColumns({ a: [1, 2], b: ["x", "y"], c: [true, false] });
  it("know their task from the target's type", () => {
    expect([partOf(table, { target: "a" }).task, partOf(table, { target: "b" }).task, partOf(table, { target: "c" }).task]).toEqual(["regression", "classification", "classification"]);
  });
  it("are taken as they are, or made from a table", () => {
    const part = partOf(table, { target: "a" });
    expect(asPart(part)).toBe(part);
    expect(asPart(part, { target: "b" })).toMatchObject({ target: "b", features: ["a", "c"] });
    expect(asPart(part, { features: ["b"] })).toMatchObject({ target: "a", features: ["b"] });
    expect(() => asPart(table)).toThrow("needs a target");
    expect(() => partOf(table, { target: "a", features: ["a"] })).toThrow("cannot be a feature");
  });
});
