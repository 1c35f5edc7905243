import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SPLITTERS } from "../../src/split/index.js";
import { tableFromColumns } from "../../src/table/index.js";

const reference = JSON.parse(readFileSync(new URL("../reference/splits.json", import.meta.url), "utf8"));
const table = tableFromColumns({ y: reference.labels, group: reference.groups });

describe.each(reference.cases as { name: string; options: Record<string, unknown>; folds: { train: number[]; test: number[] }[] }[])("scikit-learn, $name $options", ({ name, options, folds }) => {
  it("makes the same rounds", () => {
    const found = [...SPLITTERS.find((row) => row.name === name)!.create(options).split(table, { target: "y" })];
    expect(found.map(({ test }) => [...test])).toEqual(folds.map(({ test }) => test));
    // Of the rows to learn from, the reference keeps the first, the last and how many.
    expect(found.map(({ train }) => [train[0], train.at(-1), train.length])).toEqual(folds.map(({ train }) => train));
  });
});
