/** What a run that evaluates leaves on the disk. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startCapture } from "runlab/runs";
import { evaluate } from "../../src/evaluate/index.js";
import { RandomForestClassifier, fromJSON } from "../../src/models/index.js";
import { split } from "../../src/split/index.js";
import { columnNames, head, numbersOf, readTable } from "../../src/table/index.js";

const project = mkdtempSync(join(tmpdir(), "runlab-evaluate-"));
afterAll(() => rmSync(project, { recursive: true, force: true }));

test("a run keeps the hold-out's input without the target, and all predictions as CSV with their times", async () => {
  const folder = join(project, "notebooks");
  mkdirSync(folder);
  const flights = head(await readTable(new URL("../../notebooks/data/flights_weather.parquet", import.meta.url).pathname), 2000);
  const capture = await startCapture({ storeRoot: join(project, "models"), folder, name: "late", flags: {}, seed: 42, code: "1", command: "%%run late --seed 42", notebook: null, kernel: null });
  const { train, test: held } = split(flights, { target: "late", seed: 42 });
  const model = new RandomForestClassifier({ nEstimators: 5, seed: 42 }).fit(train);
  const evaluation = evaluate(model, held);
  const meta = await capture.finish({ status: "finished" });
  expect(meta.notes ?? []).toEqual([]);
  expect(meta.files.map((file) => file.path).filter((path) => path.startsWith("tables/")).sort()).toEqual(["tables/holdout_input.parquet", "tables/holdout_predictions.parquet", "tables/predictions.csv"]);

  const input = await readTable(join(capture.runFolder, "tables/holdout_input.parquet"));
  expect(columnNames(input)).not.toContain("late");
  expect(input.numRows).toBe(500);
  const kept = fromJSON(JSON.parse(readFileSync(join(capture.runFolder, meta.models[0].file), "utf8")));
  expect(kept.predict(input)).toEqual(model.predict(held));

  const path = join(capture.runFolder, "tables/predictions.csv");
  expect(readFileSync(path, "utf8").split("\n")[1]).toMatch(/^\d+,2013-01-0\dT\d\d:00:00\.000Z,(true|false),(true|false),[\d.e-]+$/);
  const list = await readTable(path);
  expect(columnNames(list)).toEqual(["row", "time_hour", "truth", "prediction", "probability_true"]);
  expect([...list.getChild("row")!]).toEqual([...held.rows!]);
  expect([...numbersOf(list, "time_hour")]).toEqual([...numbersOf(held.table, "time_hour")]);
  const right = Array.from({ length: 500 }, (_, i) => Number(list.getChild("truth")!.get(i) === list.getChild("prediction")!.get(i)));
  expect(right.reduce((sum, each) => sum + each, 0) / 500).toBe(evaluation.metrics["accuracy"]);
});
