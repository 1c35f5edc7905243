/**
 * Weights, options and targets that no model can learn from: one clear line for every row of the table of estimators, and a
 * model that was fitted before predicts as it did.
 */
import { describe, expect, test } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { ESTIMATORS, type EstimatorRow, type Model, isSupervised } from "../../src/models/table.js";
import { RandomForestClassifier, RandomForestRegressor } from "../../src/models/index.js";
import { tableFromColumns } from "../../src/table/index.js";

const ROWS = 40;
const every = <T>(of: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => of(i));
const table = tableFromColumns({ size: every((i) => (i * 7) % 11), width: every((i) => i % 5), label: every((i) => (i % 3 === 0 ? "a" : "b")), amount: every((i) => ((i * 5) % 9) + 1), level: every((i) => i % 4), group: every((i) => Math.floor(i / 10)) });

interface Trained extends Model {
  fit(data: unknown, options: object): Trained;
  predict?(data: unknown): ArrayLike<unknown>;
  transform?(data: unknown): { toArray(): unknown[] };
  predictProba?(data: unknown): { values: Float64Array };
}

const targetOf = (row: EstimatorRow): object => {
  const features = ["size", "width"];
  if (row.task === "classification") return { target: "label", features };
  if (row.task === "regression") return { target: "amount", features };
  return row.task === "ranking" ? { target: "level", features, group: "group" } : { features };
};
const create = (row: EstimatorRow, options: object = {}): Trained =>
  row.create({ ...(/Forest|ExtraTrees|Boosting/.test(row.name) ? { nEstimators: 4 } : {}), ...(row.stochastic ? { seed: 3 } : {}), ...options }) as unknown as Trained;
const said = (model: Trained): string => JSON.stringify([...Array.from(model.predict?.(table) ?? model.transform!(table).toArray())].map(String));

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(RunlabError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}

const weighing = ESTIMATORS.filter((row) => row.weights !== false);

describe.each(weighing.map((row) => [row.name, row] as const))("weights of %s", (_, row) => {
  test.each([
    ["null", null], ["a number", 3], ["a promise", Promise.resolve([1])], ["bigints", every(() => 1n)], ["too few", [1, 2]], ["one below 0", every((i) => i - 1)],
    ["one NaN", every((i) => (i === 3 ? NaN : 1))], ["one infinite", every((i) => (i === 3 ? Infinity : 1))], ["all 0", every(() => 0)], ["a column that is not there", "weight"],
    ["too small to compute with", every(() => 1e-300)], ["too large to compute with", every(() => 1e307)],
  ])("that are %s are refused, and the model stays as it was", (_, weights) => {
    const model = create(row).fit(table, targetOf(row));
    const before = said(model);
    const document = JSON.stringify(model);
    expect(refusal(() => model.fit(table, { ...targetOf(row), weights }))).toMatch(/weight/);
    expect(said(model)).toBe(before);
    expect(JSON.stringify(model)).toBe(document);
  });

  test("that leave one row give finite predictions", () => {
    const model = create(row).fit(table, { ...targetOf(row), weights: every((i) => (i === 5 ? 1 : 0)) });
    for (const value of Array.from(model.predict!(table))) if (typeof value === "number") expect(value).toSatisfy(Number.isFinite);
    for (const value of model.predictProba?.(table).values ?? []) expect(value).toSatisfy(Number.isFinite);
  });
});

describe.each(ESTIMATORS.filter(isSupervised).map((row) => [row.name, row] as const))("a failed fit of %s", (_, row) => {
  test("leaves a fitted model as it was", () => {
    const model = create(row).fit(table, targetOf(row));
    const before = said(model);
    const document = JSON.stringify(model);
    const columns = { size: every((i) => i), width: every((i) => i % 2) };
    const worse: [object, object][] = [
      [{ ...columns, amount: every((i) => (i === 1 ? Infinity : i)), label: every((i) => (i === 1 ? null : "c")) }, {}],
      [{ ...columns, amount: every(() => "x"), label: every(() => "one") }, {}],
      [{ size: every(() => null), amount: every((i) => i), label: every((i) => "cd"[i % 2]) }, { features: ["nope"] }],
      [{ size: every((i) => (i % 2 === 0 ? -1.7e308 : 1.7e308)), width: every((i) => -i), amount: every(() => -1e300), label: every((i) => "ccd"[i % 3]) }, {}],
    ];
    for (const [data, options] of worse) {
      try {
        create(row).fit(tableFromColumns(data as never), { ...targetOf(row), ...options });
        continue;
      } catch {
        refusal(() => model.fit(tableFromColumns(data as never), { ...targetOf(row), ...options }));
      }
      expect(said(model)).toBe(before);
      expect(JSON.stringify(model)).toBe(document);
    }
    refusal(() => model.fit(tableFromColumns({ size: every(() => 1) }), targetOf(row)));
    expect(said(model)).toBe(before);
  });
});

describe("weights of classes", () => {
  const classifying = ESTIMATORS.filter((row) => "classWeight" in (create(row).fit(table, targetOf(row)).params as object));

  test.each(classifying.map((row) => [row.name, row] as const))("that leave nothing are refused by %s", (_, row) => {
    expect(refusal(() => create(row, { classWeight: { a: 0, b: 0 } }).fit(table, targetOf(row)))).toMatch(/above 0/);
    expect(refusal(() => create(row, { classWeight: { a: 1e308, b: 1e308 } }).fit(table, targetOf(row)))).toMatch(/too large/);
  });
});

describe("a forest in which trees draw no row that counts", () => {
  test.each(["kernel", "reference"])("says of such trees what all rows say (%s)", (engine) => {
    const rows = engine === "kernel" ? 20_000 : 40;
    const data = tableFromColumns({ x: Array.from({ length: rows }, (_, i) => i), label: Array.from({ length: rows }, (_, i) => "ab"[i % 2]), amount: Array.from({ length: rows }, (_, i) => i) });
    const weights = Float64Array.from({ length: rows }, (_, i) => (i === 6 ? 2 : 0));
    const options = { nEstimators: 10, maxSamples: 0.05, seed: 1 };
    const { values } = new RandomForestClassifier(options).fit(data, { target: "label", features: ["x"], weights }).predictProba(data);
    expect([...new Set(values)]).toEqual([1, 0]);
    const guessed = new RandomForestRegressor(options).fit(data, { target: "amount", features: ["x"], weights }).predict(data);
    expect([...new Set(guessed)]).toEqual([6]);
  });

  test("engines there are not are refused", () => {
    expect(refusal(() => new RandomForestClassifier({ engine: "sklearn" as never }).fit(table, { target: "label" }))).toMatch(/engine/);
  });
});
