/** Every estimator and every step as ONNX, run by onnxruntime beside `predict`. */
import type { Table } from "apache-arrow";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ESTIMATORS, FOREIGN_ESTIMATORS, RandomForestClassifier, RidgeRegression, fromJSON, readLightGBM, readXGBoost, toOnnx, writeOnnx } from "../../../src/models/index.js";
import { MODEL_CONVERTERS } from "../../../src/models/onnx/model-converters.js";
import { STEP_CONVERTERS } from "../../../src/models/onnx/step-converters.js";
import { TRANSFORMERS, columnTransformer, impute, oneHot, pipeline, scale } from "../../../src/preprocess/index.js";
import * as preprocess from "../../../src/preprocess/index.js";
import { stream } from "../../../src/random/index.js";
import { columnNames, head, matrixOf, tableFromColumns } from "../../../src/table/index.js";
import { cases, dataOf, modelPath } from "../foreign/foreign-data.js";
import { runOnnx } from "./runtime.js";

/** Every kind of column, with missing values, categories that were not seen in training, and values beyond those of training. */
function mixed(rows: number, seed: number, fresh = false): Table {
  const random = stream("onnx", seed);
  const some = <T>(value: T): T | null => (random.next() < 0.1 ? null : value);
  const islands = ["Dream", "Biscoe", "Torgersen", "Dream", ...(fresh ? ["Anvers"] : [])];
  const size = Array.from({ length: rows }, () => some((fresh ? 3 : 1) * random.normal()));
  const count = Array.from({ length: rows }, () => random.int(6));
  const island = Array.from({ length: rows }, () => some(islands[random.int(islands.length)]));
  const plumage = Array.from({ length: rows }, () => some("abcdefghijklmnopqrst"[random.int(20)]));
  const ringed = Array.from({ length: rows }, () => some(random.next() < 0.5));
  const seen = Array.from({ length: rows }, () => some(new Date(1.7e12 + (fresh ? 1e12 : 1e11) * (random.next() - 0.5))));
  const score = size.map((value, i) => (value ?? 0) + (island[i] === "Dream" ? 1 : 0) + (ringed[i] === true ? 0.5 : 0) + 0.2 * count[i] + 0.3 * random.normal());
  return tableFromColumns({
    size, count, island, plumage, ringed, seen,
    three: score.map((value) => (value > 1.2 ? "high" : value > 0.2 ? "middle" : "low")),
    two: score.map((value) => value > 0.5),
    quantity: score.map((value) => Math.abs(value)),
    grade: score.map((value) => (value > 1 ? 2 : value > 0 ? 1 : 0)),
    group: Array.from({ length: rows }, (_, i) => Math.floor(i / 10)),
  });
}

const FEATURES = ["size", "count", "island", "plumage", "ringed", "seen"];
const train = mixed(300, 1);
const rows = mixed(120, 2, true);

/** The greatest difference, in shares of the value where that is above 1. */
function apart(ours: ArrayLike<number>, theirs: ArrayLike<unknown>): number {
  expect(theirs.length).toBe(ours.length);
  let most = 0;
  for (let i = 0; i < ours.length; i++) {
    if (Number.isNaN(ours[i]) && Number.isNaN(theirs[i])) continue;
    const difference = Math.abs(ours[i] - (theirs[i] as number)) / Math.max(1, Math.abs(ours[i]));
    most = difference <= most ? most : difference;
    if (!(difference < 1e-6)) return difference;
  }
  return most;
}

interface Fitted {
  readonly task?: string;
  toJSON(): unknown;
  readonly name: string;
  predict?(table: Table): ArrayLike<unknown>;
  predictProba?(table: Table): { values: Float64Array; classes: readonly unknown[] };
  transform?(table: Table): unknown;
  scoreSamples?(table: Table): ArrayLike<number>;
  decisionFunction?(table: Table): ArrayLike<number>;
}

/** Compares what a model predicts here and in onnxruntime. */
async function agrees(model: Fitted, table: Table, bytes = toOnnx(model)): Promise<void> {
  const outputs = await runOnnx(bytes, table);
  if (model.task === "classification") {
    const { values, classes } = model.predictProba!(table);
    expect(outputs["probabilities"].dims).toEqual([table.numRows, classes.length]);
    expect(apart(values, outputs["probabilities"].values)).toBeLessThan(1e-6);
    const labels = model.predict!(table);
    for (let i = 0; i < table.numRows; i++) {
      // Where two classes are as good as equal, rounding may choose.
      const own = Array.from(values.subarray(i * classes.length, (i + 1) * classes.length)).sort((a, b) => b - a);
      if (own[0] - own[1] > 1e-6) expect(outputs["label"].values[i], `row ${i}`).toBe(labels[i]);
    }
  } else if (model.task === "decomposition") {
    const changed = model.transform!(table) as Table;
    expect(apart(matrixOf(changed, columnNames(changed).filter((name) => name.startsWith("pca"))).values, outputs["variable"].values)).toBeLessThan(1e-6);
  } else if (model.task === "clustering") {
    expect(outputs["label"].values).toEqual(Array.from(model.predict!(table)));
    expect(apart((model.transform!(table) as { values: Float64Array }).values, outputs["scores"].values)).toBeLessThan(1e-6);
  } else if (model.task === "anomaly") {
    expect(outputs["label"].values).toEqual(Array.from(model.predict!(table)));
    expect(apart(model.decisionFunction!(table), outputs["scores"].values)).toBeLessThan(1e-6);
  } else expect(apart(model.predict!(table) as Float64Array, outputs["variable"].values)).toBeLessThan(1e-6);
}

const small = (name: string): object => (/Forest|Trees|Boosting/.test(name) ? { nEstimators: 12, ...(/Boosting/.test(name) ? { maxLeaves: 8, minChildSamples: 5 } : {}) } : name === "KMeans" ? { nClusters: 4 } : {});

/** Models of each row of the table, with the options that make another graph. */
function variants(row: (typeof ESTIMATORS)[number]): [string, Fitted][] {
  const make = (options: object = {}, target?: string, features = FEATURES): Fitted => {
    const model = row.create({ ...small(row.name), ...(row.stochastic ? { seed: 3 } : {}), ...options }) as any;
    return model.fit(train, { features, ...(target === undefined ? {} : { target }), ...(row.task === "ranking" ? { group: "group" } : {}) });
  };
  // Counts are all that some models take.
  const features = row.numbers === "counts" ? ["count", "ringed"] : row.name === "CategoricalNB" ? ["count", "island", "plumage", "ringed"] : FEATURES;
  switch (row.task) {
    case "classification": return [
      ["three classes", make({}, "three", features)], ["two classes", make({}, "two", features)], ["whole numbers as classes", make({}, "grade", features)], ["numbers alone", make({}, "three", ["count"])],
      ...(row.name === "KNeighborsClassifier" ? [["weights by distance", make({ weights: "distance" }, "three")] as [string, Fitted]] : []),
      ...(row.name === "GradientBoostingClassifier" ? [["category means", make({ categories: "ordered", seed: 1 }, "three")] as [string, Fitted]] : []),
    ];
    case "regression": return [
      ["a quantity", make({}, "quantity", features)], ["numbers alone", make({}, "quantity", ["size", "count"])],
      ...(row.name === "GradientBoostingRegressor" ? [["a logarithmic link", make({ objective: "poisson" }, "quantity")] as [string, Fitted]] : []),
    ];
    case "ranking": return [["grades", make({}, "grade", features)]];
    default: return [["a mixed table", make({}, undefined, features)], ["numbers alone", make({}, undefined, ["count"])]];
  }
}

test("every estimator has a converter, or the reason why not", () => {
  expect(Object.keys(MODEL_CONVERTERS).sort()).toEqual([...ESTIMATORS, ...FOREIGN_ESTIMATORS].map((row) => row.name).sort());
});

test("every step has a converter, or the reason why not", () => {
  expect(Object.keys(STEP_CONVERTERS).sort()).toEqual(TRANSFORMERS.map((row) => row.name).sort());
});

describe.each(ESTIMATORS.filter((row) => typeof MODEL_CONVERTERS[row.name] === "function").map((row) => [row.name, row] as const))("%s", (_, row) => {
  test.each(variants(row))("%s", async (_, model) => {
    await agrees(model, rows);
    const loaded = fromJSON<Fitted>(JSON.parse(JSON.stringify(model)));
    expect(Buffer.from(toOnnx(loaded)).equals(Buffer.from(toOnnx(model)))).toBe(true);
  });
});

const { ordinal, targetEncode, robustScale, minMaxScale, maxAbsScale, quantileTransform, powerTransform, datetimeParts, polynomial, discretise } = preprocess;
const numeric = ["size", "count"];

/** Steps before a ridge regression, which sees each column they make. */
const STEPS: Record<string, () => any[]> = {
  "impute the median": () => [impute()],
  "impute with flags": () => [impute({ addIndicator: true, strategy: "mean" })],
  "impute constants": () => [impute({ strategy: "constant", fillValue: 7, columns: numeric }), impute({ strategy: "constant", fillValue: "none", columns: ["island"] })],
  "one-hot": () => [oneHot()],
  "one-hot of imputed categories": () => [impute(), oneHot()],
  "one-hot with rare ones": () => [oneHot({ minFrequency: 20, unknown: "infrequent" })],
  "one-hot without the first": () => [oneHot({ drop: "first" })],
  "one-hot of numbers and booleans": () => [oneHot({ columns: ["count", "ringed"] })],
  ordinal: () => [ordinal({ unknown: -1, missing: -2 })],
  "ordinal, missing": () => [ordinal({ unknown: "missing" })],
  "target means": () => [targetEncode({ seed: 1 })],
  scale: () => [scale()],
  "scale without the mean": () => [scale({ withMean: false })],
  "robust scale": () => [robustScale()],
  "min-max scale": () => [minMaxScale({ featureRange: [-1, 2] })],
  "min-max scale, clipped": () => [minMaxScale({ clip: true })],
  "max-abs scale": () => [maxAbsScale()],
  "quantiles, uniform": () => [quantileTransform({ nQuantiles: 50 })],
  "quantiles, normal": () => [quantileTransform({ nQuantiles: 50, outputDistribution: "normal" })],
  "power, Yeo-Johnson": () => [powerTransform()],
  "power, Box-Cox": () => [powerTransform({ method: "box-cox", columns: ["positive"] })],
  "date parts": () => [datetimeParts({ parts: ["year", "quarter", "month", "day", "dayOfYear", "weekday", "hour", "minute", "second"], keep: true })],
  "date parts on circles": () => [datetimeParts({ cyclic: true })],
  polynomial: () => [impute(), polynomial({ degree: 3, includeBias: true, columns: numeric })],
  discretise: () => [discretise({ nBins: 4 })],
  "discretise, spread": () => [discretise({ nBins: 4, encode: "oneHot" })],
  "a column transformer": () => [columnTransformer([{ columns: ["size"], steps: [impute({ addIndicator: true }), scale()] }, { columns: "categories", steps: oneHot() }, { columns: ["seen"], steps: datetimeParts({ cyclic: ["month"] }) }])],
  "a column transformer that drops the rest": () => [columnTransformer([{ columns: ["count", "island"], steps: [oneHot()] }], { rest: "drop" })],
  "several steps": () => [impute({ columns: numeric }), polynomial({ columns: numeric }), robustScale({ columns: numeric }), oneHot({ columns: ["island"] })],
};

describe("pipelines", () => {
  test.each(Object.entries(STEPS))("%s", async (name, steps) => {
    const features = name === "power, Box-Cox" ? ["quantity"] : FEATURES;
    const parts = name === "power, Box-Cox" ? [powerTransform({ method: "box-cox" })] : steps();
    const model = pipeline([...parts, new RidgeRegression({ alpha: 1e-3 })] as never) as any;
    model.fit(train, { target: name === "power, Box-Cox" ? "grade" : "quantity", features });
    await agrees(model, rows);
  });

  test("every transformer occurs", () => {
    const used = new Set(Object.values(STEPS).flatMap((steps) => steps()).flatMap((step) => [step.type as string]));
    expect(TRANSFORMERS.map((row) => row.name).filter((name) => !used.has(name))).toEqual([]);
  });

  test("steps before a forest", async () => {
    const model = pipeline([impute({ columns: numeric }), datetimeParts(), ordinal({ unknown: "missing", columns: ["plumage"] }), new RandomForestClassifier({ nEstimators: 10, seed: 1 })] as never) as any;
    model.fit(train, { target: "three", features: FEATURES });
    await agrees(model, rows);
  });
});

describe("models of others", () => {
  test.each(cases.map((each) => [each.name, each] as const))("%s", async (name, { file, data, categories }) => {
    const table = head(await dataOf(data), 150);
    const model = file.startsWith("lgb") ? await readLightGBM(modelPath(file)) : await readXGBoost(modelPath(file), { categories });
    // Codes that are no categories are cut off in LightGBM before it looks; ONNX has nothing like it.
    const usual = name === "lgb-codes" ? head(await dataOf("awkward"), 0) : table;
    await agrees(model as Fitted, usual);
  });
});

describe("inputs", () => {
  const model = new RidgeRegression().fit(train, { target: "quantity", features: numeric });
  const whole = tableFromColumns({ size: [0.5, -1, 2], count: [1, 2, 3] });

  test("a matrix in place of columns", async () => {
    await agrees(model, whole, toOnnx(model, { inputs: "matrix" }));
    const mixedModel = new RidgeRegression().fit(train, { target: "quantity", features: FEATURES });
    expect(() => toOnnx(mixedModel, { inputs: "matrix" })).toThrow('inputs "matrix" takes columns of numbers only; received "\\"island\\" holds categories"');
  });

  test("float32 and whole numbers", async () => {
    await agrees(model, whole, toOnnx(model, { numbers: "float" }));
    await agrees(model, whole, toOnnx(model, { types: { count: "int64" } }));
    await agrees(model, whole, toOnnx(model, { inputs: "matrix", numbers: "float" }));
  });

  test("what cannot be is one line", () => {
    expect(() => toOnnx(model, { input: "matrix" } as never)).toThrow("toOnnx: there is no option input; did you mean inputs?");
    expect(() => toOnnx(model, { inputs: "rows" as never })).toThrow('received "rows"');
    expect(() => toOnnx(model, { numbers: "half" as never })).toThrow('received "half"');
    expect(() => toOnnx(model, { types: { count: "int8" as never } })).toThrow('received "int8"');
    expect(() => toOnnx(new RidgeRegression())).toThrow("RidgeRegression has not been fitted yet");
    expect(() => toOnnx(7 as never)).toThrow("toOnnx takes a fitted model or pipeline");
    expect(() => toOnnx({ name: "x", toJSON: () => ({}) })).toThrow("toOnnx takes a fitted model or pipeline");
    const named = new RidgeRegression().fit(tableFromColumns({ variable: [1, 2, 3], y: [1, 2, 4] }), { target: "y" });
    expect(() => toOnnx(named)).toThrow('an input of the ONNX model has the name of an output; received "variable"');
    const forest = new RandomForestClassifier({ nEstimators: 3, seed: 1, engine: "ml-random-forest" }).fit(train, { target: "three", features: ["count"] });
    expect(() => toOnnx(forest)).toThrow('a forest of engine "ml-random-forest" cannot be written as ONNX');
  });

  test("a file appears whole", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "runlab-onnx-"));
    try {
      await writeOnnx(model, path.join(folder, "deep", "ridge.onnx"));
      expect(readdirSync(path.join(folder, "deep"))).toEqual(["ridge.onnx"]);
      await agrees(model, whole, readFileSync(path.join(folder, "deep", "ridge.onnx")));
      await expect(writeOnnx(model, path.join(folder, "deep", "ridge.onnx", "x.onnx"))).rejects.toThrow("cannot be written");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
