import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRICS, confusionMatrix } from "../../src/metrics/index.js";

const reference = JSON.parse(readFileSync(new URL("../reference/metrics.json", import.meta.url), "utf8"));
const metric = (name: string) => METRICS.find((each) => each.name === name)!;

describe.each(reference.classification)("scikit-learn, $name", ({ labels, truth, predicted, probabilities, confusion, expected }: any) => {
  it("gives the same confusion matrix", () => {
    expect(confusionMatrix(truth, predicted, { labels }).counts).toEqual(confusion);
  });
  it.each(Object.keys(expected))("%s", (key) => {
    const [name, average] = key.split(" ");
    const scores = metric(name).predictions === "scores";
    const { value } = metric(name).compute(truth, scores ? probabilities : predicted, { labels, ...(average === undefined ? {} : { average }) });
    expect(value).toBeCloseTo(expected[key], 13);
  });
});

describe.each(reference.regression)("scikit-learn, $name", ({ truth, predicted, expected }: any) => {
  it.each(Object.keys(expected))("%s", (name) => {
    const { value } = metric(name).compute(Float64Array.from(truth), predicted);
    expect(Math.abs(value - expected[name])).toBeLessThanOrEqual(1e-9 * Math.abs(expected[name]));
  });
});

it("counts ties of scores half", () => {
  expect(metric("rocAuc").compute(reference.ties.truth, reference.ties.scores).value).toBeCloseTo(reference.ties.rocAuc, 14);
});

it("keeps sure mistakes finite", () => {
  expect(metric("logLoss").compute(reference.sure.truth, reference.sure.scores).value).toBeCloseTo(reference.sure.logLoss, 12);
});
