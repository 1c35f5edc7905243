/** What boosting promises beyond the contract of every model. */
import type { Table } from "apache-arrow";
import { afterEach, describe, expect, test } from "vitest";
import { useVariant } from "../../../src/kernels/index.js";
import { logLossMetric, rmseMetric } from "../../../src/metrics/index.js";
import { GradientBoostingClassifier, GradientBoostingRanker, GradientBoostingRegressor, type GradientBoostingRegressorOptions, fromJSON } from "../../../src/models/index.js";
import { stream } from "../../../src/random/index.js";
import { type Part, partOf } from "../../../src/split/index.js";
import { columnNames, head, select, tableFromColumns, tableFromVectors, takeRows, vectorOf } from "../../../src/table/index.js";
import { goesLeft } from "../../../src/models/trees/predict.js";
import { splitFeature } from "../../../src/models/trees/tree.js";

/** Ties, missing values, a constant column, categories (300 of them in one column) and a target that depends on them. */
function houses(rows: number, seed = 1): Table {
  const random = stream("houses", seed);
  const size = Float64Array.from({ length: rows }, () => 20 + random.int(40));
  const age = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : random.next() * 100));
  const town = Array.from({ length: rows }, () => random.int(300));
  const kind = Array.from({ length: rows }, () => (random.next() < 0.05 ? null : ["flat", "house", "hut"][random.int(3)]));
  const price = Float64Array.from({ length: rows }, (_, i) => 3 * size[i] - 0.4 * (age[i] ?? 120) + (town[i] % 7) * 8 + (kind[i] === "house" ? 30 : 0) + 6 * random.normal());
  return tableFromColumns({ size, age, town: town.map((at) => `town ${at}`), kind: kind as string[], same: new Float64Array(rows).fill(3), price });
}

const train = partOf(houses(600), { target: "price", name: "train" });
const later = partOf(houses(250, 2), { target: "price", name: "validation" });
const quick = { nEstimators: 30, maxLeaves: 8, seed: 3 } as const;
const regressor = (options: GradientBoostingRegressorOptions = {}) => new GradientBoostingRegressor({ ...quick, ...options });
const error = (model: { predict(part: Part): Float64Array }, part: Part) => rmseMetric.compute(part.table.getChild("price")!, model.predict(part)).value;

function classes(rows: number, count: number, seed = 1): Part {
  const random = stream("classes", seed);
  const a = Float64Array.from({ length: rows }, () => random.normal());
  const b = Float64Array.from({ length: rows }, () => random.normal());
  const kind = Array.from({ length: rows }, (_, i) => `kind ${Math.min(count - 1, Math.max(0, Math.floor(count / 2 + a[i] + 0.5 * random.normal())))}`);
  for (let k = 0; k < count; k++) kind[k] = `kind ${k}`;
  return partOf(tableFromColumns({ a, b, kind }), { target: "kind" });
}

describe("validation rows", () => {
  const long = { nEstimators: 150, learningRate: 0.3 };

  test("early stopping keeps the rounds up to the best one, which is the smallest point of the curve", () => {
    const stopped = regressor({ ...long, earlyStoppingRounds: 10 }).fit(train, { validation: later });
    const curve = stopped.learningCurves["validation"]["rmse"];
    const best = curve.reduce((least, point) => (point.value < least.value ? point : least));
    expect(stopped.bestIteration).toBe(best.step);
    expect(stopped.model.bestScore).toBe(best.value);
    expect(curve.length).toBe(best.step + 10);
    expect(curve.length).toBeLessThan(150);
    expect(stopped.model.ensemble.segments[0].trees).toHaveLength(best.step);
    expect(error(stopped, later)).toBeCloseTo(best.value, 10);
    const whole = regressor(long).fit(train);
    expect(stopped.predict(later)).toEqual(whole.predict(later, { iterations: best.step }));
    expect(error(whole, later)).toBeGreaterThan(best.value);
  });

  test("without early stopping all rounds stay, and the best one is known", () => {
    const model = regressor(long).fit(train, { validation: later });
    expect(model.model.ensemble.segments[0].trees).toHaveLength(150);
    expect(model.bestIteration).toBeLessThan(150);
    expect(regressor().fit(train).bestIteration).toBe(null);
  });

  test("several sets and metrics: the first of each decides", () => {
    const largest = { name: "largest", greaterIsBetter: false, compute: (truth: Float64Array, predicted: Float64Array) => truth.reduce((most, value, i) => Math.max(most, Math.abs(value - predicted[i])), 0) };
    const model = regressor({ ...long, earlyStoppingRounds: 5, evalMetric: ["mae", largest, "r2"] }).fit(train, { validation: [later, houses(90, 3)] });
    expect(Object.keys(model.learningCurves)).toEqual(["train", "validation", "validation_2"]);
    expect(Object.keys(model.learningCurves["validation_2"])).toEqual(["mae", "largest", "r2"]);
    const mae = model.learningCurves["validation"]["mae"];
    expect(model.bestIteration).toBe(mae.reduce((least, point) => (point.value < least.value ? point : least)).step);
    expect(model.params["evalMetric"]).toEqual(["mae", "largest", "r2"]);
    const r2 = model.learningCurves["validation"]["r2"];
    expect(r2.at(-1)!.value).toBeGreaterThan(r2[0].value);
    const upwards = regressor({ ...long, earlyStoppingRounds: 5, evalMetric: "r2" }).fit(train, { validation: later });
    const curve = upwards.learningCurves["validation"]["r2"];
    expect(upwards.bestIteration).toBe(curve.reduce((most, point) => (point.value > most.value ? point : most)).step);
  });

  test("classes: log loss by default, any metric of classes by name, labels that are not known refused", () => {
    const part = classes(300, 3);
    const model = new GradientBoostingClassifier({ ...quick, evalMetric: ["logLoss", "accuracy"] }).fit(part, { validation: classes(100, 3, 2) });
    const last = model.learningCurves["validation"]["logLoss"].at(-1)!;
    const held = classes(100, 3, 2);
    expect(last.value).toBeCloseTo(logLossMetric.compute(held.table.getChild("kind")!, model.predictProba(held)).value, 12);
    expect(() => new GradientBoostingClassifier(quick).fit(part, { validation: classes(100, 4, 2) })).toThrow('validation: target "kind" holds a class that does not occur in the training rows; received "kind 3"');
    const two = new GradientBoostingClassifier({ ...quick, evalMetric: ["rocAuc", "logLoss"] }).fit(classes(300, 2), { validation: classes(100, 2, 2) });
    expect(two.learningCurves["validation"]["rocAuc"].at(-1)!.value).toBeGreaterThan(0.8);
  });

  test("a share of the training rows serves when no others are given", () => {
    const options = { ...long, earlyStoppingRounds: 8, validationFraction: 0.2 };
    const model = regressor(options).fit(train);
    expect(model.bestIteration).toBeLessThan(150);
    expect(regressor(options).fit(train).predict(later)).toEqual(model.predict(later));
    expect(regressor({ ...options, seed: 9 }).fit(train).predict(later)).not.toEqual(model.predict(later));
    expect(regressor(options).fit(train, { validation: later }).bestIteration).toBe(regressor({ ...options, validationFraction: null }).fit(train, { validation: later }).bestIteration);
    expect(model.fitted.rows).toBe(600);
    const two = new GradientBoostingClassifier({ ...quick, validationFraction: 0.3, classWeight: "balanced", scalePosWeight: 2 }).fit(classes(200, 2));
    expect(two.learningCurves["validation"]["logLoss"]).toHaveLength(30);
    expect(() => regressor({ validationFraction: 1 }).fit(train)).toThrow("validationFraction is a number, above 0, at most 0.9");
  });

  test("weights by column count in validation too", () => {
    const names = columnNames(train.table);
    const weigh = (part: Part, seed: number): Table => tableFromVectors([...names, "w"], [...names.map((name) => part.table.getChild(name)!), vectorOf(Float64Array.from({ length: part.table.numRows }, (_, i) => ((i + seed) % 4) / 2))]);
    const model = regressor().fit(weigh(train, 0), { target: "price", weights: "w", validation: weigh(later, 1) });
    const weights = Float64Array.from({ length: 250 }, (_, i) => ((i + 1) % 4) / 2);
    expect(model.learningCurves["validation"]["rmse"].at(-1)!.value).toBeCloseTo(rmseMetric.compute(later.table.getChild("price")!, model.predict(later), { weights }).value, 10);
  });

  test("what does not fit gets one line", () => {
    const fit = (validation: unknown, options: GradientBoostingRegressorOptions = {}) => () => regressor(options).fit(train, { validation: validation as Part });
    expect(fit(undefined, { earlyStoppingRounds: 5 })).toThrow("earlyStoppingRounds needs rows that are not learned from; received \"no validation\"; allowed: fit(train, { validation })");
    expect(fit([])).toThrow("validation holds the rows to judge by");
    expect(fit("later")).toThrow("validation is a part made by split, a table, or several of them; received \"string\"");
    expect(fit(head(later.table, 0))).toThrow("validation has no rows to judge by");
    expect(fit(select(later.table, ["size", "age", "town", "kind", "same"]))).toThrow('validation does not hold the target');
    expect(fit([later, select(later.table, ["size", "age", "kind", "same", "price"])])).toThrow("validation 2: the model was fitted on a column that the table does not have: town");
    const swapped = tableFromVectors(columnNames(later.table), columnNames(later.table).map((name) => later.table.getChild(name === "town" ? "size" : name)!));
    expect(fit(swapped)).toThrow('validation: column "town" holds another kind of value');
    const holes = tableFromVectors(columnNames(later.table), columnNames(later.table).map((name) => (name === "price" ? vectorOf(Float64Array.from({ length: 250 }, (_, i) => (i === 4 ? NaN : i))) : later.table.getChild(name)!)));
    expect(fit(holes)).toThrow(/validation: .*"price" is missing in 1 of 250 rows/);
    expect(fit(later, { evalMetric: "rmsee" })).toThrow(/there is no such metric for regression; received "rmsee"; allowed: did you mean rmse/);
    expect(fit(later, { evalMetric: "accuracy" })).toThrow("there is no such metric for regression");
    expect(fit(later, { evalMetric: ["mae", "mae"] })).toThrow("evalMetric names a metric twice");
    expect(fit(later, { evalMetric: { name: "broken", greaterIsBetter: true, compute: () => NaN } })).toThrow('metric "broken" gives a number; received NaN');
  });
});

describe("rounds one after another", () => {
  test("staged predictions are those after the first rounds", () => {
    const model = regressor().fit(train);
    const stages = [...model.stagedPredict(later)];
    expect(stages).toHaveLength(30);
    expect(stages[29]).toEqual(model.predict(later));
    expect(stages[11]).toEqual(model.predict(later, { iterations: 12 }));
    const three = new GradientBoostingClassifier(quick).fit(classes(200, 3));
    const probabilities = [...three.stagedPredictProba(classes(50, 3, 4))];
    expect(probabilities[4]).toEqual(three.predictProba(classes(50, 3, 4), { iterations: 5 }));
    expect([...three.stagedPredict(classes(50, 3, 4))][4]).toEqual(three.predict(classes(50, 3, 4), { iterations: 5 }));
    expect(() => model.predict(later, { iterations: 0 })).toThrow("iterations is a whole number of rounds; received 0; allowed: 1 to 30");
    expect(() => model.predict(later, { iteration: 3 } as never)).toThrow("did you mean iterations?");
  });

  test("going on from a model adds rounds as if it had never stopped", () => {
    const whole = regressor().fit(train);
    const half = regressor({ nEstimators: 12 }).fit(train);
    const before = half.predict(later);
    const grown = regressor({ nEstimators: 18 }).fit(train, { continueFrom: half });
    expect(half.predict(later)).toEqual(before);
    expect(grown.predict(later, { iterations: 12 })).toEqual(before);
    expect([...grown.stagedPredict(later)]).toHaveLength(30);
    expect(error(grown, train)).toBeLessThan(error(half, train));
    const all = whole.predict(train);
    grown.predict(train).forEach((value, i) => expect(Math.abs(value - all[i])).toBeLessThan(1e-3));
    expect(grown.importances("split").reduce((sum, each) => sum + each.importance, 0)).toBe(whole.importances("split").reduce((sum, each) => sum + each.importance, 0));
    expect(fromJSON<GradientBoostingRegressor>(JSON.parse(JSON.stringify(grown))).predict(later)).toEqual(grown.predict(later));
  });

  test("going on with other rows: their new categories and bins are the new trees' own", () => {
    const first = regressor().fit(takeRows(train.table, Uint32Array.from({ length: 200 }, (_, i) => i)), { target: "price" });
    const second = regressor().fit(train, { continueFrom: first, validation: later });
    expect(error(second, later)).toBeLessThan(error(first, later));
    expect(second.learningCurves["validation"]["rmse"][0].step).toBe(31);
    expect(second.learningCurves["validation"]["rmse"].at(-1)!.value).toBeCloseTo(error(second, later), 10);
    for (const objective of ["poisson", "absolute"] as const) {
      const counts = tableFromColumns({ x: Float64Array.from({ length: 80 }, (_, i) => i), y: Float64Array.from({ length: 80 }, (_, i) => 1 + (i % 5)) });
      const options = { ...quick, objective, minChildSamples: 2 };
      const one = new GradientBoostingRegressor({ ...options, nEstimators: 20 }).fit(counts, { target: "y" });
      const two = new GradientBoostingRegressor({ ...options, nEstimators: 10 }).fit(counts, { target: "y", continueFrom: new GradientBoostingRegressor({ ...options, nEstimators: 10 }).fit(counts, { target: "y" }) });
      two.predict(counts).forEach((value, i) => expect(value).toBeCloseTo(one.predict(counts)[i], 3));
    }
  });

  test("going on from something else is refused in one line", () => {
    const model = regressor().fit(train);
    const other = (continueFrom: unknown, part = train, options: GradientBoostingRegressorOptions = {}) => () => regressor(options).fit(part, { continueFrom: continueFrom as GradientBoostingRegressor });
    expect(other(regressor())).toThrow("GradientBoostingRegressor has not been fitted yet");
    expect(other(new GradientBoostingClassifier(quick).fit(classes(60, 2)))).toThrow('continueFrom is a fitted GradientBoostingRegressor; received "GradientBoostingClassifier"');
    expect(other(7)).toThrow("continueFrom is a fitted GradientBoostingRegressor");
    expect(other(model, train, { objective: "huber" })).toThrow('continueFrom was fitted with another objective; received "squared"; allowed: huber');
    expect(other(model, partOf(select(train.table, ["size", "price"]), { target: "price" }))).toThrow("continueFrom was fitted on other features");
    expect(other(model, partOf(train.table, { target: "size" }))).toThrow('continueFrom was fitted on another target; received "price"; allowed: size');
    expect(() => new GradientBoostingClassifier(quick).fit(classes(90, 3), { continueFrom: new GradientBoostingClassifier(quick).fit(classes(90, 2)) })).toThrow("continueFrom was fitted on other classes");
  });

  test("when no cut gains anything, rounds end", () => {
    const model = regressor({ nEstimators: 5000, minSplitGain: 1e9 }).fit(train);
    expect(model.model.ensemble.segments[0].trees).toHaveLength(0);
    expect(new Set(model.predict(later)).size).toBe(1);
    expect(model.featureImportances.every(({ importance }) => importance === 0)).toBe(true);
    const loaded = fromJSON<GradientBoostingRegressor>(JSON.parse(JSON.stringify(model)));
    expect(loaded.predict(later)).toEqual(model.predict(later));
  });
});

describe("ways of boosting", () => {
  const variants: [string, GradientBoostingRegressorOptions][] = [
    ["subsample", { subsample: 0.5 }],
    ["subsample now and then", { subsample: 0.5, subsampleFreq: 4 }],
    ["features by tree", { colsampleByTree: 0.5 }],
    ["features by node", { colsampleByNode: 0.5 }],
    ["goss", { boosting: "goss" }],
    ["dart", { boosting: "dart", skipDrop: 0.2, dropRate: 0.3 }],
  ];
  test.each(variants)("%s: the seed decides, and it learns", (_, options) => {
    const model = regressor(options).fit(train);
    expect(regressor(options).fit(train).predict(later)).toEqual(model.predict(later));
    expect(regressor({ ...options, seed: 4 }).fit(train).predict(later)).not.toEqual(model.predict(later));
    expect(regressor().fit(train).predict(later)).not.toEqual(model.predict(later));
    expect(error(model, later)).toBeLessThan(0.75 * error(regressor({ nEstimators: 1, learningRate: 1e-6 }).fit(train), later));
  });

  test.each(["leafwise", "depthwise", "symmetric"] as const)("%s growth learns", (growth) => {
    const model = regressor({ growth, maxDepth: 4, maxLeaves: 16 }).fit(train);
    expect(error(model, later)).toBeLessThan(0.6 * error(regressor({ nEstimators: 1, learningRate: 1e-6 }).fit(train), later));
  });

  test("dart: what validation rows were judged by is what the model predicts", () => {
    const model = regressor({ boosting: "dart", skipDrop: 0.2, dropRate: 0.3 }).fit(train, { validation: later });
    expect(model.learningCurves["validation"]["rmse"].at(-1)!.value).toBeCloseTo(error(model, later), 9);
    expect(model.learningCurves["train"]["rmse"].at(-1)!.value).toBeCloseTo(error(model, train), 4);
    expect(() => regressor({ boosting: "dart", earlyStoppingRounds: 3 }).fit(train, { validation: later })).toThrow('boosting "dart" changes earlier trees');
  });

  test("goss keeps sums what they were: rows of equal gradient give the tree of all rows", () => {
    const x = Float64Array.from({ length: 400 }, (_, i) => i % 2);
    const step = tableFromColumns({ x, y: x.map((value) => 10 * value) });
    const options = { nEstimators: 15, learningRate: 0.5, seed: 1, minChildSamples: 1 };
    const all = new GradientBoostingRegressor(options).fit(step, { target: "y" }).predict(step);
    const some = new GradientBoostingRegressor({ ...options, boosting: "goss" }).fit(step, { target: "y" }).predict(step);
    some.forEach((value, i) => expect(value).toBeCloseTo(all[i], 3));
  });

  test("options that contradict one another get one line", () => {
    expect(() => regressor({ boosting: "goss", topRate: 0.8, otherRate: 0.3 }).fit(train)).toThrow("topRate and otherRate are shares of the rows");
    expect(() => regressor({ boosting: "goss", subsample: 0.5 }).fit(train)).toThrow('boosting "goss" chooses the rows itself');
    expect(() => regressor({ boosting: "bagging" as never }).fit(train)).toThrow('allowed: "gbdt", "goss", "dart"');
    expect(() => regressor({ maxLeaves: 1 }).fit(train)).toThrow("maxLeaves is a whole number, 2 or more");
    expect(() => regressor({ learningRate: 0 }).fit(train)).toThrow("learningRate is a number, above 0");
    expect(() => regressor({ nJobs: 0 }).fit(train)).toThrow("nJobs is a whole number, 1 or more");
    expect(() => regressor({ seed: -1 }).fit(train)).toThrow("a seed is a whole number");
  });
});

describe("rules about features", () => {
  test("monotone: predictions follow the direction wherever other columns stand", () => {
    const model = regressor({ nEstimators: 60, monotoneConstraints: { age: 1, size: -1 } }).fit(train);
    for (const [column, sign] of [["age", 1], ["size", -1]] as const) {
      for (const row of [0, 7, 31]) {
        const grid = Float64Array.from({ length: 60 }, (_, i) => 2 * i);
        const rows = takeRows(train.table, new Uint32Array(60).fill(row));
        const moved = tableFromVectors(columnNames(rows), columnNames(rows).map((name) => (name === column ? vectorOf(grid) : rows.getChild(name)!)));
        const predicted = model.predict(moved);
        for (let i = 1; i < 60; i++) expect(sign * (predicted[i] - predicted[i - 1])).toBeGreaterThanOrEqual(-1e-9);
      }
    }
    expect(() => regressor({ monotoneConstraints: { Age: 1 } }).fit(train)).toThrow('monotoneConstraints names a feature that the model is not fitted on; received "Age"; allowed: did you mean age?');
    expect(() => regressor({ monotoneConstraints: { age: 2 as never } }).fit(train)).toThrow('the direction of "age" is not one of the known ones');
    expect(() => regressor({ monotoneConstraints: { town: 1 } }).fit(train)).toThrow("categories have no order to follow");
  });

  test.each(["native", "ordered"] as const)("interactions: only features of one group meet on a path, with %s categories", (categories) => {
    const groups = [["size", "age"], ["town", "kind"]];
    const model = regressor({ categories, interactionConstraints: groups }).fit(train);
    const [{ trees, encoding, features }] = model.model.ensemble.segments;
    const name = (split: number) => features[encoding.featureOf[splitFeature(split)]].name;
    let paths = 0;
    const walk = ({ right, split }: (typeof trees)[number], node: number, above: string[]): void => {
      if (right[node] === 0) {
        paths++;
        expect(groups.some((group) => above.every((each) => group.includes(each)))).toBe(true);
        return;
      }
      walk({ right, split } as (typeof trees)[number], node + 1, [...above, name(split[node])]);
      walk({ right, split } as (typeof trees)[number], right[node], [...above, name(split[node])]);
    };
    for (const tree of trees) walk(tree, 0, []);
    expect(paths).toBeGreaterThan(100);
    expect(() => regressor({ interactionConstraints: [["size", "sice"]] }).fit(train)).toThrow("did you mean size?");
    expect(() => regressor({ interactionConstraints: [] }).fit(train)).toThrow("interactionConstraints lists groups of features");
  });

  test("importances: by gain and by count, with names; shares sum to 1", () => {
    const model = regressor().fit(train);
    const [first] = model.featureImportances;
    expect(first.feature).toBe("size");
    expect(model.featureImportances.reduce((sum, each) => sum + each.importance, 0)).toBeCloseTo(1, 12);
    expect(model.featureImportances.at(-1)).toEqual({ feature: "same", importance: 0 });
    const cuts = model.model.ensemble.segments[0].trees.reduce((sum, tree) => sum + (tree.right.length - 1) / 2, 0);
    expect(model.importances("split").reduce((sum, each) => sum + each.importance, 0)).toBe(cuts);
  });
});

describe("categories", () => {
  test("300 of them, native and ordered: both find what the town says", () => {
    const without = partOf(select(train.table, ["size", "age", "kind", "same", "price"]), { target: "price" });
    const blind = error(regressor({ nEstimators: 60 }).fit(without), later);
    expect(error(regressor({ nEstimators: 60, categories: "ordered", catSmooth: 1 }).fit(train), later)).toBeLessThan(blind);
    expect(error(regressor({ nEstimators: 60, minDataPerGroup: 2, catSmooth: 1 }).fit(train), later)).toBeLessThan(blind);
  });

  test("a split by a set sends unseen and missing categories one way, and is data", () => {
    const model = regressor().fit(train);
    const [{ trees, bins }] = model.model.ensemble.segments;
    const sets = trees.flatMap((tree) => (tree.sets ? [...tree.sets.setOf.keys()].filter((node) => tree.sets!.setOf[node] >= 0).map((node) => ({ tree, node })) : []));
    expect(sets.length).toBeGreaterThan(5);
    for (const { tree, node } of sets) {
      const feature = splitFeature(tree.split[node]);
      expect(bins[feature].kind).toBe("category");
      expect(typeof goesLeft(tree.split[node], 255, tree.sets!, node)).toBe("boolean");
    }
    const strange = tableFromColumns({ size: [30, 30], age: [10, 10], town: ["nowhere", null], kind: ["flat", "flat"], same: [3, 3] });
    const [unseen, missing] = model.predict(strange);
    expect(unseen).toBe(missing);
  });

  test("ordered statistics never show a row its own target: names of rows teach nothing", () => {
    const random = stream("names", 5);
    const rows = 500;
    const y = Float64Array.from({ length: rows }, () => random.normal());
    const table = tableFromColumns({ name: Array.from({ length: rows }, (_, i) => `name ${i % 250}`), y });
    const model = new GradientBoostingRegressor({ ...quick, categories: "ordered", catSmooth: 0.1 }).fit(table, { target: "y", features: ["name"] });
    const fitted = model.model.ensemble.segments[0].encoding.means[0]!;
    expect(fitted.columns).toBe(1);
    expect(fitted.means).toHaveLength(250);
    // Each name has two rows: a mean over both would explain half of the variance of the training rows.
    const plain = new GradientBoostingRegressor({ nEstimators: 1, learningRate: 1e-6, seed: 1 }).fit(table, { target: "y", features: ["name"] });
    const held = Float64Array.from({ length: rows }, () => random.normal());
    const fresh = tableFromVectors(["name", "y"], [table.getChild("name")!, vectorOf(held)]);
    expect(rmseMetric.compute(held, model.predict(fresh)).value).toBeLessThan(1.25 * rmseMetric.compute(held, plain.predict(fresh)).value);
  });

  test("ordered statistics of several classes are a column a class, and load again", () => {
    const random = stream("towns", 6);
    const town = Array.from({ length: 400 }, () => random.int(12));
    const table = tableFromColumns({ town: town.map((at) => `town ${at}`), x: town.map(() => random.normal()), kind: town.map((at) => (random.next() < 0.8 ? `kind ${at % 3}` : "kind 0")) });
    const model = new GradientBoostingClassifier({ ...quick, categories: "ordered" }).fit(table, { target: "kind" });
    expect(model.model.ensemble.segments[0].encoding.featureOf).toEqual(Int32Array.of(0, 0, 0, 1));
    expect(model.featureImportances[0].feature).toBe("town");
    expect(model.predict(table).filter((kind, i) => kind === `kind ${town[i] % 3}`).length).toBeGreaterThan(360);
    const loaded = fromJSON<GradientBoostingClassifier>(JSON.parse(JSON.stringify(model)));
    expect(loaded.predictProba(table)).toEqual(model.predictProba(table));
  });
});

describe("objectives", () => {
  test("names, and LightGBM's names of them; others get one line", () => {
    const model = regressor({ objective: "l1" as never }).fit(train);
    expect(model.params["objective"]).toBe("absolute");
    expect(() => regressor({ objective: "squarred" as never }).fit(train)).toThrow("there is no such objective; received \"squarred\"; allowed: did you mean squared?");
    expect(() => regressor({ objective: "softmax" as never }).fit(train)).toThrow('objective "softmax" is one for classification');
    expect(() => new GradientBoostingClassifier({ ...quick, objective: "logistic" }).fit(classes(90, 3))).toThrow('objective "logistic" is for two classes');
    expect(() => regressor({ link: "exp" }).fit(train)).toThrow("link is for an objective of one's own");
    expect(() => regressor({ objective: "quantile", alpha: 1.5 }).fit(train)).toThrow('alpha of objective "quantile" lies between 0 and 1');
  });

  test("targets outside an objective's range get one line", () => {
    const with1 = (value: number) => partOf(tableFromColumns({ x: [1, 2, 3], y: [1, value, 2] }), { target: "y" });
    const zeros = partOf(tableFromColumns({ x: [1, 2, 3], y: [0, 0, 0] }), { target: "y" });
    for (const objective of ["poisson", "tweedie", "gamma"] as const) {
      expect(() => regressor({ objective }).fit(with1(-1))).toThrow(`objective "${objective}" takes targets ${objective === "gamma" ? "above 0" : "of 0 and above"}; "y" is not in 1 of 3 rows`);
      if (objective !== "gamma") expect(() => regressor({ objective }).fit(zeros)).toThrow("needs a target above 0 somewhere");
    }
    expect(() => regressor().fit(with1(Infinity))).toThrow('target "y" holds values that are not finite');
    expect(() => regressor().fit(with1(1e300))).toThrow('target "y" spreads further than single precision holds');
  });

  test("a large common offset costs no digits", () => {
    const offset = 1e9;
    const near = regressor({ minChildSamples: 5 }).fit(train);
    const far = regressor({ minChildSamples: 5 }).fit(tableFromVectors(columnNames(train.table), columnNames(train.table).map((name) => (name === "price" ? vectorOf(Float64Array.from(train.table.getChild("price")!, (value) => value + offset)) : train.table.getChild(name)!))), { target: "price" });
    const predicted = near.predict(later);
    far.predict(later).forEach((value, i) => expect(Math.abs(value - offset - predicted[i])).toBeLessThan(1e-3));
  });

  test("one of the user's own: squared error by hand is squared error", () => {
    const own = regressor({ objective: (target, scores) => ({ gradients: scores.map((score, i) => score - target[i]), hessians: new Float32Array(target.length).fill(1) }) }).fit(train);
    const zeroBased = (model: GradientBoostingRegressor) => model.predictRaw(later);
    const centred = tableFromVectors(columnNames(train.table), columnNames(train.table).map((name) => (name === "price" ? vectorOf(Float64Array.from(train.table.getChild("price")!, (value) => value - 1e-9)) : train.table.getChild(name)!)));
    expect(own.params["objective"]).toBe("custom");
    expect(own.model.ensemble.base[0]).toBe(0);
    const many = regressor({ nEstimators: 200, objective: own.options.objective }).fit(centred, { target: "price" });
    const built = regressor({ nEstimators: 200 }).fit(centred, { target: "price" });
    expect(rmseMetric.compute(later.table.getChild("price")!, zeroBased(many)).value).toBeLessThan(1.1 * error(built, later));
    const loaded = fromJSON<GradientBoostingRegressor>(JSON.parse(JSON.stringify(own)));
    expect(loaded.predict(later)).toEqual(own.predict(later));
    expect(loaded.params["objective"]).toBe("custom");
  });

  test("one of the user's own: weights are applied, links named, mistakes said", () => {
    const logistic = (target: Float64Array, scores: Float32Array) => {
      const p = Float64Array.from(scores, (score) => 1 / (1 + Math.exp(-score)));
      return { gradients: p.map((each, i) => each - target[i]), hessians: p.map((each) => each * (1 - each)) };
    };
    const part = classes(300, 2);
    const weights = Array.from({ length: 300 }, (_, i) => 1 + (i % 3));
    const own = new GradientBoostingClassifier({ ...quick, nEstimators: 80, objective: logistic }).fit(part, { weights });
    const built = new GradientBoostingClassifier({ ...quick, nEstimators: 80 }).fit(part, { weights });
    const difference = own.predictProba(part).values.map((value, i) => Math.abs(value - built.predictProba(part).values[i]));
    expect(difference.reduce((sum, value) => sum + value, 0) / difference.length).toBeLessThan(0.02);
    expect(new GradientBoostingClassifier({ ...quick, objective: logistic, link: "identity" }).fit(part).predictProba(part).values.some((value) => value < 0)).toBe(true);
    const bad = (objective: unknown) => () => regressor({ objective: objective as never }).fit(train);
    expect(bad(() => ({ gradients: [1], hessians: [1] }))).toThrow("an objective returns { gradients, hessians }, one number of each a row and output; received \"1 gradients for 600\"");
    expect(bad(() => undefined)).toThrow("an objective returns { gradients, hessians }");
    expect(bad(() => ({ gradients: new Float64Array(600).fill(NaN), hessians: new Float64Array(600) }))).toThrow("an objective returns finite gradients; see row 0; received NaN");
    expect(bad(() => ({ gradients: new Float64Array(600), hessians: new Float64Array(600).fill(-1) }))).toThrow("finite hessians of 0 and above");
  });

  test("scalePosWeight counts the second class more, for two classes", () => {
    const part = classes(300, 2);
    const share = (model: GradientBoostingClassifier) => model.predict(part).filter((kind) => kind === "kind 1").length;
    expect(share(new GradientBoostingClassifier({ ...quick, scalePosWeight: 5 }).fit(part))).toBeGreaterThan(share(new GradientBoostingClassifier(quick).fit(part)));
    expect(() => new GradientBoostingClassifier({ ...quick, scalePosWeight: 5 }).fit(classes(90, 3))).toThrow("scalePosWeight is for two classes");
  });
});

describe("little to learn from", () => {
  const one = tableFromColumns({ x: [1], y: [4] });

  test.each(["squared", "absolute", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie"] as const)("one row, equal targets, one feature without a value: %s", (objective) => {
    const fit = (table: Table, options = {}) => new GradientBoostingRegressor({ nEstimators: 5, objective, seed: 1, ...options }).fit(table, { target: "y" }).predict(table);
    expect(fit(one)[0]).toBeCloseTo(4, 6);
    expect(fit(one, { minChildSamples: 0, minChildWeight: 0, minDataInBin: 1 })[0]).toBeCloseTo(4, 6);
    const same = tableFromColumns({ x: Float64Array.from({ length: 30 }, (_, i) => i), y: new Float64Array(30).fill(4) });
    for (const value of fit(same, { minChildSamples: 1 })) expect(value).toBeCloseTo(4, 5);
    const empty = tableFromColumns({ x: new Float64Array(30).fill(NaN), y: Float64Array.from({ length: 30 }, (_, i) => 1 + (i % 3)) });
    expect(new Set(fit(empty)).size).toBe(1);
  });

  test("rows that weigh nothing teach nothing", () => {
    const x = Float64Array.from({ length: 60 }, (_, i) => i);
    const table = tableFromColumns({ x, y: x.map((value) => (value < 30 ? 0 : 10)) });
    const model = new GradientBoostingRegressor({ nEstimators: 50, learningRate: 0.3, minChildSamples: 1, seed: 1 }).fit(table, { target: "y", weights: Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 1)) });
    for (const value of model.predict(table)) expect(value).toBeCloseTo(10, 5);
  });

  test("infinite features have a place at the ends", () => {
    const x = Float64Array.from({ length: 60 }, (_, i) => (i < 20 ? -Infinity : i < 40 ? i : Infinity));
    const table = tableFromColumns({ x, y: Float64Array.from({ length: 60 }, (_, i) => (i < 20 ? 1 : i < 40 ? 5 : 2)) });
    const predicted = new GradientBoostingRegressor({ nEstimators: 80, learningRate: 0.3, minChildSamples: 1, minDataInBin: 1, seed: 1 }).fit(table, { target: "y" }).predict(table);
    expect(predicted[0]).toBeCloseTo(1, 2);
    expect(predicted[30]).toBeCloseTo(5, 2);
    expect(predicted[59]).toBeCloseTo(2, 2);
  });
});

describe("the same bits", () => {
  afterEach(() => useVariant(null));
  const options: GradientBoostingRegressorOptions = { ...quick, nEstimators: 12, subsample: 0.8, colsampleByNode: 0.7 };

  test("at any number of threads and in every build of the kernels", () => {
    const text = (nJobs: number) => JSON.stringify(new GradientBoostingRegressor({ ...options, nJobs }).fit(train).toJSON().state);
    const one = text(1);
    expect(text(2)).toBe(one);
    expect(text(5)).toBe(one);
    for (const variant of ["simd", "plain"] as const) {
      useVariant(variant);
      expect(text(1)).toBe(one);
    }
  });
});

describe("a fit that does not end", () => {
  test("leaves a model unfitted, or as it was", () => {
    let calls = 0;
    const stopping = (target: Float64Array, scores: Float32Array) => {
      if (++calls % 7 === 0) throw new Error("stopped by the user");
      return { gradients: scores.map((score, i) => score - target[i]), hessians: new Float32Array(target.length).fill(1) };
    };
    const model = regressor({ objective: stopping });
    expect(() => model.fit(train)).toThrow("stopped by the user");
    expect(model.isFitted).toBe(false);
    const again = regressor({ nEstimators: 5, objective: stopping });
    calls = 0;
    again.fit(train);
    const before = again.predict(later);
    expect(() => again.fit(later)).toThrow("stopped by the user");
    expect(again.predict(later)).toEqual(before);
    expect(again.fitted.rows).toBe(600);
    let labels = 0;
    const kinds = new GradientBoostingClassifier({ ...quick, nEstimators: 5, objective: (target, scores) => {
      if (++labels > 5) throw new Error("stopped by the user");
      return { gradients: scores.map((score, i) => score - target[i]), hessians: new Float32Array(scores.length).fill(1) };
    } }).fit(classes(60, 2));
    expect(() => kinds.fit(classes(60, 3))).toThrow("stopped by the user");
    expect(kinds.classes).toEqual(["kind 0", "kind 1"]);
  });
});

describe("a ranking", () => {
  function queries(groups: number, seed: number): Table {
    const random = stream("queries", seed);
    const query: string[] = [];
    const match: number[] = [];
    const age: (number | null)[] = [];
    const grade: number[] = [];
    for (let g = 0; g < groups; g++) {
      for (let i = 0; i < 5 + random.int(15); i++) {
        query.push(`query ${g}`);
        match.push(random.normal());
        age.push(random.next() < 0.1 ? null : random.normal());
        grade.push(Math.max(0, Math.min(4, Math.round(1 + match.at(-1)! - 0.3 * (age.at(-1) ?? 0) + 0.3 * random.normal()))));
      }
    }
    return tableFromColumns({ query, match, age: age as number[], grade: Float64Array.from(grade) });
  }
  const ranker = (options = {}) => new GradientBoostingRanker({ ...quick, ...options });
  const table = queries(60, 1);

  test("learns the order within groups, in whatever order rows come", () => {
    const model = ranker().fit(table, { target: "grade", group: "query", validation: queries(20, 2) });
    expect(model.task).toBe("ranking");
    expect(model.group).toBe("query");
    expect(model.featureNames).toEqual(["match", "age"]);
    const curve = model.learningCurves["validation"]["ndcg"];
    expect(curve.at(-1)!.value).toBeGreaterThan(0.93);
    expect(model.bestIteration).toBe(curve.reduce((most, point) => (point.value > most.value ? point : most)).step);
    const mixed = stream("mixed", 1).shuffle(Uint32Array.from({ length: table.numRows }, (_, i) => i));
    const other = ranker().fit(takeRows(table, mixed), { target: "grade", group: "query" });
    expect(other.predict(table)).toHaveLength(table.numRows);
    expect(other.learningCurves).toEqual({});
    const loaded = fromJSON<GradientBoostingRanker>(JSON.parse(JSON.stringify(model)));
    expect(loaded.predict(table)).toEqual(model.predict(table));
    expect(loaded.group).toBe("query");
    expect(JSON.stringify(loaded)).toBe(JSON.stringify(model));
  });

  test("a share of the groups serves to judge by", () => {
    const model = ranker({ validationFraction: 0.3, earlyStoppingRounds: 5 }).fit(table, { target: "grade", group: "query" });
    expect(model.learningCurves["validation"]["ndcg"].at(-1)!.value).toBeGreaterThan(0.8);
  });

  test("needs groups and grades", () => {
    expect(() => ranker().fit(table, { target: "grade" })).toThrow('a ranking is learned within groups; received "no group"');
    expect(() => ranker().fit(table, { target: "grade", group: "qury" })).toThrow(/group column/);
    expect(() => ranker().fit(table, { target: "match", group: "query", features: ["age"] })).toThrow("a ranking learns from grades, whole numbers from 0 to 30; see row 0");
  });
});
