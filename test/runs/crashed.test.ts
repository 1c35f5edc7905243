/** A run whose writer is gone is told from a live one, and closed once. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync, appendFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeRun, openStore, type LiveRun, type Store } from "runlab/runs";
import type { RunMeta } from "runlab/format";

let folder: string;
let store: Store;
let run: LiveRun;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "runlab-crashed-"));
  store = openStore(join(folder, "models"));
  run = await store.start({ name: "long", seed: 1 }, { "code/cell.ts": "while (true);\n" });
  run.appendHistory([{ step: 0, values: { loss: 1 } }, { step: 1, values: { loss: 0.5 } }]);
  run.flush();
});
afterEach(() => {
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const live = () => join(run.folder, "live.json");
/** Makes the run look as if another process on `host` wrote it and gave its last sign `seconds` ago. */
function pretend(writer: Partial<RunMeta["writer"]>, seconds: number): void {
  const meta = JSON.parse(readFileSync(live(), "utf8")) as RunMeta;
  writeFileSync(live(), `${JSON.stringify({ ...meta, writer: { ...meta.writer, ...writer } })}\n`);
  const then = Date.now() / 1000 - seconds;
  utimesSync(live(), then, then);
}
const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid as number;
const statusNow = async () => (await openStore(store.root).list())[0].status;

describe("a live run", () => {
  test("stays live while its process does, however old the heartbeat is", async () => {
    pretend({}, 3600);
    expect(await statusNow()).toBe("running");
  });

  test("is crashed when its process is gone and three beats are missed, not before", async () => {
    const pid = deadPid();
    pretend({ pid, process: undefined }, 1);
    expect(await statusNow()).toBe("running");
    pretend({ pid, process: undefined }, 10);
    expect(await statusNow()).toBe("crashed");
  });

  test("is crashed when another process has its number now", async () => {
    if (process.platform !== "linux") return;
    const [boot] = (run.meta.writer.process as string).split(":");
    pretend({ process: `${boot}:1` }, 10);
    expect(await statusNow()).toBe("crashed");
  });

  test("of another machine is judged by its heartbeat alone", async () => {
    pretend({ host: `not-${hostname()}` }, 20);
    expect(await statusNow()).toBe("running");
    pretend({ host: `not-${hostname()}` }, 40);
    expect(await statusNow()).toBe("crashed");
  });

  test("that crashed keeps what it had: points, last values, files, the time of its last sign", async () => {
    appendFileSync(join(run.folder, "metrics/history.jsonl"), "0badc0de {torn");
    pretend({ pid: deadPid(), process: undefined }, 10);
    await store.list();
    expect(existsSync(live())).toBe(false);
    const document = await store.read(run.id);
    expect(document.meta).toMatchObject({ status: "crashed", history_points: 2, metrics: { loss: 0.5 } });
    expect(document.meta.files.map((file) => file.path)).toEqual(["code/cell.ts", "metrics/history.jsonl"]);
    // Its last sign was before its start here, and no run ends before that.
    expect(document.meta).toMatchObject({ ended_at: document.meta.started_at, duration_ms: 0 });
    expect(document.problems).toEqual([expect.stringMatching(/history\.jsonl: line 3 is cut off; the 2 points before it are kept/)]);
  });
});

describe("the end", () => {
  test("belongs to the first who gives it", async () => {
    expect(await closeRun(store, run.id, { status: "failed", error: { name: "OutOfMemory", message: "the heap was full", traceback: [] } })).toBe(true);
    expect(await closeRun(store, run.id, { status: "crashed" })).toBe(false);
    const before = readFileSync(join(run.folder, "run_meta.json"), "utf8");
    expect(await run.finish({ metrics: { late: 1 } })).toMatchObject({ status: "failed", error: { name: "OutOfMemory" } });
    expect(readFileSync(join(run.folder, "run_meta.json"), "utf8")).toBe(before);
    expect((await store.list())[0].status).toBe("failed");
  });

  test("is given once by many at the same time", async () => {
    const closers = Array.from({ length: 8 }, () => closeRun(openStore(store.root), run.id, { status: "crashed" }));
    expect((await Promise.all(closers)).filter((first) => first)).toHaveLength(1);
  });

  test("makes every later change a mistake", async () => {
    await run.finish();
    await expect(run.write("late.txt", "x")).rejects.toThrow(/the run has ended/);
    expect(() => run.appendHistory([])).toThrow(/the run has ended/);
    expect(() => run.update({ tags: ["late"] })).toThrow(/the run has ended/);
    await expect(run.finish()).rejects.toThrow(/the run has ended/);
    await expect(closeRun(store, "2026-01-01T00-00-00Z__none__seed1__aaaa", { status: "crashed" })).rejects.toThrow(/there is no such run/);
  });
});

test("the heart beats also while the main thread gives nothing back", async () => {
  // The thread needs a moment to start; then the main thread is blocked for more than two beats.
  const then = Date.now() / 1000 - 100;
  utimesSync(live(), then, then);
  const until = performance.now() + 5000;
  while (performance.now() < until);
  expect(Date.now() - statSync(live()).mtimeMs).toBeLessThan(20_000);
});

test("what changes in a live run is seen by another reader, the index included", async () => {
  run.update({ metrics: { loss: 0.25 }, main_metric: "loss", tags: ["fast"] });
  const other = openStore(store.root);
  await expect.poll(async () => (await other.list())[0].metrics, { timeout: 10_000, interval: 200 }).toEqual({ loss: 0.25 });
  expect((await other.read(run.id)).meta).toMatchObject({ status: "running", tags: ["fast"], history_points: 2 });
});

test("a crashed run keeps the metrics of its state, and takes from the history what is newer or missing", async () => {
  run.update({ metrics: { loss: 0.9 }, main_metric: "loss" });
  run.checkpoint({});
  run.appendHistory([{ step: 2, values: { other: 7 } }]);
  run.flush();
  expect(await closeRun(store, run.id, { status: "crashed" })).toBe(true);
  expect((await store.read(run.id)).meta).toMatchObject({ metrics: { loss: 0.9, other: 7 }, history_points: 3 });
  const second = await store.start({ name: "long", seed: 1 });
  second.appendHistory([{ step: 0, values: { loss: 1, gone: 1 } }]);
  second.checkpoint({ metrics: { loss: 0.9 } });
  second.appendHistory([{ step: 1, values: { loss: 0.25 } }]);
  second.flush();
  await closeRun(store, second.id, { status: "crashed" });
  expect((await store.read(second.id)).meta.metrics).toEqual({ loss: 0.25, gone: 1 });
});
