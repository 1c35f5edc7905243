import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Field, Float64, Int32, Schema, Utf8 } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnNames, dropMissing, head, readTable, requireColumn, select, tableFromColumns, takeRows, writeTable } from "../../src/table/index.js";

// What is quadratic in the columns takes minutes at this width, and the test's own time limit then ends it.
const WIDTH = 100_000;
const names = Array.from({ length: WIDTH }, (_, i) => `column number ${i}`);

let folder = "";
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "runlab-wide-")); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a hundred thousand columns", () => {
  it.each([
    ["csv", () => `${names.join(",")}\n${names.map((_, i) => i).join(",")}\n`],
    ["json", () => JSON.stringify([Object.fromEntries(names.map((name, i) => [name, i]))])],
  ])("are read from %s, looked up, selected and written", { timeout: 120_000 }, async (extension, text) => {
    const path = join(folder, `wide.${extension}`);
    writeFileSync(path, text());
    const table = await readTable(path);
    expect([table.numRows, table.numCols]).toEqual([1, WIDTH]);
    expect(requireColumn(table, names[WIDTH - 1]).get(0)).toBe(WIDTH - 1);
    const backwards = select(head(dropMissing(table)), [...names].reverse());
    expect(columnNames(backwards)[0]).toBe(names[WIDTH - 1]);
    expect(takeRows(backwards, Uint32Array.of(0, 0)).getChildAt(0)!.toArray()).toEqual(Int32Array.of(WIDTH - 1, WIDTH - 1));
    const again = join(folder, `again.${extension}`);
    await writeTable(table, again);
    expect((await readTable(again, { columns: names })).numCols).toBe(WIDTH);
  });

  it("still may not have one name twice", async () => {
    const path = join(folder, "twice.csv");
    writeFileSync(path, `${names.join(",")},${names[7]}\n`);
    await expect(readTable(path)).rejects.toThrow(`columns 8 and ${WIDTH + 1} have the same name`);
  });
});

describe("Schema.assign", () => {
  const field = (name: string, type = new Float64() as Float64 | Int32 | Utf8, metadata?: [string, string][]): Field => new Field(name, type, true, new Map(metadata));
  it("replaces fields in their place, adds others at the end, and joins metadata, new values first", () => {
    const before = new Schema([field("a", new Float64(), [["unit", "g"], ["kept", "1"]]), field("b"), field("b", new Utf8())], new Map([["m", "1"], ["n", "1"]]));
    const after = before.assign(new Schema([field("c"), field("b", new Int32()), field("a", new Int32(), [["unit", "kg"]])], new Map([["m", "2"]])));
    expect(after.fields.map(String)).toEqual(["a: Int32", "b: Int32", "b: Utf8", "c: Float64"]);
    expect([...after.fields[0].metadata]).toEqual([["unit", "kg"], ["kept", "1"]]);
    expect([...after.metadata]).toEqual([["m", "2"], ["n", "1"]]);
    expect(before.assign(field("d")).fields.map(({ name }) => name)).toEqual(["a", "b", "b", "d"]);
    expect(before.assign([field("a"), field("e")]).fields.map(({ name }) => name)).toEqual(["a", "b", "b", "e"]);
    expect(before.fields.map(String)).toEqual(["a: Float64", "b: Float64", "b: Utf8"]);
  });

  it("keeps dictionaries", () => {
    const category = tableFromColumns({ a: ["x"] }).schema.assign(new Schema([field("b")]));
    expect(category.dictionaries.size).toBe(0);
  });
});
