/** Coefficients and scores beside scikit-learn's: see test/reference/models.py. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LogisticRegression, RandomForestClassifier, RandomForestRegressor, RidgeRegression } from "../../src/models/index.js";
import { METRICS } from "../../src/metrics/index.js";
import { tableFromColumns, takeRows } from "../../src/table/index.js";

interface Reference {
  data: Record<string, { columns: Record<string, number[]>; target: (string | number)[]; weights: number[] }>;
  logistic: { data: string; scaled: boolean; weighted: boolean; options: Record<string, never>; coef: number[][]; intercept: number[]; probabilities: number[][] }[];
  ridge: { data: string; scaled: boolean; weighted: boolean; options: Record<string, never>; coef: number[]; intercept: number; predictions: number[] }[];
  forest: { data: string; options: Record<string, number | boolean>; test: number[]; metrics: string[]; mean: number[]; std: number[]; seeds: number }[];
}
const reference = JSON.parse(readFileSync(new URL("../reference/models.json", import.meta.url), "utf8")) as Reference;

const tableOf = (name: string) => {
  const { columns, target } = reference.data[name];
  return tableFromColumns({ ...Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, Float64Array.from(values)])), target: target as string[] });
};
const camel = (options: Record<string, unknown>) => Object.fromEntries(Object.entries(options).map(([key, value]) => [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]));

/** Equal up to `digits` of the largest value. */
function near(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  const size = Math.max(...Array.from(wanted, Math.abs));
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(found[i] - wanted[i]), `value ${i}: ${found[i]} for ${wanted[i]}`).toBeLessThanOrEqual(tolerance * size);
}

describe("LogisticRegression", () => {
  test.each(reference.logistic.map((each) => [`${each.data} ${JSON.stringify(each.options)}${each.weighted ? " weighted" : ""}`, each] as const))("%s", (_, each) => {
    const table = tableOf(each.data);
    const model = new LogisticRegression(camel(each.options)).fit(table, { target: "target", weights: each.weighted ? reference.data[each.data].weights : undefined });
    expect(model.params["converged"]).toBe(true);
    expect(model.params["method"]).toBe("newton");
    near(model.coefficients.flat(), each.coef.flat(), 1e-7);
    // scikit-learn reports an intercept of 0 when it fits none.
    if (each.intercept.some((value) => value !== 0)) near(model.intercepts, each.intercept, 1e-7);
    const { values } = model.predictProba(takeRows(table, Uint32Array.of(0, 1, 2, 3, 4)));
    near(values, each.probabilities.flat(), 1e-7);
  });

  test("many parameters take L-BFGS, which finds the same minimum", () => {
    const { columns, target } = reference.data["wine"];
    const names = Object.keys(columns);
    // Every column 17 times: over 600 parameters, whose sums of coefficients must be those of a penalty 17 times as weak.
    const wide = tableFromColumns({ ...Object.fromEntries(names.flatMap((name) => Array.from({ length: 17 }, (_, k) => [`${name} ${k}`, Float64Array.from(columns[name])]))), target: target as string[] });
    const many = new LogisticRegression({ C: 1, maxIter: 5000, tol: 1e-9 }).fit(wide, { target: "target" });
    expect(many.params["method"]).toBe("lbfgs");
    const one = new LogisticRegression({ C: 17 }).fit(tableOf("wine"), { target: "target" });
    const summed = many.coefficients.map((row) => names.map((_, j) => row.slice(17 * j, 17 * j + 17).reduce((sum, value) => sum + value, 0)));
    near(summed.flat(), one.coefficients.flat(), 1e-4);
  });
});

describe("RidgeRegression", () => {
  test.each(reference.ridge.map((each) => [`${each.scaled ? "scaled" : "plain"} ${JSON.stringify(each.options)}${each.weighted ? " weighted" : ""}`, each] as const))("%s", (_, each) => {
    const table = tableOf(each.data);
    const preprocess = each.scaled ? "auto" : "none";
    const model = new RidgeRegression({ ...camel(each.options), preprocess }).fit(table, { target: "target", weights: each.weighted ? reference.data[each.data].weights : undefined });
    near(model.coefficients, each.coef, 1e-9);
    near([model.intercept], [each.intercept], 1e-9);
    near(model.predict(takeRows(table, Uint32Array.of(0, 1, 2, 3, 4))), each.predictions, 1e-9);
  });

  test("columns that determine one another need a penalty", () => {
    const table = tableFromColumns({ a: [1, 2, 3, 5], b: [2, 4, 6, 10], target: [1, 2, 3, 4] });
    expect(() => new RidgeRegression({ alpha: 0 }).fit(table, { target: "target" })).toThrow("alpha above 0");
  });
});

describe("forests score as scikit-learn's do, over seeds", () => {
  test.each(reference.forest.map((each) => [`${each.data} ${JSON.stringify(each.options)}`, each] as const))("%s", (_, each) => {
    const table = tableOf(each.data);
    const held = new Set(each.test);
    const train = takeRows(table, Uint32Array.from({ length: table.numRows }, (_, i) => i).filter((i) => !held.has(i)));
    const test = takeRows(table, Uint32Array.from(each.test));
    const truth = test.getChild("target")!;
    const scores = Array.from({ length: each.seeds }, (_, seed) => {
      const options = { ...camel(each.options), seed };
      const model = each.metrics[0] === "rmse" ? new RandomForestRegressor(options) : new RandomForestClassifier(options);
      model.fit(train, { target: "target" });
      return each.metrics.map((name) => {
        const metric = METRICS.find((row) => row.name === name)!;
        return metric.compute(truth, metric.predictions === "scores" ? (model as RandomForestClassifier).predictProba(test) : model.predict(test)).value;
      });
    });
    each.metrics.forEach((name, m) => {
      const mean = scores.reduce((sum, row) => sum + row[m], 0) / each.seeds;
      const variance = scores.reduce((sum, row) => sum + (row[m] - mean) * (row[m] - mean), 0) / (each.seeds - 1);
      // The difference of two means of 20 draws, and one in a hundred of the value for bins and the ways ties are broken.
      const allowed = 3 * Math.sqrt((variance + each.std[m] * each.std[m]) / each.seeds) + 0.01 * Math.abs(each.mean[m]);
      expect(Math.abs(mean - each.mean[m]), `${name} ${mean} for ${each.mean[m]}, allowed ${allowed}`).toBeLessThanOrEqual(allowed);
    });
  });
});
