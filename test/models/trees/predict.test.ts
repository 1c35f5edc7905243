/** The kernel's predictions beside a plain walk down each tree. */
import { afterEach, describe, expect, test } from "vitest";
import { type Variant, useVariant } from "../../../src/kernels/index.js";
import { binTable } from "../../../src/models/trees/binned-table.js";
import { addTrees, decisionPath, leafIndices } from "../../../src/models/trees/predict.js";
import { type CategorySets, type Tree, leafCount, packSplit } from "../../../src/models/trees/tree.js";
import { type RandomStream, stream } from "../../../src/random/index.js";

afterEach(() => useVariant(null));

/** Rows of bins, missing ones included, in either layout. */
function table(rows: number, features: number, layout: "rows" | "columns") {
  const random = stream("predict table", rows + features);
  const columns = Array.from({ length: features }, () => ({ kind: "number" as const, values: Float64Array.from({ length: rows }, () => (random.next() < 0.1 ? NaN : random.int(255))) }));
  return binTable(columns, columns.map(() => ({ kind: "number" as const, edges: Float64Array.from({ length: 254 }, (_, e) => e + 0.5) })), rows, layout);
}

/** A tree of random shape and cuts, some of them by sets, with each leaf its own number. */
function randomTree(leaves: number, features: number, withSets: boolean, random: RandomStream): Tree {
  const right: number[] = [];
  const split: number[] = [];
  const setOf: number[] = [];
  const words: number[] = [];
  const open = [{ leaves, parent: -1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const id = right.length;
    if (next.parent >= 0) right[next.parent] = id;
    right.push(0);
    setOf.push(-1);
    if (next.leaves === 1) {
      split.push(0);
      continue;
    }
    split.push(packSplit(random.int(features), random.int(255), random.int(2) === 1));
    if (withSets && random.int(2) === 1) {
      setOf[id] = words.length / 8;
      for (let w = 0; w < 8; w++) words.push(random.uint32());
    }
    const left = 1 + random.int(next.leaves - 1);
    open.push({ leaves: next.leaves - left, parent: id }, { leaves: left, parent: -1 });
  }
  // Leaves are numbered in an order that is not theirs.
  const places = random.shuffle(Int32Array.from({ length: leaves }, (_, i) => i));
  let leaf = 0;
  right.forEach((next, node) => next === 0 && (split[node] = places[leaf++]));
  const sets: CategorySets | null = withSets ? { setOf: Int32Array.from(setOf), words: Uint32Array.from(words) } : null;
  return { right: Int32Array.from(right), split: Int32Array.from(split), leaves: Float64Array.from({ length: leaves }, () => random.normal()), channels: 1, sets };
}

/** Trees of one leaf up to many, small and large ones in turn. */
function someTrees(features: number, withSets: boolean): Tree[] {
  const random = stream("predict trees", features);
  return [1, 2, 31, 32, 33, 64, 65, 3, 700, 8, 40].map((leaves) => randomTree(leaves, features, withSets, random));
}

const SHAPES = [[1, 1], [7, 3], [8, 5], [511, 4], [513, 12], [1500, 70]] as const;

describe.each(SHAPES)("%i rows, %i features", (rows, features) => {
  test.each([["rows", false], ["columns", true]] as const)("by %s, sets of categories %s", (layout, withSets) => {
    const trees = someTrees(features, withSets);
    const binned = table(rows, features, layout);
    for (const width of [1, 2, 3]) {
      const random = stream("outputs", width);
      const outputs = trees.map((tree) => Float64Array.from({ length: width * leafCount(tree) }, () => random.normal()));
      const start = Float64Array.from({ length: rows * width }, () => random.normal());
      const reference = start.slice();
      addTrees({ trees, outputs, width }, binned, reference, 1, "reference");
      for (const variant of ["threads", "simd", "plain"] satisfies Variant[]) {
        useVariant(variant);
        const found = start.slice();
        addTrees({ trees, outputs, width }, binned, found, 2, "kernel");
        expect(found, variant).toEqual(reference);
      }
    }
    expect(leafIndices(trees, binned, 2, "kernel")).toEqual(leafIndices(trees, binned, 1, "reference"));
  });
});

test("each tree adds to its own column, and in stages as at once", () => {
  const trees = someTrees(6, true);
  const binned = table(600, 6, "rows");
  const outputs = trees.map((tree) => tree.leaves);
  const column = Int32Array.from(trees, (_, t) => t % 3);
  const whole = new Float64Array(1800);
  addTrees({ trees, outputs, width: 1, columns: 3, column }, binned, whole, 2, "kernel");
  const staged = new Float64Array(1800);
  for (let t = 0; t < trees.length; t++) addTrees({ trees: [trees[t]], outputs: [outputs[t]], width: 1, columns: 3, column: column.slice(t, t + 1) }, binned, staged, 1, t % 2 === 0 ? "kernel" : "reference");
  expect(staged).toEqual(whole);
});

test("many rows are divided among threads and taken in pieces", () => {
  const trees = someTrees(5, false);
  const binned = table(90_001, 5, "rows");
  const outputs = trees.map((tree) => tree.leaves);
  const reference = new Float64Array(binned.rows);
  addTrees({ trees, outputs, width: 1 }, binned, reference, 1, "reference");
  for (const threads of [1, 2, 5]) {
    const found = new Float64Array(binned.rows);
    addTrees({ trees, outputs, width: 1 }, binned, found, threads, "kernel");
    expect(found.every((value, row) => value === reference[row])).toBe(true);
  }
});

test("a path goes from the root to the row's leaf", () => {
  const [tree] = someTrees(4, true).slice(-1);
  const binned = table(50, 4, "rows");
  const leaves = leafIndices([tree], binned);
  for (let row = 0; row < 50; row++) {
    const path = decisionPath(tree, binned, row);
    expect(path[0]).toBe(0);
    expect(tree.right[path.at(-1)!]).toBe(0);
    expect(tree.split[path.at(-1)!]).toBe(leaves[row]);
    for (let i = 1; i < path.length; i++) expect([path[i - 1] + 1, tree.right[path[i - 1]]]).toContain(path[i]);
  }
});
