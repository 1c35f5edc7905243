import { describe, expect, it } from "vitest";
import { compile } from "vega-lite";
import { categoryVector, profile, readTable, tableFromColumns } from "../../src/table/index.js";

const notebooks = new URL("../../notebooks/data/", import.meta.url).pathname;

describe("profile", () => {
  it("counts and measures every kind of column", async () => {
    const { columns, rows } = profile(await readTable(`${notebooks}penguins.parquet`));
    const by = Object.fromEntries(columns.map((column) => [column.name, column]));
    expect(rows).toBe(344);
    expect(by.species).toMatchObject({ kind: "category", missing: 0, distinct: 3, top: [{ value: "Adelie", count: 152 }, { value: "Gentoo", count: 124 }, { value: "Chinstrap", count: 68 }] });
    // pandas: penguins.body_mass_g.describe()
    expect(by.body_mass_g).toMatchObject({ kind: "number", missing: 2, quantiles: { min: 2700, q25: 3550, median: 4050, q75: 4750, max: 6300 } });
    expect(by.body_mass_g.mean).toBeCloseTo(4201.754386, 6);
    expect(by.body_mass_g.std).toBeCloseTo(801.954536, 6);
    for (const { bars } of columns) if (bars.length > 0) expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBeGreaterThan(300);
  });

  it("gives whole numbers of few values a bar each", () => {
    expect(profile(tableFromColumns({ month: [1, 1, 2, 4] })).columns[0].bars).toEqual([1, 2, 3, 4].map((month) => ({ from: month - 0.5, to: month + 0.5, count: [2, 1, 0, 1][month - 1] })));
    expect(profile(tableFromColumns({ one: [7, 7] })).columns[0].bars).toEqual([{ from: 6.5, to: 7.5, count: 2 }]);
  });

  it("warns of what to look at", () => {
    const many = Array.from({ length: 60 }, (_, i) => i);
    const table = tableFromColumns({
      id: many.map((i) => `id ${i}`), codes: [...many.slice(0, 55), ...many.slice(0, 5)].map((i) => `c${i}`), constant: many.map(() => "x"), seven: many.map(() => 7),
      none: many.map(() => null), few: many.map((i) => (i < 59 ? null : i)), infinite: many.map((i) => (i === 0 ? Infinity : i)), fine: many,
    });
    expect(profile(table).warnings).toEqual([
      "id: 60 different texts in 60 rows: an identifier?", "codes: 55 categories", 'constant: every value is "x"', "seven: every value is 7",
      "none: no value at all", "few: 98 % of the values are missing", "infinite: 1 values are infinite",
    ]);
  });

  it("shows a table with pictures, in which no text of the data runs", () => {
    const table = tableFromColumns({ "<b>": categoryVector(["<script>alert(1)</script>", '"&', null]), n: [1, 2, null], t: [new Date(0), null, null], l: [true, false, null] });
    const found = profile(table);
    const { "text/html": html, "text/plain": text } = (found as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();
    expect(html).not.toMatch(/<script|<b>&|"&"/);
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(text.split("\n").at(-1)).toBe("3 rows × 4 columns");
    expect(text).toContain("1970-01-01");
    expect(profile(tableFromColumns({})).toString()).toBe("column  kind  missing  distinct  values\n0 rows × 0 columns");
  });

  it("draws pictures that vega-lite takes", () => {
    const { plots } = profile(tableFromColumns({ n: [1.5, 2, 9], c: ["a", "b", "a"], t: [new Date(0), new Date(1e12), null], none: [null, null, null] }));
    expect(Object.keys(plots)).toEqual(["n", "c", "t"]);
    for (const spec of Object.values(plots)) expect(compile(spec as never, { logger: { warn: (message: string) => { throw new Error(message); }, level: () => 0, info() {}, debug() {}, error() {} } as never }).spec).toBeDefined();
  });
});
