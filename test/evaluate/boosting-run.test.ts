/** What a run that boosts leaves on the disk. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStore, startCapture } from "runlab/runs";
import { evaluate } from "../../src/evaluate/index.js";
import { GradientBoostingClassifier, GradientBoostingRanker, fromJSON } from "../../src/models/index.js";
import { stream } from "../../src/random/index.js";
import { split } from "../../src/split/index.js";
import { head, readTable, tableFromColumns } from "../../src/table/index.js";

const project = mkdtempSync(join(tmpdir(), "runlab-boosting-"));
afterAll(() => rmSync(project, { recursive: true, force: true }));

test("a run keeps the learning curves as history and as a plot, and the model; the hold-out's metric stays the main one", async () => {
  const folder = join(project, "notebooks");
  mkdirSync(folder);
  const flights = head(await readTable(new URL("../../notebooks/data/flights_weather.parquet", import.meta.url).pathname), 3000);
  const capture = await startCapture({ storeRoot: join(project, "models"), folder, name: "late", flags: {}, seed: 42, code: "1", command: "%%run late --seed 42", notebook: null, kernel: null });
  const { train, validation, test: held } = split(flights, { target: "late", testSize: 0.2, validationSize: 0.2, seed: 42 });
  const model = new GradientBoostingClassifier({ nEstimators: 300, learningRate: 0.2, earlyStoppingRounds: 10 }).fit(train, { validation });
  const evaluation = evaluate(model, held);
  const meta = await capture.finish({ status: "finished" });
  expect(meta.notes ?? []).toEqual([]);
  expect(meta.metrics["accuracy"]).toBe(evaluation.metrics["accuracy"]);
  expect(meta.main_metric).toBe("accuracy");

  const curve = model.learningCurves["validation"]["logLoss"];
  expect(curve.length).toBeLessThan(100);
  const { history } = await openStore(join(project, "models")).read(capture.id);
  const points = history.filter(({ values }) => "validation_logLoss" in values);
  expect(points.length).toBeGreaterThan(5);
  for (const { step, values } of points) expect(values["validation_logLoss"]).toBe(curve[step - 1].value);
  expect(history.some(({ values }) => "train_logLoss" in values)).toBe(true);
  expect(meta.files.map((file) => file.path)).toContain("plots/training_curve.vl.json");

  const kept = fromJSON<GradientBoostingClassifier>(JSON.parse(readFileSync(join(capture.runFolder, meta.models[0].file), "utf8")));
  expect(kept.predictProba(held)).toEqual(model.predictProba(held));
  expect(kept.bestIteration).toBe(model.bestIteration);
  expect(kept.learningCurves).toEqual(model.learningCurves);
  expect(kept.params["seed"]).toBe(42);
});

test("an order within groups is judged by NDCG", () => {
  const random = stream("queries", 1);
  const rows = 240;
  const match = Float64Array.from({ length: rows }, () => random.normal());
  const table = tableFromColumns({ query: Array.from({ length: rows }, (_, i) => `query ${i % 24}`), match, grade: match.map((value) => Math.max(0, Math.min(3, Math.round(1 + value)))) });
  const model = new GradientBoostingRanker({ nEstimators: 20, minChildSamples: 5, seed: 1 }).fit(table, { target: "grade", group: "query" });
  const evaluation = evaluate(model, table);
  expect(evaluation.task).toBe("ranking");
  expect(Object.keys(evaluation.metrics)).toEqual(["ndcg"]);
  expect(evaluation.metrics["ndcg"]).toBeGreaterThan(0.97);
  expect(String(evaluation)).toContain("GradientBoostingRanker on 240 rows, target grade\n  ndcg");
  expect(() => evaluate(model, tableFromColumns({ match: [1, 2], grade: [0, 1] }))).toThrow(/group column.*"query"/);
});
