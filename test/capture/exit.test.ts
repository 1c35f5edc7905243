/** The last moment of a process in which a run is open. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { log } from "runlab/runs";
import type { RunMeta } from "runlab/format";
import { lab } from "./lab.js";

test("what was logged right before an exit is on the disk, synchronously; without an open run nothing listens", async () => {
  const before = process.listenerCount("exit");
  const { start } = lab();
  const [outer, inner] = [await start(), await start()];
  expect(process.listenerCount("exit")).toBe(before + 1);
  log({ a: 3 });
  log({ loss: 0.5 }, { step: 0 });
  (process.listeners("exit").at(-1) as (code: number) => void)(0);
  const live = JSON.parse(readFileSync(join(inner.runFolder, "live.json"), "utf8")) as RunMeta;
  expect(live).toMatchObject({ metrics: { a: 3, loss: 0.5 }, main_metric: "a", history_points: 1 });
  expect(readFileSync(join(inner.runFolder, "metrics/history.jsonl"), "utf8")).toContain('"loss":0.5');
  await inner.finish({ status: "finished" });
  await outer.finish({ status: "finished" });
  expect(process.listenerCount("exit")).toBe(before);
});
