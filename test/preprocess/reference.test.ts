import { readFileSync } from "node:fs";
import type { Table } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { TRANSFORMERS, datetimeParts, powerTransform, targetEncode } from "../../src/preprocess/index.js";
import type { DatePart } from "../../src/preprocess/index.js";
import { normalQuantile } from "../../src/preprocess/normal-quantile.js";
import { categoryVector, columnNames, numbersOf, tableFromColumns } from "../../src/table/index.js";

const reference = JSON.parse(readFileSync(new URL("../reference/preprocess.json", import.meta.url), "utf8"));
const numbers = (part: string): Table => tableFromColumns(reference[part]);
const categories = (part: string): Table => tableFromColumns(Object.fromEntries(Object.entries(reference[part]).map(([name, values]) => [name, categoryVector(values as string[])])));
const create = (name: string, options: object) => TRANSFORMERS.find((row) => row.name === name)!.create(options as Record<string, unknown>);

type Columns = Record<string, (number | null)[]>;

/** Every value within `tolerance` of its size, or of 1; another bound for the columns that `loose` names. */
function same(out: Table, expected: Columns, tolerance: number, loose: Record<string, number> = {}): void {
  for (const [column, values] of Object.entries(expected)) {
    const found = numbersOf(out, column);
    values.forEach((value, row) => {
      if (value === null) expect(found[row], `${column} row ${row}`).toBeNaN();
      else expect(Math.abs(found[row] - value), `${column} row ${row}: ${found[row]} for ${value}`).toBeLessThanOrEqual((loose[column] ?? tolerance) * Math.max(1, Math.abs(value)));
    });
  }
}

const ON_CATEGORIES = ["oneHot", "ordinal"];
const ON_WHOLE = ["polynomial", "discretise"];
/** "far" has mean 1e6 and deviation 0.01: the last bit of the mean is 1e-8 of a deviation, and 1e-9 of a range. */
const FAR: Record<string, number> = { scale: 2e-8, robustScale: 2e-8, minMaxScale: 2e-8, quantileTransform: 2e-8 };

const CASES = ["impute", "scale", "oneHot", "robustScale", "minMaxScale", "maxAbsScale", "quantileTransform", "ordinal", "polynomial", "discretise"].flatMap((name) => reference[name].map((each: any) => ({ name, ...each })));

describe.each(CASES)("scikit-learn, $name $options", ({ name, options, expected }) => {
  it("names and fills the same columns", () => {
    const [train, test] = ON_CATEGORIES.includes(name) ? [categories("categoryTrain"), categories("categoryTest")] : ON_WHOLE.includes(name) ? [numbers("wholeTrain"), numbers("wholeTest")] : [numbers("train"), numbers("test")];
    const out = create(name, options).fit(train).transform(test);
    const others = columnNames(test).filter((column) => (options.columns ?? columnNames(test)).includes(column) === false);
    expect(columnNames(out).filter((column) => !others.includes(column))).toEqual(Object.keys(expected));
    same(out, expected, 1e-12, FAR[name] === undefined ? {} : { far: FAR[name] });
  });
});

describe.each(reference.powerTransform as { options: { columns: string[] }; lambdas: number[]; expected: Columns }[])("scikit-learn, powerTransform $options", ({ options, lambdas, expected }) => {
  it("finds the same powers and values", () => {
    const step = powerTransform(options).fit(numbers("skewedTrain"));
    const state = step.toJSON().state as { name: string; lambda: number }[];
    state.forEach(({ name, lambda }, i) => expect(Math.abs(lambda - lambdas[i]), `${name}: ${lambda} for ${lambdas[i]}`).toBeLessThan(1e-6));
    same(step.transform(numbers("skewedTest")), expected, 1e-5);
  });
});

describe.each(reference.targetEncode as { target: string; options: object; crossFitted: Columns; expected: Columns }[])("scikit-learn, targetEncode of $target $options", ({ target, options, crossFitted, expected }) => {
  it("encodes training rows out of fold and other rows by all", () => {
    const table = categories("categoryTrain");
    const train = tableFromColumns({ ...Object.fromEntries(columnNames(table).map((name) => [name, table.getChild(name)!])), y: reference.targets[target] });
    const step = targetEncode(options);
    const changed = step.fitTransform(train, { target: "y" });
    expect(columnNames(changed)).toEqual([...Object.keys(crossFitted), "y"]);
    same(changed, crossFitted, 1e-12);
    same(step.transform(categories("categoryTest")), expected, 1e-12);
  });
});

describe("pandas, datetimeParts", () => {
  it("reads the same parts, before 1970 and on leap days too", () => {
    const { milliseconds, parts, month_sin, hour_cos } = reference.datetimeParts;
    const table = tableFromColumns({ t: milliseconds.map((ms: number) => new Date(ms)) });
    const out = datetimeParts({ parts: Object.keys(parts) as DatePart[] }).fitTransform(table);
    for (const [part, values] of Object.entries(parts)) expect([...out.getChild(`t_${part}`)!], part).toEqual(values);
    const cyclic = datetimeParts({ cyclic: true }).fitTransform(table);
    same(cyclic, { t_month_sin: month_sin, t_hour_cos: hour_cos }, 1e-12);
  });
});

describe("scipy, normalQuantile", () => {
  it("agrees to the last digits", () => {
    // scipy.stats.norm.ppf
    for (const [p, value] of [[1e-300, -37.0471], [1e-7, -5.199337582192817], [0.001, -3.090232306167813], [0.025, -1.9599639845400545], [0.3, -0.5244005127080409], [0.5, 0], [0.9, 1.2815515655446004], [0.9999, 3.719016485455709]] as const) {
      expect(Math.abs(normalQuantile(p) - value)).toBeLessThan(p < 1e-100 ? 1e-4 : 1e-12 * Math.max(1, Math.abs(value)));
    }
  });
});
