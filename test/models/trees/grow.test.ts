/** The histogram trees beside a plain search over all cuts in float64. */
import { describe, expect, test } from "vitest";
import { binTable } from "../../../src/models/trees/binned-table.js";
import { MISSING_BIN, categoryBins, featureBins, numberBins, writeBins } from "../../../src/models/trees/bins.js";
import { fixedPoint } from "../../../src/models/trees/fixed-point.js";
import { growTree } from "../../../src/models/trees/grow.js";
import { leafOutputs, addTree } from "../../../src/models/trees/predict.js";
import { type Tree, leafCount, splitBin, splitFeature, splitMissingLeft, treeDepth } from "../../../src/models/trees/tree.js";
import { treeFromJson, treeToJson } from "../../../src/models/trees/tree-json.js";
import { stream } from "../../../src/random/index.js";

/** Rows of bins with a target, as a tree takes them. */
function example(rows: number, features: number, bins: number, missing: number, classes: number, seed: number) {
  const random = stream("grow", seed);
  const columns = Array.from({ length: features }, () => Float64Array.from({ length: rows }, () => (random.next() < missing ? NaN : random.int(bins))));
  const weights = Float64Array.from({ length: rows }, () => 1 + random.int(3));
  const labels = classes === 0 ? null : Int32Array.from({ length: rows }, () => random.int(classes));
  const values = classes === 0 ? Float64Array.from({ length: rows }, () => random.int(1000)) : null;
  const target = classes === 0 ? { kind: "sums" as const, values: values!, weights } : { kind: "classes" as const, labels: labels!, classes, weights };
  const chosen = columns.map((values) => featureBins({ kind: "number", values }, target));
  const table = binTable(columns.map((values) => ({ kind: "number" as const, values })), chosen, rows, "rows");
  const treeRows = () => ({ offsets: Int32Array.from({ length: rows }, (_, i) => i * table.rowStep), weights: weights.slice(), labels: labels?.slice() ?? null, values: values?.slice() ?? null });
  return { table, weights, labels, values, treeRows };
}

type Example = ReturnType<typeof example>;

/** The gain of every cut of a set of rows, by adding up both sides from scratch. */
function bestGain({ table, weights, labels, values }: Example, rows: number[], classes: number, leastRows: number): number {
  const score = (side: number[]): number => {
    let weight = 0;
    const sums = new Float64Array(Math.max(1, classes));
    for (const row of side) {
      weight += weights[row];
      if (labels !== null) sums[labels[row]] += weights[row];
      else sums[0] += weights[row] * values![row];
    }
    return sums.reduce((sum, value) => sum + value * value, 0) / weight;
  };
  let best = -Infinity;
  for (let f = 0; f < table.features; f++) {
    for (let bin = 0; bin < table.counts[f]; bin++) {
      for (const missingLeft of [false, true]) {
        const goesLeft = (row: number): boolean => {
          const at = table.bins[row * table.rowStep + f];
          return at === MISSING_BIN ? missingLeft : at <= bin;
        };
        const left = rows.filter(goesLeft);
        const right = rows.filter((row) => !goesLeft(row));
        if (left.length >= leastRows && right.length >= leastRows) best = Math.max(best, score(left) + score(right));
      }
    }
  }
  return best;
}

/** Checks every node of a tree: the cut is the best there is, and a leaf holds the sums of its rows. */
function check(tree: Tree, data: Example, classes: number, leastRows: number): void {
  const rowsOf = new Map<number, number[]>([[0, Array.from({ length: data.table.rows }, (_, i) => i)]]);
  for (let node = 0; node < tree.right.length; node++) {
    const rows = rowsOf.get(node)!;
    if (tree.right[node] === 0) {
      const at = tree.split[node] * tree.channels;
      const sums = new Float64Array(tree.channels);
      for (const row of rows) {
        if (data.labels !== null) sums[data.labels[row]] += data.weights[row];
        else {
          sums[0] += data.weights[row] * data.values![row];
          sums[1] += data.weights[row];
        }
      }
      expect(Array.from(tree.leaves.subarray(at, at + tree.channels))).toEqual(Array.from(sums));
      continue;
    }
    const split = tree.split[node];
    const goesLeft = (row: number): boolean => {
      const bin = data.table.bins[row * data.table.rowStep + splitFeature(split)];
      return bin === MISSING_BIN ? splitMissingLeft(split) : bin <= splitBin(split);
    };
    const left = rows.filter(goesLeft);
    const right = rows.filter((row) => !goesLeft(row));
    expect(Math.min(left.length, right.length)).toBeGreaterThanOrEqual(leastRows);
    const score = (side: number[]): number => {
      let weight = 0;
      const sums = new Float64Array(Math.max(1, classes));
      for (const row of side) {
        weight += data.weights[row];
        if (data.labels !== null) sums[data.labels[row]] += data.weights[row];
        else sums[0] += data.weights[row] * data.values![row];
      }
      return sums.reduce((sum, value) => sum + value * value, 0) / weight;
    };
    const best = bestGain(data, rows, classes, leastRows);
    expect(score(left) + score(right)).toBeCloseTo(best, 6);
    rowsOf.set(node + 1, left);
    rowsOf.set(tree.right[node], right);
  }
}

const all = { maxDepth: Infinity, minSamplesSplit: 2, minSamplesLeaf: 1, maxFeatures: 4 };

describe("growTree finds the best cut of every node", () => {
  test.each([
    [0, 1, 0], [0, 1, 0.2], [0, 4, 0.2], [2, 1, 0], [2, 1, 0.2], [2, 5, 0.2], [3, 1, 0.2], [5, 3, 0.3],
  ])("%i classes, leaves of %i rows, %d missing", (classes, leastRows, missing) => {
    for (const rows of [2, 3, 5, 7, 61, 150]) {
      const data = example(rows, 4, 9, missing, classes, rows);
      const { tree } = growTree(data.table, data.treeRows(), { ...all, classes, minSamplesLeaf: leastRows }, stream("t", 1));
      check(tree, data, classes, leastRows);
    }
  });

  test("subtracted histograms give the tree that added ones give", () => {
    for (const classes of [0, 2, 3]) {
      const data = example(3001, 4, 40, 0.1, classes, classes);
      const subtracted = growTree(data.table, data.treeRows(), { ...all, classes, maxDepth: 8 }, stream("t", 1));
      // One feature fewer to try turns the subtraction off; the fifth, constant, column makes that all the others.
      const more = binTable([...Array.from({ length: 4 }, (_, f) => ({ kind: "number" as const, values: Float64Array.from({ length: 3001 }, (_, i) => { const bin = data.table.bins[i * 4 + f]; return bin === MISSING_BIN ? NaN : bin; }) })), { kind: "number" as const, values: new Float64Array(3001) }],
        [...Array.from({ length: 4 }, (_, f) => ({ kind: "number" as const, edges: Float64Array.from({ length: data.table.counts[f] - 1 }, (_, e) => e + 0.5) })), { kind: "number" as const, edges: new Float64Array(0) }], 3001, "columns");
      const rows = data.treeRows();
      const offsets = rows.offsets.map((offset) => offset / 4);
      const gains = Array.from({ length: 3 }, (_, s) => growTree(more, { ...data.treeRows(), offsets: offsets.slice() }, { ...all, classes, maxDepth: 8, maxFeatures: 4.5 }, stream("t", s)).gains.reduce((a, b) => a + b, 0));
      for (const gain of gains) expect(gain).toBeCloseTo(subtracted.gains.reduce((a, b) => a + b, 0), 2);
      expect(subtracted.gains.every((gain) => gain >= 0)).toBe(true);
    }
  });

  test("the order of rows does not matter", () => {
    for (const classes of [0, 2, 4]) {
      const data = example(900, 4, 30, 0.1, classes, 5);
      const order = stream("order", 1).shuffle(Uint32Array.from({ length: 900 }, (_, i) => i));
      const rows = data.treeRows();
      const shuffled = {
        offsets: Int32Array.from(order, (i) => rows.offsets[i]), weights: Float64Array.from(order, (i) => rows.weights[i]),
        labels: rows.labels && Int32Array.from(order, (i) => rows.labels![i]), values: rows.values && Float64Array.from(order, (i) => rows.values![i]),
      };
      const options = { ...all, classes, maxFeatures: 2 };
      expect(growTree(data.table, shuffled, options, stream("t", 1))).toEqual(growTree(data.table, data.treeRows(), options, stream("t", 1)));
    }
  });

  test("depth and node sizes are kept", () => {
    const data = example(400, 4, 50, 0, 2, 3);
    expect(treeDepth(growTree(data.table, data.treeRows(), { ...all, classes: 2, maxDepth: 3 }, stream("t", 1)).tree)).toBe(3);
    const coarse = growTree(data.table, data.treeRows(), { ...all, classes: 2, minSamplesSplit: 500 }, stream("t", 1)).tree;
    expect(leafCount(coarse)).toBe(1);
  });
});

describe("predict", () => {
  test.each([0, 2, 3])("every row reaches the leaf of its cuts (%i classes), also after JSON", (classes) => {
    const data = example(203, 4, 20, 0.2, classes, 11);
    const { tree } = growTree(data.table, data.treeRows(), { ...all, classes }, stream("t", 1));
    const width = Math.max(1, classes);
    const out = new Float64Array(203 * width);
    addTree(tree, leafOutputs(tree, classes), width, data.table, out);
    const loaded = treeFromJson(JSON.parse(JSON.stringify(treeToJson(tree))), 4, tree.channels);
    expect(loaded).toEqual(tree);
    for (let row = 0; row < 203; row++) {
      let node = 0;
      while (tree.right[node] !== 0) {
        const bin = data.table.bins[row * 4 + splitFeature(tree.split[node])];
        const left = bin === MISSING_BIN ? splitMissingLeft(tree.split[node]) : bin <= splitBin(tree.split[node]);
        node = left ? node + 1 : tree.right[node];
      }
      const outputs = leafOutputs(tree, classes);
      expect(Array.from(out.subarray(row * width, (row + 1) * width))).toEqual(Array.from(outputs.subarray(tree.split[node] * width, (tree.split[node] + 1) * width)));
    }
  });
});

describe("bins", () => {
  test("few values get a bin each, edges half-way", () => {
    expect(numberBins(Float64Array.of(5, 1, NaN, 2, 2, 1)).edges).toEqual(Float64Array.of(1.5, 3.5));
    expect(numberBins(Float64Array.of(NaN, NaN)).edges).toEqual(Float64Array.of());
    expect(numberBins(Float64Array.of(0, -0)).edges).toEqual(Float64Array.of());
    expect(numberBins(Float64Array.of(-Infinity, 0, Infinity)).edges).toEqual(Float64Array.of(-Infinity, 0));
  });

  test("many values share bins of about equally many rows, and a value that fills bins has one", () => {
    const random = stream("bins", 1);
    const values = Float64Array.from({ length: 10_000 }, (_, i) => (i < 5000 ? 0 : random.normal()));
    const { edges } = numberBins(values);
    expect(edges.length).toBeLessThanOrEqual(254);
    expect(edges.length).toBeGreaterThan(200);
    const out = new Uint8Array(10_000);
    writeBins({ kind: "number", values }, { kind: "number", edges }, out, 0, 1);
    const counts = new Float64Array(256);
    for (const bin of out) counts[bin]++;
    expect(Math.max(...counts)).toBeLessThan(5100);
    expect([...counts].sort((a, b) => b - a)[1]).toBeLessThan(60);
  });

  test("the bin of a value is the first edge not below it", () => {
    const random = stream("bins", 2);
    for (const spread of [1, 1e-12, 1e12, 1e300]) {
      const values = Float64Array.from({ length: 3000 }, () => random.normal() * spread);
      const bins = numberBins(values, 100);
      const probes = Float64Array.from([...values, ...bins.edges, ...bins.edges.map((edge) => edge + Math.abs(edge) * 1e-15), -Infinity, Infinity, NaN]);
      const out = new Uint8Array(probes.length);
      writeBins({ kind: "number", values: probes }, bins, out, 0, 1);
      probes.forEach((value, i) => {
        const wanted = Number.isNaN(value) ? MISSING_BIN : bins.edges.filter((edge) => edge < value).length;
        if (out[i] !== wanted) expect([value, out[i]]).toEqual([value, wanted]);
      });
    }
  });

  test("categories are put in the order of their target; those that share bins are neighbours", () => {
    const codes = Int32Array.of(0, 0, 1, 1, 2, 2, -1);
    const target = { kind: "sums" as const, values: Float64Array.of(5, 5, 1, 1, 3, 3, 9), weights: new Float64Array(7).fill(1) };
    expect(categoryBins(codes, 4, target)).toEqual({ kind: "category", binOfCode: Uint8Array.of(2, 0, 1, MISSING_BIN), count: 3 });
    const many = Int32Array.from({ length: 3000 }, (_, i) => i % 1000);
    const values = Float64Array.from(many, (code) => (code * 7) % 1000);
    const { binOfCode, count } = categoryBins(many, 1000, { kind: "sums", values, weights: new Float64Array(3000).fill(1) });
    expect(count).toBe(255);
    const byTarget = Array.from({ length: 1000 }, (_, code) => code).sort((a, b) => ((a * 7) % 1000) - ((b * 7) % 1000)).map((code) => binOfCode[code]);
    expect(byTarget).toEqual(byTarget.toSorted((a, b) => a - b));
    const sizes = new Float64Array(255);
    for (const bin of binOfCode) sizes[bin]++;
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1);
  });
});

describe("fixedPoint", () => {
  test("whole numbers stay, others become multiples of a power of two that no sum overflows", () => {
    const whole = Float64Array.of(1, 2, 3);
    expect(fixedPoint(whole, 6)).toEqual({ units: whole, scale: 1 });
    for (const size of [1e-200, 1e-3, 1, 1e17, 1e300]) {
      const values = Float64Array.from({ length: 99 }, (_, i) => (i - 40.3) * size);
      const bound = values.reduce((sum, value) => sum + Math.abs(value), 0);
      const { units, scale } = fixedPoint(values, bound);
      expect(units.every(Number.isInteger)).toBe(true);
      expect(units.reduce((sum, value) => sum + Math.abs(value), 0)).toBeLessThan(Number.MAX_SAFE_INTEGER);
      values.forEach((value, i) => expect(Math.abs(units[i] / scale - value)).toBeLessThanOrEqual(bound * 1e-13));
    }
    expect(fixedPoint(new Float64Array(3), 0).units).toEqual(new Float64Array(3));
  });
});
