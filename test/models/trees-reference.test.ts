/** Trees, extra trees and isolation forests beside scikit-learn's: see test/reference/trees.py. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { averagePathLength, isolationTreesToJson } from "../../src/models/isolation-forest-tree.js";
import { DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreesClassifier, ExtraTreesRegressor, IsolationForest, RandomForestClassifier, RandomForestRegressor, fromJSON } from "../../src/models/index.js";
import { accuracy, r2, rocAuc } from "../../src/metrics/index.js";
import { tableFromColumns, takeRows } from "../../src/table/index.js";

interface Reference {
  data: Record<string, { columns: Record<string, number[]>; target: (string | number)[] }>;
  trees: { data: string; options: Record<string, number>; leaves: number[]; depth: number[]; score: number[] }[];
  extra: { data: string; test: number[]; mean: number; std: number; seeds: number }[];
  isolation: {
    columns: Record<string, number[]>; mean: number[]; std: number[]; auc: number;
    trees: { feature: number[]; threshold: number[]; right: number[]; rows: number[] }[]; samples: number; offset: number; scores: number[]; labels: number[];
  };
}
const reference = JSON.parse(readFileSync(new URL("../reference/trees.json", import.meta.url), "utf8")) as Reference;
const tableOf = (name: string) => tableFromColumns({ ...Object.fromEntries(Object.entries(reference.data[name].columns).map(([column, values]) => [column, Float64Array.from(values)])), target: reference.data[name].target as string[] });
const camel = (options: Record<string, number>) => Object.fromEntries(Object.entries(options).map(([key, value]) => [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]));
const isQuantity = (name: string) => name.endsWith("regression");
const target = { target: "target" };

describe("a decision tree is scikit-learn's", () => {
  test.each(reference.trees.map((each) => [`${each.data} ${JSON.stringify(each.options)}`, each] as const))("%s", (_, each) => {
    const table = tableOf(each.data);
    const model = isQuantity(each.data) ? new DecisionTreeRegressor(camel(each.options)).fit(table, target) : new DecisionTreeClassifier(camel(each.options)).fit(table, target);
    const truth = table.getChild("target")!;
    const score = isQuantity(each.data) ? r2(truth, model.predict(table) as Float64Array) : accuracy(truth, model.predict(table));
    expect(each.leaves).toContain(model.leaves);
    expect(each.depth).toContain(model.depth);
    expect(Math.min(...each.score.map((wanted) => Math.abs(wanted - score)))).toBeLessThan(1e-9);
  });

  test("maxLeafNodes and ccpAlpha work for forests too, and importances are of what is left", () => {
    const table = tableOf("wine");
    const small = new RandomForestClassifier({ nEstimators: 5, maxLeafNodes: 4, seed: 1 }).fit(table, target);
    if (small.model.forest.engine !== "runlab") throw new Error("another engine");
    for (const tree of small.model.forest.grown.trees) expect(tree.right.length).toBe(7);
    expect(small.featureImportances.reduce((sum, each) => sum + each.importance, 0)).toBeCloseTo(1, 12);
    const stumps = new RandomForestClassifier({ nEstimators: 3, ccpAlpha: 1, seed: 1 }).fit(table, target);
    expect(stumps.featureImportances.every((each) => each.importance === 0)).toBe(true);
  });

  test("the tree can be read, as text and as data", () => {
    const table = tableFromColumns({ size: [1, 2, 8, 8, null], island: ["a", "a", "b", "c", "c"], target: ["small", "small", "big", "odd", "odd"] });
    const tree = new DecisionTreeClassifier().fit(table, target);
    expect(tree.text()).toBe(["size <= 5", "  target: small (2 rows)", "size > 5 or missing", "  island is a or b", "    target: big (1 rows)", "  island is another or missing", "    target: odd (2 rows)"].join("\n"));
    const root = tree.outline();
    expect(root).toMatchObject({ weight: 5, value: { big: 0.2, odd: 0.4, small: 0.4 }, cut: { feature: "size", atMost: 5, missing: "right", left: { cut: null }, right: { cut: { feature: "island", oneOf: ["a", "b"] } } } });
    const stump = new DecisionTreeRegressor({ maxDepth: 1 }).fit(tableFromColumns({ size: [1, 2, 8, 9], target: [10, 12, 80, 82] }), target);
    expect(stump.text()).toBe("size <= 5 or missing\n  target: 11 (2 rows)\nsize > 5\n  target: 81 (2 rows)");
  });
});

describe("extra trees score as scikit-learn's do, over seeds", () => {
  test.each(reference.extra.map((each) => [each.data, each] as const))("%s", (_, each) => {
    const table = tableOf(each.data);
    const held = new Set(each.test);
    const train = takeRows(table, Uint32Array.from({ length: table.numRows }, (_, i) => i).filter((i) => !held.has(i)));
    const rest = takeRows(table, Uint32Array.from(each.test));
    const truth = rest.getChild("target")!;
    const scores = Array.from({ length: each.seeds }, (_, seed) => isQuantity(each.data)
      ? r2(truth, new ExtraTreesRegressor({ nEstimators: 30, seed }).fit(train, target).predict(rest))
      : accuracy(truth, new ExtraTreesClassifier({ nEstimators: 30, seed }).fit(train, target).predict(rest)));
    const mean = scores.reduce((sum, score) => sum + score, 0) / each.seeds;
    const variance = scores.reduce((sum, score) => sum + (score - mean) * (score - mean), 0) / (each.seeds - 1);
    const allowed = 3 * Math.sqrt((variance + each.std * each.std) / each.seeds) + 0.01 * each.mean;
    expect(Math.abs(mean - each.mean), `${mean} for ${each.mean}, allowed ${allowed}`).toBeLessThanOrEqual(allowed);
  });
});

describe("out-of-bag scores", () => {
  test("are near the hold-out's, and need bootstrap", () => {
    const table = tableOf("wine");
    const model = new RandomForestClassifier({ nEstimators: 60, oobScore: true, seed: 2 }).fit(table, target);
    expect(model.oobScore).toBeGreaterThan(0.75);
    expect(model.oobScore).toBeLessThan(1);
    expect(model.oobProba).toHaveLength(3 * table.numRows);
    expect(fromJSON<RandomForestClassifier>(JSON.parse(JSON.stringify(model))).oobScore).toBe(model.oobScore);
    const quantity = new RandomForestRegressor({ nEstimators: 60, oobScore: true, seed: 2 }).fit(tableOf("wine regression"), target);
    expect(quantity.oobScore).toBeGreaterThan(0.3);
    expect(quantity.oobScore).toBeLessThan(0.95);
    expect(() => new RandomForestClassifier({ oobScore: true, bootstrap: false }).fit(table, target)).toThrow("oobScore needs rows that a tree did not draw");
    expect(() => new RandomForestClassifier({ nEstimators: 2 }).fit(table, target).oobScore).toThrow("has no out-of-bag score; allowed: oobScore: true");
  });
});

describe("an isolation forest is scikit-learn's", () => {
  const { isolation } = reference;
  const table = tableFromColumns(Object.fromEntries(Object.entries(isolation.columns).map(([name, values]) => [name, Float64Array.from(values)])));

  test("the same trees give the same scores, offset and labels", () => {
    const document = JSON.parse(JSON.stringify(new IsolationForest({ nEstimators: 5, maxSamples: 64, contamination: 0.05, seed: 1 }).fit(table)));
    const trees = isolation.trees.map((tree) => ({ feature: Int32Array.from(tree.feature), threshold: Float64Array.from(tree.threshold), right: Int32Array.from(tree.right), rows: Int32Array.from(tree.rows), missingLeft: new Uint8Array(tree.feature.length) }));
    document.state = { ...document.state, samples: isolation.samples, offset: isolation.offset, trees: isolationTreesToJson(trees) };
    const model = fromJSON<IsolationForest>(document);
    const scores = model.scoreSamples(table);
    isolation.scores.forEach((wanted, row) => expect(Math.abs(scores[row] - wanted)).toBeLessThan(1e-12));
    const labels = model.predict(table);
    // A row whose score is the offset itself may fall to either side by its last bit.
    isolation.labels.forEach((wanted, row) => Math.abs(isolation.scores[row] - isolation.offset) > 1e-9 && expect(labels[row]).toBe(wanted));
  });

  test("scores over seeds are as scikit-learn's", () => {
    const seeds = 20;
    const sums = new Float64Array(table.numRows);
    let auc = 0;
    const odd = Array.from(sums, (_, row) => (row >= 380 ? 1 : 0));
    for (let seed = 0; seed < seeds; seed++) {
      const scores = new IsolationForest({ nEstimators: 50, seed }).fit(table).scoreSamples(table);
      scores.forEach((score, row) => (sums[row] += score / seeds));
      auc += rocAuc(odd, Array.from(scores, (score) => -score), { positive: 1 }) / seeds;
    }
    expect(Math.abs(auc - isolation.auc)).toBeLessThan(0.01);
    const far = isolation.mean.filter((mean, row) => Math.abs(mean - sums[row]) > 4 * isolation.std[row] * Math.sqrt(2 / seeds));
    expect(far.length).toBeLessThan(8);
  });

  test("contamination is the share of rows called anomalies; path lengths are the paper's", () => {
    const labels = new IsolationForest({ contamination: 0.05, seed: 3 }).fit(table).predict(table);
    expect(labels.filter((label) => label === -1)).toHaveLength(20);
    expect(labels.slice(380).every((label) => label === -1)).toBe(true);
    expect([averagePathLength(1), averagePathLength(2)]).toEqual([0, 1]);
    expect(averagePathLength(256)).toBeCloseTo(10.2447709201, 9);
  });

  test("infinite, missing and constant values do no harm; weights are refused", () => {
    const strange = tableFromColumns({ a: Float64Array.of(1, 2, Infinity, -Infinity, NaN, 3), b: new Float64Array(6).fill(7), c: ["x", "x", "y", null, "x", "x"] });
    const model = new IsolationForest({ seed: 1, nEstimators: 20 }).fit(strange);
    for (const score of model.scoreSamples(strange)) expect(score).toSatisfy((value: number) => value >= -1 && value < 0);
    expect(() => new IsolationForest({ seed: 1 }).fit(strange, { weights: [1, 1, 1, 1, 1, 2] })).toThrow("IsolationForest takes no weights");
    expect(() => new IsolationForest({ contamination: 0.7 }).fit(strange)).toThrow("contamination");
  });
});
