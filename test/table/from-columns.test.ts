import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { concat, head, missingIn, readTable, tableFromColumns, takeRows } from "../../src/table/index.js";

describe("columns written in the program", () => {
  it("hold dates that are, or null", () => {
    expect(() => tableFromColumns({ day: [new Date(0), new Date("soon")] })).toThrow(RunlabError);
    expect(() => tableFromColumns({ day: [new Date(0), new Date("soon")] })).toThrow(/"day" holds a date that is none, in row 1/);
    expect(tableFromColumns({ day: [new Date(0), null] }).getChild("day")!.nullCount).toBe(1);
  });
});

describe("a path", () => {
  it.each([[undefined], [[undefined]], [null], [[]], [""]])("is not %j", async (path) => {
    await expect(readTable(path as never)).rejects.toThrow("readTable takes the path of a file");
  });
});

describe("what is no list, no column and no table", () => {
  const table = tableFromColumns({ a: [1, 2] });

  it.each([
    ["a column that is a text", () => tableFromColumns({ a: "abc" as never })],
    ["a column that is null", () => tableFromColumns({ a: null as never })],
    ["one table to concat", () => concat(table as never)],
    ["nothing to concat", () => concat(undefined as never)],
    ["a number for rows", () => takeRows(table, 1 as never)],
    ["null for rows", () => takeRows(table, null as never)],
    ["a text for a column", () => missingIn("a" as never)],
    ["a table for a text", () => tableFromColumns({ a: table as never })],
    ["an object without a text", () => tableFromColumns({ a: Object.create(null) as never })],
  ])("is refused in one line: %s", (_, act) => {
    expect(act).toThrow(RunlabError);
    expect(act).toThrow(/^[^\n]+$/);
  });

  it("a table without columns has a head too", () => {
    expect(head(tableFromColumns({})).numRows).toBe(0);
  });
});
