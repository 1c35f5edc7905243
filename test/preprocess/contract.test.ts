import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { RidgeRegression } from "../../src/models/index.js";
import { TRANSFORMERS, columnTransformer, datetimeParts, defaultSteps, discretise, maxAbsScale, minMaxScale, ordinal, polynomial, powerTransform, quantileTransform, robustScale, targetEncode, impute, oneHot, pipeline, scale, transformerFromJSON } from "../../src/preprocess/index.js";
import { stream } from "../../src/random/index.js";
import { split } from "../../src/split/index.js";
import { categoryVector, columnKind, columnNames, dropMissing, numbersOf, tableFromColumns, takeRows } from "../../src/table/index.js";
import type { Table } from "apache-arrow";

/** A table with every kind of column a transformer may meet, some values missing. */
function sample(rows = 80): Table {
  const draws = stream("sample", 42);
  const holes = <T>(make: () => T): (T | null)[] => Array.from({ length: rows }, () => (draws.next() < 0.1 ? null : make()));
  return tableFromColumns({
    mass: holes(() => 3700 + 800 * draws.normal()),
    age: Int32Array.from({ length: rows }, () => draws.int(30)),
    ringed: holes(() => draws.next() < 0.5),
    island: categoryVector(holes(() => ["Biscoe", "Dream", "Torgersen"][draws.int(3)])),
    note: holes(() => ["a", "b"][draws.int(2)]),
    seen: holes(() => new Date(1.7e12 + draws.int(1e9) * 1000)),
    same: new Float64Array(rows).fill(0.1),
    species: Array.from({ length: rows }, () => ["Adelie", "Gentoo"][draws.int(2)]),
  });
}

/** Every value of a table, by column, with float bits told apart. */
function contents(table: Table): Record<string, unknown[]> {
  return Object.fromEntries(columnNames(table).map((name) => [name, Array.from(table.getChild(name)!, (value) => (Object.is(value, -0) ? "-0" : value))]));
}

/** Options that a transformer cannot do without. */
const GIVEN: Record<string, Record<string, unknown>> = {
  columnTransformer: {
    branches: [
      { columns: "numbers", steps: [impute(), scale()] },
      { columns: ["island"], steps: ordinal({ unknown: "missing" }) },
      { columns: "categories", steps: oneHot() },
      { columns: (column: { kind: string }) => column.kind === "time", steps: [datetimeParts({ cyclic: ["month", "hour"] })] },
    ],
  },
  ordinal: { unknown: "missing" },
  targetEncode: { seed: 1 },
};

describe.each(TRANSFORMERS.map((row) => ({ name: row.name, row })))("$name", ({ row }) => {
  const table = sample();
  const { train, test } = split(table, { target: "species", seed: 1 });
  const make = (options: Record<string, unknown> = {}) => row.create({ ...GIVEN[row.name], ...options });
  // A table of its own has no target, unless the step needs to know it.
  const on = row.usesTarget === true ? { target: "species" } : {};

  it("keeps the rows, the target and every column that it does not concern", () => {
    const out = make().fit(train).transform(test);
    expect(out.table.numRows).toBe(test.table.numRows);
    expect(contents(out.table).species).toEqual(contents(test.table).species);
    expect(out.features).not.toContain("species");
    expect(out.features).toEqual(columnNames(out.table).filter((name) => name !== "species"));
    expect(out.rows).toEqual(test.rows);
  });

  it("uses what the training rows say: another test set changes nothing in a row", () => {
    const step = make().fit(train);
    const whole = step.transform(test.table);
    const alone = step.transform(takeRows(test.table, Uint32Array.of(3)));
    for (const [name, values] of Object.entries(contents(whole))) expect(contents(alone)[name]).toEqual([values[3]]);
  });

  it.skipIf(row.usesTarget)("learns nothing from the target", () => {
    const other = tableFromColumns({ ...Object.fromEntries(columnNames(train.table).map((name) => [name, train.table.getChild(name)!])), species: Array.from({ length: train.table.numRows }, () => "one") });
    const changed = { ...train, table: other };
    expect(JSON.stringify(make().fit(changed))).toBe(JSON.stringify(make().fit(train)));
  });

  it("gives the same bits after a trip through JSON", () => {
    const step = make().fit(train);
    const back = transformerFromJSON(JSON.parse(JSON.stringify(step)));
    expect(contents(back.transform(test.table))).toEqual(contents(step.transform(test.table)));
    expect(JSON.stringify(back)).toBe(JSON.stringify(step));
  });

  it("finds columns by name, in any order and among others", () => {
    const step = make().fit(train.table, on);
    const reversed = tableFromColumns(Object.fromEntries([["extra", Array.from({ length: test.table.numRows }, () => 1)], ...columnNames(test.table).reverse().map((name) => [name, test.table.getChild(name)!])]));
    const a = contents(step.transform(test.table));
    const b = contents(step.transform(reversed));
    expect(new Set(Object.keys(b))).toEqual(new Set([...Object.keys(a), "extra"]));
    for (const name of Object.keys(a)) expect(b[name]).toEqual(a[name]);
  });

  it("gives the same columns and types for a table of one row, of none, and without a missing value", () => {
    const step = make().fit(train.table, on);
    const types = (each: Table) => each.schema.fields.map((field) => `${field.name}: ${field.type}`);
    const wanted = types(step.transform(test.table));
    expect(types(step.transform(takeRows(test.table, Uint32Array.of(0))))).toEqual(wanted);
    expect(types(step.transform(takeRows(test.table, new Uint32Array(0))))).toEqual(wanted);
    expect(types(step.transform(dropMissing(test.table)))).toEqual(wanted);
  });

  it("learns from one row, from rows all alike, and from two", () => {
    const whole = dropMissing(train.table);
    for (const rows of [[0], [0, 0, 0], [0, 1]]) {
      const few = takeRows(whole, Uint32Array.from(rows));
      const out = make().fit(few, on).transform(test.table);
      expect(out.numRows).toBe(test.table.numRows);
      for (const field of out.schema.fields) {
        if (columnKind(field.type) !== "number") continue;
        for (const value of out.getChild(field.name)!) if (value !== null) expect(Number.isFinite(Number(value)), `${field.name}: ${value}`).toBe(true);
      }
    }
  });

  it("meets categories and values that it has not seen", () => {
    const step = make().fit(train.table, on);
    const strange = tableFromColumns({ mass: [1e5, -1], age: [300, -4], ringed: [null, true], island: ["Atlantis", null], note: ["z", "a"], seen: [new Date(0), null], same: [3, null], species: ["Chinstrap", "Adelie"] });
    expect(step.transform(strange).numRows).toBe(2);
  });

  it("takes a column without any value, whatever its type", () => {
    const step = make().fit(train.table, on);
    const nothing = tableFromColumns(Object.fromEntries(columnNames(train.table).map((name) => [name, [null, null]])));
    expect(columnNames(step.transform(nothing))).toEqual(columnNames(step.transform(test.table)));
  });

  it("names each column that it makes and where it comes from", () => {
    const step = make().fit(train);
    const out = step.transform(test);
    const before = new Set(columnNames(train.table));
    for (const { name, sources } of step.outputs) {
      expect(columnNames(out.table)).toContain(name);
      for (const source of sources) expect(before).toContain(source);
    }
    const told = new Set(step.outputs.map(({ name }) => name));
    for (const name of out.features) if (!before.has(name)) expect(told).toContain(name);
  });

  it("is copied without what it learned", () => {
    const step = make().fit(train);
    const copy = step.copy();
    expect([copy.isFitted, step.isFitted]).toEqual([false, true]);
    expect(JSON.stringify(copy.fit(train))).toBe(JSON.stringify(step));
  });

  it("refuses what it cannot have learned, in one line", () => {
    const json = JSON.parse(JSON.stringify(make().fit(train)));
    for (const state of [7, "x", [7], [null], [{}], {}, [{ name: 7 }], { columns: [{}], means: [] }, { branches: [{}] }, { branches: [{ selector: null, columns: ["mass"], steps: [{ type: "scale", version: 1, params: {}, state: [7] }] }], dropped: [] }]) {
      const act = (): unknown => transformerFromJSON({ ...json, state }).transform(test);
      expect(act, JSON.stringify(state)).toThrow(RunlabError);
      expect(act).toThrow(/^[^\n]+$/);
    }
    for (const params of [null, 7, "x", []]) expect(() => transformerFromJSON({ ...json, params })).toThrow(RunlabError);
  });

  it.each([
    ["a column that is gone", () => make().fit(train.table, on).transform(tableFromColumns({ other: [1] }))],
    ["transform before fit", () => make().transform(table)],
    ["a column that does not exist", () => make({ columns: ["islnd"] }).fit(train)],
    ["columns as a text", () => make({ columns: "mass" }).fit(train)],
    ["features as a text", () => make().fit(train.table, { features: "mass" as never })],
    ["a list of numbers where a table belongs", () => make().fit([1, 2] as never)],
    ["a column of another type", () => make().fit(train.table, on).transform(tableFromColumns(Object.fromEntries(columnNames(train.table).map((name) => [name, columnKind(train.table.getChild(name)!.type) === "category" ? [new Date(0)] : ["text"]]))))],
    ["the target", () => make({ columns: ["species"] }).fit(train)],
    ["an option of another spelling", () => make({ colums: ["island"] }).fit(train)],
    ["null for options", () => row.create(null as never).fit(train)],
    ["no rows", () => make().fit(takeRows(table, new Uint32Array(0)))],
    ["a newer version", () => transformerFromJSON({ ...make().fit(train).toJSON(), version: 99 })],
  ])("refuses %s in one line", (_, act) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

describe("options", () => {
  it("of a step and of a pipeline's fit are known ones", () => {
    const part = tableFromColumns({ a: [1, 2], y: [1, 2] });
    expect(() => impute({ stratgy: "mean" } as never).fit(part)).toThrow("impute: there is no option stratgy; did you mean strategy?");
    expect(() => oneHot({ min_frequency: 2 } as never).fit(part)).toThrow("oneHot: there is no option min_frequency; did you mean minFrequency?");
    expect(() => scale({ with_mean: false } as never).fit(part)).toThrow("scale: there is no option with_mean; did you mean withMean?");
    expect(() => pipeline([scale(), new RidgeRegression()]).fit(part, { target: "y", weigths: [1, 1] })).toThrow("RidgeRegression.fit: there is no option weigths; did you mean weights?");
  });
});

describe("impute", () => {
  it("marks what was missing when fitting, whether or not it is later", () => {
    const step = impute({ addIndicator: true }).fit(tableFromColumns({ a: [1, null], b: [1, 2] }));
    const out = step.transform(tableFromColumns({ a: [5, 6], b: [null, 2] }));
    expect(contents(out)).toEqual({ a: [5, 6], b: [1.5, 2], missingindicator_a: [0, 0] });
  });
  it("refuses a column without any value, and a fill of the wrong kind", () => {
    expect(() => impute().fit(tableFromColumns({ a: [null, null] }))).toThrow("no value to learn from");
    expect(() => impute({ strategy: "constant", fillValue: "x" }).fit(tableFromColumns({ a: [1] }))).toThrow("is a number");
    expect(() => impute({ strategy: "meadian" as never }).fit(tableFromColumns({ a: [1] }))).toThrow("median, mean");
  });
  it("does not write into the table it was given", () => {
    const column = Float64Array.of(3, NaN, 1);
    impute().fitTransform(tableFromColumns({ a: column }));
    expect([...column]).toEqual([3, NaN, 1]);
  });
});

describe("oneHot", () => {
  const train = tableFromColumns({ c: ["b", "a", null, "b"] });
  it("has a column for what is missing", () => {
    expect(contents(oneHot().fitTransform(train))).toEqual({ "c=a": [0, 1, 0, 0], "c=b": [1, 0, 0, 1], "c=missing": [0, 0, 1, 0] });
  });
  it("refuses unknown categories when asked to", () => {
    expect(() => oneHot({ unknown: "error" }).fit(train).transform(tableFromColumns({ c: ["z"] }))).toThrow(/received "z"; allowed: a, b/);
  });
  it("refuses to make two columns of one name", () => {
    expect(() => oneHot().fitTransform(tableFromColumns({ c: ["a"], "c=a": [1] }))).toThrow("two columns of one name");
  });
});

describe("scale", () => {
  it("keeps missing values missing", () => {
    expect(contents(scale().fitTransform(tableFromColumns({ a: [1, null, 3] })))).toEqual({ a: [-1, null, 1] });
  });
});

describe("defaultSteps", () => {
  it("leave finite numbers only", () => {
    const { train, test } = split(sample(), { target: "species", features: ["mass", "age", "ringed", "island", "note", "same"], seed: 3 });
    let part = train;
    let other = test;
    for (const step of defaultSteps(train)) {
      part = step.fitTransform(part);
      other = step.transform(other);
    }
    expect(other.features).toEqual(part.features);
    for (const name of other.features) expect(numbersOf(other.table, name).every(Number.isFinite), name).toBe(true);
  });
});
