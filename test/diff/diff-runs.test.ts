import { describe, expect, test } from "vitest";
import { diffHtml, diffRuns, diffText, type DiffSection, type RunDiff } from "runlab/diff";
import { CURVE_POINTS } from "../../src/diff/curves.js";
import type { RunDocument } from "runlab/format";
import { CELL, run, withTrees } from "./documents.js";

const section = (diff: RunDiff, id: string): DiffSection => diff.sections.find((each) => each.id === id) as DiffSection;
const rows = (diff: RunDiff, id: string) => {
  const found = section(diff, id);
  if (found.kind !== "table") throw new Error(`${id} is no table`);
  return found.rows;
};

describe("headline", () => {
  test("one flag changed: the parameter that it sets is not counted twice, its magic line is not code", () => {
    const diff = diffRuns([run("aaaa"), withTrees("bbbb", 200, 0.958)]);
    expect(diff.headline).toBe("config: 1 flag; same code, data, seed and environment; accuracy +0.8 points");
    expect(diff.inputs.map(({ name, changed, summary }) => [name, changed, summary])).toEqual([
      ["code", false, "same"],
      ["data", false, "same"],
      ["config", true, "1 flag"],
      ["seed", false, "same"],
      ["environment", false, "same"],
    ]);
  });

  test("only the seed changed: one pair of runs cannot tell", () => {
    const other = run("bbbb", { meta: { seed: 43 }, metrics: [{ name: "accuracy", value: 0.93, source: "evaluate", greater_is_better: true }] });
    expect(diffRuns([run("aaaa"), other]).headline).toBe("seed: 42 → 43; same config, code, data and environment; accuracy -2 points (one seed: cannot tell)");
  });

  test("the seed changed along with a flag: still cannot tell", () => {
    expect(diffRuns([run("aaaa"), withTrees("bbbb", 200, 0.958, { meta: { seed: 43 } })]).headline).toBe("config: 1 flag; seed: 42 → 43; same code, data and environment; accuracy +0.8 points (one seed: cannot tell)");
  });

  test("nothing changed", () => {
    expect(diffRuns([run("aaaa"), run("bbbb")]).headline).toBe("same config, code, data, seed and environment; accuracy unchanged");
    expect(diffRuns([run("aaaa"), run("bbbb")]).sections.filter((each) => each.changed)).toEqual([]);
  });

  test("a metric that moved although nothing else did is said plainly", () => {
    const other = run("bbbb", { metrics: [{ name: "accuracy", value: 0.96, source: "evaluate", greater_is_better: true }] });
    expect(diffRuns([run("aaaa"), other]).headline).toBe("same config, code, data, seed and environment; accuracy +1 points although all five inputs are the same");
  });

  test("a metric that is no share is given in its own unit", () => {
    const rmse = (value: number): Partial<RunDocument> => ({ metrics: [{ name: "rmse", value, source: "evaluate", greater_is_better: false }] });
    const diff = diffRuns([run("aaaa", { ...rmse(12.5), meta: { main_metric: "rmse" } }), run("bbbb", { ...rmse(11.25), meta: { main_metric: "rmse" } })]);
    expect(diff.headline).toMatch(/; rmse -1\.25 although/);
    expect(rows(diff, "metrics")[0]).toMatchObject({ key: "rmse", change: -1.25, better: true });
  });

  test("three runs give the range", () => {
    expect(diffRuns([run("aaaa"), withTrees("bbbb", 200, 0.958), withTrees("cccc", 300, 0.94)]).headline).toBe("config: 1 flag; same code, data, seed and environment; accuracy 0.94 to 0.958");
  });

  test("a crashed run without config, data or environment is compared as far as it goes", () => {
    const crashed = run("bbbb", { meta: { status: "crashed" }, metrics: [], inputs: [], environment: null, config: { flags: { n_estimators: 100 }, steps: [] }, code: {} });
    expect(diffRuns([run("aaaa"), crashed]).headline).toBe("config: 2 steps; same seed; code, data and environment not recorded; accuracy not in every run");
  });

  test("one run, or nine, is refused with one line", () => {
    expect(() => diffRuns([run("aaaa")])).toThrow("a diff takes several runs; received 1; allowed: 2 to 8 runs");
    expect(() => diffRuns(Array.from({ length: 9 }, () => run("aaaa")))).toThrow("received 9");
  });
});

describe("sections", () => {
  test("config: flags first, then parameters, with what was implicit", () => {
    const diff = diffRuns([run("aaaa"), withTrees("bbbb", 200, 0.958)]);
    expect(rows(diff, "config").map(({ key, values, changed, implicit }) => ({ key, values, changed, implicit }))).toEqual([
      { key: "n_estimators", values: [100, 200], changed: true, implicit: undefined },
      { key: "split.target", values: ["species", "species"], changed: false, implicit: undefined },
      { key: "split.testSize", values: [0.25, 0.25], changed: false, implicit: [true, true] },
      { key: "RandomForestClassifier.nEstimators", values: [100, 200], changed: true, implicit: undefined },
      { key: "RandomForestClassifier.maxDepth", values: [null, null], changed: false, implicit: [true, true] },
    ]);
  });

  test("a step that runs twice has two sets of parameters; lists and nested options are told apart", () => {
    const steps = [
      { step: "Ridge", params: { alpha: 1, nested: { deep: [1, 2] } }, chosen: ["alpha"] },
      { step: "Ridge", params: { alpha: 2, nested: { deep: [1, 3] } }, chosen: [] },
    ];
    const diff = diffRuns([run("aaaa", { config: { flags: {}, steps } }), run("bbbb", { config: { flags: {}, steps: steps.slice(0, 1) } })]);
    expect(rows(diff, "config").filter((row) => row.changed).map(({ key, values }) => [key, values])).toEqual([
      ["Ridge #2", ["used", undefined]],
      ["Ridge #2.alpha", [2, undefined]],
      ["Ridge #2.nested.deep", ["[1,3]", undefined]],
    ]);
    expect(section(diff, "config").summary).toBe("1 step");
  });

  test("metrics: the main one first, lower is better where it is", () => {
    const other = run("bbbb", { metrics: [{ name: "log_loss", value: 0.3, source: "evaluate", greater_is_better: false }, { name: "accuracy", value: 0.96, source: "evaluate", greater_is_better: true }, { name: "own", value: 1, source: "log", greater_is_better: null }] });
    const diff = diffRuns([run("aaaa"), other]);
    expect(rows(diff, "metrics").map(({ key, better }) => [key, better])).toEqual([["accuracy", true], ["log_loss", false], ["own", undefined]]);
    expect(section(diff, "metrics").summary).toBe("3 metrics of 3 differ");
  });

  test("data: content, size and the type of a column, by path", () => {
    const other = run("bbbb");
    const [table] = other.inputs;
    const diff = diffRuns([run("aaaa"), { ...other, inputs: [{ ...table, sha256: "ef".repeat(32), rows: 343, schema: [{ name: "species", type: "Dictionary<Int32, Utf8>", nullable: true }] }] }]);
    expect(rows(diff, "data").filter((row) => row.changed).map(({ key, values }) => [key, values])).toEqual([
      ["data/penguins.parquet: content", ["abababababab", "efefefefefef"]],
      ["data/penguins.parquet: rows", [344, 343]],
      ["data/penguins.parquet: type of species", ["Utf8", "Dictionary<Int32, Utf8>, may be missing"]],
    ]);
    expect(section(diff, "data").summary).toBe("1 file changed");
  });

  test("the same bytes under another name are the same data", () => {
    const other = run("bbbb");
    const diff = diffRuns([run("aaaa"), { ...other, inputs: other.inputs.map((input) => ({ ...input, path: "copy.parquet" })) }]);
    expect(diff.inputs.find((input) => input.name === "data")).toMatchObject({ changed: false, summary: "same" });
    expect(section(diff, "data").summary).toBe("2 files not read by all");
  });

  test("environment: only what differs; another processor is shown and is no other environment", () => {
    const other = run("bbbb");
    const newer = { ...other.environment!, node: "24.1.0", packages: { runlab: "0.1.0" } };
    const diff = diffRuns([run("aaaa"), { ...other, environment: newer }]);
    expect(rows(diff, "environment").map(({ key, values }) => [key, values])).toEqual([["Node", ["20.20.2", "24.1.0"]], ["package apache-arrow", ["21.2.0", undefined]]]);
    const cpu = diffRuns([run("aaaa"), { ...other, environment: { ...other.environment!, cpu: "B" } }]);
    expect(rows(cpu, "environment").map((row) => row.key)).toEqual(["processor"]);
    expect(cpu.inputs.find((input) => input.name === "environment")?.changed).toBe(false);
  });

  test("curves: a metric with two points at least, thinned without losing a spike", () => {
    const history = (spike: number) => Array.from({ length: 100_000 }, (_, i) => ({ i, step: i, t: i, values: { loss: i === 77_777 ? spike : 1 / (i + 1), ...(i === 0 ? { once: 1 } : {}) } }));
    const diff = diffRuns([run("aaaa", { history: history(50) }), run("bbbb", { history: history(60) })]);
    const curves = section(diff, "curves");
    if (curves.kind !== "curves") throw new Error("no curves");
    expect(curves.metrics.map((metric) => metric.name)).toEqual(["loss"]);
    for (const [at, { points }] of curves.metrics[0].series.entries()) {
      expect(points.length).toBeLessThanOrEqual(CURVE_POINTS);
      expect(points.length).toBeGreaterThan(CURVE_POINTS / 2);
      expect(points[0]).toEqual([0, 1]);
      expect(points.at(-1)).toEqual([99_999, 1 / 100_000]);
      expect(points).toContainEqual([77_777, at === 0 ? 50 : 60]);
      expect(points.every(([step], i) => i === 0 || step > points[i - 1][0])).toBe(true);
    }
  });

  test("code: the lines that changed with their numbers; a missing line end is no change", () => {
    const changed = CELL.replace("nEstimators: config.n_estimators", "nEstimators: config.n_estimators, maxDepth: 3").trimEnd();
    const diff = diffRuns([run("aaaa"), run("bbbb", { code: { "cell.ts": changed, "run.ts": "x" } })]);
    const code = section(diff, "code");
    if (code.kind !== "code") throw new Error("no code");
    expect(code.summary).toBe("1 line");
    expect(code.files.map((file) => file.path)).toEqual(["cell.ts"]);
    const [hunk] = code.files[0].hunks;
    expect(hunk.oldStart).toBe(2);
    expect(hunk.lines.filter((line) => line.mark !== " ")).toEqual([
      { mark: "-", text: "const model = new RandomForestClassifier({ nEstimators: config.n_estimators }).fit(train);" },
      { mark: "+", text: "const model = new RandomForestClassifier({ nEstimators: config.n_estimators, maxDepth: 3 }).fit(train);" },
    ]);
    expect(diffRuns([run("aaaa"), run("bbbb", { code: { "cell.ts": CELL.trimEnd().replaceAll("\n", "\r\n") } })]).inputs[0].changed).toBe(false);
  });

  test("code of a megabyte that shares nothing is shown as two blocks", () => {
    const text = (word: string): string => Array.from({ length: 30_000 }, (_, i) => `${word} ${i} and some more words to fill a line`).join("\n");
    const diff = diffRuns([run("aaaa", { code: { "cell.ts": text("old") } }), run("bbbb", { code: { "cell.ts": text("new") } })]);
    const code = section(diff, "code");
    if (code.kind !== "code") throw new Error("no code");
    expect(code.files[0].hunks[0].lines).toHaveLength(402);
    expect(code.files[0].hunks[0].lines.at(-1)?.text).toBe("… 29800 more lines");
  });

  test("plots of the same name are compared by content", () => {
    const spec = { mark: "bar", data: { values: [{ a: 1 }] } };
    const diff = diffRuns([run("aaaa", { plots: { roc: spec, same: spec } }), run("bbbb", { plots: { roc: { ...spec, mark: "line" }, same: { data: spec.data, mark: "bar" } } })]);
    const plots = section(diff, "plots");
    if (plots.kind !== "plots") throw new Error("no plots");
    expect(plots.plots.map(({ name, changed }) => [name, changed])).toEqual([["roc", true], ["same", false]]);
  });
});

describe("hostile runs", () => {
  const evil = '<script>alert(1)</script>\u001b]0;owned\u0007\u202e" onmouseover="x" \n\r';
  const nasty = run("aaaa", {
    meta: { id: evil, name: evil, main_metric: evil },
    config: { flags: JSON.parse(`{"__proto__": 1, ${JSON.stringify(evil)}: ${JSON.stringify(evil)}}`) as never, steps: [{ step: evil, params: { [evil]: evil }, chosen: [] }] },
    metrics: [{ name: evil, value: 1, source: "log", greater_is_better: null }, { name: "__proto__", value: 1, source: "log", greater_is_better: null }],
    history: [0, 1].map((i) => ({ i, step: i, t: i, values: { [evil]: i } })),
    inputs: [{ path: evil, sha256: evil, bytes: 1, rows: 1, columns: 1, role: "file", schema: [{ name: evil, type: evil, nullable: true }] }],
    code: { "cell.ts": evil, [evil]: evil },
    plots: { [evil]: { a: evil } },
  });

  test("nothing of them reaches a terminal or a page as more than text", () => {
    const diff = diffRuns([nasty, run("bbbb")]);
    for (const width of [40, 80, 200]) expect(diffText(diff, { width }).replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(diffText(diff, { color: true }).replaceAll(/\u001b\[\d+m/g, "").replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f]/);
    const html = diffHtml(diff);
    expect([...new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]))].sort()).toEqual(["div", "em", "h4", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr"]);
    expect(html).not.toMatch(/" onmouseover/);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("numbers that JSON lets through and canonical JSON refuses", () => {
    const odd = JSON.parse('{"a": 1e999}') as Record<string, number>;
    const diff = diffRuns([run("aaaa", { config: { flags: odd, steps: [] }, plots: { p: odd } }), run("bbbb", { plots: { p: {} } })]);
    expect(diffText(diff)).toContain("Infinity");
  });
});
