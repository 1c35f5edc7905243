import { Vector } from "apache-arrow";
import type { Table } from "apache-arrow";
import { describe as suite, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { stream } from "../../src/random/index.js";
import { aggregate, categoryVector, columnNames, concat, derive, describe, filter, head, join, select, sort, tableFromColumns, takeRows } from "../../src/table/index.js";

const plain = (value: unknown): unknown => (value instanceof Vector ? [...value].map(plain) : typeof value === "bigint" ? String(value) : value);
const contents = (table: Table) => Object.fromEntries(columnNames(table).map((name) => [name, Array.from(table.getChild(name)!, plain)]));
const types = (table: Table) => Object.fromEntries(table.schema.fields.map((field) => [field.name, String(field.type)]));
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(RunlabError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }
  throw new Error("it was accepted");
};

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const flights = tableFromColumns({
  carrier: categoryVector(["UA", "AA", "UA", null, "DL", "AA"]),
  origin: ["JFK", "LGA", null, "JFK", "EWR", "JFK"],
  delay: [5, null, -3.5, 60, 5, 12],
  seats: Int32Array.of(100, 50, 100, 20, 70, 50),
  late: [false, null, false, true, false, true],
  day: [day("2013-01-02"), day("2013-01-01"), null, day("2013-06-30"), day("2013-01-02"), day("2013-12-31")],
  big: [1n, 9007199254740993n, null, 3n, 2n, -1n],
});
/** A table of several batches, as files of several row groups give. */
const batches = concat([flights]).concat(flights.slice(2, 5));

suite("filter", () => {
  it.each([
    ["a value", { carrier: "UA" }, [0, 2]],
    ["one of several", { origin: ["JFK", "EWR"] }, [0, 3, 4, 5]],
    ["missing", { origin: null }, [2]],
    ["missing or a value", { carrier: [null, "DL"] }, [3, 4]],
    ["bounds", { delay: { from: 5, below: 60 } }, [0, 4, 5]],
    ["other bounds", { delay: { above: -3.5, to: 12 } }, [0, 4, 5]],
    ["not", { carrier: { not: "UA" } }, [1, 4, 5]],
    ["none of several", { seats: { not: [100, 50] } }, [3, 4]],
    ["there at all", { delay: { not: null } }, [0, 2, 3, 4, 5]],
    ["booleans", { late: false }, [0, 2, 4]],
    ["times as text", { day: { from: "2013-01-02", below: "2013-12-31" } }, [0, 3, 4]],
    ["times as dates", { day: day("2013-01-02") }, [0, 4]],
    ["text in order", { origin: { above: "EWR", to: "JFK" } }, [0, 3, 5]],
    ["several columns", { carrier: ["AA", "UA"], delay: { not: null }, seats: 50 }, [5]],
    ["bigints", { big: { from: 2n } }, [1, 3, 4]],
    ["nothing asked", {}, [0, 1, 2, 3, 4, 5]],
    ["nothing kept", { seats: 1 }, []],
  ])("keeps rows by %s", (_, where, rows) => {
    const kept = filter(flights, where);
    expect(contents(kept)).toEqual(contents(takeRows(flights, Uint32Array.from(rows))));
    expect(types(kept)).toEqual(types(flights));
  });

  it("keeps rows by a function, which sees missing values as null and times as dates", () => {
    expect(contents(filter(flights, (row) => row.carrier === "UA" || row.day > day("2013-06-01")))).toEqual(contents(takeRows(flights, Uint32Array.of(0, 2, 3, 5))));
    expect(filter(flights, (row) => row.origin === null && row.late === false && row.big === null).numRows).toBe(1);
    expect(filter(flights, (row, index) => index % 2 === 0 && Object.keys(row).length === 7).numRows).toBe(3);
    expect(filter(flights, (row) => row.big === 9007199254740993n || row.big === -1).numRows).toBe(2);
  });

  it("works over several batches", () => {
    expect(contents(filter(batches, { carrier: "DL" })).delay).toEqual([5, 5]);
  });

  it("says what is wrong", () => {
    expect(refusal(() => filter(flights, { carier: "UA" }))).toContain('did you mean "carrier"?');
    expect(refusal(() => filter(flights, (row) => row.dellay > 1))).toContain('did you mean "delay"?');
    expect(refusal(() => filter(flights, { delay: "5" }))).toContain('column "delay" is Float64; received "5"; allowed: a number');
    expect(refusal(() => filter(flights, { delay: { form: 3 } as never }))).toContain("did you mean from?");
    expect(refusal(() => filter(flights, { day: "June" }))).toContain("a date");
    expect(refusal(() => filter(flights, { carrier: undefined as never }))).toContain("undefined");
    expect(refusal(() => filter(flights, "carrier" as never))).toContain("where is an object");
    expect(refusal(() => filter(flights, (() => {}) as never))).toContain("returned nothing");
  });
});

suite("sort", () => {
  it("sorts by any kind of column, missing values last, equal rows as they were", () => {
    const rows = (by: Parameters<typeof sort>[1]) => contents(sort(derive(flights, { row: Int32Array.of(0, 1, 2, 3, 4, 5) }), by)).row;
    expect(rows("delay")).toEqual([2, 0, 4, 5, 3, 1]);
    expect(rows({ column: "delay", descending: true })).toEqual([3, 5, 0, 4, 2, 1]);
    expect(rows("carrier")).toEqual([1, 5, 4, 0, 2, 3]);
    expect(rows("late")).toEqual([0, 2, 4, 3, 5, 1]);
    expect(rows("day")).toEqual([1, 0, 4, 3, 5, 2]);
    expect(rows("big")).toEqual([5, 0, 4, 3, 1, 2]);
    expect(rows(["seats", { column: "carrier", descending: true }])).toEqual([3, 1, 5, 4, 0, 2]);
    expect(types(sort(flights, "day"))).toEqual(types(flights));
    expect(sort(batches, "seats").numRows).toBe(9);
  });

  it("sorts many numbers as Array.sort does", () => {
    const draws = stream("sort", 1);
    const numbers = Float64Array.from({ length: 5000 }, () => [draws.int(7) - 3, (draws.next() - 0.5) * 1e300, (draws.next() - 0.5) * 1e-300, -0, Infinity, -Infinity][draws.int(6)]);
    const found = [...sort(tableFromColumns({ n: numbers }), "n").getChild("n")!] as number[];
    expect(found.map((value) => value + 0)).toEqual([...numbers].sort((a, b) => a - b).map((value) => value + 0));
    const down = [...sort(tableFromColumns({ n: numbers }), { column: "n", descending: true }).getChild("n")!] as number[];
    expect(down.map((value) => value + 0)).toEqual([...numbers].sort((a, b) => b - a).map((value) => value + 0));
  });

  it("says what is wrong", () => {
    expect(refusal(() => sort(flights, "dely"))).toContain('"delay"');
    expect(refusal(() => sort(flights, []))).toContain("columns to sort by");
    expect(refusal(() => sort(flights, { column: "delay", decending: true } as never))).toContain("did you mean descending?");
  });
});

suite("derive", () => {
  it("adds and replaces columns, shares the others", () => {
    const table = derive(flights, { hours: (row) => (row.delay === null ? null : row.delay / 60), double: (row) => row.hours && row.hours * 2, seats: (row) => String(row.seats), fixed: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(contents(table)).toMatchObject({ hours: [5 / 60, null, -3.5 / 60, 1, 5 / 60, 0.2], double: [1 / 6, null, -7 / 60, 2, 1 / 6, 0.4], seats: ["100", "50", "100", "20", "70", "50"], fixed: [1, 2, 3, 4, 5, 6] });
    expect(columnNames(table)).toEqual([...columnNames(flights), "hours", "double", "fixed"]);
    expect(table.getChild("delay")!.data[0].values).toBe(flights.getChild("delay")!.data[0].values);
    expect(contents(derive(flights, { month: (row) => row.day && new Date(Date.UTC(2013, row.day.getUTCMonth())) })).month[3]).toBe(Date.UTC(2013, 5));
  });
  it("says what is wrong", () => {
    expect(refusal(() => derive(flights, { x: (row) => row.seat }))).toContain('"seats"');
    expect(refusal(() => derive(flights, { x: (row) => (row.late ? 1 : "no") }))).toContain("mixes types");
    expect(refusal(() => derive(flights, { x: [1, 2] }))).toContain("received 2; allowed: 6 values");
  });
});

suite("aggregate", () => {
  it("computes over groups in the order of their keys, missing ones last", () => {
    const table = aggregate(flights, ["carrier"], {
      flights: "count", mean: { mean: "delay" }, sum: { sum: "seats" }, std: { std: "delay" }, median: { median: "seats" }, high: { quantile: "seats", at: 0.75 },
      lacking: { missing: "delay" }, origins: { distinct: "origin" }, first: { first: "origin" }, last: { last: "origin" }, from: { min: "day" }, to: { max: "day" }, least: { min: "carrier" }, middle: { mean: "day" },
    });
    expect(contents(table)).toEqual({
      carrier: ["AA", "DL", "UA", null], flights: [2, 1, 2, 1], mean: [12, 5, 0.75, 60], sum: [100, 70, 200, 20], std: [null, null, Math.sqrt(36.125), null], median: [50, 70, 100, 20], high: [50, 70, 100, 20],
      lacking: [1, 0, 0, 0], origins: [2, 1, 1, 1], first: ["LGA", "EWR", "JFK", "JFK"], last: ["JFK", "EWR", "JFK", "JFK"],
      from: [day("2013-01-01"), day("2013-01-02"), day("2013-01-02"), day("2013-06-30")].map(Number), to: [day("2013-12-31"), day("2013-01-02"), day("2013-01-02"), day("2013-06-30")].map(Number), least: ["AA", "DL", "UA", null],
      middle: [(+day("2013-01-01") + +day("2013-12-31")) / 2, +day("2013-01-02"), +day("2013-01-02"), +day("2013-06-30")],
    });
    expect(types(table)).toMatchObject({ carrier: "Dictionary<Int32, Utf8>", flights: "Int32", mean: "Float64", from: "Timestamp<MILLISECOND, UTC>", least: "Dictionary<Int32, Utf8>" });
  });

  it("groups by several columns, by none, and over batches", () => {
    expect(contents(aggregate(flights, ["late", "seats"], { n: "count" }))).toEqual({ late: [false, false, true, true, null], seats: [70, 100, 20, 50, 50], n: [1, 2, 1, 1, 1] });
    expect(contents(aggregate(flights, [], { n: "count", total: { sum: "seats" } }))).toEqual({ n: [6], total: [390] });
    expect(contents(aggregate(batches, ["carrier"], { n: "count" })).n).toEqual([2, 2, 3, 2]);
    expect(aggregate(flights.slice(0, 0), ["carrier"], { n: "count" }).numRows).toBe(0);
  });

  it("agrees with groups made by hand on many rows", () => {
    const draws = stream("groups", 3);
    const rows = 4000;
    const a = Array.from({ length: rows }, () => draws.int(2000) * 1.5);
    const b = Array.from({ length: rows }, () => `k${draws.int(3000)}`);
    const v = Array.from({ length: rows }, () => draws.next() * 1e6);
    const groups = new Map<string, number[]>();
    a.forEach((value, i) => groups.set(`${value}|${b[i]}`, [...(groups.get(`${value}|${b[i]}`) ?? []), v[i]]));
    const table = contents(aggregate(tableFromColumns({ a, b, v }), ["a", "b"], { sum: { sum: "v" }, n: "count" }));
    expect(table.n.length).toBe(groups.size);
    table.a.forEach((value, i) => {
      const values = groups.get(`${value}|${table.b[i]}`)!;
      expect(table.n[i]).toBe(values.length);
      expect(table.sum[i]).toBeCloseTo(values.reduce((sum, each) => sum + each, 0), 6);
    });
    expect(table.a).toEqual((table.a as number[]).slice().sort((x, y) => x - y));
  });

  it("says what is wrong", () => {
    expect(refusal(() => aggregate(flights, ["carier"], {}))).toContain('"carrier"');
    expect(refusal(() => aggregate(flights, "carrier" as never, {}))).toContain('["carrier"]');
    expect(refusal(() => aggregate(flights, [], { x: { mena: "delay" } as never }))).toContain("did you mean mean?");
    expect(refusal(() => aggregate(flights, [], { x: { mean: "origin" } }))).toContain("Utf8");
    expect(refusal(() => aggregate(flights, [], { x: { quantile: "delay" } }))).toContain("at is the share");
    expect(refusal(() => aggregate(flights, ["carrier"], { carrier: "count" }))).toContain("two columns");
  });
});

suite("join", () => {
  const airlines = tableFromColumns({ code: ["AA", "DL", "ZZ"], name: categoryVector(["American", "Delta", "Nobody"]), seats: [1, 2, 3], since: [day("1930-01-01"), null, day("1900-01-01")] });
  const on = { carrier: "code" };
  it("keeps the rows that are asked for", () => {
    expect(contents(join(flights, airlines, { on }))).toMatchObject({ carrier: contents(flights).carrier, name: [null, "American", null, null, "Delta", "American"], seats_right: [null, 1, null, null, 2, 1], since: [null, +day("1930-01-01"), null, null, null, +day("1930-01-01")] });
    expect(contents(join(flights, airlines, { on, how: "inner" })).origin).toEqual(["LGA", "EWR", "JFK"]);
    expect(contents(join(flights, airlines, { on, how: "semi" }))).toEqual(contents(takeRows(flights, Uint32Array.of(1, 4, 5))));
    expect(contents(join(flights, airlines, { on, how: "anti" }))).toEqual(contents(takeRows(flights, Uint32Array.of(0, 2, 3))));
    const full = contents(join(flights, airlines, { on, how: "full", suffix: "_of_airline" }));
    expect(full.carrier).toEqual(["UA", "AA", "UA", null, "DL", "AA", "ZZ"]);
    expect([full.delay[6], full.name[6], full.seats_of_airline[6]]).toEqual([null, "Nobody", 3]);
    expect(types(join(flights, airlines, { on })).name).toBe("Dictionary<Int32, Utf8>");
    expect(contents(join(flights, airlines.slice(0, 0), { on })).name).toEqual(new Array(6).fill(null));
  });
  it("repeats rows that have several partners, unless that is refused", () => {
    const twice = tableFromColumns({ carrier: ["UA", "UA", "AA"], n: [1, 2, 3] });
    expect(contents(join(flights, twice, { on: "carrier", how: "inner" }))).toMatchObject({ carrier: ["UA", "UA", "AA", "UA", "UA", "AA"], n: [1, 2, 3, 1, 2, 3] });
    expect(refusal(() => join(flights, twice, { on: "carrier", unique: true }))).toContain("row 0 of the left table has 2 partners");
  });
  it("joins on several columns of any kind", () => {
    const right = tableFromColumns({ seats: [100, 50, 50], late: [false, true, null], hit: ["a", "b", "c"] });
    expect(contents(join(flights, right, { on: ["seats", "late"] })).hit).toEqual(["a", null, "a", null, null, "b"]);
    expect(contents(join(flights, tableFromColumns({ day: [day("2013-01-02")], x: [1] }), { on: "day" })).x).toEqual([1, null, null, null, 1, null]);
  });
  it("says what is wrong", () => {
    expect(refusal(() => join(flights, airlines, { on: "carrier" }))).toContain("key of the right table");
    expect(refusal(() => join(flights, airlines, { on: { seats: "code" } }))).toContain('"seats" is Int32, "code" is Utf8');
    expect(refusal(() => join(flights, airlines, { on, how: "outer" as never }))).toContain("left, inner, full");
    expect(refusal(() => join(flights, airlines, {} as never))).toContain("on names the columns");
    expect(refusal(() => join(derive(flights, { seats_right: flights.getChild("seats")! }), airlines, { on }))).toContain("another suffix");
  });
});

suite("concat", () => {
  it("puts tables one below the other, with the types they share", () => {
    const a = tableFromColumns({ n: Int32Array.of(1), s: ["x"], c: categoryVector(["u"]), e: [null] });
    const b = tableFromColumns({ c: ["v"], n: [1.5], e: ["w"], s: [null] });
    const both = concat([a, b]);
    expect(contents(both)).toEqual({ n: [1, 1.5], s: ["x", null], c: ["u", "v"], e: [null, "w"] });
    expect(types(both)).toEqual({ n: "Float64", s: "Utf8", c: "Dictionary<Int32, Utf8>", e: "Utf8" });
    expect(both.batches.length).toBe(1);
  });
  it("says what does not fit", () => {
    const a = tableFromColumns({ n: [1] });
    expect(refusal(() => concat([a, tableFromColumns({ m: [1] })]))).toContain('table 1 has no column "n"');
    expect(refusal(() => concat([a, tableFromColumns({ n: [1], m: [1] })]))).toContain('has a column "m"');
    expect(refusal(() => concat([a, tableFromColumns({ n: ["x"] })], ["a.csv", "b.csv"]))).toContain('column "n" is Utf8 in b.csv and Float64 in a.csv');
    expect(refusal(() => concat([]))).toContain("list of tables");
  });
});

suite("describe", () => {
  it("is a table with a row a column", () => {
    const table = contents(describe(select(flights, ["carrier", "delay", "late", "day"])));
    expect(table).toMatchObject({ column: ["carrier", "delay", "late", "day"], kind: ["category", "number", "boolean", "time"], missing: [1, 1, 1, 1], distinct: [3, 4, 2, 4], mean: [null, 15.7, 0.4, null], min: [null, -3.5, null, null], median: [null, 5, null, null], top: ["AA", null, "false", null] });
    expect(head(describe(flights), 2).numRows).toBe(2);
  });
});
