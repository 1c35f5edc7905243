import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRICS, confusionMatrix, precisionRecallCurve, rocCurve, silhouetteSamples } from "../../src/metrics/index.js";

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

/** "f1 average=macro" is the metric f1 with that option. */
function parsed(key: string): { name: string; options: Record<string, unknown> } {
  const [name, ...options] = key.split(" ");
  return { name, options: Object.fromEntries(options.map((each) => {
    const [option, value] = each.split("=");
    return [option, value === "true" ? true : Number.isNaN(Number(value)) ? value : Number(value)];
  })) };
}

/** Equal to twelve digits, of values of any size. */
function expectSame(value: number, expected: number): void {
  expect(Math.abs(value - expected), `${value} instead of ${expected}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
}

describe.each(reference.detailed)("scikit-learn, $name", ({ labels, truth, predicted, probabilities, weights, plain, weighted, confusion }: any) => {
  const check = (key: string, expected: number, more: object) => {
    const { name, options } = parsed(key);
    // Of two classes hinge takes decisions, here the scores of the later one.
    const binary = labels.length === 2;
    const scores = metric(name).predictions === "scores" ? (binary && name !== "logLoss" ? probabilities.map((row: number[]) => row[1]) : probabilities) : predicted;
    expectSame(metric(name).compute(truth, scores, { labels, ...options, ...more }).value, expected);
  };
  it.each(Object.keys(plain))("%s", (key) => check(key, plain[key], {}));
  it.each(Object.keys(weighted))("%s, with weights", (key) => check(key, weighted[key], { weights }));
  it("gives the same weighted confusion matrix", () => {
    const { counts } = confusionMatrix(truth, predicted, { labels, weights });
    counts.forEach((row, i) => row.forEach((count, j) => expectSame(count, confusion[i][j])));
  });
});

describe.each(reference.curves)("scikit-learn, curves, $name", ({ truth, scores, weights, roc, rocAll, pr, prFew }: any) => {
  const same = (found: ArrayLike<number>, expected: number[]) => {
    expect(found.length).toBe(expected.length);
    expected.forEach((value, i) => expectSame(found[i], value));
  };
  const options = weights === null ? {} : { weights };
  it("the ROC curve", () => {
    const curve = rocCurve(truth, scores, options);
    same(curve.falsePositiveRate, roc.falsePositiveRate);
    same(curve.truePositiveRate, roc.truePositiveRate);
    same(curve.thresholds.slice(1), roc.thresholds);
    expect(curve.thresholds[0]).toBe(Infinity);
    const all = rocCurve(truth, scores, { ...options, dropIntermediate: false });
    same(all.falsePositiveRate, rocAll.falsePositiveRate);
    same(all.truePositiveRate, rocAll.truePositiveRate);
  });
  it("precision and recall", () => {
    const curve = precisionRecallCurve(truth, scores, options);
    same(curve.precision, pr.precision);
    same(curve.recall, pr.recall);
    same(curve.thresholds, pr.thresholds);
    const few = precisionRecallCurve(truth, scores, { ...options, dropIntermediate: true });
    same(few.precision, prFew.precision);
    same(few.recall, prFew.recall);
  });
});

describe.each(reference.amounts)("scikit-learn, $name", ({ truth, predicted, weights, plain, weighted }: any) => {
  const check = (key: string, expected: number, more: object) => {
    const { name, options } = parsed(key);
    expectSame(metric(name).compute(truth, predicted, { ...options, ...more }).value, expected);
  };
  it.each(Object.keys(plain))("%s", (key) => check(key, plain[key], {}));
  it.each(Object.keys(weighted))("%s, with weights", (key) => check(key, weighted[key], { weights }));
});

describe.each(reference.rankings)("scikit-learn, NDCG, $name", ({ truth, scores, weights, expected }: any) => {
  const groups = truth.flatMap((row: number[], query: number) => row.map(() => `query ${query}`));
  const value = (options: object) => metric("ndcg").compute(truth.flat(), scores.flat(), { groups, ...options }).value;
  it("gives the same", () => {
    expectSame(value({}), expected.all);
    expectSame(value({ k: 3 }), expected["k 3"]);
    expectSame(value({ weights: weights.flatMap((weight: number, query: number) => truth[query].map(() => weight)) }), expected.weighted);
    expectSame(value({ gain: "exponential" }), expected.exponential);
  });
});

describe.each(reference.clusters)("scikit-learn, clusters, $name", ({ points, labels, other, expected }: any) => {
  it.each(Object.keys(expected).filter((key) => key !== "samples"))("%s", (key) => {
    const { name, options } = parsed(key);
    const against = metric(name).against === "points";
    expectSame(metric(name).compute(against ? points : labels, against ? labels : other, options).value, expected[key]);
  });
  it("the silhouette of every point", () => {
    const found = silhouetteSamples(points, labels);
    expected.samples.forEach((value: number, i: number) => expectSame(found[i], value));
  });
});
