/** What a run keeps of an evaluation, and what a cell shows of it. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/evaluate/index.js";
import { DummyClassifier, DummyRegressor, LogisticRegression, RandomForestClassifier, RandomForestRegressor, RidgeRegression } from "../../src/models/index.js";
import { type ObservedEvent, observe } from "../../src/observe/index.js";
import { impute, oneHot, pipeline, scale } from "../../src/preprocess/index.js";
import { split } from "../../src/split/index.js";
import { columnNames, numbersOf, readTable, tableFromColumns } from "../../src/table/index.js";

const penguins = await readTable(new URL("../../notebooks/data/penguins.parquet", import.meta.url).pathname);

function events<T>(work: () => T): { result: T; seen: ObservedEvent[] } {
  const seen: ObservedEvent[] = [];
  const stop = observe((event) => seen.push(event));
  try {
    return { result: work(), seen };
  } finally {
    stop();
  }
}
const only = <K extends ObservedEvent["type"]>(seen: ObservedEvent[], type: K) => seen.filter((event) => event.type === type) as Extract<ObservedEvent, { type: K }>[];

describe("a classifier", () => {
  const { train, test: held } = split(penguins, { target: "species", testSize: 0.25, stratify: true, seed: 42 });
  const model = new RandomForestClassifier({ nEstimators: 30, seed: 42 }).fit(train);

  test("announces metrics, the main one first, with sample sizes and class balance", () => {
    const { result, seen } = events(() => evaluate(model, held));
    const metrics = only(seen, "metric");
    expect(metrics.map((metric) => metric.name)).toEqual(["accuracy", "f1", "logLoss"]);
    for (const metric of metrics) {
      expect(metric.source).toBe("evaluate");
      expect(metric.value).toBe(result.metrics[metric.name]);
      expect(metric.details).toMatchObject({ rows: held.table.numRows, classBalance: { Adelie: 38, Chinstrap: 17, Gentoo: 31 } });
    }
    expect(metrics.map((metric) => metric.greaterIsBetter)).toEqual([true, true, false]);
    expect(metrics[1].details).toMatchObject({ average: "macro" });
    expect(result.metrics["accuracy"]).toBeGreaterThan(0.95);
  });

  test("announces every prediction beside the truth, and its row in the whole table", () => {
    const { seen } = events(() => evaluate(model, held));
    const tables = only(seen, "table");
    expect(tables.map(({ name, format }) => [name, format])).toEqual([["holdout_predictions", undefined], ["holdout_input", undefined], ["predictions", "csv"]]);
    const { table } = tables[0];
    expect(columnNames(table)).toEqual(["row", "truth", "prediction", "probability_Adelie", "probability_Chinstrap", "probability_Gentoo", ...held.features]);
    const predicted = model.predict(held);
    const { values } = model.predictProba(held);
    for (let i = 0; i < held.table.numRows; i++) {
      const row = table.get(i)!;
      expect(row["truth"]).toBe(penguins.getChild("species")!.get(row["row"]));
      expect(row["bill_length_mm"]).toBe(penguins.getChild("bill_length_mm")!.get(row["row"]));
      expect(row["prediction"]).toBe(predicted[i]);
      expect([row["probability_Adelie"], row["probability_Chinstrap"], row["probability_Gentoo"]]).toEqual(Array.from(values.subarray(3 * i, 3 * i + 3)));
    }
  });

  test("announces the rows as the model got them, and a list with the probability of the prediction", () => {
    const { seen } = events(() => evaluate(model, held));
    const [, { table: input }, { table: list }] = only(seen, "table");
    expect(columnNames(input)).toEqual(held.features);
    expect(model.predict(input)).toEqual(model.predict(held));
    expect(columnNames(list)).toEqual(["row", "truth", "prediction", "probability"]);
    const predicted = model.predict(held);
    const { classes, values } = model.predictProba(held);
    for (let i = 0; i < held.table.numRows; i++) {
      expect(list.get(i)!.toJSON()).toEqual({ row: held.rows![i], truth: held.table.getChild("species")!.get(i), prediction: predicted[i], probability: values[3 * i + classes.indexOf(predicted[i])] });
    }
  });

  test("lists times, the positive class of two, and keeps ids with the input", () => {
    const n = 24;
    const table = tableFromColumns({
      row_id: Int32Array.from({ length: n }, (_, i) => 100 + i), truth: Array.from({ length: n }, (_, i) => new Date(3_600_000 * i)), size: Float64Array.from({ length: n }, (_, i) => i % 7),
      late: Array.from({ length: n }, (_, i) => i % 3 === 0),
    });
    const two = new LogisticRegression().fit(table, { target: "late" });
    expect(two.fitted.ids).toEqual(["row_id"]);
    const { values } = two.predictProba(table);
    for (const [positive, at] of [[undefined, 1], [false, 0]] as const) {
      const { seen } = events(() => evaluate(two, table, { positive }));
      const [, { table: input }, { table: list }] = only(seen, "table");
      expect(columnNames(input)).toEqual(["row_id", "truth", "size"]);
      expect(columnNames(list)).toEqual(["row", "truth_feature", "truth", "prediction", `probability_${at === 1}`]);
      expect([...list.getChild("truth_feature")!]).toEqual([...table.getChild("truth")!]);
      expect([...list.getChild("truth")!]).toEqual([...table.getChild("late")!]);
      expect([...numbersOf(list, `probability_${at === 1}`)]).toEqual(Array.from({ length: n }, (_, i) => values[2 * i + at]));
    }
  });

  test("announces the confusion matrix as a plot, and what the model needs", () => {
    const { result, seen } = events(() => evaluate(model, held));
    const [plot] = only(seen, "plot");
    expect(plot.name).toBe("confusion_matrix");
    expect(plot.spec["$schema"]).toContain("vega-lite/v5");
    expect(result.confusion!.labels).toEqual(["Adelie", "Chinstrap", "Gentoo"]);
    expect(result.confusion!.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(held.table.numRows);
    const [{ schema }] = only(seen, "schema");
    expect(schema).toEqual({
      required_feature_columns: ["island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex", "year"],
      optional_id_columns: [],
      feature_dtypes: { island: "category", bill_length_mm: "float64", bill_depth_mm: "float64", flipper_length_mm: "float64", body_mass_g: "float64", sex: "category", year: "int32" },
      datetime_columns: [],
      forbidden_columns: ["species"],
      policy_unknown_categories: "missing",
    });
  });

  test("shows itself as text and as escaped HTML, and is no record of numbers", () => {
    const table = tableFromColumns({ size: [1, 2, 3, 4], kind: ["<b>a</b>", "<b>a</b>", "<b>a</b>", "c&d"] });
    const evaluation = evaluate(new DummyClassifier().fit(table, { target: "kind" }), table);
    expect(Object.keys(evaluation)).toEqual([]);
    const bundle = evaluation[Symbol.for("Jupyter.display") as never] as unknown as () => Record<string, string>;
    const shown = bundle.call(evaluation);
    expect(shown["text/html"]).toContain("&lt;b&gt;a&lt;/b&gt;");
    expect(shown["text/html"]).toContain("c&amp;d");
    expect(shown["text/html"]).not.toContain("<b>a</b>");
    expect(shown["text/plain"]).toBe([
      "DummyClassifier on 4 rows, target kind",
      "  accuracy  0.7500",
      "  f1             0",
      "  rocAuc    0.5000",
      "  logLoss   0.5623",
      "  true \\ predicted  <b>a</b>  c&d",
      "  <b>a</b>                 3    0",
      "  c&d                      1    0",
    ].join("\n"));
    expect(String(evaluation)).toBe(shown["text/plain"]);
    expect(JSON.parse(JSON.stringify(evaluation)).metrics.accuracy).toBe(0.75);
  });

  test("of two classes reports the positive one, which may be chosen", () => {
    const table = tableFromColumns({ size: [1, 2, 3, 4, 5, 6], late: [false, false, false, true, true, false] });
    const two = new LogisticRegression().fit(table, { target: "late" });
    const first = evaluate(two, table);
    expect(Object.keys(first.metrics)).toEqual(["accuracy", "f1", "rocAuc", "logLoss"]);
    expect(evaluate(two, table, { positive: false }).metrics["f1"]).not.toBe(first.metrics["f1"]);
    expect(() => evaluate(two, table, { positive: "yes" })).toThrow("the positive class does not occur");
  });

  test("a class that was not in the training rows is named, not hidden", () => {
    const seen = tableFromColumns({ size: [1, 2, 3], kind: ["a", "b", "a"] });
    const strange = tableFromColumns({ size: [1, 2, 3], kind: ["a", "z", "b"] });
    const evaluation = evaluate(new DummyClassifier().fit(seen, { target: "kind" }), strange);
    expect(evaluation.confusion!.labels).toEqual(["a", "b", "z"]);
    expect(Object.keys(evaluation.metrics)).toEqual(["accuracy", "f1"]);
    expect(evaluation.notes).toEqual(["z: not among the classes the model was fitted on; no log loss or ROC-AUC"]);
  });
});

describe("a regressor", () => {
  const heavy = split(penguins, { target: "body_mass_g", testSize: 0.25, seed: 42, dropMissingTarget: true });

  test("reports errors, residuals and their plot", () => {
    const model = new RandomForestRegressor({ nEstimators: 20, seed: 1 }).fit(heavy.train);
    const { result, seen } = events(() => evaluate(model, heavy.test));
    expect(Object.keys(result.metrics)).toEqual(["rmse", "mae", "r2"]);
    expect(only(seen, "plot").map((plot) => plot.name)).toEqual(["residuals"]);
    const [{ table }, , { table: list }] = only(seen, "table");
    expect(columnNames(list)).toEqual(["row", "truth", "prediction"]);
    const residual = numbersOf(table, "residual");
    const truth = numbersOf(table, "truth");
    const predicted = numbersOf(table, "prediction");
    residual.forEach((value, i) => expect(value).toBe(truth[i] - predicted[i]));
    expect(Math.sqrt(residual.reduce((sum, value) => sum + value * value, 0) / residual.length)).toBeCloseTo(result.metrics["rmse"], 9);
  });

  test("models find what there is to find in penguins, and beat the baseline", () => {
    const base = evaluate(new DummyRegressor().fit(heavy.train), heavy.test).metrics;
    expect(base["r2"]).toBeLessThanOrEqual(0);
    for (const model of [new RandomForestRegressor({ nEstimators: 50, seed: 1 }), new RidgeRegression()]) {
      const found = evaluate(model.fit(heavy.train), heavy.test).metrics;
      expect(found["r2"], model.name).toBeGreaterThan(0.8);
      expect(found["rmse"]).toBeLessThan(0.5 * base["rmse"]);
    }
  });
});

describe("any model", () => {
  test("a pipeline is evaluated as its model is", () => {
    const { train, test: held } = split(penguins, { target: "species", testSize: 0.25, stratify: true, seed: 7 });
    const model = pipeline([impute(), oneHot(), scale(), new LogisticRegression()]);
    model.fit(train);
    const evaluation = evaluate(model, held);
    expect(evaluation.metrics["accuracy"]).toBeGreaterThan(0.95);
    expect(evaluation.model).toBe("Pipeline");
  });

  test("mistakes get one clear line", () => {
    const table = tableFromColumns({ size: [1, 2, 3], kind: ["a", "b", "a"] });
    const model = new DummyClassifier().fit(table, { target: "kind" });
    expect(() => evaluate(new DummyClassifier(), table)).toThrow("DummyClassifier has not been fitted yet");
    expect(() => evaluate(model, tableFromColumns({ size: [1], kinds: ["a"] }))).toThrow("the target is not a column of the table");
    expect(() => evaluate(model, tableFromColumns({ size: [1, 2], kind: ["a", null] }))).toThrow('"kind" is missing in 1 of 2 rows');
    expect(() => evaluate(model, undefined as never)).toThrow("evaluate needs rows to predict");
    expect(() => evaluate(model, table, { postive: "a" } as never)).toThrow("evaluate: there is no option postive; did you mean positive?");
    expect(() => evaluate(table as never, model as never)).toThrow("evaluate takes a fitted model");
    expect(() => new RandomForestClassifier({ engine: "ml-random-forest" }).fit(tableFromColumns({ size: new Float64Array(2001), kind: Array.from({ length: 2001 }, (_, i) => (i % 2 ? "a" : "b")) }), { target: "kind" })).toThrow(/quadratic in the rows and takes up to 2,000 of them; received "2001 rows"/);
  });

  test("the teaching engine learns the same table, and survives JSON", async () => {
    const { fromJSON } = await import("../../src/models/index.js");
    const { train, test: held } = split(penguins, { target: "species", testSize: 0.25, stratify: true, seed: 7 });
    const model = new RandomForestClassifier({ engine: "ml-random-forest", nEstimators: 10, maxFeatures: "all", seed: 1 }).fit(train);
    expect(evaluate(model, held).metrics["accuracy"]).toBeGreaterThan(0.9);
    const loaded = fromJSON(JSON.parse(JSON.stringify(model)));
    expect(loaded.predict(held)).toEqual(model.predict(held));
  });

  test("the first lab's numbers are the same bits on every machine", () => {
    const { train, test: held } = split(penguins, { target: "species", testSize: 0.2, stratify: true, seed: 42 });
    const evaluation = evaluate(new RandomForestClassifier({ seed: 42 }).fit(train), held);
    expect(JSON.stringify(evaluation.metrics)).toBe(readFileSync(new URL("./penguins-seed-42.json", import.meta.url), "utf8").trim());
  });
});
