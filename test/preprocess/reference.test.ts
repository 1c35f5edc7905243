import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TRANSFORMERS } from "../../src/preprocess/index.js";
import { categoryVector, columnNames, numbersOf, tableFromColumns } from "../../src/table/index.js";

const reference = JSON.parse(readFileSync(new URL("../reference/preprocess.json", import.meta.url), "utf8"));
const numbers = (part: string) => tableFromColumns(reference[part]);
const categories = (part: string) => tableFromColumns(Object.fromEntries(Object.entries(reference[part]).map(([name, values]) => [name, categoryVector(values as string[])])));
const create = (name: string, options: object) => TRANSFORMERS.find((row) => row.name === name)!.create(options as Record<string, unknown>);

const CASES = (["impute", "scale", "oneHot"] as const).flatMap((name) => reference[name].map((each: any) => ({ name, ...each })));

describe.each(CASES)("scikit-learn, $name $options", ({ name, options, expected }) => {
  it("names and fills the same columns", () => {
    const [train, test] = name === "oneHot" ? [categories("categoryTrain"), categories("categoryTest")] : [numbers("train"), numbers("test")];
    const out = create(name, options).fit(train).transform(test);
    expect(columnNames(out)).toEqual(Object.keys(expected));
    for (const [column, values] of Object.entries(expected) as [string, (number | null)[]][]) {
      const found = numbersOf(out, column);
      values.forEach((value, row) => {
        if (value === null) expect(found[row]).toBeNaN();
        // "far" has mean 1e6 and deviation 0.01: the last bit of the mean is 1e-8 of a deviation.
        else expect(Math.abs(found[row] - value), `${column} row ${row}`).toBeLessThanOrEqual((column === "far" ? 2e-8 : 1e-12) * Math.max(1, Math.abs(value)));
      });
    }
  });
});
