import { vectorFromArray } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import * as metrics from "../../src/metrics/index.js";
import { observe } from "../../src/observe/index.js";
import type { ObservedEvent } from "../../src/observe/index.js";
import { stream } from "../../src/random/index.js";

const { METRICS } = metrics;

/** A truth and predictions that are partly wrong, of the kind each metric compares. */
function sample(metric: metrics.Metric, rows = 60): { truth: unknown[]; predicted: number[] | string[] } {
  const draws = stream(`sample ${metric.name}`, 42);
  if (metric.task === "regression") {
    const truth = Array.from({ length: rows }, () => draws.normal() * 10);
    return { truth, predicted: truth.map((value) => value + draws.normal()) };
  }
  const truth = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? "no" : "yes"));
  if (metric.predictions === "labels") return { truth, predicted: truth.map((label) => (draws.next() < 0.3 ? (label === "no" ? "yes" : "no") : label)) };
  return { truth, predicted: truth.map((label) => Math.min(0.99, Math.max(0.01, (label === "yes" ? 0.6 : 0.4) + 0.4 * (draws.next() - 0.5)))) };
}

describe.each(METRICS.map((metric) => ({ name: metric.name, metric })))("$name", ({ name, metric }) => {
  const { truth, predicted } = sample(metric);
  const direct = (metrics as unknown as Record<string, (a: unknown, b: unknown) => number>)[name];

  it("is perfect for a prediction without a fault, and worse for a faulty one", () => {
    const faultless = metric.predictions === "scores" ? truth.map((label) => (label === "yes" ? 1 : 0)) : truth;
    const best = metric.compute(truth, faultless).value;
    expect(best).toBeCloseTo(metric.perfect, 12);
    const worse = metric.compute(truth, predicted).value;
    if (metric.greaterIsBetter) expect(worse).toBeLessThan(best);
    else expect(worse).toBeGreaterThan(best);
  });

  it("does not depend on the order of the rows", () => {
    const order = stream("order", 7).shuffle(Array.from(truth, (_, i) => i));
    const moved = metric.compute(order.map((i) => truth[i]), order.map((i) => predicted[i])).value;
    expect(moved).toBeCloseTo(metric.compute(truth, predicted).value, 12);
  });

  it("takes arrays and Arrow columns alike", () => {
    const vector = (values: unknown[]) => vectorFromArray(values as never);
    expect(metric.compute(vector(truth), vector(predicted)).value).toBe(metric.compute(truth, predicted).value);
  });

  it.each([
    ["lengths that differ", (a: unknown[], b: unknown[]) => [a, b.slice(1)]],
    ["nothing", () => [[], []]],
    ["a missing truth", (a: unknown[], b: unknown[]) => [[null, ...a.slice(1)], b]],
    ["a prediction that is NaN", (a: unknown[], b: unknown[]) => [a, [NaN, ...b.slice(1)]]],
    ["no columns at all", () => [undefined, undefined]],
  ])("refuses %s in one line", (_, spoil) => {
    const [a, b] = spoil(truth, predicted as unknown[]);
    let message = "";
    try {
      metric.compute(a, b);
    } catch (error) {
      expect(error).toBeInstanceOf(RunlabError);
      message = (error as Error).message;
    }
    expect(message).not.toBe("");
    expect(message).not.toContain("\n");
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
  });
  it("must occur, and belongs to the binary average", () => {
    expect(() => metrics.f1(["a", "b"], ["a", "b"], { positive: "c" })).toThrow("does not occur");
    expect(() => metrics.f1(["a", "b"], ["a", "b"], { positive: "a", average: "macro" })).toThrow("binary");
    expect(() => metrics.f1(["a", "b", "c"], ["a", "b", "c"], { average: "binary" })).toThrow("3 classes");
  });
});

it("has nothing to divide and gives 0", () => {
  expect(metrics.precision([0, 1], [0, 0], { labels: [0, 1] })).toBe(0);
  expect(metrics.recall([0, 0], [0, 1])).toBe(0);
});

it("names near metrics when one is unknown", () => {
  expect(() => metrics.metricByName("acuracy")).toThrow(/accuracy/);
});

it("counts classes in order", () => {
  expect(metrics.classCounts([3, 1, 3, 3])).toEqual([{ label: 1, count: 1, share: 0.25 }, { label: 3, count: 3, share: 0.75 }]);
});
