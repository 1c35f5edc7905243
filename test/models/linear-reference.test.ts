/** Linear models, neighbours, naive Bayes, k-means and PCA beside scikit-learn's: see test/reference/linear.py. */
import { readFileSync } from "node:fs";
import { type Table } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { BernoulliNB, CategoricalNB, type Classifier, ElasticNet, type Estimator, GaussianNB, KMeans, KNeighborsClassifier, KNeighborsRegressor, Lasso, LinearRegression, LogisticRegression, MultinomialNB, PCA, RidgeRegression, fromJSON } from "../../src/models/index.js";
import { categoryVector, columnNames, numbersOf, tableFromColumns, takeRows } from "../../src/table/index.js";

interface Case {
  model: string;
  data: string;
  options: Record<string, unknown>;
  scaled: boolean;
  weighted: boolean;
  [value: string]: unknown;
}
interface Fit {
  coef: number[];
  intercept: number;
}
interface Reference {
  data: Record<string, { columns: number[][]; target: number[]; weights: number[] }>;
  many: { category: number[]; columns: number[][]; amount: number[]; sure: number[]; ridge: Fit; logistic: Fit; lasso: Fit; linear: { predictions: number[] } };
  cases: Case[];
}
const reference = JSON.parse(readFileSync(new URL("../reference/linear.json", import.meta.url), "utf8")) as Reference;
const of = (...models: string[]) => reference.cases.filter((each) => models.includes(each.model)).map((each) => [`${each.model} ${each.data} ${JSON.stringify(each.options)}${each.scaled ? " scaled" : ""}${each.weighted ? " weighted" : ""}`, each] as const);

function tableOf({ data }: Case, convert: (value: number) => number = (value) => value): Table {
  const { columns, target } = reference.data[data];
  // Classes as numbers sort as scikit-learn's do.
  return tableFromColumns({ ...Object.fromEntries(columns.map((values, i) => [`c${i}`, Float64Array.from(values, convert)])), target: Float64Array.from(target) });
}
const camel = (options: Record<string, unknown>) => Object.fromEntries(Object.entries(options).map(([key, value]) => [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]));
const preprocess = (each: Case) => (each.scaled ? "auto" : "none") as "auto" | "none";
const weights = (each: Case) => (each.weighted ? { weights: reference.data[each.data].weights } : {});
const rows = (table: Table, from: number, to: number, by = 1) => takeRows(table, Uint32Array.from({ length: Math.ceil((to - from) / by) }, (_, i) => from + i * by));

/** Equal up to `tolerance` of the largest value. */
function near(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  const size = Math.max(...Array.from(wanted, Math.abs));
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(found[i] - wanted[i]), `value ${i}: ${found[i]} for ${wanted[i]}`).toBeLessThanOrEqual(tolerance * size);
}

const REGRESSIONS: Record<string, new (options: object) => LinearRegression> = { LinearRegression, Lasso: Lasso as never, ElasticNet: ElasticNet as never };

describe("linear regressions", () => {
  test.each(of("LinearRegression", "Lasso", "ElasticNet"))("%s", (_, each) => {
    const table = tableOf(each);
    const exact = each.model === "LinearRegression" ? {} : { tol: 1e-14, maxIter: 1_000_000 };
    const model = new REGRESSIONS[each.model]({ ...camel(each.options), ...exact, preprocess: preprocess(each) }).fit(table, { target: "target", ...weights(each) });
    near(model.coefficients, each["coef"] as number[], 1e-7);
    near([model.intercept], [each["intercept"] as number], 1e-7);
    near(model.predict(rows(table, 0, 5)), each["predictions"] as number[], 1e-7);
  });

  test("the usual tolerance is near, and too few rounds are said in one line", () => {
    const { coef } = reference.cases.find((each) => each.model === "Lasso" && Object.keys(each.options).length === 0)!;
    const table = tableOf(reference.cases.find((each) => each.model === "Lasso")!);
    near(new Lasso().fit(table, { target: "target" }).coefficients, coef as number[], 1e-2);
    const said: unknown[] = [];
    const warn = console.warn;
    console.warn = (text: unknown) => said.push(text);
    try {
      const model = new Lasso({ alpha: 0.001, maxIter: 2, tol: 1e-10 }).fit(table, { target: "target" });
      expect(model.params["converged"]).toBe(false);
    } finally {
      console.warn = warn;
    }
    expect(said).toEqual(["Lasso has not converged in 2 iterations, so its coefficients are not exact: raise maxIter, tol or alpha."]);
  });

  test("columns that determine one another share the weight", () => {
    const table = tableFromColumns({ a: [1, 2, 3, 5], b: [2, 4, 6, 10], y: [1, 2, 3, 5] });
    const model = new LinearRegression({ preprocess: "none" }).fit(table, { target: "y" });
    near(model.coefficients, [0.2, 0.4], 1e-12);
    expect(model.params["rank"]).toBe(1);
  });
});

describe("LogisticRegression", () => {
  test.each(of("LogisticRegression"))("%s", (_, each) => {
    const table = tableOf(each);
    const model = new LogisticRegression({ ...camel(each.options), tol: 1e-11, maxIter: 10_000 }).fit(table, { target: "target", ...weights(each) });
    near(model.predictProba(rows(table, 0, 5)).values, (each["probabilities"] as number[][]).flat(), 1e-6);
    near(model.coefficients.flat(), (each["coef"] as number[][]).flat(), 1e-6);
    const zero = (values: readonly number[][]) => values.flat().map((value) => Math.abs(value) < 1e-9);
    if (each.options["penalty"] === "l1") expect(zero(model.coefficients)).toEqual(zero(each["coef"] as number[][]));
  });

  test("l1Ratio belongs to one penalty", () => {
    const table = tableFromColumns({ a: [1, 2, 3, 4], y: ["a", "b", "a", "b"] });
    expect(() => new LogisticRegression({ l1Ratio: 0.5 }).fit(table, { target: "y" })).toThrow('l1Ratio belongs to penalty "elasticnet"');
    expect(() => new LogisticRegression({ penalty: "elasticnet" }).fit(table, { target: "y" })).toThrow("l1Ratio is a number");
  });
});

describe("300 categories, kept as codes", () => {
  const { category, columns, amount, sure, ridge, logistic, lasso, linear } = reference.many;
  // Padded, so that text sorts as the numbers do.
  const text = category.map((value) => String(value).padStart(3, "0"));
  const base = { a: Float64Array.from(columns[0]), b: Float64Array.from(columns[1]), kind: categoryVector(text) };
  const amounts = tableFromColumns({ ...base, y: Float64Array.from(amount) });

  test("ridge, lasso and least squares", () => {
    const model = new RidgeRegression().fit(amounts, { target: "y" });
    expect(model.columns.slice(0, 4)).toEqual(["a", "b", "kind=000", "kind=001"]);
    near(model.coefficients, ridge.coef, 1e-9);
    near([model.intercept], [ridge.intercept], 1e-9);
    near(new Lasso({ alpha: 0.01, tol: 1e-14, maxIter: 100_000 }).fit(amounts, { target: "y" }).coefficients, lasso.coef, 1e-6);
    near(new LinearRegression().fit(amounts, { target: "y" }).predict(rows(amounts, 0, 20)), linear.predictions, 1e-8);
  });

  test("logistic, also behind a step that has spread the categories out", () => {
    const table = tableFromColumns({ ...base, y: Float64Array.from(sure) });
    const model = new LogisticRegression({ tol: 1e-11 }).fit(table, { target: "y" });
    near(model.coefficients[0], logistic.coef, 1e-7);
    near(model.intercepts, [logistic.intercept], 1e-7);
    const flags = Object.fromEntries([...new Set(text)].sort().map((level) => [`kind=${level}`, Uint8Array.from(text, (each) => (each === level ? 1 : 0))]));
    const spread = new LogisticRegression({ tol: 1e-11 }).fit(tableFromColumns({ a: base.a, b: base.b, ...flags, y: Float64Array.from(sure) }), { target: "y" });
    near(spread.coefficients[0], logistic.coef, 1e-7);
  });
});

describe("categories that did not occur in training set no column", () => {
  const fitted = (kinds: (string | null)[]) => new RidgeRegression({ alpha: 1e-9 }).fit(tableFromColumns({ kind: categoryVector(kinds), y: [1, 2, 3, 9, 1, 2, 3, 9] }), { target: "y" });
  const asked = tableFromColumns({ kind: categoryVector(["other", null, "a"]) });

  test("also when missing values have one of their own", () => {
    const model = fitted(["a", "b", "c", null, "a", "b", "c", null]);
    expect(model.columns).toEqual(["kind=a", "kind=b", "kind=c", "kind=missing"]);
    near(model.predict(asked), [model.intercept, 9, 1], 1e-6);
  });

  test("nor do missing values, when none occurred", () => {
    const model = fitted(["a", "b", "c", "d", "a", "b", "c", "d"]);
    near(model.predict(asked), [model.intercept, model.intercept, 1], 1e-6);
  });

  test("a model that was kept with other names of its columns keeps them", () => {
    const model = fitted(["a", "b", "c", null, "a", "b", "c", null]);
    const text = JSON.stringify(model).replaceAll("kind=", "kind_");
    const read = fromJSON(JSON.parse(text)) as RidgeRegression;
    expect(read.columns).toEqual(["kind_a", "kind_b", "kind_c", "kind_missing"]);
    expect(Array.from(read.predict(asked))).toEqual(Array.from(model.predict(asked)));
  });
});

describe("neighbours", () => {
  const make: Record<string, (options: object) => Estimator> = { KNeighborsClassifier: (options) => new KNeighborsClassifier(options), KNeighborsRegressor: (options) => new KNeighborsRegressor(options) };

  test.each(of("KNeighborsClassifier", "KNeighborsRegressor").flatMap(([name, each]) => (["kdTree", "bruteForce"] as const).map((algorithm) => [`${name} ${algorithm}`, each, algorithm] as const)))("%s", (_, each, algorithm) => {
    const table = tableOf(each);
    const train = rows(table, 0, table.numRows, 2);
    const asked = rows(table, 1, 41, 2);
    const model = make[each.model]({ ...camel(each.options), algorithm, preprocess: preprocess(each) }).fit(train, { target: "target" });
    const found = each.model === "KNeighborsClassifier" ? (model as Classifier).predictProba(asked).values : (model.predict(asked) as Float64Array);
    near(found, (each["predictions"] as number[][]).flat(), 1e-9);
  });

  test("the tree and all distances find the same neighbours, ties included", () => {
    const table = tableFromColumns({ a: Float64Array.from({ length: 3000 }, (_, i) => (i * 7919) % 23), b: Float64Array.from({ length: 3000 }, (_, i) => (i * 104729) % 17), y: Float64Array.from({ length: 3000 }, (_, i) => i) });
    const [tree, all] = (["kdTree", "bruteForce"] as const).map((algorithm) => new KNeighborsRegressor({ algorithm, nNeighbors: 9, weights: "distance" }).fit(table, { target: "y" }));
    expect(tree.params["leaves"]).toBeGreaterThan(20);
    expect(all.params["leaves"]).toBe(1);
    expect(tree.predict(table)).toEqual(all.predict(table));
  });
});

describe("naive Bayes", () => {
  const make: Record<string, (options: object) => Classifier> = {
    GaussianNB: (options) => new GaussianNB(options),
    MultinomialNB: (options) => new MultinomialNB(options),
    BernoulliNB: (options) => new BernoulliNB(options),
    CategoricalNB: (options) => new CategoricalNB(options),
  };

  test.each(of(...Object.keys(make)))("%s", (_, each) => {
    const table = tableOf(each, each.model === "CategoricalNB" ? Math.trunc : undefined);
    const options = { ...camel(each.options), ...(each.model === "GaussianNB" ? { preprocess: preprocess(each) } : {}) };
    const model = make[each.model](options).fit(table, { target: "target", ...weights(each) });
    near(model.predictProba(rows(table, 0, 12)).values, (each["probabilities"] as number[][]).flat(), 1e-8);
  });

  test("what is no count, no category or no prior is one clear line", () => {
    const table = tableFromColumns({ a: [1, -2, 3], y: ["a", "b", "a"] });
    expect(() => new MultinomialNB().fit(table, { target: "y" })).toThrow('MultinomialNB takes counts, 0 or more; "a" has another in row 1; received -2');
    const wide = tableFromColumns({ a: Float64Array.from({ length: 1200 }, (_, i) => i / 7), y: Float64Array.from({ length: 1200 }, (_, i) => i % 2) });
    expect(() => new CategoricalNB().fit(wide, { target: "y" })).toThrow('"a" holds more than 1000 different numbers');
    expect(() => new GaussianNB({ priors: [0.5] }).fit(table, { target: "y" })).toThrow("priors are a share for each class");
  });
});

describe("PCA", () => {
  test.each(of("PCA"))("%s", (_, each) => {
    const table = rows(tableOf(each), 0, each["rows"] as number);
    const features = columnNames(table).filter((name) => name !== "target");
    const model = new PCA({ ...camel(each.options), preprocess: preprocess(each) }).fit(table, { features });
    near(model.explainedVariance, each["variance"] as number[], 1e-8);
    near(model.explainedVarianceRatio, each["ratio"] as number[], 1e-8);
    near(model.components.flat(), (each["components"] as number[][]).flat(), 1e-6);
    expect(Math.abs(model.noiseVariance - (each["noise"] as number))).toBeLessThanOrEqual(1e-8 * (each["variance"] as number[])[0]);
    const made = model.transform(rows(table, 0, 4));
    expect(columnNames(made).at(-1)).toBe("target");
    near(columnNames(made).slice(0, -1).flatMap((name) => Array.from(numbersOf(made, name))), (each["scores"] as number[][])[0].flatMap((_, k) => (each["scores"] as number[][]).map((row) => row[k])), 1e-6);
  });

  test("many rows go by products of columns, which says the same", () => {
    const { columns } = reference.data["cancer"];
    const once = Object.fromEntries(columns.map((values, i) => [`c${i}`, Float64Array.from(values)]));
    const often = Object.fromEntries(columns.map((values, i) => [`c${i}`, Float64Array.from({ length: values.length * 80 }, (_, row) => values[row % values.length])]));
    const [few, many] = [once, often].map((each) => new PCA({ nComponents: 3 }).fit(tableFromColumns(each)));
    near(many.components.flat(), few.components.flat(), 1e-7);
    near(many.explainedVarianceRatio, few.explainedVarianceRatio, 1e-9);
  });
});

describe("KMeans", () => {
  test.each(of("KMeans"))("%s", (_, each) => {
    const table = tableOf(each);
    const features = columnNames(table).filter((name) => name !== "target");
    const init = each["init"] as number[][];
    const model = new KMeans({ ...camel(each.options), nClusters: init.length, init, preprocess: preprocess(each) }).fit(table, { features, ...weights(each) });
    near(model.clusterCenters.flat(), (each["centers"] as number[][]).flat(), 1e-9);
    expect(Array.from(model.labels)).toEqual(each["labels"]);
    near([model.inertia], [each["inertia"] as number], 1e-9);
    expect(model.params["iterations"]).toBe(each["iterations"]);
    expect(Array.from(model.predict(table))).toEqual(each["labels"]);
  });

  test("starts of its own, several of them, and as many rows as clusters", () => {
    const { columns } = reference.data["iris"];
    const table = tableFromColumns(Object.fromEntries(columns.map((values, i) => [`c${i}`, Float64Array.from(values)])));
    const one = new KMeans({ nClusters: 3, seed: 1, preprocess: "none" }).fit(table);
    const ten = new KMeans({ nClusters: 3, nInit: 10, seed: 1, preprocess: "none" }).fit(table);
    expect(ten.inertia).toBeLessThanOrEqual(one.inertia);
    // The best that scikit-learn finds, too.
    expect(ten.inertia).toBeCloseTo(78.851441426, 6);
    expect(new KMeans({ nClusters: 150, seed: 1, init: "random" }).fit(table).inertia).toBeLessThan(1);
    expect(() => new KMeans({ nClusters: 151 }).fit(table)).toThrow("at least as many rows as clusters; received \"150 rows for nClusters 151\"");
    expect(() => new KMeans({ nClusters: 2, init: [[1, 2]] }).fit(table)).toThrow("init gives 2 centres of 4 finite numbers each");
  });
});
