import { expect, test } from "vitest";
import { columnTransformer, DummyClassifier, evaluate, fromJSON, impute, KFold, LogisticRegression, numbersOf, oneHot, pipeline, polynomial, RandomForestClassifier, readTable, RidgeRegression, scale, split, stream, tableFromColumns, targetEncode } from "runlab";
import { observe } from "../../src/observe/index.js";

const penguins = () => readTable(new URL("../../notebooks/data/penguins.parquet", import.meta.url).pathname);

test("a pipeline on real data is fitted, evaluated and loaded again with the same bits", async () => {
  const { train, test: holdout } = split(await penguins(), { target: "species", testSize: 0.3, stratify: true, seed: 1 });
  const model = pipeline([impute(), oneHot(), scale(), new LogisticRegression({ preprocess: "none" })]).fit(train);
  expect(evaluate(model, holdout).metrics.accuracy).toBeGreaterThan(0.95);
  const loaded = fromJSON(JSON.parse(JSON.stringify(model)));
  expect([...loaded.predict(holdout)]).toEqual([...model.predict(holdout)]);
});

test("a pipeline with a step for each kind of column is fitted, evaluated and loaded the same", async () => {
  const { train, test: holdout } = split(await penguins(), { target: "species", testSize: 0.3, stratify: true, seed: 1 });
  const steps = columnTransformer([
    { columns: ["island"], steps: targetEncode() },
    { columns: "numbers", steps: [impute({ addIndicator: true }), scale()] },
    { columns: "categories", steps: oneHot({ drop: "ifBinary" }) },
  ]);
  const model = pipeline([steps, new LogisticRegression({ preprocess: "none" })]).fit(train);
  expect(evaluate(model, holdout).metrics.accuracy).toBeGreaterThan(0.95);
  const loaded = fromJSON(JSON.parse(JSON.stringify(model)));
  expect([...loaded.predict(holdout)]).toEqual([...model.predict(holdout)]);
});

test("the pipeline is what was fitted: its model does not announce itself beside it", async () => {
  const { train } = split(await penguins(), { target: "species", seed: 1 });
  const fitted: string[] = [];
  const stop = observe((event) => event.type === "fit" && fitted.push(event.estimator));
  pipeline([impute(), oneHot(), new RandomForestClassifier({ nEstimators: 3 })]).fit(train);
  new RandomForestClassifier({ nEstimators: 2 }).fit(train);
  stop();
  expect(fitted).toEqual(["Pipeline", "RandomForestClassifier"]);
});

test("every feature of the model knows the columns of the data that it comes from", async () => {
  const { train } = split(await penguins(), { target: "species", features: ["island", "bill_length_mm", "bill_depth_mm"], seed: 1 });
  const model = pipeline([impute(), polynomial(), oneHot(), new RandomForestClassifier({ nEstimators: 3 })]).fit(train);
  const sources = new Map(model.featureSources.map(({ name, sources: from }) => [name, from]));
  expect(sources.get("island=Dream")).toEqual(["island"]);
  expect(sources.get("bill_length_mm*bill_depth_mm")).toEqual(["bill_length_mm", "bill_depth_mm"]);
  expect(sources.get("bill_length_mm")).toEqual(["bill_length_mm"]);
  expect(model.featureImportances.map(({ feature }) => feature).sort()).toEqual([...sources.keys()].sort());
  expect(() => pipeline([impute(), oneHot(), new DummyClassifier()]).fit(train).featureImportances).toThrow("has no feature importances");
});

test("weights reach the model, and their column reaches no step", () => {
  const table = tableFromColumns({ x: [1, 2, 3, 4], w: [1, 1, 1, 9], y: [1, 2, 3, 8] });
  const byName = pipeline([scale(), new RidgeRegression()]).fit(table, { target: "y", weights: "w" });
  const byList = pipeline([scale(), new RidgeRegression()]).fit(table, { target: "y", features: ["x"], weights: [1, 1, 1, 9] });
  expect(byName.featureNames).toEqual(["x"]);
  expect([...byName.predict(table)]).toEqual([...byList.predict(table)]);
  expect([...byName.predict(table)]).not.toEqual([...pipeline([scale(), new RidgeRegression()]).fit(table, { target: "y", features: ["x"] }).predict(table)]);
});

test("rows given to the model's fit are changed as the training rows were", () => {
  const seen: unknown[] = [];
  const model = { name: "Watcher", task: "regression", fit: (_: unknown, options: any) => seen.push(options), predict: () => [], toJSON: () => ({}) };
  const table = tableFromColumns({ x: [1, 3], y: [0, 0] });
  pipeline([scale(), model]).fit(table, { target: "y", validation: [tableFromColumns({ x: [5], y: [0] })], rounds: 3 });
  expect([...(seen[0] as any).validation[0].getChild("x")]).toEqual([3]);
  expect((seen[0] as any).rounds).toBe(3);
});

test("a model without a target needs none in a pipeline", () => {
  const seen: any[] = [];
  const model = { name: "Groups", task: "clustering", fit: (data: unknown) => seen.push(data), predict: () => [0, 1], toJSON: () => ({}) };
  const fitted = pipeline([scale(), model]).fit(tableFromColumns({ x: [1, 3], c: [2, 2] }));
  expect([...seen[0].getChild("x")]).toEqual([-1, 1]);
  expect(fitted.fitted).toEqual({ target: null, features: ["x", "c"], rows: 2 });
});

test("an unfitted copy shares nothing with the pipeline it was made from", () => {
  const table = tableFromColumns({ x: [1, 2, 3], y: [1, 2, 3] });
  const first = pipeline([scale(), new RidgeRegression({ alpha: 2 })]).fit(table, { target: "y" });
  const copy = first.copy();
  expect([copy.isFitted, copy.steps[0].isFitted, copy.model.isFitted, copy.model.options.alpha]).toEqual([false, false, false, 2]);
  const before = [...first.predict(table)];
  copy.fit(tableFromColumns({ x: [10, 20, 40], y: [0, 5, 0] }), { target: "y" });
  expect([...first.predict(table)]).toEqual(before);
});

test("a row's own target does not come back to it as a feature", () => {
  const draws = stream("noise", 11);
  // 300 labels on 900 rows, and a target that has nothing to do with them.
  const table = tableFromColumns({ label: Array.from({ length: 900 }, () => `l${draws.int(300)}`), y: Array.from({ length: 900 }, () => draws.int(2) === 1) });
  const truth = numbersOf(table, "y");
  const likeness = (encoded: Float64Array): number => {
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [a, b] = [encoded.map((value) => value - mean(encoded)), truth.map((value) => value - mean(truth))];
    const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  const step = targetEncode({ seed: 1 });
  expect(Math.abs(likeness(numbersOf(step.fitTransform(table, { target: "y" }), "label")))).toBeLessThan(0.15);
  expect(likeness(numbersOf(step.transform(table), "label"))).toBeGreaterThan(0.4);
  // So a pipeline learns that the labels say nothing, and does no better than chance on other rows.
  const right = [...new KFold({ nSplits: 5, shuffle: true, seed: 2 }).parts(table, { target: "y" })].map(({ train, test: rows }) =>
    evaluate(pipeline([targetEncode({ seed: 1 }), new LogisticRegression({ preprocess: "none" })]).fit(train), rows).metrics.accuracy);
  expect(Math.abs(right.reduce((sum, each) => sum + each, 0) / 5 - 0.5)).toBeLessThan(0.08);
});

test("each round fits its steps on its own training rows", () => {
  const table = tableFromColumns({ x: [0, 0, 0, 100, 100, 100], y: [0, 0, 0, 1, 1, 1] });
  const means = [...new KFold({ nSplits: 2 }).parts(table, { target: "y" })].map(({ train, test: rows }) => numbersOf(scale({ withStd: false }).fit(train).transform(rows).table, "x")[0]);
  expect(means).toEqual([-100, 100]);
});
