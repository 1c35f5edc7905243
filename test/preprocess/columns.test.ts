import type { Table } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { columnTransformer, datetimeParts, discretise, impute, oneHot, ordinal, polynomial, powerTransform, quantileTransform, scale, stepAsData, stepFromData, targetEncode, transformerFromJSON } from "../../src/preprocess/index.js";
import { selectRank } from "../../src/preprocess/order-statistics.js";
import { sortNumbers } from "../../src/preprocess/sort-numbers.js";
import { setSeed, stream } from "../../src/random/index.js";
import { split } from "../../src/split/index.js";
import { columnNames, numbersOf, tableFromColumns } from "../../src/table/index.js";

const day = (n: number): Date => new Date(Date.UTC(2026, 0, n, n));
const table = tableFromColumns({
  id: [1, 2, 3, 4, 5, 6],
  mass: [1, null, 3, 4, 5, 6],
  month: Int32Array.of(1, 2, 1, 2, 1, 12),
  island: ["Dream", "Biscoe", "Dream", "Dream", "Biscoe", null],
  wild: [true, false, true, null, true, false],
  seen: [1, 2, 3, 4, 5, 6].map(day),
  y: ["a", "b", "a", "b", "a", "b"],
});
const contents = (each: Table): Record<string, unknown[]> => Object.fromEntries(columnNames(each).map((name) => [name, [...each.getChild(name)!]]));

describe("columnTransformer", () => {
  it("divides columns by names first, then by kind and function, and keeps the rest", () => {
    const step = columnTransformer([
      { columns: "numbers", steps: [impute(), scale()] },
      { columns: ["month"], steps: oneHot({ columns: ["month"] }) },
      { columns: "booleans", steps: impute({ strategy: "mostFrequent" }) },
      { columns: (column) => column.kind === "category" && column.name !== "y", steps: oneHot() },
      { columns: "dates", steps: datetimeParts({ parts: ["weekday", "hour"], cyclic: ["hour"] }) },
    ]);
    const out = step.fitTransform(table, { target: "y", features: ["mass", "month", "island", "wild", "seen"] });
    expect(columnNames(out)).toEqual(["id", "mass", "month=1", "month=2", "month=12", "island=Biscoe", "island=Dream", "island=missing", "wild", "seen_weekday", "seen_hour_sin", "seen_hour_cos", "y"]);
    expect(contents(out).wild).toEqual([1, 0, 1, 1, 1, 0]);
    expect(contents(out)["month=12"]).toEqual([0, 0, 0, 0, 0, 1]);
    expect(contents(out).id).toEqual([1, 2, 3, 4, 5, 6]);
    expect(step.branches.map((branch) => branch.columns)).toEqual([["mass"], ["month"], ["wild"], ["island"], ["seen"]]);
  });

  it("knows the source of every column, through all steps of a branch", () => {
    const step = columnTransformer([
      { columns: ["mass", "month"], steps: [impute({ addIndicator: true }), polynomial()] },
      { columns: ["island"], steps: oneHot() },
    ]).fit(table);
    const sources = Object.fromEntries(step.outputs.map(({ name, sources: from }) => [name, from]));
    expect(sources).toMatchObject({ mass: ["mass"], "mass*month": ["mass", "month"], "month^2": ["month"], missingindicator_mass: ["mass"], "missingindicator_mass^2": ["mass"], "island=Dream": ["island"] });
  });

  it("leaves out other features when told to, but never the target or what is no feature", () => {
    const { train } = split(table, { target: "y", features: ["mass", "month", "seen"], testSize: 0.2, seed: 1 });
    const out = columnTransformer([{ columns: ["mass"], steps: impute() }], { rest: "drop" }).fitTransform(train);
    expect(columnNames(out.table)).toEqual(["id", "mass", "island", "wild", "y"]);
    expect(out.features).toEqual(["mass"]);
  });

  it("encodes by the target out of fold within a branch", () => {
    const draws = stream("towns", 1);
    const town = Array.from({ length: 200 }, () => `t${draws.int(20)}`);
    const rows = tableFromColumns({ town, x: town.map(() => draws.next()), y: town.map((name) => Number(name.slice(1)) + draws.normal()) });
    const alone = targetEncode({ seed: 3 }).fitTransform(rows, { target: "y" });
    const within = columnTransformer([{ columns: "categories", steps: [targetEncode({ seed: 3 })] }]);
    expect(contents(within.fitTransform(rows, { target: "y" })).town).toEqual(contents(alone).town);
    expect(contents(within.transform(rows)).town).not.toEqual(contents(alone).town);
    expect(contents(within.transform(rows)).town).toEqual(contents(targetEncode({ seed: 3 }).fit(rows, { target: "y" }).transform(rows)).town);
  });

  it("records the seed that a step took from the run", () => {
    setSeed(77);
    const step = columnTransformer([{ columns: ["island"], steps: targetEncode() }]).fit(table, { target: "y" });
    setSeed(null);
    expect(step.params()).toMatchObject({ branches: [{ columns: ["island"], steps: [{ step: "targetEncode", seed: 77 }] }] });
  });

  it("leaves the steps it was given as they were", () => {
    const own = scale();
    const step = columnTransformer([{ columns: "numbers", steps: own }]).fit(table);
    expect([own.isFitted, step.branches[0].steps[0].isFitted]).toEqual([false, true]);
  });

  it("is loaded with a function for a selector as the columns it chose", () => {
    const step = columnTransformer([{ columns: ({ name }) => name.startsWith("m"), steps: [impute(), scale()] }], { rest: "drop" }).fit(table);
    const back = transformerFromJSON(JSON.parse(JSON.stringify(step)));
    expect(JSON.stringify(back)).toBe(JSON.stringify(step));
    expect(contents(back.transform(table))).toEqual(contents(step.transform(table)));
    expect(contents(back.copy().fitTransform(table))).toEqual(contents(step.transform(table)));
  });

  it("goes to another thread as data, unless a function selects", () => {
    const step = columnTransformer([{ columns: "numbers", steps: [impute(), scale()] }, { columns: ["island"], steps: oneHot() }]);
    const data = structuredClone(stepAsData(step)!);
    expect(contents(stepFromData(data).fitTransform(table))).toEqual(contents(step.fitTransform(table)));
    expect(() => structuredClone(stepAsData(columnTransformer([{ columns: () => true, steps: [] }])))).toThrow("could not be cloned");
  });

  it("makes two branches for one column when lists name it twice", () => {
    const out = columnTransformer([{ columns: ["mass"], steps: impute() }, { columns: ["mass", "month"], steps: [impute(), discretise({ nBins: 2, encode: "oneHot" })] }]).fitTransform(table);
    expect(columnNames(out).filter((name) => name.startsWith("mass"))).toEqual(["mass", "mass=below 4", "mass=from 4"]);
  });

  it.each([
    ["a kind that is none", () => columnTransformer([{ columns: "number" as never, steps: scale() }]).fit(table), '["number"]'],
    ["a name as a text", () => columnTransformer([{ columns: "mass" as never, steps: scale() }]).fit(table), 'received "mass"; allowed: "numbers", "categories", "dates", "booleans", ["mass"]'],
    ["a column that is not there", () => columnTransformer([{ columns: ["mas"], steps: scale() }]).fit(table), 'did you mean "mass"?'],
    ["the target", () => columnTransformer([{ columns: ["y"], steps: oneHot() }]).fit(table, { target: "y" }), "not a column"],
    ["a function for a step", () => columnTransformer([{ columns: "numbers", steps: scale as never }]).fit(table), "scale; was it meant to be called?"],
    ["no branches", () => columnTransformer([]).fit(table), "an empty list"],
    ["a branch as a pair", () => columnTransformer([["numbers", scale()] as never]).fit(table), "a branch has no 0"],
    ["another word for the rest", () => columnTransformer([{ columns: "numbers", steps: scale() }], { rest: "passthrough" as never }).fit(table), "allowed: keep, drop"],
    ["an option of another spelling", () => columnTransformer([{ columns: "numbers", steps: scale() }], { remainder: "drop" } as never).fit(table), "there is no option remainder"],
    ["two columns of one name", () => columnTransformer([{ columns: ["mass"], steps: scale() }, { columns: ["mass"], steps: impute() }]).fitTransform(table), "two columns of one name"],
    ["a table without a column of a branch", () => columnTransformer([{ columns: ["mass"], steps: impute() }]).fit(table).transform(tableFromColumns({ id: [1] })), "column that columnTransformer was fitted on"],
  ])("refuses %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });
});

describe("options of single steps", () => {
  it.each([
    ["a degree of 0", () => polynomial({ degree: 0 }).fit(table), "degree is a whole number"],
    ["too many products", () => polynomial({ degree: 40 }).fit(tableFromColumns({ a: [1], b: [1], c: [1], d: [1], e: [1] })), "too many columns"],
    ["box-cox of what is not above 0", () => powerTransform({ method: "box-cox" }).fit(tableFromColumns({ a: [1, 0] })), "row 1; received 0"],
    ["box-cox of that later", () => powerTransform({ method: "box-cox" }).fit(tableFromColumns({ a: [1, 2] })).transform(tableFromColumns({ a: [-1] })), "row 0; received -1"],
    ["infinite numbers", () => quantileTransform().fit(tableFromColumns({ a: [1, Infinity] })), "row 1; received Infinity"],
    ["a part that is none", () => datetimeParts({ parts: ["weekDay" as never] }).fit(table), 'received "weekDay"; allowed: year'],
    ["parts as a text", () => datetimeParts({ parts: "hour" as never }).fit(table), "parts is a list of names"],
    ["a cycle of years", () => datetimeParts({ cyclic: ["year"] }).fit(table), "start again"],
    ["dates that are text", () => datetimeParts({ columns: ["island"] }).fit(table), "cannot work on column"],
    ["an order that lacks a value", () => ordinal({ categories: { island: ["Dream"] } }).fit(table), 'received "Biscoe"; allowed: Dream'],
    ["an order for another column", () => ordinal({ columns: ["island"], categories: { mass: [1] } }).fit(table), "does not encode"],
    ["a limit that is none", () => oneHot({ minFrequency: 1.5 }).fit(table), "a count or a share"],
    ["a count of 0 categories", () => oneHot({ maxCategories: 0 }).fit(table), "1 or more"],
    ["no target to encode by", () => targetEncode().fit(table), "learns from the target"],
    ["one row to encode by", () => targetEncode().fitTransform(tableFromColumns({ a: ["x"], y: [1] }), { target: "y" }), "at least two rows"],
    ["a target with holes", () => targetEncode().fit(tableFromColumns({ a: ["x", "y"], y: [1, null] }), { target: "y" }), "a missing value in row 1"],
    ["one range", () => discretise({ nBins: 1 }).fit(table), "from 2"],
  ])("refuses %s in one line", (_, act, message) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(message);
    expect(act).toThrow(/^[^\n]+$/);
  });

  it("keeps a rare category with the rare, however many categories fit", () => {
    const many = tableFromColumns({ c: ["a", "a", "a", "b", "b", "c", "d"] });
    expect(columnNames(oneHot({ maxCategories: 3 }).fitTransform(many))).toEqual(["c=a", "c=b", "c=infrequent"]);
    expect(columnNames(oneHot({ maxCategories: 4 }).fitTransform(many))).toEqual(["c=a", "c=b", "c=c", "c=d"]);
    const step = oneHot({ maxCategories: 3, unknown: "infrequent", drop: "first" }).fit(many);
    expect(contents(step.transform(tableFromColumns({ c: ["zzz", "d", "a"] })))).toEqual({ "c=b": [0, 0, 0], "c=infrequent": [1, 1, 0] });
  });

  it("reads one-hot steps from before names held an equals sign", () => {
    const old = { type: "oneHot", version: 1, params: { unknown: "ignore", minFrequency: null, drop: "none", columns: null }, state: [{ name: "c", levels: ["a", "b"], rare: [], dropped: null }] };
    expect(columnNames(transformerFromJSON(old).transform(tableFromColumns({ c: ["a"] })))).toEqual(["c_a", "c_b"]);
  });

  it("gives each of several classes a column, and two classes one", () => {
    const rows = tableFromColumns({ town: ["p", "p", "q", "q", "q", "p"], y: ["a", "b", "c", "a", "b", "c"] });
    expect(columnNames(targetEncode({ seed: 1 }).fitTransform(rows, { target: "y" }))).toEqual(["town~a", "town~b", "town~c", "y"]);
    const two = tableFromColumns({ town: ["p", "p", "q", "q"], y: [true, true, false, true] });
    const step = targetEncode({ smooth: 0, seed: 1 }).fit(two, { target: "y" });
    expect(contents(step.transform(two)).town).toEqual([1, 1, 0.5, 0.5]);
  });
});

describe("selectRank", () => {
  it("finds what sorting finds", () => {
    const draws = stream("ranks", 5);
    for (let round = 0; round < 60; round++) {
      const values = Float64Array.from({ length: 1 + draws.int(400) }, () => draws.int(round % 2 === 0 ? 10 : 100_000));
      const rank = draws.int(values.length);
      const sorted = values.slice().sort();
      expect(selectRank(values, rank)).toBe(sorted[rank]);
      expect(values.subarray(0, rank).every((value) => value <= sorted[rank])).toBe(true);
      expect(values.subarray(rank).every((value) => value >= sorted[rank])).toBe(true);
      expect(values.slice().sort()).toEqual(sorted);
    }
    // Values that defeat quickselect by a fixed pivot: rising, falling, all alike.
    for (const values of [Float64Array.from({ length: 5000 }, (_, i) => i), Float64Array.from({ length: 5000 }, (_, i) => -i), new Float64Array(5000)]) {
      const sorted = values.slice().sort();
      expect(selectRank(values, 1234)).toBe(sorted[1234]);
    }
  });
});

describe("sortNumbers", () => {
  it("sorts as the engine does, of any size and sign", () => {
    const draws = stream("numbers", 6);
    const makes = [() => draws.normal() * 10 ** (draws.int(600) - 300), () => draws.int(5) - 2, () => draws.next() * 1e-310, () => -draws.int(2 ** 40), () => (draws.int(2) === 0 ? -0 : Infinity), () => 7];
    for (const make of makes) {
      for (const size of [1, 4095, 9000]) {
        const values = Float64Array.from({ length: size }, make);
        expect(Buffer.from(sortNumbers(values.slice()).buffer).equals(Buffer.from(values.slice().sort().buffer))).toBe(true);
      }
    }
  });
});

describe("powerTransform", () => {
  it("finds the same power from all rows as the likelihood of all rows says, when it looks at some first", () => {
    const draws = stream("skewed", 8);
    // The first rows of every step are unlike the others.
    const values = Float64Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? Math.exp(draws.normal()) : Math.exp(draws.normal() / 3)));
    const lambdaOf = (data: Float64Array): number => (powerTransform({ method: "box-cox" }).fit(tableFromColumns({ a: data })).toJSON().state as { lambda: number }[])[0].lambda;
    const mean = (each: Float64Array): number => each.reduce((sum, value) => sum + value, 0) / each.length;
    const likelihood = (lambda: number): number => {
      const raised = values.map((value) => (value ** lambda - 1) / lambda);
      const centre = mean(raised);
      return (lambda - 1) * values.reduce((sum, value) => sum + Math.log(value), 0) - (values.length / 2) * Math.log(mean(raised.map((value) => (value - centre) ** 2)));
    };
    const found = lambdaOf(values);
    for (const other of [found - 1e-3, found + 1e-3]) expect(likelihood(found)).toBeGreaterThan(likelihood(other));
  });
});

describe("quantileTransform", () => {
  it("keeps the order and reaches from 0 to 1", () => {
    const draws = stream("values", 2);
    const values = Float64Array.from({ length: 300 }, () => Math.round(100 * draws.normal()) / 10);
    const out = numbersOf(quantileTransform({ nQuantiles: 50 }).fitTransform(tableFromColumns({ a: values })), "a");
    const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
    for (let i = 1; i < order.length; i++) expect(out[order[i]]).toBeGreaterThanOrEqual(out[order[i - 1]]);
    expect([Math.min(...out), Math.max(...out)]).toEqual([0, 1]);
    expect(numbersOf(quantileTransform({ nQuantiles: 50 }).fitTransform(tableFromColumns({ a: [3, 3, 3] })), "a")).toEqual(Float64Array.of(0, 0, 0));
    const far = quantileTransform().fit(tableFromColumns({ a: [0, 1e-320, 1e300, 1e300, 1.5e300] })).transform(tableFromColumns({ a: [1e-320, 5e299, 1e300, -1, 1.7e308] }));
    expect([...far.getChild("a")!].map((value) => Math.round(1000 * value) / 1000)).toEqual([0.25, 0.375, 0.625, 0, 1]);
  });
});
