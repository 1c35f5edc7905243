/** Whose number a metric's name stands for, when more than one source reports it. */
import { expect, test } from "vitest";
import { announce } from "runlab/observe";
import { log } from "runlab/runs";
import { lab } from "./lab.js";

function metric(source: "evaluate" | "function", name: string, value: number): void {
  announce({ type: "metric", name, value, source, greaterIsBetter: true });
}

const evaluation = (accuracy: number, f1: number): void => {
  metric("evaluate", "accuracy", accuracy);
  metric("evaluate", "f1", f1);
};

async function record(cell: () => void): ReturnType<Awaited<ReturnType<ReturnType<typeof lab>["start"]>>["finish"]> {
  const capture = await lab().start();
  cell();
  return capture.finish({ status: "finished" });
}

test("a metric function after evaluate does not replace what evaluate reported", async () => {
  const meta = await record(() => {
    evaluation(0.9, 0.8);
    metric("function", "accuracy", 0.5);
    metric("function", "accuracy", 0.6);
  });
  expect(meta).toMatchObject({ metrics: { accuracy: 0.9, f1: 0.8, accuracy_2: 0.6 }, main_metric: "accuracy", notes: ["accuracy is what evaluate reported; accuracy_2 is what the metric function gave under the same name"] });
});

test("a metric function before evaluate gives the name up", async () => {
  const meta = await record(() => {
    metric("function", "accuracy", 0.5);
    evaluation(0.9, 0.8);
    metric("function", "accuracy", 0.6);
  });
  expect(meta).toMatchObject({ metrics: { accuracy: 0.9, f1: 0.8, accuracy_2: 0.6 }, main_metric: "accuracy", notes: ["accuracy is what evaluate reported; accuracy_2 is what the metric function gave under the same name"] });
});

test("the same number from both is one metric, in either order", async () => {
  const one = await record(() => {
    evaluation(0.9, 0.8);
    metric("function", "accuracy", 0.9);
  });
  const other = await record(() => {
    metric("function", "accuracy", 0.9);
    evaluation(0.9, 0.8);
  });
  for (const meta of [one, other]) expect(meta).toMatchObject({ metrics: { accuracy: 0.9, f1: 0.8 }, notes: [] });
});

test("each evaluate of a run has names of its own, and the first one's main metric stays", async () => {
  const meta = await record(() => {
    evaluation(0.9, 0.8);
    evaluation(0.7, 0.6);
    metric("function", "accuracy_2", 0.1);
  });
  expect(meta.metrics).toEqual({ accuracy: 0.9, f1: 0.8, accuracy_2: 0.7, f1_2: 0.6, accuracy_2_2: 0.1 });
  expect(meta.main_metric).toBe("accuracy");
  expect(meta.notes).toContain('evaluate was called more than once: accuracy_2 is "accuracy" of call 2');
});

test("a loop of evaluations is kept up to a number, and the record says so", async () => {
  const meta = await record(() => {
    for (let at = 0; at < 100; at++) evaluation(at / 100, at / 200);
  });
  expect(Object.keys(meta.metrics)).toHaveLength(40);
  expect(meta.notes).toContain("evaluate was called 100 times: the metrics of the last 80 calls are not kept; log what you need of them");
});

test("a value that is no number does not take evaluate's away", async () => {
  const meta = await record(() => {
    evaluation(0.9, 0.8);
    metric("function", "accuracy", Number.NaN);
  });
  expect(meta.metrics).toMatchObject({ accuracy: 0.9 });
  expect(meta.main_metric).toBe("accuracy");
});

test("the main metric is chosen once; only the first evaluate replaces it", async () => {
  const capture = await lab().start();
  log({ loss: 1 });
  metric("function", "mae", 2);
  log({ epochs: 3 });
  expect(capture.card().main_metric).toBe("loss");
  evaluation(0.9, 0.8);
  expect(capture.card().main_metric).toBe("accuracy");
  log({ accuracy: 0.99 });
  expect(await capture.finish({ status: "finished" })).toMatchObject({ main_metric: "accuracy", metrics: { accuracy: 0.9, accuracy_2: 0.99 } });
});
