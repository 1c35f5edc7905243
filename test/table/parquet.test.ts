import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Table } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { stream } from "../../src/random/index.js";
import { columnNames, missingIn, numbersOf, readTable, tableFromColumns, writeTable } from "../../src/table/index.js";
import { decodeColumn } from "../../src/table/parquet/decode-column.js";
import { readFooter } from "../../src/table/parquet/footer.js";
import { leaseMemory, useVariant } from "../../src/kernels/index.js";
import { decodeParquet } from "../../src/table/parquet.js";

const data = new URL("../reference/data/", import.meta.url).pathname;
const LAYOUTS = ["plain-v1", "plain-v2", "dictionary-v1", "dictionary-v2", "dictionary-left", "delta", "no-arrow-schema"];
const expected = JSON.parse(readFileSync(join(data, "pages.json"), "utf8")) as Record<string, unknown[]>;
const path = (layout: string): string => join(data, `pages-${layout}.parquet`);
let folder = "";
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "runlab-parquet-")); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = (value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);
const contents = (table: Table): Record<string, unknown[]> => Object.fromEntries(columnNames(table).map((name) => [name, Array.from(table.getChild(name)!, plain)]));
const refusal = async (file: string, options: object = {}): Promise<string> => {
  try {
    await readTable(file, options);
  } catch (error) {
    expect(error).toBeInstanceOf(RunlabError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }
  throw new Error(`${file} was read`);
};

describe("pages of every layout, written by pyarrow", () => {
  it.each(LAYOUTS)("%s", async (layout) => {
    const table = await readTable(path(layout));
    expect(contents(table)).toEqual(expected);
    expect(table.batches.length).toBe(1);
    const types = Object.fromEntries(table.schema.fields.map((field) => [field.name, String(field.type)]));
    expect(types).toMatchObject({ i: "Int32", l: "Int64", d: "Float64", f: "Float32", b: "Bool", s: "Utf8", w: "Uint8", h: "Int16" });
    expect(types.c).toBe(layout === "no-arrow-schema" ? "Utf8" : "Dictionary<Int32, Utf8>");
    expect(types.t).toBe(layout === "no-arrow-schema" ? "Timestamp<MICROSECOND, UTC>" : "Timestamp<MICROSECOND, Europe/Berlin>");
  });

  it("reads the first rows, some columns in another order, and counts what is missing", async () => {
    for (const limit of [1, 7, 350, 351, 1199, 1200, 5000]) {
      const table = await readTable(path("dictionary-v2"), { limit, columns: ["s", "i"] });
      expect(contents(table)).toEqual({ s: expected.s.slice(0, limit), i: expected.i.slice(0, limit) });
      const missing = missingIn(table.getChild("i")!);
      expect(missing === null ? 0 : missing.reduce((sum, mark) => sum + mark, 0)).toBe(expected.i.slice(0, limit).filter((value) => value === null).length);
      expect(table.getChild("i")!.nullCount).toBe(expected.i.slice(0, limit).filter((value) => value === null).length);
    }
  });

  it("keeps the same values in the writer's hands: every codec, and row groups", async () => {
    const table = await readTable(path("dictionary-v1"));
    for (const compression of ["zstd", "snappy", "gzip", "brotli", "none"] as const) {
      const file = join(folder, `${compression}.parquet`);
      await writeTable(table, file, { compression, rowGroupSize: 400 });
      expect(contents(await readTable(file))).toEqual(expected);
      expect(footerOf(readFileSync(file)).groups.map((group) => group.rows)).toEqual([400, 400, 400]);
    }
    const sizes = ["none", "zstd"].map((name) => readFileSync(join(folder, `${name}.parquet`)).length);
    expect(sizes[1]).toBeLessThan(0.7 * sizes[0]);
    await expect(writeTable(table, join(folder, "x.parquet"), { compression: "lzma" as never })).rejects.toThrow("snappy, zstd, gzip, brotli, none");
    await expect(writeTable(table, join(folder, "x.csv"), { compression: "zstd" })).rejects.toThrow("no option for CSV");
  });
});

function footerOf(bytes: Buffer): ReturnType<typeof readFooter> {
  const length = bytes.readUInt32LE(bytes.length - 8);
  return readFooter(bytes.subarray(bytes.length - 8 - length, bytes.length - 8), bytes.length);
}

describe("conditions", () => {
  const rowsOf = (test: (row: number) => boolean): number[] => expected.y.flatMap((_, row) => (test(row) ? [row] : []));
  const e = expected as Record<string, never[]>;
  it.each([
    ["a value", { y: 2012 }, rowsOf((row) => e.y[row] === 2012)],
    ["bounds in the statistics", { l: { above: 5e14, to: 6e14 } }, rowsOf((row) => e.l[row] !== null && e.l[row] > 5e14 && e.l[row] <= 6e14)],
    ["text", { s: ["text 3 é", "text 60 é"] }, rowsOf((row) => ["text 3 é", "text 60 é"].includes(e.s[row]))],
    ["text in order", { c: { from: "level 12", below: "level 3" } }, rowsOf((row) => e.c[row] !== null && e.c[row] >= "level 12" && e.c[row] < "level 3")],
    ["missing", { d: null, b: true }, rowsOf((row) => e.d[row] === null && e.b[row] === true)],
    ["times", { t: { from: "1970-01-30", below: new Date("1970-02-02") } }, rowsOf((row) => e.t[row] !== null && e.t[row] >= Date.UTC(1970, 0, 30) && e.t[row] < Date.UTC(1970, 1, 2))],
    ["nothing at all", { i: 5000 }, []],
  ])("keep the same rows with and without statistics: %s", async (_, where, rows) => {
    for (const layout of ["dictionary-v1", "dictionary-v2", "plain-v1", "delta", "no-arrow-schema"]) {
      const table = await readTable(path(layout), { where, columns: ["u", "i"] });
      expect(contents(table), layout).toEqual({ u: rows.map((row) => expected.u[row]), i: rows.map((row) => expected.i[row]) });
      expect(contents(await readTable(path(layout), { where, columns: ["u"], limit: 3 })).u).toEqual(rows.slice(0, 3).map((row) => expected.u[row]));
    }
  });

  it("leave out row groups that cannot hold such rows", () => {
    const bytes = readFileSync(path("dictionary-v1"));
    expect(decodeParquet(bytes, { where: { y: 2011 } }).numRows).toBe(500);
    expect(decodeParquet(bytes, { where: { y: { above: 2012 } } }).numRows).toBe(200);
    expect(decodeParquet(bytes, { where: { y: [2011, 2013] } }).numRows).toBe(700);
    expect(decodeParquet(bytes, { where: { t: { from: "1970-02-10" } } }).numRows).toBe(700);
    expect(decodeParquet(bytes, { where: { c: "level 99" } }).numRows).toBe(0);
  });

  it("are checked before anything is read", async () => {
    expect(await refusal(path("delta"), { where: { yy: 1 } })).toContain('no such column; received "yy"');
    expect(await refusal(path("plain-v1"), { where: { y: "2011" } })).toContain('column "y" is Int32');
    expect(await refusal(path("plain-v1"), { where: ["y"] })).toContain("where is an object");
  });

  it("work in text files too", async () => {
    const file = join(folder, "where.csv");
    writeFileSync(file, "a,b\n1,x\n2,y\n,y\n4,z\n");
    expect(contents(await readTable(file, { where: { b: "y" }, columns: ["a"] }))).toEqual({ a: [2, null] });
    expect(contents(await readTable(file, { where: { a: { not: null } }, limit: 2 }))).toEqual({ a: [1, 2], b: ["x", "y"] });
  });
});

describe("files that lie", () => {
  it("are refused in one line, wherever a byte is changed or the end is cut", async () => {
    for (const layout of LAYOUTS) {
      const whole = readFileSync(path(layout));
      const draws = stream(`lies ${layout}`, 2);
      const file = join(folder, "lie.parquet");
      for (let round = 0; round < 60; round++) {
        const bytes = Uint8Array.from(whole);
        // In the footer, where sizes and counts are, or anywhere.
        const from = round % 2 === 0 ? 0 : whole.length - 4000;
        for (let i = 0; i <= round % 5; i++) bytes[from + draws.int(whole.length - from)] = draws.int(256);
        writeFileSync(file, bytes);
        try {
          const table = await readTable(file);
          for (const name of columnNames(table)) [...table.getChild(name)!];
        } catch (error) {
          expect((error as Error).message.split("\n")).toHaveLength(1);
          expect(error).toBeInstanceOf(RunlabError);
        }
      }
      for (const length of [13, 400, whole.length >> 1, whole.length - 1]) {
        writeFileSync(file, whole.subarray(0, length));
        expect(await refusal(file)).toMatch(/cut off|damaged/);
      }
    }
  });

  it("are refused when they claim more rows than memory holds", async () => {
    const file = join(folder, "claims.parquet");
    await writeTable(tableFromColumns({ a: new Float64Array(300).fill(1) }), file, { compression: "none" });
    const bytes = readFileSync(file);
    // 300 as a varint is ac 02 and, signed, d8 04: the second is how every count of the footer is written.
    let changed = Buffer.from(bytes.toString("latin1").replaceAll("\xd8\x04", "\xff\xff\xff\xff\xff\x3f".slice(0, 2)), "latin1");
    expect(changed.length).toBe(bytes.length);
    writeFileSync(file, changed);
    expect(await refusal(file)).toMatch(/damaged/);
    // The same counts in six bytes need a longer footer.
    const footer = bytes.readUInt32LE(bytes.length - 8);
    const start = bytes.length - 8 - footer;
    const longer = Buffer.from(bytes.subarray(start, bytes.length - 8).toString("latin1").replaceAll("\xd8\x04", "\xfe\xff\xff\xff\xff\x3f"), "latin1");
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(longer.length);
    changed = Buffer.concat([bytes.subarray(0, start), longer, tail, Buffer.from("PAR1")]);
    writeFileSync(file, changed);
    expect(await refusal(file)).toMatch(/claims more than memory holds; received "\d+ rows of 1 column/);
  });

  it("never run past the end of a page", () => {
    const draws = stream("pages", 5);
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from({ length: 8 + draws.int(60) }, () => draws.int(draws.int(2) === 0 ? 256 : 16));
      const store = (["bits", "words", "pairs", "bytes8", "bytes16", "text", "category"] as const)[draws.int(7)];
      try {
        decodeColumn({ store, nullable: draws.int(2) === 0, pieces: [{ bytes, start: 0, end: bytes.length - 8, codec: draws.int(2), rows: 20, wanted: 20 }] });
      } catch (error) {
        expect(["RunlabError", "Error", "RangeError"]).toContain((error as Error).name);
      }
    }
  });
});

describe.each(["threads", "simd", "plain"] as const)("the kernel, variant %s", (variant) => {
  beforeAll(() => useVariant(variant));
  afterAll(() => useVariant(null));

  it("undoes literals and copies of Snappy, near and far", () => {
    const lease = leaseMemory();
    const undone = (size: number, ...bytes: number[]): string | null => {
      const at = lease.alloc(bytes.length);
      const out = lease.alloc(size);
      lease.u8(at, bytes.length).set(bytes);
      const kernel = lease.kernel<{ unsnappy(start: number, end: number, out: number, size: number): number }>("parquet");
      return kernel.unsnappy(at, at + bytes.length, out, size) === 0 ? Buffer.from(lease.u8(out, size)).toString("latin1") : null;
    };
    // A literal of 4, a copy of 11 that overlaps itself, a copy of 25 from 15 back.
    expect(undone(40, 40, 12, 97, 98, 99, 100, 1 | (7 << 2), 4, 2 | (24 << 2), 15, 0)).toBe("abcdabcdabcdabcabcdabcdabcdabcabcdabcdab");
    expect(undone(40, 40, 12, 97)).toBe(null);
    expect(undone(8, 8, 1, 9, 0)).toBe(null);
    expect(undone(9, 8, 28, 1, 2, 3, 4, 5, 6, 7, 8)).toBe(null);
    lease.release();
  });

  it("reads every layout alike, and CSV", async () => {
    for (const layout of ["dictionary-v2", "plain-v1"]) expect(contents(await readTable(path(layout)))).toEqual(expected);
    const file = join(folder, `${variant}.csv`);
    writeFileSync(file, 'a,"b ""x""",c\r\n1,"u,v",2013-06-30\r\n-2.5,,1970-01-01\r\n');
    expect(contents(await readTable(file))).toEqual({ a: [1, -2.5], 'b "x"': ["u,v", null], c: [Date.UTC(2013, 5, 30), 0] });
  });
});

describe("several files", () => {
  const root = () => join(folder, "parts");
  beforeAll(async () => {
    for (const year of [2023, 2024]) {
      for (const month of ["01", "10", "9"]) {
        const part = join(root(), `year=${year}`, `month=${month}`);
        mkdirSync(part, { recursive: true });
        await writeTable(tableFromColumns({ a: [year, Number(month)], b: [`${year}`, null] }), join(part, "part-0.parquet"));
      }
    }
    writeFileSync(join(root(), "_SUCCESS"), "");
    mkdirSync(join(folder, "flat"));
    for (const i of [1, 2, 10]) writeFileSync(join(folder, "flat", `part-${i}.csv`), `n,x\n${i},${i === 2 ? "0.5" : "1"}\n`);
    copyFileSync(path("plain-v1"), join(folder, "flat", "other.parquet"));
  });

  it("are read in order, folders on the way becoming columns of a type", async () => {
    const table = await readTable(root());
    expect([table.numRows, columnNames(table)]).toEqual([12, ["a", "b", "year", "month"]]);
    expect(table.schema.fields.map((field) => String(field.type))).toEqual(["Float64", "Utf8", "Int32", "Dictionary<Int32, Utf8>"]);
    expect(contents(table).month).toEqual(["01", "01", "9", "9", "10", "10", "01", "01", "9", "9", "10", "10"]);
    const some = await readTable(root(), { where: { year: 2024, a: { above: 5 } }, columns: ["month", "a"] });
    expect(contents(some)).toEqual({ month: ["01", "9", "9", "10", "10"], a: [2024, 2024, 9, 2024, 10] });
    const none = await readTable(root(), { where: { year: 1999 } });
    expect([none.numRows, none.numCols]).toEqual([0, 4]);
    expect((await readTable(root(), { limit: 3 })).numRows).toBe(3);
  });

  it("are found by patterns and lists", async () => {
    expect(contents(await readTable(join(folder, "flat", "part-*.csv")))).toEqual({ n: [1, 2, 10], x: [1, 0.5, 1] });
    expect(contents(await readTable(join(folder, "flat", "part-[12]{,0}.csv"))).n).toEqual([1, 2, 10]);
    expect(contents(await readTable(join(folder, "flat", "part-?.csv"))).n).toEqual([1, 2]);
    expect(contents(await readTable([join(folder, "flat", "part-10.csv"), join(folder, "flat", "part-1.csv")])).n).toEqual([10, 1]);
    const deep = await readTable(join(root(), "**", "*.parquet"), { columns: ["year"] });
    expect(contents(deep).year).toEqual([...new Array(6).fill(2023), ...new Array(6).fill(2024)]);
    expect((await readTable(join(root(), "year=2024", "month=*", "*.parquet"))).numCols).toBe(3);
  });

  it("have to fit together", async () => {
    writeFileSync(join(folder, "flat", "part-3.csv"), "n,z\n3,3\n");
    expect(await refusal(join(folder, "flat", "part-*.csv"))).toMatch(/part-3\.csv has no column "x", which .*part-1\.csv has/);
    expect(contents(await readTable(join(folder, "flat", "part-*.csv"), { columns: ["n"] })).n).toEqual([1, 2, 3, 10]);
    expect(await refusal(join(folder, "flat", "nothing-*.csv"))).toContain("no file matches");
    expect(await refusal([] as never)).toContain("path of a file");
  });

  it("give the same numbers whichever way they came", async () => {
    const table = await readTable([path("plain-v1"), path("delta")]);
    expect(table.numRows).toBe(2400);
    const numbers = numbersOf(table, "d");
    expect(Buffer.compare(Buffer.from(numbers.slice(0, 1200).buffer), Buffer.from(numbers.slice(1200).buffer))).toBe(0);
  });
});
