/** What `src/models/model.ts` and `unsupervised.ts` promise, for every row of the table of estimators without a target. */
import { Null, type Table, Vector, vectorFromArray } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { ESTIMATORS, type UnsupervisedRow, type Unsupervised, fromJSON } from "../../src/models/index.js";
import { type ObservedEvent, observe } from "../../src/observe/index.js";
import { stream } from "../../src/random/index.js";
import { partOf } from "../../src/split/index.js";
import { columnNames, numbersOf, select, tableFromColumns, tableFromVectors, vectorOf } from "../../src/table/index.js";

const NAMES = ["size", "island", "ringed", "seen"];

/** A table with every kind of column, missing values included. */
function mixed(rows: number, seed = 1): Table {
  const random = stream("contract", seed);
  const size = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : random.normal()));
  const island = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : ["Dream", "Biscoe", "Torgersen"][random.int(3)]));
  const ringed = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : random.next() < 0.5));
  const seen = Array.from({ length: rows }, () => new Date(1.7e12 + random.int(1e9)));
  return tableFromColumns({ size, island, ringed, seen });
}

interface Applied extends Unsupervised {
  predict?(data: Table): ArrayLike<number>;
  transform?(data: Table): unknown;
}

const SMALL: Record<string, object> = { KMeans: { nClusters: 2, seed: 3 }, IsolationForest: { nEstimators: 8, seed: 3 } };
const make = (row: UnsupervisedRow, options: object = {}): Applied => row.create({ ...SMALL[row.name], ...options });
/** What the model says of a table, as numbers. */
function bits(model: Applied, table: Table): number[] {
  if (model.predict !== undefined && model.transform === undefined) return Array.from(model.predict(table));
  const made = model.transform!(table);
  const values = typeof made === "object" && made !== null && "values" in made ? Array.from((made as { values: Float64Array }).values) : columnNames(made as Table).flatMap((name) => Array.from(numbersOf(made as Table, name)));
  return [...values, ...(model.predict === undefined ? [] : Array.from(model.predict(table)))];
}

describe.each(ESTIMATORS.filter((row): row is UnsupervisedRow => ["clustering", "decomposition", "anomaly"].includes(row.task)).map((row) => [row.name, row] as const))("%s", (_, row) => {
  const table = mixed(61);

  test("the constructor only stores: wrong options are refused by fit, in one line", () => {
    const given = { noSuchOption: 1 };
    const model = row.create(given);
    expect(model.options).toBe(given);
    expect(model.name).toBe(row.name);
    expect(model.task).toBe(row.task);
    expect(() => model.fit(table)).toThrow(new RegExp(`^${row.name}: there is no option noSuchOption; allowed: \\w+`));
    expect(() => make(row).fit(table, { wieghts: [1] } as never)).toThrow(`${row.name}.fit: there is no option wieghts; did you mean weights?`);
  });

  test("fit returns the model and announces it with every default", () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    const model = make(row);
    expect(model.fit(table)).toBe(model);
    stop();
    const fits = events.filter((event) => event.type === "fit");
    expect(fits).toHaveLength(1);
    expect(fits[0]).toMatchObject({ estimator: row.name, rows: 61, features: NAMES, target: null, chosen: Object.keys(SMALL[row.name] ?? {}), model });
    for (const [name, value] of Object.entries((fits[0] as { params: object }).params)) expect(value, name).not.toBe(undefined);
  });

  test("fitting again gives the same bits, and so does another model of the same seed", () => {
    const model = make(row).fit(table);
    const first = bits(model, table);
    const text = JSON.stringify(model);
    expect(bits(model.fit(table), table)).toEqual(first);
    expect(JSON.stringify(make(row).fit(table))).toBe(text);
  });

  test("data and back says the same bits", () => {
    const model = make(row).fit(table);
    const text = JSON.stringify(model);
    const loaded = fromJSON<Applied>(JSON.parse(text));
    expect(loaded.name).toBe(row.name);
    const other = mixed(50, 5);
    expect(bits(loaded, other)).toEqual(bits(model, other));
    expect(JSON.stringify(loaded)).toBe(text);
  });

  test("a damaged model is refused in one line, whatever is missing", () => {
    const document = JSON.parse(JSON.stringify(make(row).fit(table)));
    for (const part of ["features", "state", "params", "rows", "ids"]) {
      const { [part]: _gone, ...rest } = document;
      expect(() => fromJSON(rest), part).toThrow(/damaged/);
    }
    for (const part of Object.keys(document.state)) {
      const { [part]: _gone, ...state } = document.state;
      expect(() => fromJSON({ ...document, state }), `state.${part}`).toThrow(/damaged/);
    }
    expect(() => fromJSON({ ...document, target: "y" })).toThrow(/damaged/);
  });

  test("nothing before fit, and a part's target is no feature", () => {
    expect(() => make(row).toJSON()).toThrow(`${row.name} has not been fitted yet`);
    expect(() => bits(make(row), table)).toThrow(`${row.name} has not been fitted yet`);
    const labelled = tableFromVectors([...NAMES, "y"], [...NAMES.map((name) => table.getChild(name)!), vectorOf(new Float64Array(61).map((_, i) => i))]);
    const model = make(row).fit(partOf(labelled, { target: "y" }));
    expect(model.featureNames).toEqual(NAMES);
    expect(bits(model, table)).toEqual(bits(make(row).fit(table), table));
  });

  test("features are named, and a text in their place is one clear line", () => {
    expect(make(row).fit(table, { features: ["seen", "size"] }).featureNames).toEqual(["seen", "size"]);
    expect(() => make(row).fit(table, { features: "size" as never })).toThrow(`${row.name}.fit: features is a list of names; received "size"; allowed: ["size"]`);
    expect(() => make(row).fit(table, { features: ["sise"] })).toThrow("size");
  });

  test("missing and changed columns get one clear line", () => {
    const model = make(row).fit(table);
    expect(() => bits(model, select(table, ["size", "ringed", "seen"]))).toThrow(/a column that the table does not have: island/);
    const changed = tableFromVectors(NAMES, ["size", "size", "ringed", "seen"].map((name) => table.getChild(name)!));
    expect(() => bits(model, changed)).toThrow(/column "island" holds another kind of value/);
  });

  test("categories that were not seen, and columns without a value", () => {
    const model = make(row).fit(table);
    const strange = tableFromColumns({ size: [1, NaN], island: ["Anvers", null], seen: [new Date(0), null] });
    const ringed = new Vector([vectorFromArray([null, null], new Null()).data[0]]) as unknown as Vector;
    const all = tableFromVectors(NAMES, [strange.getChild("size")!, strange.getChild("island")!, ringed, strange.getChild("seen")!]);
    for (const value of bits(model, all)) expect(value).toSatisfy(Number.isFinite);
  });

  test("no rows, few rows, constant columns", () => {
    const model = make(row).fit(table);
    const empty = tableFromVectors(NAMES, NAMES.map((name) => table.getChild(name)!.slice(0, 0)));
    expect(bits(model, empty)).toEqual([]);
    expect(() => make(row).fit(empty)).toThrow(/rows/);
    for (const rows of [2, 3, 5, 9]) for (const value of bits(make(row).fit(mixed(rows, rows)), mixed(4, 8))) expect(value).toSatisfy(Number.isFinite);
    const constant = tableFromColumns({ same: new Float64Array(20).fill(7), flag: new Float64Array(20).fill(1) });
    for (const value of bits(make(row).fit(constant), constant)) expect(value).toSatisfy(Number.isFinite);
  });

  test("infinite values get one clear line", () => {
    const odd = tableFromColumns({ size: [1, 2, Infinity, 4], other: [1, 2, 3, 4] });
    if (row.task !== "anomaly") expect(() => make(row).fit(odd)).toThrow(/finite numbers; "size" has another in row 2/);
  });

  test("weights are used, or refused in one line", () => {
    const weights = Array.from({ length: 61 }, (_, i) => 1 + (i % 5));
    if (row.weights === false) {
      expect(() => make(row).fit(table, { weights })).toThrow("takes no weights");
      return;
    }
    const named = tableFromVectors([...NAMES, "w"], [...NAMES.map((name) => table.getChild(name)!), vectorOf(Float64Array.from(weights))]);
    const byColumn = make(row).fit(named, { weights: "w" });
    expect(byColumn.featureNames).toEqual(NAMES);
    expect(bits(byColumn, table)).toEqual(bits(make(row).fit(table, { weights }), table));
    expect(() => make(row).fit(table, { weights: [1, 2] })).toThrow("2 weights for 61 rows");
    expect(() => make(row).fit(table, { weights: new Array(61).fill(-1) })).toThrow("not negative");
  });
});
