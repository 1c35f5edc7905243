/** What a run keeps of folds and searches. */
import { expect, test } from "vitest";
import type { CrossValidationRecord } from "runlab/format";
import { RidgeRegression, crossValidate, gridSearch, tableFromColumns } from "runlab";
import { lab } from "./lab.js";

const table = tableFromColumns({ x: Float64Array.from({ length: 30 }, (_, i) => i), y: Float64Array.from({ length: 30 }, (_, i) => 2 * i + (i % 3)) });

test("a run keeps every fold, the settings in its config, and the means as metrics", async () => {
  const place = lab();
  const capture = await place.start();
  const found = await crossValidate(new RidgeRegression({ alpha: 2 }), table, { target: "y", cv: 3, metrics: ["rmse", "r2"], trainScores: true });
  const search = await gridSearch(new RidgeRegression(), table, { target: "y", cv: 3, metrics: "rmse", paramGrid: { alpha: [1, 1000] } });
  const meta = await capture.finish({ status: "finished" });
  const kept = JSON.parse(place.file(capture, "metrics/cv.json")) as CrossValidationRecord[];
  expect(kept).toHaveLength(2);
  expect(kept[0]).toMatchObject({ model: "RidgeRegression", target: "y", rows: 30, seed: 42, metrics: ["rmse", "r2"], higher_is_better: { rmse: false, r2: true }, mean: found.mean, std: found.std, train_mean: found.trainMean, search: null, splitter: { name: "KFold" } });
  expect(kept[0].params).toMatchObject({ alpha: 2, fitIntercept: true });
  expect(kept[0].folds.map((fold) => fold.test)).toEqual(found.folds.map((fold) => fold.test));
  expect(kept[0].folds.map((fold) => [fold.train_rows, fold.test_rows])).toEqual([[20, 10], [20, 10], [20, 10]]);
  expect(kept[1].search).toMatchObject({ kind: "gridSearch", metric: "rmse", candidates: [{ params: { alpha: 1 }, rank: 1, mean: { rmse: search.bestScore } }, { params: { alpha: 1000 }, rank: 2 }] });
  expect(meta.metrics).toMatchObject({ cv_r2: found.mean.r2 });
  expect(meta.models).toHaveLength(1);
  const { config } = await place.read(capture.id);
  const steps = config.steps.map((step) => step.step);
  expect(steps).toContain("crossValidate");
  expect(steps).toContain("gridSearch");
  expect(config.steps.find((step) => step.step === "crossValidate")).toMatchObject({ chosen: ["target", "cv", "metrics", "trainScores"], params: { model: "RidgeRegression", params: { alpha: 2 }, splitter: { name: "KFold" } } });
  expect(meta.files.map((file) => file.path)).toEqual(expect.arrayContaining(["metrics/cv.json", "tables/search_results.parquet", "plots/search.vl.json"]));
});

test("the same folds give the same config input, whatever they took", async () => {
  const place = lab();
  const hashes: (string | null)[] = [];
  for (const nJobs of [1, 2]) {
    const capture = await place.start();
    await crossValidate(new RidgeRegression(), table, { target: "y", cv: 3, metrics: "rmse", nJobs });
    hashes.push((await capture.finish({ status: "finished" })).inputs.config);
  }
  expect(hashes[0]).toBe(hashes[1]);
});
