/** Stores at places where none can be. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findStore, openStore } from "runlab/runs";
import { RunlabError } from "../../src/errors.js";
import { problemRecord } from "../../src/runs/store/index-record.js";
import { newRunId } from "../../src/runs/store/run-id.js";

test.skipIf(process.platform !== "linux")("a place that takes no folder is one line, at once", { timeout: 5_000 }, async () => {
  await expect(openStore("/proc/nope/models").start({ name: "x", seed: 1 })).rejects.toThrow(/^could not start the run: [^\n]+ \(E[A-Z]+\): \/proc\/nope$/);
});

test("a store several folders deep is made, and a file in the way is named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runlab-place-"));
  const run = await openStore(join(folder, "a/b/models")).start({ name: "x", seed: 1 });
  await run.finish();
  expect(existsSync(join(folder, "a/b/models/runs", run.id, "run_meta.json"))).toBe(true);
  writeFileSync(join(folder, "file"), "");
  await expect(openStore(join(folder, "file")).start({ name: "x", seed: 1 })).rejects.toThrow(/a file stands where a folder is needed \(ENOTDIR\): [^\n]+$/);
  rmSync(folder, { recursive: true, force: true });
});

test("a folder that is no readable run is listed at the time in its id", () => {
  const time = Date.UTC(2026, 10, 21, 10, 15, 30, 123);
  expect(problemRecord(newRunId("forest", 42, time), "damaged", 0).started).toBe(time);
  expect(problemRecord("2026-11-21T10-15-30Z__forest__seed42__k3f9", "damaged", 0).started).toBe(Math.floor(time / 1000) * 1000);
  expect(problemRecord("2026-11-21T10-15-30.12Z__forest", "damaged", 5).started).toBe(5);
});

test("RUNLAB_STORE that names a file is a mistake in one line", () => {
  const folder = mkdtempSync(join(tmpdir(), "runlab-place-"));
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const place of [file, join(file, "below")]) {
    process.env.RUNLAB_STORE = place;
    try {
      expect(() => findStore(folder)).toThrow(RunlabError);
      expect(() => findStore(folder)).toThrow(/^the store is a folder; received [^\n]+$/);
    } finally {
      delete process.env.RUNLAB_STORE;
    }
  }
  // A file on the way is no reason to fail: the search goes on above it.
  expect(findStore(join(file, "below"))).toBe(join(file, "below/models"));
  rmSync(folder, { recursive: true, force: true });
});
