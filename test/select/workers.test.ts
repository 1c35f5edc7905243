/**
 * Folds in workers, through the build: workers run the built library, so the main thread does too.
 */
import { describe, expect, it } from "vitest";

const runlab = (await import("../../src/dist/index.js" as string)) as typeof import("../../src/index.js");
const { interrupted } = (await import("../../src/dist/observe/index.js" as string)) as typeof import("../../src/observe/index.js");
const { GradientBoostingClassifier, KFold, LogisticRegression, RandomForestClassifier, RidgeRegression, categoryVector, crossValidate, draw, gridSearch, impute, oneHot, partOf, pipeline, randomSearch, scale, stream, tableFromColumns } = runlab;

const draws = stream("workers sample", 42);
const x = Array.from({ length: 121 }, () => draws.normal());
const table = tableFromColumns({
  x,
  gap: x.map((value) => (draws.next() < 0.1 ? null : value * 2)),
  island: categoryVector(x.map((value) => (draws.next() < 0.1 ? null : value > 0 ? "Dream" : "Torgersen"))),
  kind: x.map((value) => (value + 0.5 * draws.normal() > 0 ? "yes" : "no")),
});
const part = partOf(table, { target: "kind" });

/** All but times, which differ from run to run. */
function timeless(result: { toJSON(): unknown }): unknown {
  return JSON.parse(JSON.stringify(result, (key, value: unknown) => (/[sS]econds/.test(key) ? undefined : value)));
}

const messageOf = (work: Promise<unknown>): Promise<string> => work.then(() => "", (error: Error) => error.message);

describe("workers", () => {
  it.each([
    ["a forest", new RandomForestClassifier({ nEstimators: 10 })],
    ["boosting", new GradientBoostingClassifier({ nEstimators: 5 })],
    ["a pipeline", pipeline([impute(), oneHot(), scale(), new LogisticRegression()])],
  ])("give the bits of one thread: %s", async (_, model) => {
    const keep = { seed: 7, returnPredictions: true, returnModels: true, trainScores: true, weights: Float64Array.from(x, (_, i) => 1 + (i % 3)) } as const;
    const { weights: _weights, ...plain } = keep;
    const options = model.name === "Pipeline" ? plain : keep;
    const alone = await crossValidate(model, part, { ...options, nJobs: 1 });
    for (const nJobs of [2, 3]) {
      const together = await crossValidate(model, part, { ...options, nJobs });
      expect(timeless(together)).toEqual(timeless(alone));
      expect(together.predictions.toArray().map(String)).toEqual(alone.predictions.toArray().map(String));
      expect(JSON.stringify(together.models)).toBe(JSON.stringify(alone.models));
    }
  });

  it("search the same candidates with the same results", async () => {
    const space = { C: draw.logUniform(0.01, 10), "impute.strategy": ["mean", "median"] };
    const model = pipeline([impute(), oneHot(), scale(), new LogisticRegression()]);
    const alone = await randomSearch(model, part, { paramDistributions: space, nIter: 4, cv: 3, seed: 5, nJobs: 1 });
    expect(timeless(await randomSearch(model, part, { paramDistributions: space, nIter: 4, cv: 3, seed: 5, nJobs: 2 }))).toEqual(timeless(alone));
  });

  it("name the first failure in order, whichever came first in time", async () => {
    const bad = { paramGrid: { nEstimators: [300, -3, -4] }, cv: 2, seed: 1 };
    const alone = await messageOf(gridSearch(new RandomForestClassifier(), part, { ...bad, nJobs: 1 }));
    expect(alone).toMatch(/^fold 1 of 2 with \{ nEstimators: -3 \}: nEstimators is a whole number/);
    for (const nJobs of [2, 3]) expect(await messageOf(gridSearch(new RandomForestClassifier(), part, { ...bad, nJobs }))).toBe(alone);
  });

  it("go on after a candidate that is skipped", async () => {
    const found = await gridSearch(new RandomForestClassifier(), part, { paramGrid: { nEstimators: [-1, 3] }, cv: 2, seed: 1, nJobs: 2, onError: "skip" });
    expect(found.candidates.map((each) => [each.rank, each.error === null])).toEqual([[2, false], [1, true]]);
  });

  it("stop when the user does, and start again", async () => {
    const going = crossValidate(new RandomForestClassifier({ nEstimators: 2000 }), part, { cv: 20, metrics: "accuracy", nJobs: 2, seed: 1 });
    setTimeout(interrupted, 50);
    await expect(going).rejects.toMatchObject({ name: "Interrupted" });
    const numbers = tableFromColumns({ x, y: x.map((value) => 2 * value) });
    expect((await crossValidate(new RidgeRegression(), numbers, { target: "y", cv: new KFold({ nSplits: 4 }), nJobs: 2 })).folds).toHaveLength(4);
  });

  it("leave functions to the main thread", async () => {
    const metric = { name: "rows", higherIsBetter: true, score: (_: unknown, rows: { table: { numRows: number } }) => rows.table.numRows };
    expect((await crossValidate(new LogisticRegression(), part, { cv: new KFold({ nSplits: 11 }), metrics: [metric], nJobs: 2 })).mean["rows"]).toBe(11);
  });
});
