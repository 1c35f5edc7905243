/** Forests of the kernel beside those of the plain TypeScript grower: the same trees, to the bit. */
import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { type Variant, useVariant } from "../../../src/kernels/index.js";
import { binTable } from "../../../src/models/trees/binned-table.js";
import { type TreeColumn, featureBins } from "../../../src/models/trees/bins.js";
import { type Forest, type ForestOptions, type ForestTarget, growForest } from "../../../src/models/trees/forest.js";
import { stream } from "../../../src/random/index.js";

afterEach(() => useVariant(null));

interface Shape {
  rows: number;
  features: number;
  /** 0 for a quantity. */
  classes: number;
  values?: number;
  missing?: number;
  weights?: "one" | "whole" | "any" | "some zero";
}

/** A table with ties, missing values, a constant column and a target that depends on it. */
function example({ rows, features, classes, values = 40, missing = 0.1, weights = "one" }: Shape) {
  const random = stream("forest test", rows + features + classes);
  const columns: TreeColumn[] = Array.from({ length: features }, (_, f) => ({
    kind: "number",
    values: Float64Array.from({ length: rows }, () => (f === 2 ? 7 : random.next() < missing ? NaN : random.int(f % 3 === 0 ? values : 5))),
  }));
  const score = Array.from({ length: rows }, (_, i) => columns.reduce((sum, column) => sum + ((column as { values: Float64Array }).values[i] || 0) / 10, 0) + random.normal());
  const target: ForestTarget = classes === 0
    ? { kind: "sums", values: Float64Array.from(score) }
    : { kind: "classes", classes, labels: Int32Array.from(score, (value) => ((Math.floor(value) % classes) + classes) % classes) };
  const weight = Float64Array.from({ length: rows }, () => (weights === "one" ? 1 : weights === "whole" ? 1 + random.int(4) : weights === "any" ? random.next() + 0.01 : random.int(3) * 0.5));
  const order = target.kind === "classes" ? { ...target, weights: weight } : { ...target, weights: weight };
  const bins = columns.map((column) => featureBins(column, order));
  return { table: binTable(columns, bins, rows, "columns"), target, weights: weight };
}

/** A forest to the bit, in a form that is quickly compared. */
const bits = ({ trees, importances }: Forest) => [
  ...trees.map((tree) => createHash("sha1").update(tree.right).update(tree.split).update(tree.leaves).digest("hex")),
  createHash("sha1").update(importances).digest("hex"),
];

const usual = { trees: 3, bootstrap: true, nJobs: 2, maxDepth: Infinity, minSamplesSplit: 2, minSamplesLeaf: 1, minImpurityDecrease: 0 };

function grow(shape: Shape, options: Partial<ForestOptions>): Forest {
  const { table, target, weights } = example(shape);
  const maxFeatures = options.maxFeatures ?? Math.max(1, Math.floor(Math.sqrt(shape.features)));
  const cutPoints = options.cutPoints?.subarray(0, 256 * shape.features) ?? null;
  return growForest(table, target, weights, { ...usual, draws: shape.rows, classes: shape.classes, ...options, maxFeatures, cutPoints }, stream("forest", 4));
}

const SHAPES: [string, Shape][] = [
  ["two classes", { rows: 1501, features: 9, classes: 2 }],
  ["two classes, whole weights", { rows: 700, features: 5, classes: 2, weights: "whole" }],
  ["two classes, any weights", { rows: 701, features: 5, classes: 2, weights: "any" }],
  ["two classes, some weights zero", { rows: 333, features: 5, classes: 2, weights: "some zero" }],
  ["five classes", { rows: 1200, features: 7, classes: 5 }],
  ["three classes, any weights", { rows: 500, features: 4, classes: 3, weights: "any" }],
  ["a quantity", { rows: 1501, features: 9, classes: 0, missing: 0 }],
  ["a quantity, any weights", { rows: 611, features: 6, classes: 0, weights: "any" }],
  ["a quantity, wide", { rows: 300, features: 130, classes: 0, values: 300 }],
  ["two classes, wide", { rows: 400, features: 200, classes: 2, values: 300 }],
  ["one feature", { rows: 97, features: 1, classes: 2 }],
  ["two rows", { rows: 2, features: 4, classes: 2 }],
  ["one row", { rows: 1, features: 4, classes: 0 }],
];

const VARIED: [string, Partial<ForestOptions>][] = [
  ["as usual", {}],
  ["all features", { maxFeatures: 1000 }],
  ["no bootstrap, leaves of 5", { bootstrap: false, minSamplesLeaf: 5 }],
  ["bootstrap of a third, depth 6, nodes of 10", { draws: 100, maxDepth: 6, minSamplesSplit: 10 }],
  ["leaves of 3, all features", { minSamplesLeaf: 3, maxFeatures: 1000 }],
  ["a least decrease", { minImpurityDecrease: 0.001 }],
  ["random cuts", { cutPoints: Float64Array.from({ length: 256 * 200 }, (_, i) => (i % 256) ** 1.5) }],
  ["random cuts, all features, leaves of 4", { maxFeatures: 1000, minSamplesLeaf: 4, bootstrap: false, cutPoints: Float64Array.from({ length: 256 * 200 }, (_, i) => i % 256) }],
];

describe.each(SHAPES)("%s", (_, shape) => {
  test.each(VARIED)("%s: the kernel grows the reference's trees", (_name, varied) => {
    const options = { ...varied, draws: Math.min(shape.rows, varied.draws ?? shape.rows) };
    const reference = grow(shape, { ...options, engine: "reference" });
    expect(bits(grow(shape, { ...options, engine: "kernel" }))).toEqual(bits(reference));
  });
});

describe("threads and variants", () => {
  test.each(SHAPES.slice(0, 8))("%s: the same bits", (_, shape) => {
    const reference = grow(shape, { engine: "reference" });
    for (const variant of ["threads", "simd", "plain"] satisfies Variant[]) {
      useVariant(variant);
      expect(bits(grow(shape, { engine: "kernel" })), variant).toEqual(bits(reference));
    }
  });

  test("any number of threads, with trees to spare and too few", () => {
    const shape: Shape = { rows: 20_001, features: 5, classes: 2, values: 9 };
    const one = bits(grow(shape, { trees: 23, nJobs: 1 }));
    for (const nJobs of [2, 3, 8]) expect(bits(grow(shape, { trees: 23, nJobs }))).toEqual(one);
  });
});
