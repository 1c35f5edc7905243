/**
 * What the options of a grower promise of its trees, whatever engine grows them.
 */
import { stream } from "runlab";
import { expect, test } from "vitest";
import { boostBins } from "../../../src/models/trees/boost-bins.js";
import { boostEdges } from "../../../src/models/trees/boost-edges.js";
import { GROWER_DEFAULTS, type GrowerOptions, type GrownTree, openGrower } from "../../../src/models/trees/grower.js";
import { splitFeature } from "../../../src/models/trees/tree.js";

const ROWS = 2000;

/** Noise on a grid of three features, so that without a rule trees would follow it. */
function table(): { columns: { kind: "number"; values: Float64Array }[]; target: Float64Array } {
  const random = stream("grower rules", 5);
  const columns = [0, 1, 2].map(() => ({ kind: "number" as const, values: Float64Array.from({ length: ROWS }, () => random.int(12)) }));
  const target = Float64Array.from({ length: ROWS }, (_, i) => Math.sin(columns[0].values[i]) + 0.2 * columns[0].values[i] + columns[1].values[i] * columns[2].values[i] * 0.1 + random.normal());
  return { columns, target };
}

function boost(options: Partial<GrowerOptions>, weights: Float64Array | null = null, rounds = 30): { trees: GrownTree[]; scores: Float32Array; columns: { values: Float64Array }[]; target: Float64Array } {
  const { columns, target } = table();
  const grower = openGrower(boostBins(columns, ROWS), { ...GROWER_DEFAULTS, minChildSamples: 5, ...options });
  try {
    grower.setTarget(target, weights);
    const random = stream("grower rules", 6);
    const trees: GrownTree[] = [];
    for (let t = 0; t < rounds; t++) {
      grower.fillGradients("squared", 0);
      const tree = grower.grow({ output: 0, rows: null, random: random.split(t) });
      trees.push(tree);
      grower.addToScores(tree, 0, 0.3);
    }
    return { trees, scores: grower.scores.slice(), columns, target };
  } finally {
    grower.close();
  }
}

/** Features cut on the way to each leaf. */
function paths(tree: GrownTree): Set<number>[] {
  const found: Set<number>[] = [];
  const walk = (node: number, above: readonly number[]): void => {
    if (tree.right[node] === 0) {
      found.push(new Set(above));
      return;
    }
    const path = [...above, splitFeature(tree.split[node])];
    walk(node + 1, path);
    walk(tree.right[node], path);
  };
  walk(0, []);
  return found;
}

test.each(["leafwise", "depthwise", "symmetric"] as const)("predictions never fall where they must not (%s)", (growth) => {
  const falls = (options: Partial<GrowerOptions>): number => {
    const { scores, columns } = boost({ growth, maxDepth: 5, ...options });
    const at = new Map<string, number>();
    columns[0].values.forEach((_, i) => at.set(columns.map(({ values }) => values[i]).join(), scores[i]));
    let count = 0;
    for (const [place, score] of at) {
      const [a, b, c] = place.split(",").map(Number);
      const next = at.get([a + 1, b, c].join());
      if (next !== undefined && next < score) count++;
    }
    return count;
  };
  expect(falls({})).toBeGreaterThan(10);
  expect(falls({ monotone: Int8Array.of(1, 0, 0) })).toBe(0);
});

test("only features of one group meet on a path", () => {
  const meets = (options: Partial<GrowerOptions>): boolean => boost(options).trees.some((tree) => paths(tree).some((path) => path.has(0) && path.has(2)));
  expect(meets({})).toBe(true);
  expect(meets({ interactions: [[0, 1], [1, 2]] })).toBe(false);
});

test("bounds of depth, leaves, rows and gain hold", () => {
  for (const tree of boost({ maxDepth: 3 }).trees) expect(Math.max(...paths(tree).map((path) => path.size))).toBeLessThanOrEqual(3);
  for (const tree of boost({ maxLeaves: 7 }).trees) expect(tree.leaves.length).toBeLessThanOrEqual(7);
  for (const { counts, right } of boost({ minChildSamples: 100 }).trees) counts.forEach((rows, node) => expect(rows >= 100 || right[node] !== 0).toBe(true));
  for (const { gain, right } of boost({ minSplitGain: 20 }).trees) gain.forEach((value, node) => expect(value > 20 || right[node] === 0).toBe(true));
  for (const { leaves } of boost({ maxDeltaStep: 0.05 }).trees) leaves.forEach((value) => expect(Math.abs(value)).toBeLessThanOrEqual(0.05));
});

test("a weight of two is a row twice", () => {
  const { columns, target } = table();
  const twice = columns.map(({ values }) => ({ kind: "number" as const, values: Float64Array.from([...values, ...values]) }));
  const grown = (bins: ReturnType<typeof boostBins>, y: ArrayLike<number>, weights: Float64Array | null, minChildSamples: number): GrownTree => {
    const grower = openGrower(bins, { ...GROWER_DEFAULTS, minChildSamples });
    grower.setTarget(y, weights);
    grower.fillGradients("squared", 0);
    const tree = grower.grow({ output: 0, rows: null, random: stream("grower rules", 1) });
    grower.close();
    return tree;
  };
  const weighted = grown(boostBins(columns, ROWS), target, new Float64Array(ROWS).fill(2), 10);
  const doubled = grown(boostBins(twice, 2 * ROWS), [...target, ...target], null, 20);
  expect(weighted.split).toEqual(doubled.split);
  expect(weighted.cover).toEqual(doubled.cover);
  weighted.leaves.forEach((value, leaf) => expect(value).toBeCloseTo(doubled.leaves[leaf], 4));
});

test("scales follow derivatives that shrink and grow by many orders", () => {
  const { columns, target } = table();
  const grower = openGrower(boostBins(columns, ROWS), { ...GROWER_DEFAULTS, minChildWeight: 0 });
  const trees: GrownTree[] = [];
  for (const size of [1, 1e-12, 1e9, 0, 1]) {
    grower.gradients.set(target.map((value) => (value - 2) * size));
    grower.hessians.fill(1);
    trees.push(grower.grow({ output: 0, rows: null, random: stream("grower rules", 1) }));
  }
  grower.close();
  expect(trees[3].leaves.length).toBe(1);
  for (const t of [1, 2, 4]) expect(trees[t].leaves.length).toBe(trees[0].leaves.length);
  trees[1].leaves.forEach((value, leaf) => expect(value * 1e12).toBeCloseTo(trees[0].leaves[leaf], 4));
});

test("a value with more than a bin's share has a bin alone, and the others divide the rest", () => {
  const random = stream("grower edges", 1);
  const values = Float64Array.from({ length: 20_000 }, () => (random.next() < 0.7 ? 0 : random.normal()));
  const edges = boostEdges(values, 64, 3);
  expect(edges.length).toBeGreaterThan(58);
  const below = edges.filter((edge) => edge < 0);
  const above = edges.filter((edge) => edge >= 0);
  const between = values.filter((value) => value > below[below.length - 1] && value <= above[0]);
  expect(new Set(between)).toEqual(new Set([0]));
  expect(edges.every((edge, i) => i === 0 || edge > edges[i - 1])).toBe(true);
});

test("binning by kernels is binning by plain search", () => {
  const random = stream("grower edges", 2);
  for (const rows of [1, 7, 300, 5000]) {
    const values = Float64Array.from({ length: rows }, () => (random.next() < 0.1 ? NaN : random.next() < 0.05 ? Infinity : Math.exp(5 * random.normal()) * (random.next() < 0.5 ? -1 : 1)));
    const { columns, features } = boostBins([{ kind: "number", values }], rows);
    const { edges } = features[0] as { edges: Float64Array };
    expect(edges).toEqual(boostEdges(values, 255, 3));
    values.forEach((value, i) => expect(columns[i]).toBe(Number.isNaN(value) ? 255 : edges.filter((edge) => edge < value).length));
  }
});
