/** What `src/models/estimator.ts` promises, for every row of the table of estimators. */
import { type Table, vectorFromArray, Null } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { ESTIMATORS, type SupervisedRow, fromJSON, isSupervised } from "../../src/models/index.js";
import { type ObservedEvent, observe } from "../../src/observe/index.js";
import { stream } from "../../src/random/index.js";
import { columnNames, select, tableFromColumns, tableFromVectors, vectorOf } from "../../src/table/index.js";

/** A table with every kind of column, missing values included, and a target that depends on them. */
function mixed(rows: number, task: string, seed = 1, numbers?: string): Table {
  const random = stream("contract", seed);
  const size = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : numbers === "counts" ? Math.abs(random.normal()) : random.normal()));
  const island = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : ["Dream", "Biscoe", "Torgersen"][random.int(3)]));
  const ringed = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : random.next() < 0.5));
  const seen = Array.from({ length: rows }, () => new Date(1.7e12 + random.int(1e9)));
  const score = size.map((value, i) => (value ?? 0) + (island[i] === "Dream" ? 1 : 0) + (ringed[i] === true ? 0.5 : 0) + 0.3 * random.normal());
  const target = task === "classification" ? score.map((value) => (value > 1 ? "high" : value > 0 ? "middle" : "low")) : score;
  if (task === "classification" && rows >= 2) target.splice(0, 2, "low", "high");
  return tableFromColumns({ size, island, ringed, seen, target: target as string[] });
}

const small = { nEstimators: 8, seed: 3 };
const make = (row: SupervisedRow, options: object = {}) => row.create(row.stochastic ? { ...small, ...options } : options);
const bits = (model: { predict(table: Table): ArrayLike<unknown>; predictProba?(table: Table): { values: Float64Array } }, table: Table) =>
  model.predictProba !== undefined ? Array.from(model.predictProba(table).values) : Array.from(model.predict(table));

describe.each(ESTIMATORS.filter(isSupervised).map((row) => [row.name, row] as const))("%s", (_, row) => {
  const table = mixed(61, row.task, 1, row.numbers);
  const options = { target: "target" };

  test("the constructor only stores: wrong options are refused by fit, in one line", () => {
    const given = { noSuchOption: 1 };
    const model = row.create(given);
    expect(model.options).toBe(given);
    expect(model.name).toBe(row.name);
    expect(model.task).toBe(row.task);
    expect(() => model.fit(table, options)).toThrow(new RegExp(`^${row.name}: there is no option noSuchOption; allowed: \\w+`));
    expect(() => make(row).fit(table, { taget: "target" } as never)).toThrow(`${row.name}.fit: there is no option taget; did you mean target?`);
  });

  test("fit returns the model and announces it with every default", () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    const model = make(row);
    expect(model.fit(table, options)).toBe(model);
    stop();
    const fits = events.filter((event) => event.type === "fit");
    expect(fits).toHaveLength(1);
    expect(fits[0]).toMatchObject({ estimator: row.name, rows: 61, features: ["size", "island", "ringed", "seen"], target: "target", chosen: row.stochastic ? ["nEstimators", "seed"] : [], model });
    expect(fits[0].type === "fit" && fits[0].seconds).toBeGreaterThanOrEqual(0);
    const { params } = fits[0] as { params: Record<string, unknown> };
    expect(Object.keys(params).length).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(params)) expect(value, name).not.toBe(undefined);
    if (row.stochastic) expect(params).toMatchObject({ seed: 3, nEstimators: 8, minSamplesLeaf: 1 });
  });

  test("fitting again gives the same bits, and so does another model of the same seed", () => {
    const model = make(row).fit(table, options);
    const first = bits(model, table);
    const text = JSON.stringify(model);
    expect(bits(model.fit(table, options), table)).toEqual(first);
    const again = make(row).fit(table, options);
    expect(bits(again, table)).toEqual(first);
    expect(JSON.stringify(again)).toBe(text);
  });

  test.runIf(row.stochastic)("another seed gives another model", () => {
    // Rows that were not learned from: of those that were, trees on all rows know the target whatever the seed.
    const other = mixed(50, row.task, 5, row.numbers);
    expect(bits(make(row, { seed: 4 }).fit(table, options), other)).not.toEqual(bits(make(row).fit(table, options), other));
  });

  test("a model of one fit is not changed by fitting another", () => {
    const model = make(row).fit(table, options);
    const before = bits(model, table);
    make(row).fit(mixed(40, row.task, 9, row.numbers), options);
    expect(bits(model, table)).toEqual(before);
  });

  test("columns are found by name, in any order, with others beside them", () => {
    const model = make(row).fit(table, options);
    const turned = select(table, columnNames(table).toReversed());
    expect(bits(model, turned)).toEqual(bits(model, table));
    const more = tableFromVectors(["extra", ...columnNames(table)], [vectorOf(new Float64Array(61)), ...columnNames(table).map((name) => table.getChild(name)!)]);
    expect(bits(model, more)).toEqual(bits(model, table));
  });

  test("data and back predicts the same bits", () => {
    const model = make(row).fit(table, options);
    const text = JSON.stringify(model);
    const loaded = fromJSON(JSON.parse(text));
    expect(loaded.name).toBe(row.name);
    const other = mixed(50, row.task, 5, row.numbers);
    expect(bits(loaded, other)).toEqual(bits(model, other));
    expect(loaded.featureNames).toEqual(model.featureNames);
    expect(JSON.stringify(loaded)).toBe(text);
  });

  test("a damaged model is refused in one line, whatever is missing", () => {
    const document = JSON.parse(JSON.stringify(make(row).fit(table, options)));
    for (const part of ["features", "state", "target", "params", "rows", "ids"]) {
      const { [part]: _gone, ...rest } = document;
      expect(() => fromJSON(rest), part).toThrow(/damaged/);
    }
    for (const part of Object.keys(document.state)) {
      const { [part]: _gone, ...state } = document.state;
      expect(() => fromJSON({ ...document, state }), `state.${part}`).toThrow(/damaged/);
    }
  });

  test("predict before fit says so", () => {
    expect(() => make(row).predict(table)).toThrow(`${row.name} has not been fitted yet`);
    expect(() => make(row).toJSON()).toThrow("has not been fitted yet");
  });

  test("missing and changed columns get one clear line", () => {
    const model = make(row).fit(table, options);
    expect(() => model.predict(select(table, ["size", "ringed", "seen"]))).toThrow(/a column that the table does not have: island/);
    const renamed = tableFromVectors(["size", "iland", "ringed", "seen"], ["size", "island", "ringed", "seen"].map((name) => table.getChild(name)!));
    expect(() => model.predict(renamed)).toThrow('is "iland" meant for "island"?');
    const changed = tableFromVectors(["size", "island", "ringed", "seen"], ["size", "size", "ringed", "seen"].map((name) => table.getChild(name)!));
    expect(() => model.predict(changed)).toThrow(/column "island" holds another kind of value than when the model was fitted; received "?Float64/);
  });

  test("categories that were not seen, and columns without a value, are predicted", () => {
    const model = make(row).fit(table, options);
    const strange = tableFromColumns({ size: [1, NaN], island: ["Anvers", null], ringed: [null, null] as unknown as boolean[], seen: [new Date(0), null] });
    const ringed = tableFromVectors(["ringed"], [vectorFromArray([null, null], new Null())]);
    const all = tableFromVectors(["size", "island", "ringed", "seen"], [strange.getChild("size")!, strange.getChild("island")!, ringed.getChild("ringed")!, strange.getChild("seen")!]);
    expect(model.predict(all)).toHaveLength(2);
    for (const value of bits(model, all)) expect(value).toSatisfy(Number.isFinite);
  });

  test("a table without rows predicts nothing", () => {
    const model = make(row).fit(table, options);
    const empty = tableFromVectors(columnNames(table), columnNames(table).map((name) => table.getChild(name)!.slice(0, 0)));
    expect(model.predict(empty)).toHaveLength(0);
    expect(() => make(row).fit(empty, options)).toThrow(/rows/);
  });

  test.each([2, 3, 5, 6, 7, 9])("%i rows are enough", (rows) => {
    const tiny = mixed(rows, row.task, rows, row.numbers);
    const model = make(row).fit(tiny, options);
    for (const value of bits(model, tiny)) expect(value).toSatisfy(Number.isFinite);
    expect(model.predict(mixed(3, row.task, 8, row.numbers))).toHaveLength(3);
  });

  test("constant features and features without a value do no harm", () => {
    const names = columnNames(table);
    const more = tableFromVectors([...names, "same", "never"], [...names.map((name) => table.getChild(name)!), vectorOf(new Float64Array(61).fill(7)), vectorOf(new Float64Array(61).fill(NaN))]);
    const model = make(row).fit(more, options);
    expect(model.featureNames).toEqual(["size", "island", "ringed", "seen", "same", "never"]);
    for (const value of bits(model, more)) expect(value).toSatisfy(Number.isFinite);
    const constant = tableFromVectors(["same", "target"], [vectorOf(new Float64Array(61).fill(7)), table.getChild("target")!]);
    expect(new Set(make(row).fit(constant, options).predict(constant) as ArrayLike<unknown> as unknown[]).size).toBe(1);
  });

  test("a target with missing values is counted", () => {
    const values = Array.from(table.getChild("target")!);
    values.fill(null, 4, 7);
    const holes = tableFromVectors(columnNames(table), columnNames(table).map((name) => (name === "target" ? vectorOf(values as string[]) : table.getChild(name)!)));
    expect(() => make(row).fit(holes, options)).toThrow('"target" is missing in 3 of 61 rows');
  });

  test("a target of the wrong kind is refused", () => {
    if (row.task === "classification") {
      const one = tableFromColumns({ size: [1, 2, 3], target: ["a", "a", "a"] });
      expect(() => make(row).fit(one, options)).toThrow('a classifier needs two classes or more; target "target" has only "a"');
    } else {
      const text = tableFromColumns({ size: [1, 2, 3], target: ["a", "b", "c"] });
      expect(() => make(row).fit(text, options)).toThrow("a regressor predicts numbers");
    }
  });

  test("columns that name rows are left out", () => {
    const id = Array.from({ length: 61 }, (_, i) => `bird ${i}`);
    const names = columnNames(table);
    const named = tableFromVectors(["bird", ...names], [vectorOf(id), ...names.map((name) => table.getChild(name)!)]);
    const model = make(row).fit(named, options);
    expect(model.fitted.ids).toEqual(["bird"]);
    expect(bits(model, table)).toEqual(bits(make(row).fit(table, options), table));
  });

  test.runIf(row.weights === false)("weights are refused in one line", () => {
    expect(() => make(row).fit(table, { ...options, weights: new Array(61).fill(2) })).toThrow("takes no weights");
  });

  test.runIf(row.weights !== false)("weights: equal ones change nothing, a column may hold them, bad ones get one line", () => {
    const weights = Array.from({ length: 61 }, (_, i) => 1 + (i % 3));
    const plain = bits(make(row).fit(table, options), table);
    expect(bits(make(row).fit(table, { ...options, weights: new Array(61).fill(1) }), table)).toEqual(plain);
    const names = columnNames(table);
    const withColumn = tableFromVectors([...names, "w"], [...names.map((name) => table.getChild(name)!), vectorOf(weights)]);
    const byColumn = make(row).fit(withColumn, { ...options, weights: "w" });
    const byArray = make(row).fit(table, { ...options, weights });
    expect(byColumn.featureNames).not.toContain("w");
    expect(bits(byColumn, table)).toEqual(bits(byArray, table));
    const other = mixed(50, row.task, 5, row.numbers);
    expect(bits(byArray, other)).not.toEqual(bits(make(row).fit(table, options), other));
    expect(() => make(row).fit(table, { ...options, weights: [1, 2] })).toThrow("2 weights for 61 rows");
    expect(() => make(row).fit(table, { ...options, weights: new Array(61).fill(-1) })).toThrow("not negative");
    expect(() => make(row).fit(table, { ...options, weights: new Array(61).fill(0) })).toThrow("at least one weight is above 0");
  });

  test.runIf(row.weights !== false)("a weight of two counts as the row twice", () => {
    const complete = tableFromColumns({
      size: Float64Array.from({ length: 41 }, (_, i) => (i * 7) % 41),
      other: Float64Array.from({ length: 41 }, (_, i) => (i * 5) % 13),
      target: (row.task === "classification" ? Array.from({ length: 41 }, (_, i) => ["a", "b", "c"][(i * i) % 3]) : Float64Array.from({ length: 41 }, (_, i) => (i * i) % 17)) as string[],
    });
    const twice = Array.from({ length: 41 }, (_, i) => i).flatMap((i) => (i % 4 === 0 ? [i, i] : [i]));
    const repeated = tableFromColumns(Object.fromEntries(columnNames(complete).map((name) => [name, twice.map((i) => complete.getChild(name)!.get(i) as number)])));
    const settings = row.stochastic ? { bootstrap: false, maxFeatures: "all" } : /^(Dummy|DecisionTree|(Multinomial|Bernoulli|Categorical)NB)/.test(row.name) ? {} : row.name.startsWith("GradientBoosting") ? { nEstimators: 5, maxLeaves: 64, minChildSamples: 1, minChildWeight: 0 } : { preprocess: "none" };
    const weighted = make(row, settings).fit(complete, { ...options, weights: Array.from({ length: 41 }, (_, i) => (i % 4 === 0 ? 2 : 1)) });
    const copied = make(row, settings).fit(repeated, options);
    const a = bits(weighted, complete) as number[];
    const b = bits(copied, complete) as number[];
    a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 6));
  });
});

describe("fromJSON", () => {
  test("refuses what is no model", () => {
    expect(() => fromJSON(null)).toThrow("this is not a runlab model");
    expect(() => fromJSON({ format: "runlab.model", version: 99 })).toThrow(/newer runlab; received "format version 99"/);
    expect(() => fromJSON({ format: "runlab.model", version: 1, estimator: "constructor" })).toThrow("there is no such estimator");
  });
});
