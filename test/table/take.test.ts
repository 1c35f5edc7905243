import { readFileSync } from "node:fs";
import { Table, Vector, tableFromIPC, vectorFromArray, Dictionary, Utf8, Int8 } from "apache-arrow";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dropMissing, head, labelsOf, matrixOf, numbersOf, oneBatch, select, tableFromColumns, takeRows } from "../../src/table/index.js";
import { decodeParquet } from "../../src/table/parquet.js";

const file = (name: string) => readFileSync(new URL(`../reference/data/${name}`, import.meta.url));
const plain = (value: unknown): unknown => (value instanceof Vector ? [...value] : value);
const values = (table: Table, name: string, rows?: readonly number[]) => {
  const column = table.getChild(name)!;
  return (rows ?? Array.from({ length: table.numRows }, (_, i) => i)).map((row) => plain(column.get(row)));
};

describe("takeRows", () => {
  // Two batches of two rows and one: every type of column, with missing values, over a boundary.
  const stream = tableFromIPC(file("stream.arrow"));
  const parquet = decodeParquet(file("awkward.parquet"));

  it.each([["an Arrow stream", stream], ["Parquet", parquet]])("takes any rows of every type, from %s", (_, table) => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 12 }), (rows) => {
      const taken = takeRows(table, Uint32Array.from(rows));
      expect(taken.numRows).toBe(rows.length);
      for (const field of table.schema.fields) expect(values(taken, field.name), field.name).toEqual(values(table, field.name, rows));
    }), { numRuns: 50 });
  });

  it("takes many texts, of a part of a column too", () => {
    const texts = Array.from({ length: 30_000 }, (_, i) => (i % 11 === 0 ? null : i % 7 === 0 ? "" : `é${"x".repeat(i % 23)}${i}`));
    const table = new Table({ t: vectorFromArray(texts, new Utf8()) });
    const rows = Uint32Array.from({ length: 25_000 }, (_, i) => (i * 7919) % 28_000);
    for (const [part, first] of [[table, 0], [table.slice(1500), 1500]] as const) {
      expect(Array.from(takeRows(part, rows).getChild("t")!)).toEqual(Array.from(rows, (row) => texts[first + row]));
    }
  });

  it("brings dictionaries that differ from batch to batch together", () => {
    const type = new Dictionary(new Utf8(), new Int8());
    const one = new Table({ c: vectorFromArray(["a", "b", null], type) });
    const two = new Table({ c: vectorFromArray(["b", "c"], type) });
    const both = new Table([...one.batches, ...two.batches]);
    const taken = takeRows(both, Uint32Array.of(4, 0, 3, 2));
    expect(values(taken, "c")).toEqual(["c", "a", "b", null]);
    expect(labelsOf(both, "c")).toEqual({ codes: Int32Array.of(0, 1, -1, 1, 2), levels: ["a", "b", "c"] });
  });

  it("keeps the bits of every number", () => {
    const bits = BigUint64Array.of(0x7ff0000000000001n, 0x8000000000000000n, 0xffffffffffffffffn);
    const taken = takeRows(tableFromColumns({ a: new Float64Array(bits.buffer) }), Uint32Array.of(2, 0, 1));
    const out = taken.getChild("a")!.data[0].values as Float64Array;
    expect([...new BigUint64Array(out.buffer, out.byteOffset, 3)]).toEqual([bits[2], bits[0], bits[1]]);
  });

  it("works on slices, whose bits start in the middle of a byte", () => {
    const table = tableFromColumns({ flag: [true, false, null, true, true], n: [1, null, 3, 4, 5], t: ["a", "b", null, "d", "e"] }).slice(1, 5);
    const taken = takeRows(table, Uint32Array.of(0, 1, 2, 3));
    for (const name of ["flag", "n", "t"]) expect(values(taken, name)).toEqual(values(table, name));
    expect([...numbersOf(table, "flag")]).toEqual([0, NaN, 1, 1]);
    expect([...labelsOf(table, "t").codes]).toEqual([0, -1, 1, 2]);
  });

  it("refuses rows that are not there", () => {
    expect(() => takeRows(tableFromColumns({ a: [1] }), Uint32Array.of(1))).toThrow("no such row; received 1; allowed: 0 to 0");
  });

  it("makes one batch of many", () => {
    expect(stream.batches.length).toBe(2);
    const whole = oneBatch(stream);
    expect(whole.batches.length).toBe(1);
    for (const field of stream.schema.fields) expect(values(whole, field.name)).toEqual(values(stream, field.name));
  });
});

describe("columns as arrays", () => {
  it("are numbers with NaN for what is missing, whatever their type", () => {
    const expected = JSON.parse(file("awkward.json").toString("utf8")) as Record<string, unknown[]>;
    const table = decodeParquet(file("awkward.parquet"));
    for (const name of ["int8", "uint16", "int32", "int64", "uint64", "float32", "float64", "decimal", "bool", "date", "ms", "us", "ns", "naive"]) {
      const wanted = expected[name].map((value) => (value === null || value === "NaN" ? NaN : Number(value)));
      expect([...numbersOf(table, name)], name).toEqual(wanted);
    }
    expect(() => numbersOf(table, "text")).toThrow("does not hold numbers");
    expect(() => numbersOf(table, "list")).toThrow("does not hold numbers");
  });
  it("are labels in order", () => {
    expect(labelsOf(tableFromColumns({ a: [3, 1, null, 3] }), "a")).toEqual({ codes: Int32Array.of(1, 0, -1, 1), levels: [1, 3] });
    expect(labelsOf(tableFromColumns({ a: [true, null, false] }), "a")).toEqual({ codes: Int32Array.of(1, -1, 0), levels: [false, true] });
    expect(labelsOf(decodeParquet(file("awkward.parquet")), "large_text")).toEqual({ codes: Int32Array.of(0, -1, 1), levels: ["a", "c"] });
  });
  it("find every one of many texts", () => {
    const texts = Array.from({ length: 5000 }, (_, i) => `text ${(i * 7919) % 1000} ünï`);
    const { codes, levels } = labelsOf(tableFromColumns({ texts }), "texts");
    expect(Array.from(codes, (code) => levels[code])).toEqual(texts);
    expect(levels).toEqual([...new Set(texts)].sort());
  });
});

describe("small steps on tables", () => {
  const table = tableFromColumns({ a: [1, null, 3], b: ["x", "y", null] });
  it("select, head, dropMissing, matrixOf", () => {
    expect(select(table, ["b", "a"]).schema.fields.map((field) => field.name)).toEqual(["b", "a"]);
    expect(() => select(table, ["bb"])).toThrow('did you mean "b"?');
    expect(head(table, 2).numRows).toBe(2);
    expect(dropMissing(table).numRows).toBe(1);
    expect(dropMissing(table, ["b"]).numRows).toBe(2);
    expect([...matrixOf(tableFromColumns({ a: [1, 2], b: [3, 4] }), ["b", "a"]).values]).toEqual([3, 1, 4, 2]);
  });
  it("refuse columns that do not go together", () => {
    expect(() => tableFromColumns({ a: [1], b: [1, 2] })).toThrow("equal lengths");
    expect(() => tableFromColumns({ a: [1, "x"] as never })).toThrow("mixes types");
    expect(() => tableFromColumns({ a: [{}] as never })).toThrow("no column can hold");
  });
});
