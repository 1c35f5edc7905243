/**
 * The kernels' grower beside its reference in plain TypeScript: the same trees and scores to the bit.
 */
import { stream } from "runlab";
import { afterEach, describe, expect, test } from "vitest";
import { type Variant, useVariant } from "../../../src/kernels/index.js";
import { boostBins } from "../../../src/models/trees/boost-bins.js";
import type { BoostColumn } from "../../../src/models/trees/boost-edges.js";
import { boundOptions } from "../../../src/models/trees/grower-request.js";
import { openReferenceGrower } from "../../../src/models/trees/grower-reference.js";
import { GROWER_DEFAULTS, type GradientKernel, type GrowerOptions, type GrownTree, type TreeGrower, openGrower } from "../../../src/models/trees/grower.js";

type Random = ReturnType<typeof stream>;

interface Example {
  readonly rows: number;
  readonly columns: BoostColumn[];
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
}

/** Columns of every kind: continuous, few values, constant, mostly zero, missing values, few and many categories. */
function example(random: Random, rows: number, features: number, classes: number, weighted: boolean): Example {
  const columns: BoostColumn[] = [];
  const target = new Float64Array(rows);
  for (let f = 0; f < features; f++) {
    const kind = random.int(8);
    if (kind >= 6) {
      const categories = kind === 6 ? 1 + random.int(6) : 300;
      const codes = Int32Array.from({ length: rows }, () => (random.next() < 0.05 ? -1 : random.int(categories)));
      columns.push({ kind: "category", codes, categories });
      for (let i = 0; i < rows; i++) target[i] += codes[i] % 3;
      continue;
    }
    const values = Float64Array.from({ length: rows }, () => {
      const value = random.normal();
      if (kind === 1) return Math.round(2 * value);
      if (kind === 2) return 7;
      if (kind === 3) return random.next() < 0.8 ? 0 : value;
      if (kind === 4) return random.next() < 0.3 ? NaN : value;
      return value;
    });
    columns.push({ kind: "number", values });
    for (let i = 0; i < rows; i++) target[i] += Number.isNaN(values[i]) ? 0.7 : Math.tanh(values[i]) * (f % 3);
  }
  if (classes > 0) {
    const order = Float64Array.from(target).sort();
    const cuts = Array.from({ length: classes - 1 }, (_, k) => order[Math.floor((rows * (k + 1)) / classes)]);
    for (let i = 0; i < rows; i++) target[i] = random.next() < 0.1 ? random.int(classes) : cuts.filter((cut) => target[i] >= cut).length;
  }
  const weights = weighted ? Float64Array.from({ length: rows }, () => 3 * random.next()) : null;
  return { rows, columns, target, weights };
}

interface Boosted {
  readonly trees: GrownTree[];
  readonly scores: Float32Array;
  readonly leaves: Int32Array;
}

const PARAMETERS: Partial<Record<GradientKernel, number>> = { softmax: 1.5, huber: 0.7, quantile: 0.3, fair: 0.8, poisson: 2, tweedie: 1.4 };

function boost(grower: TreeGrower, { target, weights, rows }: Example, kernel: GradientKernel, options: GrowerOptions, rounds: number, bagged: boolean): Boosted {
  try {
    grower.setTarget(target, weights);
    const random = stream("grower test", 3);
    const trees: GrownTree[] = [];
    for (let t = 0; t < rounds; t++) {
      if (!grower.fillGradients(kernel, PARAMETERS[kernel] ?? 0)) throw new Error("no such kernel");
      const bag = bagged && t % 2 === 0 ? random.choice(rows, Math.ceil(rows * 0.7)).sort() : null;
      for (let output = 0; output < options.outputs; output++) {
        const tree = grower.grow({ output, rows: bag, random: random.split(`${t}/${output}`) });
        if (kernel === "absolute" || kernel === "quantile") if (tree.right.length > 1) grower.renewLeaves(tree, kernel === "absolute" ? 0.5 : 0.3);
        trees.push({ ...tree, leaves: tree.leaves.slice() });
        grower.addToScores(tree, output, 0.3);
      }
    }
    // A tree that is not the last one takes another way.
    if (trees.length > 1) grower.addToScores(trees[0], 0, -0.3);
    return { trees, scores: grower.scores.slice(), leaves: grower.leafOfRow() };
  } finally {
    grower.close();
  }
}

function both(random: Random, made: Example, kernel: GradientKernel, options: GrowerOptions, bagged = false): void {
  const bins = boostBins(made.columns, made.rows, { maxBins: 2 + random.int(254) });
  const rounds = 4;
  const expected = boost(openReferenceGrower(bins, boundOptions(options, made.rows)), made, kernel, options, rounds, bagged);
  const got = boost(openGrower(bins, options), made, kernel, options, rounds, bagged);
  got.trees.forEach((tree, t) => expect(tree, `tree ${t}`).toEqual(expected.trees[t]));
  expect(got.leaves).toEqual(expected.leaves);
  expect(got.scores).toEqual(expected.scores);
}

function options(random: Random, features: number, more: Partial<GrowerOptions>): GrowerOptions {
  return { ...GROWER_DEFAULTS, maxLeaves: 2 + random.int(30), minChildSamples: 1 + random.int(8), minDataPerGroup: 3, catSmooth: 2, ...more };
}

const ROWS = [1, 2, 3, 5, 31, 97, 258, 1023];

describe.each(["leafwise", "depthwise", "symmetric"] as const)("%s growth", (growth) => {
  test.each(ROWS)("is that of the reference on %i rows", (rows) => {
    for (let round = 0; round < 8; round++) {
      const random = stream("grower", 100 * rows + round);
      const features = 1 + random.int(20);
      const kernel = (["squared", "logistic", "softmax"] as const)[round % 3];
      const classes = kernel === "squared" ? 0 : kernel === "logistic" ? 2 : 3;
      const made = example(random, rows, features, classes, round % 2 === 1);
      const chosen = options(random, features, { growth, maxDepth: growth === "symmetric" ? 4 : round < 4 ? Infinity : 3, outputs: kernel === "softmax" ? 3 : 1 });
      both(random, made, kernel, chosen, rows > 3 && round > 4);
    }
  });

  test("is that of the reference with every rule in force", () => {
    for (let round = 0; round < 12; round++) {
      const random = stream("grower rules", round);
      const features = 3 + random.int(6);
      const made = example(random, 400, features, 0, round % 2 === 1);
      const monotone = Int8Array.from(made.columns, (column) => (column.kind === "number" ? random.int(3) - 1 : 0));
      const chosen = options(random, features, {
        growth,
        maxDepth: 5,
        lambdaL1: round % 4 === 0 ? 2 : 0,
        lambdaL2: random.next(),
        maxDeltaStep: round % 5 === 1 ? 0.4 : 0,
        minSplitGain: round % 3 === 0 ? 0.3 : 0,
        monotone: round % 2 === 0 ? monotone : null,
        interactions: round % 3 === 1 ? [[0, 1], [1, 2]] : null,
        featureFraction: round % 4 === 2 ? 0.6 : 1,
        featureFractionByNode: round % 4 === 3 ? 0.5 : 1,
      });
      both(random, made, "squared", chosen);
    }
  });
});

afterEach(() => useVariant(null));

test.each(["absolute", "huber", "quantile", "fair", "poisson", "gamma", "tweedie"] as const)("the derivatives of %s are those of the reference in every build", (kernel) => {
  for (const variant of ["threads", "plain"] as const) {
    useVariant(variant);
    const made = example(stream("derivatives", 1), 1023, 5, 0, variant === "plain");
    both(stream("derivatives bins", 1), { ...made, target: made.target.map(Math.abs) }, kernel, GROWER_DEFAULTS);
  }
});

test.each([1, 2, 7, 1000])("the rows drawn of %i are those of the reference in every build, and so are their derivatives", (rows) => {
  for (const variant of ["threads", "plain"] as const) {
    useVariant(variant);
    for (const outputs of [1, 3]) {
      const made = example(stream("draws", rows), rows, 2, outputs === 1 ? 0 : 3, false);
      const bins = boostBins(made.columns, rows);
      const drawn = [openReferenceGrower, openGrower].map((open) => {
        const grower = open(bins, boundOptions({ ...GROWER_DEFAULTS, outputs }, rows));
        try {
          grower.setTarget(made.target, null);
          const random = stream("draws of rows", 2);
          const found: unknown[] = [grower.drawShare(0.37, random.split(0)), grower.drawShare(0.001, random.split(1))];
          grower.fillGradients(outputs === 1 ? "squared" : "softmax", 1.5);
          found.push(grower.drawByGradient(0.2, 0.1, random.split(2)), grower.gradients.slice(), grower.hessians.slice());
          // All the same size: whatever is drawn, nothing is smaller.
          grower.gradients.fill(1);
          grower.hessians.fill(0);
          found.push(grower.drawByGradient(0.2, 0.1, random.split(3)));
          return found;
        } finally {
          grower.close();
        }
      });
      expect(drawn[1]).toEqual(drawn[0]);
    }
  }
});

describe("the bits are those of one thread", () => {
  const made = example(stream("grower bits", 1), 20_001, 9, 2, true);
  const bins = boostBins(made.columns, made.rows);
  const grown = (which: Variant, threads: number, bagged: boolean): Boosted => {
    useVariant(which);
    const chosen = { ...GROWER_DEFAULTS, threads };
    return boost(openGrower(bins, chosen), made, "logistic", chosen, 4, bagged);
  };
  const expected = [false, true].map((bagged) => grown("simd", 1, bagged));
  useVariant(null);

  test.each([["threads", 1], ["threads", 2], ["threads", 3], ["threads", 8], ["plain", 1]] as [Variant, number][])("in variant %s with %i threads", (variant, threads) => {
    [false, true].forEach((bagged, i) => expect(grown(variant, threads, bagged)).toEqual(expected[i]));
  });
});

test("many rows are kept in an order of their own, which nobody sees", () => {
  const random = stream("grower order", 1);
  const rows = 140_003;
  const columns = [0, 1, 2].map((f) => ({ kind: "number" as const, values: Float64Array.from({ length: rows }, () => (f === 1 && random.next() < 0.1 ? NaN : Math.round(random.next() * 100))) }));
  const target = Float64Array.from({ length: rows }, (_, i) => (columns[0].values[i] + 20 * random.normal() > 50 ? 1 : 0));
  const weights = random.fill(new Float64Array(rows));
  const bins = boostBins(columns, rows);
  const grown = (threads: number, look: boolean, bagAt: number): Boosted => {
    const grower = openGrower(bins, { ...GROWER_DEFAULTS, threads });
    try {
      grower.setTarget(target, weights);
      const trees: GrownTree[] = [];
      for (let t = 0; t < 5; t++) {
        if (look) grower.scores[0] += 0;
        grower.fillGradients("logistic", 0);
        const bag = t === bagAt ? Uint32Array.from({ length: rows >> 1 }, (_, i) => 2 * i) : null;
        const tree = grower.grow({ output: 0, rows: bag, random });
        trees.push(tree);
        grower.addToScores(tree, 0, 0.5);
      }
      grower.addToScores(trees[1], 0, -0.5);
      const leaves = grower.leafOfRow();
      return { trees, leaves, scores: grower.scores.slice() };
    } finally {
      grower.close();
    }
  };
  for (const bagAt of [-1, 3]) {
    const expected = grown(1, true, bagAt);
    for (const threads of [1, 2]) {
      const got = grown(threads, false, bagAt);
      expect(got.trees).toEqual(expected.trees);
      expect(Buffer.compare(Buffer.from(got.scores.buffer), Buffer.from(expected.scores.buffer))).toBe(0);
      expect(Buffer.compare(Buffer.from(got.leaves.buffer), Buffer.from(expected.leaves.buffer))).toBe(0);
    }
  }
});
