import { expect, test } from "vitest";
import { diffRuns, diffText } from "../../src/diff/index.js";
import { run } from "./documents.js";

test("runs with 150,000 metrics are compared like any other", () => {
  const metrics = Array.from({ length: 150_000 }, (_, at) => ({ name: `m${at}`, value: at, source: "log" as const, greater_is_better: null }));
  const [a, b] = ["aaaa", "bbbb"].map((tag, at) => run(tag, { metrics: metrics.map((metric) => ({ ...metric, value: metric.value + at })) }));
  const diff = diffRuns([a, b]);
  expect(diff.sections.find((section) => section.id === "metrics")!.summary).toContain("150000");
  expect(diffText(diff, { width: 80, color: false })).toContain("m149999");
});
