import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Bool, DateDay, Dictionary, Field, Float32, Float64, Int16, Int32, Int64, Int8, Table, TimeMicrosecond, TimestampMicrosecond, TimestampMillisecond, TimestampNanosecond, TimestampSecond, Uint16, Uint32, Uint64, Uint8, Utf8, Vector, vectorFromArray } from "apache-arrow";
import type { DataType } from "apache-arrow";
import { afterEach, describe, expect, it } from "vitest";
import { useVariant } from "../../src/kernels/index.js";
import { stream } from "../../src/random/index.js";
import { columnNames, tableFromColumns } from "../../src/table/index.js";
import { decodeParquet, encodeParquet } from "../../src/table/parquet.js";
import { COMPRESSIONS } from "../../src/table/parquet/codecs.js";
import type { Compression } from "../../src/table/parquet/codecs.js";
import { encodePlainParquet } from "../../src/table/parquet/encode.js";
import { readFooter } from "../../src/table/parquet/footer.js";
import { readGenerally, writeGenerally } from "../../src/table/parquet/general.js";

const data = new URL("../reference/data/", import.meta.url).pathname;

/** A table of every type that is written here; `n` rows, some missing, few and many distinct values. */
function everyType(n: number, missing: boolean): Table {
  const random = stream("parquet-write", 7);
  const column = (type: DataType, value: (k: number) => unknown, gap = 7): Vector => vectorFromArray(Array.from({ length: n }, (_, k) => (missing && k % gap === 3 ? null : value(k))), type as never) as never;
  return new Table({
    i8: column(new Int8(), (k) => (k % 256) - 128),
    u8: column(new Uint8(), (k) => k % 256),
    i16: column(new Int16(), (k) => k - 600),
    u16: column(new Uint16(), (k) => 65_535 - k),
    i32: column(new Int32(), (k) => k * 7919 - 2_000_000),
    u32: column(new Uint32(), (k) => 4_294_967_295 - k),
    i64: column(new Int64(), (k) => BigInt(k) * -9_007_199_254_741n),
    u64: column(new Uint64(), (k) => 18_446_744_073_709_551_615n - BigInt(k % 5)),
    f32: column(new Float32(), (k) => (k % 9) / 4),
    f64: column(new Float64(), () => random.next(), 5),
    steps: column(new Float64(), (k) => Math.floor(k / 100) - 0.5),
    bool: column(new Bool(), (k) => k % 3 === 0),
    text: column(new Utf8(), (k) => (k % 40 === 0 ? "" : `ünï ${k}`)),
    few: column(new Utf8(), (k) => ["a", "long enough for a second word", "ß"][k % 3]),
    category: column(new Dictionary(new Utf8(), new Int32()), (k) => `level ${k % 11}`),
    small: column(new Dictionary(new Utf8(), new Int8(), 3), (k) => `s${Math.floor(k / 300)}`),
    day: column(new DateDay(), (k) => new Date(86_400_000 * (k - 300))),
    time: column(new TimeMicrosecond(), (k) => BigInt(k) * 1_000_001n),
    ms: column(new TimestampMillisecond("UTC"), (k) => k * 3_600_000 - 5),
    us: column(new TimestampMicrosecond(), (k) => 3 * k),
    ns: column(new TimestampNanosecond("Europe/Berlin"), (k) => 2 * k),
    none: column(new Float64(), (k) => k, missing ? 1 : 7),
  });
}

const plain = (value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
const contents = (table: Table): Record<string, unknown[]> => Object.fromEntries(columnNames(table).map((name) => [name, Array.from(table.getChild(name)!, plain)]));
const footerOf = (bytes: Uint8Array): ReturnType<typeof readFooter> => {
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(bytes.length - 8);
  return readFooter(bytes.subarray(bytes.length - 8 - length, bytes.length - 8), bytes.length);
};
const written = (table: Table, compression: Compression = "snappy", rowGroupSize = 1 << 20): Uint8Array => {
  const bytes = encodePlainParquet(table, compression, rowGroupSize);
  if (bytes === null) throw new Error("left to the general writer");
  return bytes;
};
const generally = (bytes: Uint8Array, table: Table): Table => readGenerally(bytes, columnNames(table), null, table.numRows);

afterEach(() => useVariant(null));

describe("files written here", () => {
  it.each([true, false])("hold every type, for both readers (missing values: %s)", (missing) => {
    const table = everyType(1201, missing);
    const expected = contents(table);
    const types = Object.fromEntries(table.schema.fields.map((field) => [field.name, String(field.type)]));
    for (const [compression, rowGroupSize] of [["snappy", 1 << 20], ["snappy", 500], ["none", 500], ["gzip", 1 << 20], ["brotli", 1 << 20]] as const) {
      const bytes = written(table, compression, rowGroupSize);
      expect(contents(decodeParquet(bytes))).toEqual(expected);
      expect(contents(generally(bytes, table))).toEqual(expected);
      expect(footerOf(bytes).groups.map((group) => group.rows)).toEqual(rowGroupSize === 500 ? [500, 500, 201] : [1201]);
    }
    const back = Object.fromEntries(generally(written(table), table).schema.fields.map((field) => [field.name, String(field.type)]));
    expect(back).toEqual(types);
  });

  it("hold slices, several batches and no rows at all", () => {
    const table = everyType(1201, true);
    const sliced = table.slice(13, 1030);
    expect(contents(decodeParquet(written(sliced)))).toEqual(contents(sliced));
    const joined = table.slice(5, 77).concat(table.slice(600, 1201));
    expect(joined.batches.length).toBe(2);
    expect(contents(decodeParquet(written(joined)))).toEqual(contents(joined));
    const empty = written(table.slice(0, 0));
    expect(decodeParquet(empty).numRows).toBe(0);
    expect(columnNames(decodeParquet(empty))).toEqual(columnNames(table));
  });

  it("go from a dictionary to plain values when there are too many of them", () => {
    const n = 200_000;
    const values = Float64Array.from({ length: n }, (_, k) => (k < 70_000 ? k % 50 : Math.sqrt(k)));
    const texts = Array.from({ length: n }, (_, k) => (k < 70_000 ? `t${k % 60}` : `text number ${k}`));
    const table = new Table({ values: vectorFromArray(values, new Float64()), texts: vectorFromArray(texts, new Utf8()), runs: vectorFromArray(Int32Array.from(values, (_, k) => (k % 1000 < 900 ? 5 : k)), new Int32()) });
    const bytes = written(table);
    expect(footerOf(bytes).groups[0].chunks.map(({ encodings }) => encodings)).toEqual([[0, 3, 8], [0, 3, 8], [0, 3, 8]]);
    for (const back of [decodeParquet(bytes), generally(bytes, table)]) {
      expect(Array.from(back.getChild("values")!)).toEqual(Array.from(values));
      expect(Array.from(back.getChild("texts")!)).toEqual(texts);
      expect(Array.from(back.getChild("runs")!)).toEqual(Array.from(table.getChild("runs")!));
    }
  });

  it("hold bytes of every kind under Snappy: runs, noise, far and near repeats", () => {
    const random = stream("parquet-write-bytes", 3);
    const word = (): string => Array.from({ length: 1 + Math.floor(random.next() * 30) }, () => String.fromCharCode(97 + Math.floor(random.next() * 26))).join("");
    const words = Array.from({ length: 300 }, word);
    for (let round = 0; round < 14; round++) {
      const size = Math.floor(random.next() * 9000);
      const texts = Array.from({ length: 1 + (round % 7) }, (_, k) => {
        if (k % 3 === 0) return word().slice(0, 1 + (k % 2)).repeat(size);
        if (k % 3 === 1) return Array.from({ length: size / 8 }, word).join("");
        return Array.from({ length: size / 4 }, () => words[Math.floor(random.next() * words.length)]).join(" ");
      });
      const bytes = written(new Table({ texts: vectorFromArray(texts, new Utf8()) }));
      expect(Array.from(decodeParquet(bytes).getChild("texts")!)).toEqual(texts);
    }
  });

  it("note the least and greatest values, and leave out NaN and long texts", () => {
    const table = new Table({
      f: vectorFromArray([NaN, 0, 2.5, null], new Float64()),
      nan: vectorFromArray([NaN, NaN, NaN, null], new Float64()),
      i: vectorFromArray([-5n, 9_007_199_254_740_993n, 3n, null], new Int64()),
      u: vectorFromArray([4_000_000_000, 1, 2, null], new Uint32()),
      s: vectorFromArray(["b", "aé", "b ", null], new Utf8()),
      long: vectorFromArray(["b", "x".repeat(65), "a", null], new Utf8()),
      c: vectorFromArray(["q", "p", "p", null], new Dictionary(new Utf8(), new Int32())),
    });
    const bounds = footerOf(written(table.slice(0, 4))).groups[0].chunks.map(({ statistics }) => statistics!);
    const view = (bytes: Uint8Array | null): DataView => new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.length);
    expect(bounds.map(({ nulls }) => nulls)).toEqual(Array(7).fill(1));
    expect([view(bounds[0].min).getFloat64(0, true), view(bounds[0].max).getFloat64(0, true)]).toEqual([-0, 2.5]);
    expect([bounds[1].min, bounds[5].min, bounds[5].max]).toEqual([null, null, null]);
    expect([view(bounds[2].min).getBigInt64(0, true), view(bounds[2].max).getBigInt64(0, true)]).toEqual([-5n, 9_007_199_254_740_993n]);
    expect([view(bounds[3].min).getUint32(0, true), view(bounds[3].max).getUint32(0, true)]).toEqual([1, 4_000_000_000]);
    expect([bounds[4].min, bounds[4].max, bounds[6].min, bounds[6].max].map((bytes) => Buffer.from(bytes!).toString())).toEqual(["aé", "b ", "p", "q"]);
  });

  it("keep what the schema says of itself", () => {
    const fields = tableFromColumns({ a: [1] }).schema.fields.map((field) => new Field(field.name, field.type, field.nullable));
    const table = new Table(new (tableFromColumns({ a: [1] }).schema.constructor as new (fields: Field[], metadata: Map<string, string>) => Table["schema"])(fields, new Map([["about", "héllo"]])), tableFromColumns({ a: [1, 2] }).batches);
    expect(decodeParquet(written(table)).schema.metadata.get("about")).toBe("héllo");
  });
});

describe("what is left to the general writer", () => {
  it("comes back all the same", () => {
    const seconds = new Table({ t: vectorFromArray([0, 1000], new TimestampSecond()), a: vectorFromArray([1, 2], new Int32()) });
    expect(encodePlainParquet(seconds, "snappy", 100)).toBeNull();
    const lists = new Table({ l: vectorFromArray([[1, 2], [3]]) });
    expect(encodePlainParquet(lists, "snappy", 100)).toBeNull();
    expect(JSON.stringify(decodeParquet(encodeParquet(lists)).toArray())).toBe(JSON.stringify(lists.toArray()));
  });

  it.each(Object.keys(COMPRESSIONS) as Compression[])("is read from its %s files too", (compression) => {
    const table = everyType(300, true).select(["f64", "few", "bool"]);
    expect(contents(decodeParquet(writeGenerally(table, compression, 100)))).toEqual(contents(table));
  });
});

describe("the same bytes everywhere", () => {
  // `written.json` is what pyarrow reads in that file, and pandas and polars with it: test/reference/tables.py.
  const file = join(data, "written.parquet");

  it.each(["threads", "simd", "plain"] as const)("as the file that the peers have read (%s)", (variant) => {
    useVariant(variant);
    const bytes = written(everyType(300, true), "snappy", 200);
    if (!existsSync(file) || process.env.RUNLAB_UPDATE_EXPECTED === "1") writeFileSync(file, bytes);
    expect(Buffer.compare(bytes, readFileSync(file))).toBe(0);
  });

  it("of which the peers read what was written", () => {
    const seen = JSON.parse(readFileSync(join(data, "written.json"), "utf8")) as Record<string, unknown[]>;
    expect(seen).toEqual(contents(everyType(300, true)));
  });
});
