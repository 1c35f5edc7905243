import { compile } from "vega-lite";
import { parse, View } from "vega";
import { describe, expect, it } from "vitest";
import { classCounts, confusionMatrix } from "../../src/metrics/index.js";
import { classBalancePlot, confusionMatrixPlot, featureImportancePlot, histogram, learningCurvePlot, residualPlot } from "../../src/plots/index.js";

const long = Array.from({ length: 10_000 }, (_, i) => Math.sin(i));
const PLOTS: Record<string, Record<string, unknown>> = {
  "confusion matrix": confusionMatrixPlot(confusionMatrix(["a", "b", "b", "<script>"], ["a", "b", "a", "b"])),
  "confusion matrix of 25 classes": confusionMatrixPlot(confusionMatrix(long.slice(0, 25), long.slice(0, 25))),
  residuals: residualPlot([1, 2, 3], [1, 2.5, 2]),
  "many residuals": residualPlot(long, long.map((value) => value / 2), { unit: "min" }),
  "class balance": classBalancePlot({ train: classCounts(["a", "b", "a"]), test: classCounts(["a"]) }),
  "class balance of one part": classBalancePlot({ all: classCounts([1, 2, 2]) }),
  "learning curve": learningCurvePlot({ train: long.map((value, step) => ({ step, value })), test: [{ step: 0, value: NaN }, { step: 1, value: 2 }] }),
  "learning curve without points": learningCurvePlot({}),
  histogram: histogram(Float64Array.from(long), { name: "sine" }),
  "histogram of one value": histogram([3, 3, 3]),
  "feature importance": featureImportancePlot([{ feature: "a", importance: 0.2, spread: 0.1 }, { feature: "b", importance: 0.8 }]),
};

describe.each(Object.entries(PLOTS))("%s", (_, spec) => {
  it("compiles as vega-lite 5 without a warning, and draws", async () => {
    const said: unknown[] = [];
    const logger = { level: () => logger, error: (...a: unknown[]) => { said.push(a); return logger; }, warn: (...a: unknown[]) => { said.push(a); return logger; }, info: () => logger, debug: () => logger };
    const { spec: vega } = compile(structuredClone(spec) as never, { logger: logger as never });
    expect(said).toEqual([]);
    const svg = await new View(parse(vega), { renderer: "none" }).toSVG();
    expect(svg).toContain("<svg");
    expect(svg).not.toContain("<script>");
  });
  it("holds its data and names nothing outside, and describes itself", () => {
    const text = JSON.stringify({ ...spec, $schema: null });
    expect(text).not.toMatch(/"url"|https?:|"expr"|"calculate"|"filter"/);
    expect(text.length).toBeLessThan(200_000);
    expect(String(spec.description).length).toBeGreaterThan(8);
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  });
});

it("shows at most 2,000 residuals, always the same", () => {
  const points = (spec: any) => spec.layer[0].data.values;
  const one = residualPlot(long, long.map(() => 0));
  expect(points(one)).toHaveLength(2000);
  expect(residualPlot(long, long.map(() => 0))).toEqual(one);
});

it("counts every value of a histogram", () => {
  const spec = histogram(long, { bins: 7 }) as any;
  expect(spec.data.values).toHaveLength(7);
  expect(spec.data.values.reduce((sum: number, bar: any) => sum + bar.count, 0)).toBe(long.length);
});

it("refuses what cannot be drawn", () => {
  expect(() => histogram([])).toThrow("at least one value");
  expect(() => histogram([1], { bins: 0 })).toThrow("1 to 200");
  expect(() => residualPlot([1], [NaN])).toThrow("finite");
  expect(() => featureImportancePlot([{ feature: "a", importance: NaN }])).toThrow("no finite number");
});
