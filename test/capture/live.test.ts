import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { FILES, type RunCard } from "runlab/format";
import { announce } from "runlab/observe";
import { log } from "runlab/runs";
import { filesOf, lab } from "./lab.js";

/** Milliseconds by the only clock of the house; here time passes when a test says so. */
const time = vi.hoisted(() => ({ passed: 0 }));
vi.mock("../../src/clock.js", () => ({ elapsed: () => time.passed, now: () => Date.UTC(2026, 10, 21) + time.passed }));

test("a synchronous loop shows its card ten times a second, without the event loop", async () => {
  const { start } = lab();
  const cards: RunCard[] = [];
  const capture = await start({ onUpdate: (card) => cards.push(card) });
  for (let step = 0; step < 2000; step++) {
    time.passed += 1;
    log({ loss: 1 / (step + 1) }, { step });
  }
  expect(cards).toHaveLength(20);
  expect(cards[0]).toMatchObject({ status: "running", id: capture.id, main_metric: "loss", history_points: 100 });
  await capture.finish({ status: "finished" });
  expect(capture.card()).toMatchObject({ status: "finished", history_points: 2000, duration_ms: 2000 });
});

test("an onUpdate that throws does not disturb the cell", async () => {
  const { start } = lab();
  let asked = 0;
  const capture = await start({
    onUpdate: () => {
      asked += 1;
      throw new Error("no");
    },
  });
  time.passed += 150;
  log({ a: 1 });
  expect(asked).toBe(1);
  expect((await capture.finish({ status: "finished" })).metrics).toEqual({ a: 1 });
});

test("code, config and environment are on the disk before the cell starts; what happens follows about a second later", async () => {
  const { start, read } = lab();
  const capture = await start({ flags: { a: 1 } });
  expect(filesOf(capture.runFolder)).toEqual(expect.arrayContaining([FILES.cell, FILES.config, FILES.environment, FILES.live]));
  announce({ type: "fit", estimator: "Ridge", params: { alpha: 1 }, chosen: [], rows: 1, features: [], target: null, seconds: 0, model: { toJSON: () => ({}) } });
  capture.output("stdout", "begun\n");
  for (let step = 0; step <= 3; step++) {
    time.passed += 600;
    log({ loss: step }, { step });
  }
  const { meta, config, metrics, history } = await read(capture.id);
  expect(meta.status).toBe("running");
  expect(meta.metrics.loss).toBe(3);
  expect(config.steps.map((step) => step.step)).toEqual(["Ridge"]);
  expect(metrics).toEqual([{ name: "loss", value: 3, source: "log", greater_is_better: null }]);
  expect(history.length).toBeGreaterThan(1);
  expect(readFileSync(join(capture.runFolder, FILES.output), "utf8")).toBe("begun\n");
  await capture.finish({ status: "finished" });
});
