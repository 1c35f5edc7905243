/** Packed trees: the same trees again, in few bytes; damaged bytes are one line. */
import { describe, expect, test } from "vitest";
import { binTable } from "../../../src/models/trees/binned-table.js";
import { featureBins } from "../../../src/models/trees/bins.js";
import { growForest } from "../../../src/models/trees/forest.js";
import { packTrees, unpackTrees } from "../../../src/models/trees/packed-trees.js";
import { RangeDecoder, RangeEncoder, evenChances } from "../../../src/models/trees/range-coder.js";
import { treeToJson, treesFromJson, treesToJson } from "../../../src/models/trees/tree-json.js";
import { stream } from "../../../src/random/index.js";

function forest(rows: number, features: number, classes: number, trees: number, weighted = false) {
  const random = stream("packed", rows + features);
  const columns = Array.from({ length: features }, (_, f) => ({ kind: "number" as const, values: Float64Array.from({ length: rows }, () => (random.next() < 0.05 * (f % 3) ? NaN : random.int(f % 2 === 0 ? 300 : 6))) }));
  const weights = Float64Array.from({ length: rows }, () => (weighted ? random.next() + 0.1 : 1));
  const target = classes === 0
    ? { kind: "sums" as const, values: Float64Array.from({ length: rows }, () => random.normal()) }
    : { kind: "classes" as const, classes, labels: Int32Array.from({ length: rows }, () => random.int(classes)) };
  const bins = columns.map((column) => featureBins(column, { ...target, weights }));
  return growForest(binTable(columns, bins, rows, "columns"), target, weights, {
    trees, classes, bootstrap: true, draws: rows, nJobs: 1, maxDepth: Infinity, minSamplesSplit: 2, minSamplesLeaf: 1, minImpurityDecrease: 0, maxFeatures: 3,
  }, random).trees;
}

const CASES = [
  ["two classes", 2000, 9, 2, false], ["two classes, weighted", 300, 5, 2, true], ["seven classes", 900, 4, 7, false],
  ["a quantity", 1500, 6, 0, false], ["a quantity, weighted", 400, 1, 0, true], ["wide", 200, 300, 2, false], ["two rows", 2, 3, 2, false],
] as const;

describe("packed trees", () => {
  test.each(CASES)("%s: packed and back", (_, rows, features, classes, weighted) => {
    const trees = forest(rows, features, classes, 6, weighted);
    const json = JSON.parse(JSON.stringify(treesToJson(trees, features, classes)));
    expect(treesFromJson(json, features, classes)).toEqual(trees);
  });

  test("a forest of full trees takes less than two bytes a cut", () => {
    const trees = forest(4000, 9, 2, 5);
    const cuts = trees.reduce((sum, tree) => sum + (tree.right.length - 1) / 2, 0);
    expect(packTrees(trees, { features: 9, classes: 2 }).length).toBeLessThan(2.2 * cuts);
  });

  test("documents that hold each tree by itself are read as before", () => {
    const trees = forest(300, 5, 3, 2);
    expect(treesFromJson(JSON.parse(JSON.stringify(trees.map(treeToJson))), 5, 3)).toMatchObject(trees);
  });

  test("damaged bytes never hang and never pass for a tree that points out of itself", () => {
    const trees = forest(200, 5, 2, 3);
    const bytes = packTrees(trees, { features: 5, classes: 2 });
    const random = stream("damage", 1);
    for (let turn = 0; turn < 400; turn++) {
      const broken = bytes.slice(0, turn % 4 === 0 ? random.int(bytes.length) : bytes.length);
      for (let i = 0; i < 1 + (turn % 5); i++) if (broken.length > 0) broken[random.int(broken.length)] = random.int(256);
      let read;
      try {
        read = unpackTrees(broken, 3, { features: 5, classes: 2 });
      } catch (error) {
        expect((error as Error).message).toMatch(/^the model file is damaged: [^\n]*$/);
        continue;
      }
      for (const tree of read) {
        tree.right.forEach((next, node) => expect(next === 0 || (next > node + 1 && next < tree.right.length)).toBe(true));
        tree.split.forEach((cut, node) => expect(tree.right[node] === 0 ? cut < tree.leaves.length / 2 : cut >> 9 < 5).toBe(true));
      }
    }
    expect(() => unpackTrees(new Uint8Array(0), 1e9, { features: 5, classes: 2 })).toThrow(/damaged/);
    expect(() => treesFromJson({ packing: "range", count: -1, base64: "" }, 5, 2)).toThrow(/damaged/);
    expect(() => treesFromJson([], 5, 2)).toThrow(/damaged/);
  });
});

describe("the range coder", () => {
  test("gives back what it was given, and little room to what is no surprise", () => {
    const random = stream("coder", 2);
    const bits = Array.from({ length: 50_000 }, (_, i) => (i % 2 === 0 ? random.int(2) : random.next() < 0.01 ? 1 : 0));
    const encoder = new RangeEncoder();
    const writing = evenChances(2);
    bits.forEach((bit, i) => encoder.bit(writing, i % 2, bit));
    const bytes = encoder.end();
    expect(bytes.length).toBeLessThan((25_000 * 1.1 + 25_000 * 0.12) / 8);
    const decoder = new RangeDecoder(bytes);
    const reading = evenChances(2);
    expect(bits.every((bit, i) => decoder.bit(reading, i % 2) === bit)).toBe(true);
    expect(decoder.spent).toBe(false);
  });
});
