import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Vector } from "apache-arrow";
import type { Table } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { observe } from "../../src/observe/index.js";
import type { ObservedEvent } from "../../src/observe/index.js";
import { stream } from "../../src/random/index.js";
import { categoryVector, columnNames, readReport, readTable, tableFromColumns, writeTable } from "../../src/table/index.js";

const data = new URL("../reference/data/", import.meta.url).pathname;
const notebooks = new URL("../../notebooks/data/", import.meta.url).pathname;
let folder = "";
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "runlab-table-")); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** A new file of those contents. */
function file(contents: string | Uint8Array, extension = "csv"): string {
  const path = join(folder, `${++count}.${extension}`);
  writeFileSync(path, contents);
  return path;
}
const plain = (value: unknown): unknown => (value instanceof Vector ? [...value].map(plain) : typeof value === "bigint" ? (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)) : value instanceof Date ? value.getTime() : value);
const contents = (table: Table) => Object.fromEntries(columnNames(table).map((name) => [name, Array.from(table.getChild(name)!, plain)]));
const types = (table: Table) => Object.fromEntries(table.schema.fields.map((field) => [field.name, String(field.type)]));

async function refusal(path: string, options: object = {}): Promise<string> {
  try {
    await readTable(path, options);
  } catch (error) {
    if (!(error instanceof RunlabError)) throw error;
    expect(error.message).not.toContain("\n");
    return error.message;
  }
  throw new Error(`${path} was read`);
}

describe("Parquet and Arrow by other writers", () => {
  const expected = JSON.parse(readFileSync(join(data, "awkward.json"), "utf8")) as Record<string, unknown[]>;
  it.each(["awkward.parquet", "file.arrow", "stream.arrow"])("%s: every type, with missing values", async (name) => {
    const found = contents(await readTable(join(data, name)));
    for (const [column, values] of Object.entries(found)) {
      // A decimal's raw words are shown by Arrow; numbersOf reads them, and its test is in take.test.ts.
      if (column === "decimal") continue;
      expect(values.map((value) => (Number.isNaN(value) ? "NaN" : value)), column).toEqual(expected[column]);
    }
    expect(Object.keys(found)).toEqual(Object.keys(expected).filter((column) => column in found));
    expect(Object.keys(found).length).toBeGreaterThanOrEqual(17);
  });

  it.each(["none", "snappy", "gzip", "brotli", "zstd", "lz4"])("Parquet compressed with %s", async (codec) => {
    const table = await readTable(join(data, `${codec}.parquet`));
    expect(contents(table)).toEqual({ int32: expected.int32, text: expected.text, category: expected.category });
    expect(types(table).category).toMatch(/^Dictionary/);
  });

  it("keeps a dictionary over several row groups", async () => {
    const column = (await readTable(join(data, "dictionary.parquet"))).getChild("k")!;
    for (const row of [0, 6, 49_999, 50_000, 123_456, 199_999]) expect(column.get(row)).toBe(`k${row % 7}`);
  });

  it("reads a table without rows, some columns, and some rows", async () => {
    const empty = await readTable(join(data, "no-rows.parquet"));
    expect([empty.numRows, empty.numCols]).toEqual([0, 18]);
    const some = await readTable(join(data, "awkward.parquet"), { columns: ["text", "int8"], limit: 2 });
    expect(contents(some)).toEqual({ text: expected.text.slice(0, 2), int8: expected.int8.slice(0, 2) });
  });

  it("reads the data of the labs", async () => {
    const penguins = await readTable(join(notebooks, "penguins.parquet"));
    expect(penguins.numRows).toBe(344);
    const flights = await readTable(join(notebooks, "flights_weather.parquet"), { columns: ["distance"] });
    expect([flights.numRows, flights.numCols]).toEqual([336_776, 1]);
  });

  it("says in one line what is wrong with damaged files, and goes on", async () => {
    const whole = readFileSync(join(data, "zstd.parquet"));
    expect(await refusal(file(whole.subarray(0, 500), "parquet"))).toContain("cut off");
    expect(await refusal(file(whole.subarray(500), "parquet"))).toContain("no Parquet file");
    expect(await refusal(file(readFileSync(join(data, "file.arrow")).subarray(0, 2000), "arrow"))).toContain("cut off");
    expect(await refusal(file(readFileSync(join(data, "stream.arrow")).subarray(0, 3000), "arrow"))).toContain("cut off");
    expect(await refusal(join(data, "compressed.arrow"))).toContain("compressed, which is not supported");
    expect((await readTable(join(data, "zstd.parquet"))).numRows).toBe(3);
  });

  it("refuses an Arrow file cut off anywhere", async () => {
    const path = join(folder, "small.arrow");
    await writeTable(tableFromColumns({ a: [1, 2], b: ["x", null], c: categoryVector(["u", "v"]) }), path);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await refusal(path), `${length} bytes`).toMatch(length === 0 ? /is empty/ : /cut off or damaged/);
    }
    writeFileSync(path, whole);
    expect((await readTable(path)).numRows).toBe(2);
  });

  it("reads an Arrow stream cut off anywhere as nothing, or as the batches before the cut", async () => {
    const whole = readFileSync(join(data, "stream.arrow"));
    const rows = new Set<number>();
    let refused = 0;
    const path = join(folder, "cut.arrows");
    for (let length = 1; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      try {
        rows.add((await readTable(path)).numRows);
      } catch (error) {
        expect(error, `${length} bytes`).toBeInstanceOf(RunlabError);
        expect((error as Error).message).toContain("cut off or damaged");
        refused++;
      }
    }
    expect(Math.max(...rows)).toBeLessThanOrEqual(3);
    expect(refused).toBeGreaterThan(whole.length - 20);
  });

  it.each(["zstd.parquet", "awkward.parquet", "file.arrow", "stream.arrow"])("survives %s with bytes changed at random", async (name) => {
    const whole = readFileSync(join(data, name));
    const draws = stream(`damage ${name}`, 1);
    let refused = 0;
    for (let round = 0; round < 60; round++) {
      const bytes = Uint8Array.from(whole);
      for (let i = 0; i < 1 + round % 8; i++) bytes[draws.int(bytes.length)] = draws.int(256);
      const path = file(bytes, name.split(".")[1]);
      try {
        await readTable(path);
      } catch (error) {
        expect((error as Error).message).not.toContain("\n");
        expect(error).toBeInstanceOf(RunlabError);
        refused++;
      }
      rmSync(path);
    }
    expect(refused).toBeGreaterThan(0);
    expect((await readTable(join(data, name))).numRows).toBe(3);
  });
});

describe("CSV", () => {
  it("infers types from all values, and says why", async () => {
    const table = await readTable(file("i,big,huge,f,b,t,d,zip,s,none\n1,3000000000,9007199254740993,1.5,true,2026-11-21T10:15:30Z,2026-11-21,01234,x,\n-2,1,1,NA,FALSE,,2026-11-22,99999,\"a,\"\"b\"\"\",NA\n"));
    expect(types(table)).toEqual({ i: "Int32", big: "Float64", huge: "Int64", f: "Float64", b: "Bool", t: "Timestamp<MILLISECOND, UTC>", d: "Timestamp<MILLISECOND>", zip: "Utf8", s: "Utf8", none: "Float64" });
    expect(contents(table)).toEqual({
      i: [1, -2], big: [3e9, 1], huge: ["9007199254740993", 1], f: [1.5, null], b: [true, false], t: [Date.UTC(2026, 10, 21, 10, 15, 30), null],
      d: [Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 22)], zip: ["01234", "99999"], s: ["x", 'a,"b"'], none: [null, null],
    });
    const report = Object.fromEntries(readReport(table).map(({ column, why }) => [column, why]));
    expect(report.zip).toBe("line 2 holds 01234: a number with a leading zero is a code");
    expect(report.huge).toBe("line 2 holds an integer past 2^53, which float64 would round");
  });

  it("rounds numbers as JavaScript does", async () => {
    const draws = stream("numbers", 4);
    const written = ["0.1", "1e-7", "-1.5E+3", ".5", "5.", "123456789012345678.5", "0.000001", "4.35", "-0.0", "1.7976931348623157e308", "Infinity", "+7.25"];
    for (let i = 0; i < 2000; i++) written.push(String((draws.next() - 0.5) * [1, 1000, 1e15, 1e-9][draws.int(4)]), (draws.next() * 1000).toFixed(draws.int(12)));
    const table = await readTable(file(`n\n${written.join("\n")}\n`));
    expect(contents(table).n).toEqual(written.map(Number));
  });

  it("takes types, missing values, separators and headers as told", async () => {
    const path = file("a;b;c\n1;x;-\n0;;7\n");
    expect(types(await readTable(path))).toEqual({ a: "Int32", b: "Utf8", c: "Utf8" });
    const told = await readTable(path, { types: { a: "bool", b: "category", c: "float64" }, missing: ["-"] });
    expect(contents(told)).toEqual({ a: [true, false], b: ["x", ""], c: [null, 7] });
    expect(types(told).b).toBe("Dictionary<Int32, Utf8>");
    expect(contents(await readTable(file("1,2\n3,4"), { header: false, columns: ["column_1"] }))).toEqual({ column_1: [2, 4] });
    expect(contents(await readTable(file("a\tb\n1\t2\n", "tsv")))).toEqual({ a: [1], b: [2] });
    expect(contents(await readTable(path, { limit: 1 }))).toEqual({ a: [1], b: ["x"], c: ["-"] });
    expect(contents(await readTable(file("a,b\n1,2\n", "txt"), { format: "csv" }))).toEqual({ a: [1], b: [2] });
  });

  it("reads every encoding, line end and compression", async () => {
    const text = "näme,v\nÄ😀,1\n";
    const expected = { näme: ["Ä😀"], v: [1] };
    const utf16 = Buffer.from("\ufeff" + text, "utf16le");
    for (const bytes of [Buffer.from(text), Buffer.from("\ufeff" + text), utf16, Buffer.from(utf16).swap16(), gzipSync(text), Buffer.from(text.replaceAll("\n", "\r\n")), Buffer.from(text.replaceAll("\n", "\r")), Buffer.from("\n" + text + "\n\n"), Buffer.from(text.trimEnd())]) {
      expect(contents(await readTable(file(bytes)))).toEqual(expected);
    }
    expect(contents(await readTable(file(Buffer.from("näme\nÄ\n", "latin1")), { encoding: "latin1" }))).toEqual({ näme: ["Ä"] });
    expect(contents(await readTable(file(gzipSync(text), "csv.gz")))).toEqual(expected);
  });

  it("keeps line ends and separators inside quotes", async () => {
    expect(contents(await readTable(file('a,b\r\n"1\r\n2","x,y"\r\n"",z\r\n')))).toEqual({ a: ["1\r\n2", null], b: ["x,y", "z"] });
  });

  it.each([
    ["a short row", "a,b\n1,2\n3\n", "line 3: a row has 1 field where the first has 2"],
    ["a long row", "a,b\n\n1,2,3\n", "line 3: a row has 3 fields where the first has 2"],
    ["a long row after a quoted line end", 'a,b\n"x\ny",2\n1,2,3\n', "line 4:"],
    ["an open quote", 'a,b\n1,"2\n3,4\n', "line 2: a quote is opened and never closed"],
    ["text after a quote", 'a,b\n1,"2"x\n', "line 2: text follows a closing quote"],
    ["names twice", "a,b,a\n1,2,3\n", 'line 1: columns 1 and 3 have the same name; received "a"'],
    ["Latin-1 bytes", Buffer.from("a\nÄ\n", "latin1"), "not UTF-8"],
    ["zero bytes", Buffer.from("a\n\0\n"), "not text"],
    ["line ends only", "\n\n", "no rows"],
    ["a broken gzip", gzipSync("a,b\n1,2\n").subarray(0, 20), "cut off or damaged"],
  ])("refuses %s", async (_, bytes, message) => {
    expect(await refusal(file(bytes))).toContain(message);
  });

  it("refuses values that are not of the type given, with line and value", async () => {
    expect(await refusal(file("a\n1\nx\n"), { types: { a: "int32" } })).toMatch(/line 3: column "a" cannot be read as int32; received "x"/);
    expect(await refusal(file("a\n1.5\n"), { types: { a: "int32" } })).toContain("line 2");
    expect(await refusal(file("a\n2026-02-30\n"), { types: { a: "timestamp" } })).toContain("timestamp");
    expect(await refusal(file("a\n1\n"), { types: { b: "int32" } })).toContain("no such column");
    expect(await refusal(file("a\n1\n"), { types: { a: "integer" } })).toContain("float64, int32");
    expect(await refusal(file("a\n1\n"), { delimiter: "ab" })).toContain("one ASCII character");
  });
});

describe("JSON", () => {
  it("reads objects, columns and lines", async () => {
    const expected = { a: [1, null, 3], b: ["x", "y", null], c: [null, 1.5, null] };
    expect(contents(await readTable(file('[{"a":1,"b":"x"},{"b":"y","c":1.5},{"a":3,"b":null}]', "json")))).toEqual(expected);
    expect(contents(await readTable(file('{"a":1,"b":"x"}\n\n{"b":"y","c":1.5}\r\n{"a":3}', "jsonl")))).toEqual(expected);
    expect(contents(await readTable(file(JSON.stringify(expected), "json")))).toEqual(expected);
    const told = await readTable(file('{"t":["2026-11-21",null],"n":["1","2"]}', "json"), { types: { t: "timestamp", n: "float64" }, columns: ["n", "t"] });
    expect(contents(told)).toEqual({ n: [1, 2], t: [Date.UTC(2026, 10, 21), null] });
  });
  it.each([
    ["no JSON", "[{", "not JSON"],
    ["a number", "3", "array of objects"],
    ["numbers", "[1]", "element 0"],
    ["columns of different lengths", '{"a":[1],"b":[1,2]}', "equal lengths"],
    ["mixed types", '[{"a":1},{"a":"x"}]', "mixes types"],
    ["objects in columns", '[{"a":{"b":1}}]', "holds an object"],
    ["integers that would be rounded", '[{"a":9007199254740993}]', "past 2^53"],
  ])("refuses %s", async (_, text, message) => {
    expect(await refusal(file(text, "json"))).toContain(message);
  });
  it("says in one line that values are nested, however deep", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(await refusal(file(deep, "json"))).toBe(`${join(folder, `${count}.json`)}: element 0 of the array is no object; received "[[[[…]]]]"; allowed: an array of objects`);
    for (const types of [{}, { types: { a: "utf8" } }, { types: { a: "category" } }, { types: { a: "float64" } }]) {
      expect(await refusal(file(`[{"a":1},{"a":${deep}}]`, "json"), types)).toContain('column "a" holds a list, in row 1; received "[[[[…]]]]"');
      expect(await refusal(file(`{"a":${deep}}`, "jsonl"), types)).toContain('column "a" holds a list, in row 0');
    }
    const objects = '{"a":'.repeat(50_000) + "1" + "}".repeat(50_000);
    expect(await refusal(file(objects, "json"))).toContain('column "a" of the object is no array');
    expect(await refusal(file(`[${objects}]`, "json"))).toContain('column "a" holds an object, in row 0');
    expect(await refusal(file(`[${deep}`.slice(0, -9), "json"))).toContain("not JSON");
  });
  it("cuts rows where they end, whatever their texts hold", async () => {
    const rows = [{ s: 'a,]}"\\', n: -1 }, {}, { s: "é€😀" }, { n: 2 ** 31 - 1, s: "" }, { s: "[{" }];
    const expected = { s: ['a,]}"\\', null, "é€😀", "", "[{"], n: [-1, null, null, 2147483647, null] };
    for (const [text, extension] of [[JSON.stringify(rows, null, 2), "json"], [` \n${JSON.stringify(rows)}\n`, "json"], [rows.map((row) => JSON.stringify(row)).join("\r"), "jsonl"]]) {
      const table = await readTable(file(text, extension));
      expect(contents(table)).toEqual(expected);
      expect(types(table)).toEqual({ s: "Utf8", n: "Int32" });
      expect(contents(await readTable(file(text, extension), { types: { s: "category", n: "utf8" }, columns: ["n", "s"] }))).toEqual({ n: ["-1", null, null, "2147483647", null], s: expected.s });
    }
  });
  it("grows columns over many rows, and widens numbers that are whole only at first", async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => (i < 20 ? {} : i % 3 === 0 ? { a: null, t: null } : { a: i < 900 ? i : i / 2, t: `row ${i} €`, b: i % 2 === 0, z: i * 2 ** 25 }));
    const column = (name: string) => rows.map((row) => (row as Record<string, unknown>)[name] ?? null);
    for (const extension of ["json", "jsonl"]) {
      const path = file(extension === "json" ? JSON.stringify(rows) : rows.map((row) => JSON.stringify(row)).join("\n"), extension);
      const table = await readTable(path);
      expect(types(table)).toEqual({ a: "Float64", t: "Utf8", b: "Bool", z: "Float64" });
      expect(contents(table)).toEqual({ a: column("a"), t: column("t"), b: column("b"), z: column("z") });
      expect(contents(await readTable(path, { limit: 21 }))).toEqual({ a: column("a").slice(0, 21), t: column("t").slice(0, 21), b: column("b").slice(0, 21), z: column("z").slice(0, 21) });
    }
  });
  it.each([
    ["an element that is no JSON", '[{"a":1},\n{"a":\n}]', "element 1 of the array: "],
    ["a comma too many", '[{"a":1},]', "element 1 of the array: "],
    ["an array that is cut off after an element", '[{"a":1}', "ends before its array does"],
    ["an array that is cut off in a text", '[{"a":1},{"a":"x', "element 1 of the array: "],
    ["a bracket too many", '[{"a":1}}]', "element 0 of the array: "],
    ["a second array", "[{}]\n[{}]", 'something follows the array; received "[{}]"'],
  ])("names the element of %s", async (_, text, message) => {
    expect(await refusal(file(text, "json"))).toMatch(/: the file is not JSON: /);
    expect(await refusal(file(text, "json"))).toContain(message);
  });
  it("names the line of a broken JSONL file", async () => {
    expect(await refusal(file('{"a":1}\n{"a":\n', "jsonl"))).toContain("line 2");
    expect(await refusal(file('{"a":1}\n[1]\n', "jsonl"))).toContain("line 2");
  });
});

describe("files", () => {
  it("announces what was read: the hash of the very bytes, and sample or processed", async () => {
    const path = file("a,b\n1,x\n2,y\n");
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    await readTable(path);
    await readTable(path, { limit: 1 });
    await readTable(path, { limit: 1, role: "processed" });
    stop();
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
    expect(events).toMatchObject([
      { type: "read", path, sha256, bytes: 12, rows: 2, columns: 2, role: "processed", schema: [{ name: "a", type: "Int32" }, { name: "b", type: "Utf8" }] },
      { rows: 1, role: "sample", sha256 },
      { rows: 1, role: "processed" },
    ]);
  });

  it("says in one line what is wrong with a path", async () => {
    writeFileSync(join(folder, "penguins.csv"), "a\n1\n");
    mkdirSync(join(folder, "sub"), { recursive: true });
    expect(await refusal(join(folder, "pengins.csv"))).toContain("did you mean penguins.csv?");
    expect(await refusal(join(folder, "nowhere", "x.csv"))).toContain("no folder");
    expect(await refusal(join(folder, "sub"))).toContain("is a folder");
    expect(await refusal(file("", "parquet"))).toContain("is empty");
    expect(await refusal(file("hello", "xyz"))).toContain(".xyz");
    expect(await refusal(file("a\n1\n"), { columns: ["A1"] })).toMatch(/no such column; received "A1"/);
    expect(await refusal(file("a\n1\n"), { limit: 0 })).toContain("limit");
    expect(await refusal(join(data, "zstd.parquet"), { delimiter: ";" })).toContain("no option for Parquet");
    expect(await refusal(join(data, "zstd.parquet"), { columns: ["int23"] })).toContain('did you mean "int32"?');
    expect(await refusal("")).toContain("path");
    expect(await refusal(file("a\n1\n"), { delimeter: ";" } as never)).toBe("readTable: there is no option delimeter; did you mean delimiter?");
    expect(await refusal(file("a\n1\n"), "csv" as never)).toContain("readTable takes its options as an object");
  });

  it("knows Parquet and Arrow by their bytes, whatever they are called", async () => {
    expect((await readTable(file(readFileSync(join(data, "zstd.parquet")), "csv"))).numCols).toBe(3);
    expect((await readTable(file(readFileSync(join(data, "file.arrow")), "bin"))).numRows).toBe(3);
  });
});

describe("writeTable", () => {
  const table = tableFromColumns({
    n: [1.5, null, -3], i: Int32Array.of(1, 2, 3), s: ['a,"b"\n', null, " x "], b: [true, null, false],
    c: categoryVector(["u", null, "v"]), t: [new Date(0), null, new Date(1_700_000_000_123)],
  });

  it.each(["parquet", "arrow", "csv", "csv.gz", "json", "jsonl"])("comes back from %s", async (extension) => {
    const path = join(folder, "made", `table.${extension}`);
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    await writeTable(table, path);
    stop();
    const bytes = readFileSync(path);
    expect(events).toEqual([{ type: "write", path, sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length, rows: 3, columns: 6 }]);
    const back = await readTable(path, extension.startsWith("json") ? { types: { t: "timestamp" } } : {});
    expect(contents(back)).toEqual(contents(table));
    if (extension === "parquet" || extension === "arrow") expect(types(back)).toEqual(types(table));
  });

  it("writes every kind of column as the text it is", async () => {
    const kinds = tableFromColumns({
      f: Float32Array.of(0.1, NaN, Infinity, -0), big: [9007199254740993n, null, 1n, -1n], u: Uint8Array.of(255, 0, 1, 2),
      c: categoryVector(["b", "a", null, "b"]), s: ["b", "", "a\rb", null], b: [false, null, true, true], t: [new Date(5), new Date(5), null, new Date(0)],
    });
    const path = join(folder, "kinds.csv");
    await writeTable(kinds.slice(0, 4), path);
    expect(readFileSync(path, "utf8")).toBe([
      "f,big,u,c,s,b,t",
      "0.10000000149011612,9007199254740993,255,b,b,false,1970-01-01T00:00:00.005Z",
      ",,0,a,,,1970-01-01T00:00:00.005Z",
      'Infinity,1,1,,"a\rb",true,',
      "0,-1,2,b,,true,1970-01-01T00:00:00.000Z",
      "",
    ].join("\n"));
  });

  it("keeps a column of missing values only, one column wide", async () => {
    const path = join(folder, "one.csv");
    await writeTable(tableFromColumns({ a: [1, null, 3] }), path);
    expect(contents(await readTable(path))).toEqual({ a: [1, null, 3] });
  });

  it("writes what split and transformers make, several batches and slices", async () => {
    const awkward = await readTable(join(data, "stream.arrow"));
    const path = join(folder, "awkward.parquet");
    await writeTable(awkward, path);
    expect(contents(await readTable(path))).toEqual(contents(awkward));
    await writeTable(awkward.slice(1, 3), path);
    expect(contents(await readTable(path))).toEqual(contents(awkward.slice(1, 3)));
  });

  it("refuses what it cannot write, and leaves nothing behind", async () => {
    await expect(writeTable(table, join(folder, "x.xlsx"))).rejects.toThrow(/\.parquet/);
    await expect(writeTable(table, join(folder, "sub.csv", "..", "..", "\0.csv"))).rejects.toThrow(RunlabError);
    const lists = await readTable(join(data, "awkward.parquet"));
    await expect(writeTable(lists, join(folder, "lists.csv"))).rejects.toThrow('column "list" cannot be written as text');
    await expect(writeTable(table, join(folder, "x.csv"), { delimiter: ";" } as never)).rejects.toThrow("writeTable: there is no option delimiter; allowed: compression, rowGroupSize");
    expect(existsSync(join(folder, "x.csv"))).toBe(false);
    mkdirSync(join(folder, "taken.csv"), { recursive: true });
    await expect(writeTable(table, join(folder, "taken.csv"))).rejects.toThrow("cannot be written");
  });
});
