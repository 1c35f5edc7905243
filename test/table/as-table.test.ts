import { tmpdir } from "node:os";
import { join } from "node:path";
import { Vector } from "apache-arrow";
import type { Table } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { asTable, columnNames, dropMissing, head, labelsOf, matrixOf, numbersOf, readReport, readTable, requireColumn, select, tableFromColumns, tablePreview, takeRows, writeTable } from "../../src/table/index.js";

const table = tableFromColumns({ island: ["Dream"], mass: [3700] });
const path = join(tmpdir(), "runlab-never-written.csv");

/** The functions that take a table; each is given it in the same way. */
const TAKERS: Record<string, (value: Table) => unknown> = {
  columnNames, readReport, tablePreview, head, dropMissing,
  select: (value) => select(value, ["mass"]),
  requireColumn: (value) => requireColumn(value, "mass"),
  numbersOf: (value) => numbersOf(value, "mass"),
  labelsOf: (value) => labelsOf(value, "island"),
  matrixOf: (value) => matrixOf(value, ["mass"]),
  takeRows: (value) => takeRows(value, Uint32Array.of(0)),
  writeTable: (value) => writeTable(value, path),
};

/** What others call too: their own names would mislead. */
const UNNAMED = new Set(["columnNames", "requireColumn"]);

describe("a table is needed", () => {
  it.each([
    ["a Promise", Promise.resolve(table), "a Promise"],
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["an array", [{ a: 1 }], "an array"],
    ["a path", "a.csv", '"a.csv"'],
    ["a number", 3, "3"],
    ["an object", { a: [1] }, "an object"],
    ["an object without a prototype", Object.create(null), "an object"],
    ["a function", readTable, "a function"],
  ])("where %s is given", async (_, value, received) => {
    for (const [name, take] of Object.entries(TAKERS)) {
      const error: unknown = await (async () => take(value as never))().then(() => null, (reason: unknown) => reason);
      expect(error, name).toBeInstanceOf(RunlabError);
      expect((error as Error).message).toBe(`${UNNAMED.has(name) ? "" : `${name}: `}a table is needed; received ${received}; allowed: an Arrow table, such as \`await readTable(…)\``);
    }
  });

  it("is the table itself, and functions of columns still take a column", () => {
    expect(asTable(table, "split")).toBe(table);
    const mass = table.getChild("mass")!;
    expect(mass).toBeInstanceOf(Vector);
    expect(numbersOf(mass)).toEqual(Float64Array.of(3700));
    expect(labelsOf(mass).levels).toEqual([3700]);
  });

  it("says where the path goes", async () => {
    await expect(writeTable("a.csv" as never, table as never)).rejects.toThrow('writeTable: a table is needed; received "a.csv"');
    await expect(writeTable(table, undefined as never)).rejects.toThrow("writeTable takes the path of a file after the table; received undefined");
  });
});

describe("a list of names is needed", () => {
  it("where a text is given", async () => {
    const penguins = new URL("../../notebooks/data/penguins.parquet", import.meta.url).pathname;
    await expect(readTable(penguins, { columns: "island" as never })).rejects.toThrow('readTable: columns is a list of names; received "island"; allowed: ["island"]');
    await expect(readTable(penguins, { missing: "NA" as never })).rejects.toThrow('readTable: missing is a list of texts; received "NA"');
    for (const [name, take] of Object.entries({ select, dropMissing, matrixOf })) {
      expect(() => take(table, "island" as never), name).toThrow(`${name}: columns is a list of names; received "island"; allowed: ["island"]`);
      expect(() => take(table, null as never), name).toThrow(`${name}: columns is a list of names; received null`);
    }
  });
});
