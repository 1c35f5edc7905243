import { vectorFromArray } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import * as metrics from "../../src/metrics/index.js";
import { observe } from "../../src/observe/index.js";
import type { ObservedEvent } from "../../src/observe/index.js";
import { stream } from "../../src/random/index.js";
import { tableFromColumns } from "../../src/table/index.js";

const { METRICS } = metrics;

interface Sample {
  truth: unknown[];
  predicted: number[] | string[];
  /** Predictions without a fault. */
  faultless: unknown[];
}

/** A truth and predictions that are partly wrong, of the kind each metric compares. */
function sample(metric: metrics.Metric, rows = 60): Sample {
  const draws = stream(`sample ${metric.name}`, 42);
  if (metric.predictions === "numbers") {
    // Above 0, so that logarithms and deviances have a value too; relevances of a ranking are few.
    const truth = Array.from({ length: rows }, () => (metric.task === "ranking" ? draws.int(4) : 1 + draws.next() * 10));
    return { truth, predicted: truth.map((value) => (metric.task === "ranking" ? value + 3 * draws.normal() : value + 0.4 + draws.next() * 0.5 - 0.2 * value * draws.next())), faultless: truth };
  }
  const truth = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? "no" : "yes"));
  const other = (label: string): string => (label === "no" ? "yes" : "no");
  if (metric.against === "points") {
    const points = truth.map((label) => [(label === "yes" ? 10 : 0) + draws.next(), draws.next()]);
    return { truth: points, predicted: truth.map((label, i) => (i % 5 === 0 ? other(label) : label)), faultless: truth };
  }
  if (metric.predictions === "labels") return { truth, predicted: truth.map((label) => (draws.next() < 0.3 ? other(label) : label)), faultless: truth };
  return {
    truth,
    predicted: truth.map((label) => Math.min(0.99, Math.max(0.01, (label === "yes" ? 0.6 : 0.4) + 0.4 * (draws.next() - 0.5)))),
    faultless: truth.map((label) => (label === "yes" ? 1 : 0)),
  };
}

/** A metric whose only option is a number of classes that covers both says nothing of two classes. */
const OPTIONS: Record<string, object> = { topKAccuracy: { k: 1 } };

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(RunlabError);
    return (error as Error).message;
  }
  return "";
}

function expectOneLine(message: string): void {
  expect(message).not.toBe("");
  expect(message).not.toContain("\n");
}

describe.each(METRICS.map((metric) => ({ name: metric.name, metric })))("$name", ({ name, metric }) => {
  const { truth, predicted, faultless } = sample(metric);
  const options = OPTIONS[name] ?? {};
  const direct = (metrics as unknown as Record<string, (a: unknown, b: unknown, options?: object) => number>)[name];

  it("is perfect for a prediction without a fault, and worse for a faulty one", () => {
    const best = metric.compute(truth, faultless, options).value;
    if (metric.perfect !== null && metric.against === "truth") expect(best).toBeCloseTo(metric.perfect, 12);
    const worse = metric.compute(truth, predicted, options).value;
    if (metric.greaterIsBetter) expect(worse).toBeLessThan(best);
    else expect(worse).toBeGreaterThan(best);
  });

  it("does not depend on the order of the rows", () => {
    const order = stream("order", 7).shuffle(Array.from(truth, (_, i) => i));
    const moved = metric.compute(order.map((i) => truth[i]), order.map((i) => predicted[i]), options).value;
    expect(moved / metric.compute(truth, predicted, options).value).toBeCloseTo(1, 12);
  });

  it("takes arrays, typed arrays and Arrow columns alike", () => {
    const vector = (values: unknown[]) => vectorFromArray(values as never);
    const expected = metric.compute(truth, predicted, options).value;
    if (metric.against === "points") {
      const points = truth as number[][];
      const table = tableFromColumns({ x: points.map((point) => point[0]), y: points.map((point) => point[1]) });
      expect(metric.compute(table, vector(predicted), options).value).toBe(expected);
      return;
    }
    expect(metric.compute(vector(truth), vector(predicted), options).value).toBe(expected);
    if (metric.predictions === "numbers") expect(metric.compute(Float64Array.from(truth as number[]), Float64Array.from(predicted as number[])).value).toBe(expected);
    else {
      const codes = Int32Array.from(truth, (label) => (label === "yes" ? 1 : 0));
      const guesses = metric.predictions === "labels" ? Int32Array.from(predicted as string[], (label) => (label === "yes" ? 1 : 0)) : Float64Array.from(predicted as number[]);
      expect(metric.compute(codes, guesses, options).value).toBe(expected);
    }
  });

  it.each([
    ["lengths that differ", (a: unknown[], b: unknown[]) => [a, b.slice(1)]],
    ["nothing", () => [[], []]],
    ["a missing truth", (a: unknown[], b: unknown[]) => [[null, ...a.slice(1)], b]],
    ["a prediction that is NaN", (a: unknown[], b: unknown[]) => [a, [NaN, ...b.slice(1)]]],
    ["no columns at all", () => [undefined, undefined]],
  ])("refuses %s in one line", (_, spoil) => {
    const [a, b] = spoil(truth, predicted as unknown[]);
    expectOneLine(messageOf(() => metric.compute(a, b, options)));
  });

  it("refuses an option that it does not have, and names the near one", () => {
    expect(messageOf(() => metric.compute(truth, predicted, { avrage: "macro" }))).toContain(`${name}: there is no option avrage`);
    expect(messageOf(() => metric.compute(truth, predicted, null as never))).toContain("options");
    expect(messageOf(() => direct(truth, predicted, { treshold: 0.5 }))).toContain("treshold");
  });

  if (metric.predictions !== "labels") it("refuses an infinite prediction in one line", () => {
    expectOneLine(messageOf(() => metric.compute(truth, [Infinity, ...(predicted as number[]).slice(1)], options)));
  });

  if ("weights" in metric.options) it("counts a row by its weight", () => {
    const value = metric.compute(truth, predicted, options).value;
    const some = truth.slice(0, 10).concat(truth.slice(10).flatMap((each) => [each, each]));
    const same = (predicted as unknown[]).slice(0, 10).concat((predicted as unknown[]).slice(10).flatMap((each) => [each, each]));
    if (metric.task !== "ranking") {
      // Twice the weight is the same as being there twice; no weight the same as not being there.
      const weights = truth.map((_, i) => (i < 10 ? 1 : 2));
      expect(metric.compute(truth, predicted, { ...options, weights }).value).toBeCloseTo(metric.compute(some, same, options).value, 11);
      const without = truth.map((_, i) => (i < 10 ? 0 : 3));
      expect(metric.compute(truth, predicted, { ...options, weights: without }).value).toBeCloseTo(metric.compute(truth.slice(10), (predicted as unknown[]).slice(10), options).value, 11);
    }
    expect(metric.compute(truth, predicted, { ...options, weights: new Float64Array(truth.length).fill(0.5) }).value).toBeCloseTo(value, 11);
    expect(metric.compute(truth, predicted, { ...options, weights: truth.map(() => 1) }).details["weighted"] ?? true).toBe(true);
  });

  if ("weights" in metric.options) it.each([
    ["too few", (rows: number) => new Array(rows - 1).fill(1)],
    ["negative", (rows: number) => [-1, ...new Array(rows - 1).fill(1)]],
    ["NaN", (rows: number) => [NaN, ...new Array(rows - 1).fill(1)]],
    ["infinite", (rows: number) => [Infinity, ...new Array(rows - 1).fill(1)]],
    ["all 0", (rows: number) => new Array(rows).fill(0)],
    ["no numbers", (rows: number) => new Array(rows).fill("1")],
    ["no list", () => 3],
  ])("refuses weights that are %s in one line", (_, make) => {
    const message = messageOf(() => metric.compute(truth, predicted, { ...options, weights: make(truth.length) }));
    expectOneLine(message);
    expect(message).toContain("weight");
  });

  it("takes one row or says in one line why not", () => {
    const { compute } = metric;
    const message = messageOf(() => expect(compute(truth.slice(0, 1), predicted.slice(0, 1), options).value).toEqual(expect.any(Number)));
    expect(message).not.toContain("\n");
  });

  if (metric.task === "classification") it("takes one class or says in one line why not, and never gives NaN", () => {
    const one = truth.map(() => "yes");
    const message = messageOf(() => expect(metric.compute(one, metric.predictions === "labels" ? one : predicted, options).value).not.toBeNaN());
    expect(message).not.toContain("\n");
  });

  if (metric.raw !== null) it("gives the same from raw rows", () => {
    const labels = metric.task === "classification";
    const codes = labels ? Int32Array.from(truth, (label) => (label === "yes" ? 1 : 0)) : Float64Array.from(truth as number[]);
    const weights = Float64Array.from(truth, (_, i) => 1 + (i % 3));
    const numbers = metric.predictions === "labels" ? Float64Array.from(predicted as string[], (label) => (label === "yes" ? 0.9 : 0.1)) : Float64Array.from(predicted as number[]);
    const raw = (rows: Partial<metrics.RawRows>) => metric.raw!({ truth: codes, predicted: numbers, classes: labels ? 2 : 0, weights: null, ...rows }, options);
    expect(raw({})).toBe(metric.compute(truth, predicted, options).value);
    if ("weights" in metric.options && metric.task !== "ranking") expect(raw({ weights })).toBe(metric.compute(truth, predicted, { ...options, weights }).value);
    if (labels) {
      const pairs = Float64Array.from({ length: 2 * numbers.length }, (_, i) => (i % 2 === 1 ? numbers[i >> 1] : 1 - numbers[i >> 1]));
      expect(raw({ predicted: pairs })).toBeCloseTo(metric.compute(truth, predicted, options).value, 12);
    }
  });

  it("is announced when the user calls it, and only then", () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    metric.compute(truth, predicted);
    expect(events).toEqual([]);
    const value = direct(truth, predicted);
    stop();
    expect(events).toMatchObject([{ type: "metric", name, value, source: "function", greaterIsBetter: metric.greaterIsBetter }]);
  });
});

describe("the positive class", () => {
  it("is true, 1, or the later label, unless it is named", () => {
    expect(metrics.precision([true, false], [true, true])).toBe(0.5);
    expect(metrics.recall(["no", "yes", "yes"], ["no", "no", "yes"])).toBe(0.5);
    expect(metrics.recall(["no", "yes", "yes"], ["no", "no", "yes"], { positive: "no" })).toBe(1);
    expect(metrics.rocAuc([1, 2, 2, 1], [0.9, 0.1, 0.2, 0.8])).toBe(1);
    expect(metrics.rocAuc([1, 2, 2, 1], [0.9, 0.1, 0.2, 0.8], { positive: 2 })).toBe(0);
  });
  it("must occur, and belongs to the binary average", () => {
    expect(() => metrics.f1(["a", "b"], ["a", "b"], { positive: "c" })).toThrow("does not occur");
    expect(() => metrics.f1(["a", "b"], ["a", "b"], { positive: "a", average: "macro" })).toThrow("binary");
    expect(() => metrics.f1(["a", "b", "c"], ["a", "b", "c"], { average: "binary" })).toThrow("3 classes");
  });
});

describe("scores", () => {
  const rows = { truth: ["a", "b", "b"], predicted: [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]] };
  it("come as a column, as rows, or as what predictProba gives", () => {
    const one = metrics.logLoss(rows.truth, rows.predicted.map((row) => row[1]));
    expect(metrics.logLoss(rows.truth, rows.predicted)).toBe(one);
    expect(metrics.logLoss(rows.truth, { classes: ["a", "b"], values: Float64Array.from(rows.predicted.flat()) })).toBe(one);
  });
  it.each([
    ["a class that has no column", () => metrics.logLoss(["a", "c"], { classes: ["a", "b"], values: new Float64Array(4).fill(0.5) }), /label of truth.*"c"/],
    ["labels that are not those of the columns", () => metrics.logLoss(["a", "b"], { classes: ["a", "b"], values: new Float64Array(4).fill(0.5) }, { labels: ["b", "a"] }), /names others/],
    ["a class named twice", () => metrics.accuracy(["a", "b"], ["a", "b"], { labels: ["a", "a", "b"] }), /once/],
    ["probabilities outside 0 and 1", () => metrics.brier([0, 1], [0.5, 1.5]), /between 0 and 1; see row 1/],
    ["one score for three classes", () => metrics.rocAuc([0, 1, 2], [0.1, 0.2, 0.3]), /two classes only/],
    ["a row that is too short", () => metrics.logLoss(["a", "b"], [[0.5, 0.5], [1]]), /row 1/],
    ["probabilities where labels are compared", () => metrics.accuracy(["a", "b"], { classes: ["a", "b"], values: new Float64Array(4) } as never), /not probabilities/],
    ["one class only", () => metrics.rocAuc([1, 1], [0.1, 0.2]), /only rows of 1/],
    ["no row of the class that is named", () => metrics.rocAuc(["no", "no"], [0.1, 0.2], { positive: "yes" }), /no row of yes/],
    ["weights with one against one", () => metrics.rocAuc(["a", "b", "c"], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], { multiClass: "ovo", weights: [1, 1, 1] }), /no weights|takes no weights/],
  ])("refuse %s", (_, work, message) => {
    expect(work).toThrow(message);
    expect(work).toThrow(RunlabError);
  });
});

describe("clusters", () => {
  it("need two groups, and fewer than rows", () => {
    expect(() => metrics.silhouette([[1], [2], [3]], [0, 0, 0])).toThrow("two groups");
    expect(() => metrics.daviesBouldin([[1], [2], [3]], [0, 1, 2])).toThrow("two groups");
    expect(() => metrics.calinskiHarabasz([[1], [2, 3]], [0, 1])).toThrow("as many numbers");
  });
  it("are judged on a sample when there are many rows, the same one for the same seed", () => {
    const draws = stream("clusters", 1);
    const labels = Array.from({ length: 500 }, (_, i) => i % 3);
    const points = labels.map((label) => [label * 5 + draws.normal(), draws.normal()]);
    const all = metrics.silhouette(points, labels);
    const some = metrics.silhouette(points, labels, { sampleSize: 200, seed: 5 });
    expect(some).toBe(metrics.silhouette(points, labels, { sampleSize: 200, seed: 5 }));
    expect(some).not.toBe(all);
    expect(some).toBeCloseTo(all, 1);
  });
});

describe("a scorer", () => {
  const part = { table: tableFromColumns({ y: ["a", "b", "b", "c"] }), target: "y" };
  const model = { name: "Known", classes: ["a", "b"], predict: () => ["a", "b", "a", "a"], predictProba: () => ({ classes: ["a", "b"], values: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.7, 0.3) }) };
  it("counts a class that the model never saw as a mistake, and says so where that is impossible", () => {
    expect(metrics.scorer("accuracy").score(model, part)).toBe(0.5);
    expect(() => metrics.scorer("logLoss").score(model, part)).toThrow('"c"');
  });
  it("passes weights and options on", () => {
    expect(metrics.scorer("accuracy").score(model, part, [1, 0, 0, 0])).toBe(1);
    expect(metrics.scorer("f1", { average: "micro" }).score(model, part)).toBe(0.5);
    expect(metrics.scorer("f1", { average: "micro" }).higherIsBetter).toBe(true);
  });
  it.each([
    ["a name that is not there", () => metrics.scorer("auc"), /no such metric/],
    ["an option that is not there", () => metrics.scorer("f1", { avg: "macro" }), /no option avg/],
    ["a metric of clusters", () => metrics.scorer("silhouette"), /groups/],
    ["probabilities of a model that gives none", () => metrics.scorer("logLoss").score({ name: "Plain", predict: () => ["a", "b", "b", "c"] }, part), /Plain gives none/],
    ["a target that is no column", () => metrics.scorer("accuracy").score(model, { ...part, target: "z" }), /target/],
  ])("refuses %s", (_, work, message) => {
    expect(work).toThrow(message);
  });
});

it("has nothing to divide and gives 0", () => {
  expect(metrics.precision([0, 1], [0, 0], { labels: [0, 1] })).toBe(0);
  expect(metrics.recall([0, 0], [0, 1])).toBe(0);
});

it("names near metrics when one is unknown", () => {
  expect(() => metrics.metricByName("acuracy")).toThrow(/accuracy/);
});

it("counts classes of a list or a column alone", () => {
  for (const values of [undefined, null, 3, "ab", {}]) expect(() => metrics.classCounts(values as never)).toThrow("values are one label a row; received");
});

it("counts classes in order", () => {
  expect(metrics.classCounts([3, 1, 3, 3])).toEqual([{ label: 1, count: 1, share: 0.25 }, { label: 3, count: 3, share: 0.75 }]);
});

it("gives shares of a confusion matrix when asked", () => {
  expect(metrics.confusionMatrix([0, 0, 1], [0, 1, 1], { normalize: "predicted", weights: [1, 1, 3] }).counts).toEqual([[1, 0.25], [0, 0.75]]);
  expect(() => metrics.confusionMatrix([0, 1], [0, 1], { normalize: "rows" as never })).toThrow("normalize");
  expect(() => metrics.confusionMatrix([0, 1], [0, 1], { lables: [0, 1] } as never)).toThrow("labels");
});
