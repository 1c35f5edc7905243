import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { DummyClassifier, DummyRegressor, GradientBoostingClassifier, LogisticRegression, RandomForestClassifier, RandomForestRegressor, RidgeRegression } from "../../src/models/index.js";
import { accuracy, rmse } from "../../src/metrics/index.js";
import { interrupted, observe } from "../../src/observe/index.js";
import type { ObservedEvent } from "../../src/observe/index.js";
import { impute, oneHot, pipeline, scale } from "../../src/preprocess/index.js";
import { setSeed, stream } from "../../src/random/index.js";
import { CrossValidationResult, crossValPredict, crossValidate, draw, gridSearch, learningCurve, randomSearch, validationCurve } from "../../src/select/index.js";
import { combinations } from "../../src/select/grid-search.js";
import { fresh, modelFrom, recipeOf, withParams } from "../../src/select/recipe.js";
import { GroupKFold, KFold, RepeatedKFold, StratifiedKFold, TimeSeriesSplit, split } from "../../src/split/index.js";
import { categoryVector, takeRows, tableFromColumns } from "../../src/table/index.js";

/** Rows of two classes with a number, a category with gaps, groups and a quantity. */
function sample(rows = 120) {
  const draws = stream("select sample", 42);
  const x = Array.from({ length: rows }, () => draws.normal());
  const island = x.map((value) => (draws.next() < 0.1 ? null : value > 0 ? "Dream" : draws.next() < 0.5 ? "Biscoe" : "Torgersen"));
  const kind = x.map((value) => (value + 0.5 * draws.normal() > 0 ? "yes" : "no"));
  return tableFromColumns({ x, z: x.map(() => draws.normal()), island: categoryVector(island), group: Int32Array.from(x, (_, i) => i % 12), kind, size: x.map((value) => 3 * value + draws.normal()) });
}

const table = sample();
const part = split(table, { target: "kind", features: ["x", "z", "island"], testSize: 0.2, seed: 1 }).train;
const numbers = split(table, { target: "size", features: ["x", "z"], testSize: 0.2, seed: 1 }).train;

/** All but times, which differ from run to run. */
function timeless(result: { toJSON(): unknown }): unknown {
  return JSON.parse(JSON.stringify(result, (key, value: unknown) => (/[sS]econds/.test(key) ? undefined : value)));
}

async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(RunlabError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }
  return "";
}

describe("crossValidate", () => {
  it("gives what fitting and judging every fold by hand gives", async () => {
    const cv = new StratifiedKFold({ nSplits: 4 });
    const found = await crossValidate(new LogisticRegression(), part, { cv, metrics: ["accuracy", "logLoss"], trainScores: true });
    const byHand = [...cv.parts(part)].map(({ train, test }) => {
      const model = new LogisticRegression().fit(train);
      return { test: accuracy(test.table.getChild("kind")!, model.predict(test)), train: accuracy(train.table.getChild("kind")!, model.predict(train)) };
    });
    expect(found.folds.map((fold) => fold.test.accuracy)).toEqual(byHand.map((each) => each.test));
    expect(found.folds.map((fold) => fold.train!.accuracy)).toEqual(byHand.map((each) => each.train));
    expect(found.folds.map((fold) => fold.testRows)).toEqual([...cv.split(part)].map(({ test }) => test.length));
    const mean = byHand.reduce((sum, each) => sum + each.test, 0) / 4;
    expect(found.mean.accuracy).toBeCloseTo(mean, 14);
    expect(found.std.accuracy).toBeCloseTo(Math.sqrt(byHand.reduce((sum, each) => sum + (each.test - mean) ** 2, 0) / 4), 14);
    expect(found.higherIsBetter).toEqual({ accuracy: true, logLoss: false });
    expect(found.table.numRows).toBe(4);
  });

  it("uses one seed for folds and models, and another gives another result", async () => {
    const model = new RandomForestClassifier({ nEstimators: 5 });
    const first = await crossValidate(model, part, { seed: 1 });
    expect(timeless(await crossValidate(model, part, { seed: 1 }))).toEqual(timeless(first));
    expect(timeless(await crossValidate(model, part, { seed: 2 }))).not.toEqual(timeless(first));
    setSeed(1);
    expect(timeless(await crossValidate(model, part))).toEqual(timeless(first));
    setSeed(null);
  });

  it("takes weights, by column or by row", async () => {
    const weights = Float64Array.from({ length: part.table.numRows }, (_, i) => 1 + (i % 3));
    const withColumn = { ...part, table: tableFromColumns({ ...Object.fromEntries(part.table.schema.fields.map(({ name }) => [name, part.table.getChild(name)!])), w: weights }) };
    const byRow = await crossValidate(new LogisticRegression(), part, { cv: 3, seed: 1, weights });
    const byColumn = await crossValidate(new LogisticRegression(), withColumn, { cv: 3, seed: 1, weights: "w" });
    expect(byColumn.folds.map((fold) => fold.test)).toEqual(byRow.folds.map((fold) => fold.test));
    expect(byRow.mean.logLoss).not.toBe((await crossValidate(new LogisticRegression(), part, { cv: 3, seed: 1 })).mean.logLoss);
  });

  it("takes metrics of the user's own, and an estimator of the user's own, on the main thread", async () => {
    class Careful extends DummyClassifier {}
    const metric = { name: "rows", higherIsBetter: true, score: (_: unknown, rows: { table: { numRows: number } }) => rows.table.numRows };
    const found = await crossValidate(new Careful(), part, { cv: 4, metrics: [metric, "accuracy", { metric: "f1", options: { average: "macro" }, name: "f1Macro" }], nJobs: 2, seed: 1 });
    expect(found.mean.rows).toBe(part.table.numRows / 4);
    expect(Object.keys(found.mean)).toEqual(["rows", "accuracy", "f1Macro"]);
  });

  it("keeps groups together and time in order", async () => {
    const grouped = await crossValidate(new RidgeRegression(), table, { target: "size", features: ["x", "z"], cv: new GroupKFold({ group: "group", nSplits: 4 }), metrics: "rmse" });
    expect(grouped.folds).toHaveLength(4);
    const timed = await crossValidate(new RidgeRegression(), numbers, { cv: new TimeSeriesSplit({ nSplits: 3 }), metrics: "rmse" });
    expect(timed.folds.map((fold) => fold.trainRows)).toEqual([...timed.folds.map((fold) => fold.trainRows)].sort((a, b) => a - b));
  });

  it("announces one whole and nothing of its folds", async () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    const found = await crossValidate(new RandomForestRegressor({ nEstimators: 3 }), numbers, { cv: 3, seed: 1, metrics: ["rmse", "r2"] });
    stop();
    expect(events.map((event) => event.type)).toEqual(["split", "crossValidation", "metric", "metric"]);
    expect(events[1]).toMatchObject({ chosen: ["cv", "seed", "metrics"], record: { model: "RandomForestRegressor", rows: 96, seed: 1, mean: found.mean, search: null, splitter: { name: "KFold" } } });
    expect(events[2]).toMatchObject({ name: "cv_rmse", value: found.mean.rmse, greaterIsBetter: false, details: { folds: 3 } });
  });

  it("shows folds as text, as HTML and as a table, with names from data escaped", async () => {
    const odd = tableFromColumns({ x: [1, 2, 3, 4], "<b>": [1, 2, 3, 4] });
    const found = await crossValidate(new DummyRegressor(), odd, { target: "<b>", cv: new KFold({ nSplits: 2 }), metrics: "mae", trainScores: true });
    expect(String(found)).toContain("DummyRegressor, 2 folds (KFold) of 4 rows, target <b>");
    expect(String(found)).toContain("mae (train)");
    const shown = (found as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();
    expect(shown["text/html"]).toContain("&lt;b&gt;");
    expect(shown["text/html"]).not.toContain("<b>");
    expect(found).toBeInstanceOf(CrossValidationResult);
    expect(Object.keys(found)).toEqual([]);
  });

  it.each([
    ["an option that does not exist", () => crossValidate(new DummyClassifier(), part, { folds: 3 } as never), /no option folds/],
    ["one fold", () => crossValidate(new DummyClassifier(), part, { cv: 1 }), /number of folds/],
    ["a metric of another task", () => crossValidate(new DummyClassifier(), part, { metrics: "rmse" }), /metric of regression/],
    ["a metric that does not exist", () => crossValidate(new DummyClassifier(), part, { metrics: "acuracy" }), /accuracy/],
    ["no metric", () => crossValidate(new DummyClassifier(), part, { metrics: [] }), /at least one metric/],
    ["a metric twice", () => crossValidate(new DummyClassifier(), part, { metrics: ["f1", "f1"] }), /name of its own/],
    ["a table without a target", () => crossValidate(new DummyClassifier(), table), /target/],
    ["nothing to learn from", () => crossValidate(new DummyClassifier(), undefined as never), /needs rows/],
    ["a forgotten await", () => crossValidate(new DummyClassifier(), Promise.resolve(table) as never), /Promise/],
    ["a class", () => crossValidate(DummyClassifier as never, part), /made with new/],
    ["a step", () => crossValidate(scale() as never, part), /classifier, a regressor or a pipeline/],
    ["threads that are none", () => crossValidate(new DummyClassifier(), part, { nJobs: 0 }), /nJobs/],
    ["a seed that is none", () => crossValidate(new DummyClassifier(), part, { seed: -1 }), /seed/],
    ["negative weights", () => crossValidate(new LogisticRegression(), part, { weights: new Float64Array(part.table.numRows).fill(-1) }), /weights/],
    ["too few weights", () => crossValidate(new LogisticRegression(), part, { weights: [1] }), /1 weights/],
    ["more folds than rows", () => crossValidate(new DummyRegressor(), takeRows(table, Uint32Array.of(0, 1)), { target: "size" }), /2 rows for 5 folds/],
    ["models that were not kept", async () => (await crossValidate(new DummyClassifier(), part, { cv: 2 })).models, /returnModels/],
    ["predictions that were not kept", async () => (await crossValidate(new DummyClassifier(), part, { cv: 2 })).predictions, /returnPredictions/],
  ])("refuses %s in one line", async (_, work, message) => {
    expect(await refusal(work)).toMatch(message);
  });

  it("names the fold that fails", async () => {
    expect(await refusal(() => crossValidate(new LogisticRegression({ C: -1 }), part, { seed: 1 }))).toMatch(/^fold 1 of 5: C is a number, above 0; received -1/);
  });

  it("names the fold in which a metric has no value", async () => {
    const rare = tableFromColumns({ x: Float64Array.from({ length: 12 }, (_, i) => i), kind: ["yes", ...new Array<string>(5).fill("no"), "yes", ...new Array<string>(5).fill("no")] });
    expect(await refusal(() => crossValidate(new DummyClassifier(), rare, { target: "kind", cv: new KFold({ nSplits: 4 }), metrics: "rocAuc" }))).toMatch(/^fold 2 of 4: rocAuc needs rows of the positive class/);
  });

  it("stops in the middle when it is interrupted, and can start again", async () => {
    const model = new RandomForestClassifier({ nEstimators: 400 });
    const going = crossValidate(model, part, { cv: new RepeatedKFold({ nSplits: 10, nRepeats: 10, seed: 1 }), metrics: "accuracy" });
    setTimeout(interrupted, 30);
    await expect(going).rejects.toMatchObject({ name: "Interrupted" });
    expect((await crossValidate(new DummyClassifier(), part, { cv: 2, metrics: "accuracy" })).folds).toHaveLength(2);
  });
});

describe("crossValPredict", () => {
  it("predicts every row by a model that has not seen it, in the order of the rows", async () => {
    const cv = new KFold({ nSplits: 3 });
    const found = await crossValPredict(new RidgeRegression(), numbers, { cv });
    expect([...found.getChild("row")!]).toEqual([...numbers.rows!]);
    const rounds = [...cv.parts(numbers)];
    const fold = found.getChild("fold")!;
    rounds.forEach(({ train, test }, i) => {
      const predicted = new RidgeRegression().fit(train).predict(test);
      const own = [...found.getChild("prediction")!].filter((_, row) => fold.get(row) === i);
      expect(own).toEqual([...predicted]);
    });
    expect(rmse(found.getChild("truth")!, found.getChild("prediction")!)).toBeLessThan(1.5);
  });
  it("gives a probability of every class, 0 for one that a fold has never seen", async () => {
    const rare = tableFromColumns({ x: [1, 2, 3, 4, 5, 6], kind: ["a", "b", "a", "b", "c", "a"] });
    const found = await crossValPredict(new DummyClassifier({ strategy: "prior" }), rare, { target: "kind", cv: new KFold({ nSplits: 3 }) });
    expect(found.schema.fields.map((field) => field.name)).toEqual(["row", "fold", "truth", "prediction", "probability_a", "probability_b", "probability_c"]);
    expect([...found.getChild("probability_c")!].slice(4)).toEqual([0, 0]);
  });
  it("refuses folds that test a row twice or never", async () => {
    expect(await refusal(() => crossValPredict(new RidgeRegression(), numbers, { cv: new TimeSeriesSplit({ nSplits: 3 }) }))).toMatch(/every row once/);
    expect(await refusal(() => crossValPredict(new RidgeRegression(), numbers, { metrics: "mae" } as never))).toMatch(/no option metrics/);
  });
});

describe("searches", () => {
  const paramGrid = { nEstimators: [2, 8], maxDepth: [1, 4] };

  it("try every combination on the same folds, and fit the best on all rows", async () => {
    const found = await gridSearch(new RandomForestClassifier(), part, { paramGrid, seed: 3, cv: 3, metrics: ["logLoss", "accuracy"] });
    expect(found.candidates.map((each) => each.params)).toEqual([{ nEstimators: 2, maxDepth: 1 }, { nEstimators: 2, maxDepth: 4 }, { nEstimators: 8, maxDepth: 1 }, { nEstimators: 8, maxDepth: 4 }]);
    const best = found.candidates.find((each) => each.rank === 1)!;
    expect(found.bestScore).toBe(Math.min(...found.candidates.map((each) => each.mean.logLoss)));
    expect(found.bestParams).toBe(best.params);
    const alone = await crossValidate(new RandomForestClassifier({ ...best.params }), part, { seed: 3, cv: 3, metrics: ["logLoss", "accuracy"] });
    expect(alone.mean).toEqual(best.mean);
    setSeed(3);
    expect(JSON.stringify(found.bestModel.predictProba!(part))).toBe(JSON.stringify(new RandomForestClassifier({ ...best.params }).fit(part).predictProba(part)));
    setSeed(null);
    expect(found.table.schema.fields.map((field) => field.name)).toEqual(["rank", "param_nEstimators", "param_maxDepth", "mean_logLoss", "std_logLoss", "mean_accuracy", "std_accuracy", "fold1_logLoss", "fold2_logLoss", "fold3_logLoss", "fit_seconds", "score_seconds"]);
    expect((found.plot()["hconcat"] as unknown[]).length).toBe(2);
  });

  it("decide by the metric that is named", async () => {
    const found = await gridSearch(new RandomForestClassifier(), part, { paramGrid, seed: 3, cv: 3, metrics: ["logLoss", "accuracy"], metric: "accuracy", refit: false });
    expect(found.bestScore).toBe(Math.max(...found.candidates.map((each) => each.mean.accuracy)));
    expect(() => found.bestModel).toThrow("refit");
  });

  it("set options of steps", async () => {
    const model = pipeline([impute(), oneHot(), scale(), new LogisticRegression()]);
    const options = { paramGrid: { C: [0.01, 1], "impute.strategy": ["mean", "median"] }, seed: 1, cv: 3 };
    const alone = await gridSearch(model, part, options);
    expect(recipeOf(alone.bestModel)).toMatchObject({ kind: "pipeline", model: { options: { C: alone.bestParams["C"] } } });
  });

  it("draw candidates that do not depend on their number or on each other", async () => {
    const base = { seed: 9, cv: 2, refit: false, metrics: "rmse" } as const;
    const few = await randomSearch(new RidgeRegression(), numbers, { ...base, nIter: 3, paramDistributions: { alpha: draw.logUniform(0.001, 100) } });
    const many = await randomSearch(new RidgeRegression(), numbers, { ...base, nIter: 6, paramDistributions: { fitIntercept: [true, false], alpha: draw.logUniform(0.001, 100) } });
    expect(many.candidates.slice(0, 3).map((each) => each.params["alpha"])).toEqual(few.candidates.map((each) => each.params["alpha"]));
    const all = await randomSearch(new RidgeRegression(), numbers, { ...base, nIter: 20, paramDistributions: { alpha: draw.choice([1, 2]), fitIntercept: [true, false] } });
    expect(all.candidates).toHaveLength(4);
    expect(all.notes).toEqual(["there are only 4 different candidates"]);
  });

  it("draw from the whole of a range and nothing besides", () => {
    const random = stream("draws", 1);
    const values = (from: { draw(random: ReturnType<typeof stream>): unknown }) => Array.from({ length: 2000 }, () => from.draw(random) as number);
    const dice = values(draw.int(1, 6));
    expect([...new Set(dice)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const logs = values(draw.int(1, 100, { log: true }));
    expect(Math.min(...logs)).toBe(1);
    expect(Math.max(...logs)).toBe(100);
    expect(logs.filter((value) => value <= 10).length / 2000).toBeCloseTo(Math.log(10.5 / 0.5) / Math.log(100.5 / 0.5), 1);
    const wide = values(draw.logUniform(1e-4, 1));
    expect(wide.every((value) => value >= 1e-4 && value <= 1)).toBe(true);
    expect(wide.filter((value) => value < 1e-2).length / 2000).toBeCloseTo(0.5, 1);
    expect(values(draw.uniform(-1, 1)).reduce((sum, value) => sum + value, 0) / 2000).toBeCloseTo(0, 1);
  });

  it("name fold and settings of what is refused, or rank it last", async () => {
    const bad = { paramGrid: { nEstimators: [3, -3] }, cv: 2, seed: 1 };
    expect(await refusal(() => gridSearch(new RandomForestClassifier(), part, bad))).toMatch(/^fold 1 of 2 with \{ nEstimators: -3 \}: nEstimators is a whole number/);
    const found = await gridSearch(new RandomForestClassifier(), part, { ...bad, onError: "skip" });
    expect(found.candidates.map((each) => [each.rank, each.error === null])).toEqual([[1, true], [2, false]]);
    expect(found.notes).toEqual(["1 candidates were refused and are ranked last"]);
  });

  it("announce one whole, and the fit of the best", async () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    await gridSearch(new RidgeRegression(), numbers, { paramGrid: { alpha: [1, 10] }, cv: 2, seed: 1, metrics: "rmse" });
    stop();
    expect(events.map((event) => event.type)).toEqual(["split", "fit", "crossValidation", "metric", "table", "plot"]);
    expect(events[2]).toMatchObject({ record: { search: { kind: "gridSearch", metric: "rmse", candidates: [{ params: { alpha: 1 } }, { params: { alpha: 10 } }] } } });
  });

  it.each([
    ["a grid that is none", () => gridSearch(new RidgeRegression(), numbers, { paramGrid: { alpha: 1 } as never }), /list of values/],
    ["no grid", () => gridSearch(new RidgeRegression(), numbers, {} as never), /paramGrid/],
    ["too many combinations", () => gridSearch(new RidgeRegression(), numbers, { paramGrid: { alpha: new Array(1000).fill(1), fitIntercept: new Array(1000).fill(true) } }), /too many/],
    ["a step that is not there", () => gridSearch(pipeline([scale(), new RidgeRegression()]), numbers, { paramGrid: { "impute.strategy": ["mean"] } }), /no such step.*scale/],
    ["an option that is not there", () => gridSearch(new RidgeRegression(), numbers, { paramGrid: { alfa: [1] } }), /no option alfa; allowed: alpha/],
    ["a metric that was not computed", () => gridSearch(new RidgeRegression(), numbers, { paramGrid: { alpha: [1] }, metric: "accuracy" }), /one of those/],
    ["no distributions", () => randomSearch(new RidgeRegression(), numbers, {} as never), /paramDistributions/],
    ["a distribution that is none", () => randomSearch(new RidgeRegression(), numbers, { paramDistributions: { alpha: 3 as never } }), /alpha needs values/],
    ["a range the wrong way round", async () => draw.uniform(2, 1), /lower end first/],
    ["a range of rates from 0", async () => draw.logUniform(0, 1), /above 0/],
    ["a part of a whole number", async () => draw.int(1, 2.5), /whole numbers/],
    ["no candidates", () => randomSearch(new RidgeRegression(), numbers, { nIter: 0, paramDistributions: { alpha: [1] } }), /nIter/],
  ])("refuse %s in one line", async (_, work, message) => {
    expect(await refusal(work)).toMatch(message);
  });
});

describe("curves", () => {
  it("learn from ever more rows, a smaller set being part of the larger", async () => {
    const curve = await learningCurve(new RidgeRegression(), numbers, { trainSizes: [10, 30, 64], cv: 3, metrics: ["rmse", "r2"], seed: 2 });
    expect(curve.points.map((point) => point.at)).toEqual([10, 30, 64]);
    const full = await crossValidate(new RidgeRegression(), numbers, { cv: 3, metrics: ["rmse", "r2"], seed: 2 });
    expect(curve.points[2].mean).toEqual(full.mean);
    expect(curve.points[0].mean.rmse).toBeGreaterThan(curve.points[2].mean.rmse);
    expect(curve.table.numRows).toBe(3);
    expect(curve.plot("r2")["title"]).toBe("r2 by training rows");
    expect(() => curve.plot("mae")).toThrow("no such metric");
    expect(await refusal(() => learningCurve(new RidgeRegression(), numbers, { trainSizes: [65], cv: 3 }))).toMatch(/1 to 64 rows/);
  });
  it("follow one setting", async () => {
    const curve = await validationCurve(new RandomForestClassifier({ nEstimators: 10 }), part, { paramName: "maxDepth", paramRange: [1, 8], cv: 3, seed: 2, metrics: "accuracy" });
    expect(curve.points[1].trainMean!.accuracy).toBeGreaterThan(curve.points[0].trainMean!.accuracy);
    expect(await refusal(() => validationCurve(new RidgeRegression(), numbers, { paramName: "alpha", paramRange: [] }))).toMatch(/list of values/);
    expect(await refusal(() => validationCurve(new RidgeRegression(), numbers, { paramName: "alpha", paramRange: [-1], cv: 2 }))).toMatch(/fold 1 of 2 with \{ alpha: -1 \}/);
  });
});

describe("recipes", () => {
  it("make the same model again, and refuse what is no data", () => {
    const model = pipeline([impute({ strategy: "mean" }), new RidgeRegression({ alpha: 3 })]);
    expect(recipeOf(modelFrom(recipeOf(model)!))).toEqual(recipeOf(model));
    expect(recipeOf(fresh(model))).toEqual(recipeOf(model));
    expect(recipeOf(new GradientBoostingClassifier({ objective: (() => {}) as never }))).toBeNull();
    expect(recipeOf(new (class extends RidgeRegression {})())).toBeNull();
    expect(recipeOf(withParams(model, { alpha: 4, "0.strategy": "median" }))).toEqual({ kind: "pipeline", steps: [{ type: "impute", options: { strategy: "median" } }], model: { kind: "estimator", name: "RidgeRegression", options: { alpha: 4 } } });
  });
  it("combine settings, the last one changing first", () => {
    expect(combinations({ a: [1, 2], b: ["x", "y"] })).toEqual([{ a: 1, b: "x" }, { a: 1, b: "y" }, { a: 2, b: "x" }, { a: 2, b: "y" }]);
    expect(combinations({})).toEqual([{}]);
  });
});
