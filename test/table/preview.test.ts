import { expect, it } from "vitest";
import { categoryVector, tableFromColumns, tablePreview } from "../../src/table/index.js";

it("shows types, missing values and the size, as text", () => {
  const table = tableFromColumns({ mass: [3700.123456789, null, 1], sex: categoryVector(["male", null, "female"]), when: [new Date(0), null, new Date(1500)] });
  expect(tablePreview(table)["text/plain"]).toBe([
    "    mass  sex       when",
    " float64  category  timestamp<millisecond>",
    "3700.123  male      1970-01-01 00:00:00",
    "    null  null      null",
    "       1  female    1970-01-01 00:00:01.500",
    "3 rows × 3 columns",
  ].join("\n"));
});

it("shows ten rows of many, and says so", () => {
  const preview = tablePreview(tableFromColumns({ a: Float64Array.from({ length: 12_345 }, (_, i) => i) }));
  expect(preview["text/plain"].split("\n")).toHaveLength(14);
  expect(preview["text/plain"]).toContain("12,345 rows × 1 column");
  expect(preview["text/html"].match(/<tr>/g)).toHaveLength(11);
  expect(preview["text/html"]).toContain("the first 10 shown");
});

it("escapes whatever the data holds", () => {
  const { "text/html": html } = tablePreview(tableFromColumns({ '<img src=x onerror="a">': ["<script>alert(1)</script>", "a&b'\""] }));
  expect(html).not.toMatch(/<img|<script|onerror="/);
  expect(html).toContain("&#60;script&#62;");
});

it("shows a table without rows or columns", () => {
  expect(tablePreview(tableFromColumns({}))["text/plain"]).toBe("0 rows × 0 columns");
  expect(tablePreview(tableFromColumns({ a: [] }))["text/plain"]).toContain("0 rows × 1 column");
});
