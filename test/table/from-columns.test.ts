import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { readTable, tableFromColumns } from "../../src/table/index.js";

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
