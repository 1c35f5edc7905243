import { expect, test } from "vitest";
import { evaluate, fromJSON, impute, LogisticRegression, oneHot, pipeline, RandomForestClassifier, readTable, scale, split } from "runlab";
import { observe } from "../../src/observe/index.js";

const penguins = () => readTable(new URL("../../notebooks/data/penguins.parquet", import.meta.url).pathname);

test("a pipeline on real data is fitted, evaluated and loaded again with the same bits", async () => {
  const { train, test: holdout } = split(await penguins(), { target: "species", testSize: 0.3, stratify: true, seed: 1 });
  const model = pipeline([impute(), oneHot(), scale(), new LogisticRegression({ preprocess: "none" })]).fit(train);
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
