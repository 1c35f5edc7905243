/** The end of a run whose work is done, on a disk that is full by then. */
import { statSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { announce } from "runlab/observe";
import { log, openStore } from "runlab/runs";
import { currentSeed } from "../../src/random/index.js";
import { disk } from "../../src/runs/store/disk.js";
import { filesOf, lab } from "./lab.js";

const real = { ...disk };
afterEach(() => {
  Object.assign(disk, real);
  vi.useRealTimers();
});

/** A disk with so many bytes left; what is removed makes room again. */
function leave(bytes: number): void {
  let left = bytes;
  disk.write = (fd, content, offset, length, position) => {
    const taken = Math.min(length, left);
    if (taken === 0) throw Object.assign(new Error("ENOSPC: injected"), { code: "ENOSPC" });
    left -= taken;
    return real.write(fd, content, offset, taken, position);
  };
  disk.unlink = ((path: string) => {
    const { size } = statSync(path);
    real.unlink(path);
    left += size;
  }) as typeof disk.unlink;
  disk.truncate = ((fd: number, size: number) => {
    left += real.fstat(fd).size - size;
    real.truncate(fd, size);
  }) as typeof disk.truncate;
}

test("the end fits on a full disk; what did not is named in the notes", async () => {
  const { start, root } = lab();
  const capture = await start();
  announce({ type: "metric", name: "accuracy", value: 0.9, source: "evaluate", greaterIsBetter: true });
  leave(0);
  const meta = await capture.finish({ status: "finished" });
  expect(meta).toMatchObject({ status: "finished", metrics: { accuracy: 0.9 } });
  for (const place of ["metrics/metrics.json", "report.md", "code/run.ts"]) expect(meta.notes?.some((note) => note.startsWith(`${place} could not be recorded`) && note.includes("no space left"))).toBe(true);
  expect((await openStore(root).list())[0]).toMatchObject({ status: "finished", metrics: { accuracy: 0.9 } });
  expect(filesOf(capture.runFolder).filter((path) => path.includes("/.") || path.startsWith("."))).toEqual([]);
});

test("points that have no room are given up for the end, and the record says how many", async () => {
  const { start, read } = lab();
  const capture = await start();
  log({ loss: 1 }, { step: 0 });
  capture.atExit();
  leave(0);
  for (let step = 1; step <= 3000; step++) log({ loss: 1 / step, name_of_some_length: step }, { step });
  const meta = await capture.finish({ status: "finished" });
  expect(meta).toMatchObject({ status: "finished", history_points: 1 });
  expect(meta.notes?.some((note) => /^the last 3000 points of the metric history are missing/.test(note))).toBe(true);
  Object.assign(disk, real);
  const document = await read(capture.id);
  expect(document.problems).toEqual([]);
  expect(document.history).toHaveLength(1);
});

test("an end that is refused is one line, is tried again, and is then a finished run; the process is as before at once", async () => {
  const { start, root } = lab();
  const [random, seed] = [Math.random, currentSeed()];
  const capture = await start();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  disk.open = () => {
    throw Object.assign(new Error("EIO: injected"), { code: "EIO" });
  };
  await expect(capture.finish({ status: "finished" })).rejects.toThrow(/^could not end the run: the disk reported an error \(EIO\): [^\n]+$/);
  expect([Math.random, currentSeed()]).toEqual([random, seed]);
  Object.assign(disk, real);
  expect((await openStore(root).list())[0].status).toBe("running");
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await openStore(root).list())[0].status).toBe("finished");
  expect((await capture.finish({ status: "failed" })).status).toBe("finished");
});

test("a process that exits ends a run whose end was refused", async () => {
  const { start, root } = lab();
  const capture = await start();
  disk.link = () => {
    throw Object.assign(new Error("EIO: injected"), { code: "EIO" });
  };
  await expect(capture.finish({ status: "finished" })).rejects.toThrow(/could not end the run/);
  Object.assign(disk, real);
  capture.atExit();
  expect((await openStore(root).list())[0].status).toBe("finished");
});
