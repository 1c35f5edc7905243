/** The index: one writer a segment, disposable, and safe to compact at any moment. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "runlab/runs";
import type { IndexRecord } from "runlab/format";
import { compact } from "../../src/runs/store/compaction.js";
import { disk } from "../../src/runs/store/disk.js";
import { newerOf } from "../../src/runs/format/newer-record.js";
import { recordOf } from "../../src/runs/store/index-record.js";
import { IndexSegment } from "../../src/runs/store/index-segment.js";
import { IndexView } from "../../src/runs/store/index-view.js";
import { newMeta } from "../../src/runs/store/new-meta.js";

let folder: string;
let store: Store;
let runs: string;
let index: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runlab-index-"));
  store = openStore(join(folder, "models"));
  runs = join(store.root, "runs");
  index = join(runs, "index");
});
afterEach(() => {
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const record = (id: string, t: number, change: Partial<IndexRecord> = {}): IndexRecord => ({ ...recordOf(newMeta(id, { name: "x", seed: 1 }, t), t), status: "finished", ...change });
/** A segment whose writer has not been seen for an hour. */
function oldSegment(name: string, records: IndexRecord[]): void {
  mkdirSync(index, { recursive: true });
  const path = join(index, name);
  writeFileSync(path, records.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const then = Date.now() / 1000 - 3600;
  utimesSync(path, then, then);
}
function seen(): Map<string, IndexRecord> {
  const view = new IndexView(runs);
  view.refresh();
  return view.records;
}
const segments = () => readdirSync(index).filter((name) => name.endsWith(".jsonl") && !name.startsWith("."));

describe("of two records of one run", () => {
  const running = record("a", 200, { status: "running" });
  const finished = record("a", 100);
  test("an end beats a live state, whatever the clocks say", () => {
    expect(newerOf(running, finished)).toBe(finished);
    expect(newerOf(finished, running)).toBe(finished);
  });
  test("the later one counts otherwise", () => {
    const later = record("a", 300, { deleted: true });
    expect(newerOf(finished, later)).toBe(later);
    expect(newerOf(later, finished)).toBe(later);
    const problem = record("a", 50, { problem: "damaged" });
    expect(newerOf(problem, running)).toBe(running);
  });
});

test("a record stays small, with the main metric first", () => {
  const metrics = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`metric_${at}`, at]));
  const meta = newMeta("2026-11-21T10-15-30Z__forest__seed42__k3f9", { name: "x".repeat(10_000), seed: 1, flags: { text: "y".repeat(10_000), list: Array.from({ length: 1000 }, (_, at) => at) }, metrics, main_metric: "metric_400" }, 0);
  const small = recordOf(meta, 0);
  expect(Object.entries(small.metrics)[0]).toEqual(["metric_400", 400]);
  expect(JSON.stringify(small).length).toBeLessThan(900);
  const usual = recordOf(newMeta(meta.id, { name: "forest", seed: 42, flags: { test_size: 0.2, n_estimators: 200 }, metrics: { accuracy: 0.93, f1: 0.92, log_loss: 0.2 }, main_metric: "accuracy", notebook: { path: "notebooks/week-01-first-run.ipynb", cell_id: null, execution_count: 1 } }, 0), 0);
  expect(JSON.stringify(usual).length).toBeLessThan(400);
});

test("each writer has a segment of its own, and begins another when its segment is gone", () => {
  const [one, two] = [new IndexSegment(runs), new IndexSegment(runs)];
  one.append([record("a", 1)]);
  two.append([record("b", 2)]);
  expect(segments()).toHaveLength(2);
  for (const name of segments()) rmSync(join(index, name));
  one.append([record("c", 3)]);
  expect([...seen().keys()]).toEqual(["c"]);
  one.close();
  two.close();
});

test("a view reads only what was added, and waits for the end of a torn line", () => {
  oldSegment("000000001-elsewhere-1-aaaaaaaa.jsonl", [record("a", 1)]);
  const view = new IndexView(runs);
  view.refresh();
  const path = join(index, "000000001-elsewhere-1-aaaaaaaa.jsonl");
  const line = `${JSON.stringify(record("b", 2))}\n`;
  writeFileSync(path, line.slice(0, 50), { flag: "a" });
  view.refresh();
  expect([...view.records.keys()]).toEqual(["a"]);
  writeFileSync(path, line.slice(50), { flag: "a" });
  view.refresh();
  expect([...view.records.keys()]).toEqual(["a", "b"]);
});

describe("compaction", () => {
  function fill(): Map<string, IndexRecord> {
    for (let writer = 0; writer < 5; writer++) {
      oldSegment(`00000000${writer}-elsewhere-${writer + 1}-aaaaaaaa.jsonl`, [record(`run-${writer}`, 10, { status: "running" }), record(`run-${writer}`, 20), record("shared", writer)]);
    }
    return seen();
  }

  test("merges the segments of writers that are gone or idle, and leaves those at work", () => {
    const busy = new IndexSegment(runs);
    busy.append([record("busy", 1)]);
    const before = fill();
    before.set("busy", record("busy", 1));
    expect(compact(runs, { force: true })).toBe(5);
    expect(segments()).toHaveLength(2);
    expect(new Map([...seen()].sort())).toEqual(new Map([...before].sort()));
    busy.append([record("more", 2)]);
    expect(seen().has("more")).toBe(true);
    busy.close();
  });

  test("stopped at any call, it loses nothing, and the next one tidies up", () => {
    const real = { ...disk };
    const names = Object.keys(real) as (keyof typeof disk)[];
    let calls = Number.POSITIVE_INFINITY;
    for (let k = 1; k <= calls; k++) {
      rmSync(index, { recursive: true, force: true });
      const before = fill();
      let made = 0;
      for (const name of names) {
        (disk as Record<string, unknown>)[name] = (...args: unknown[]) => {
          made += 1;
          // As if killed: nothing after this call happens either.
          if (made >= k) throw Object.assign(new Error("killed"), { code: "EKILLED" });
          return (real[name] as (...args: unknown[]) => unknown)(...args);
        };
      }
      let killed = false;
      try {
        compact(runs, { force: true });
      } catch {
        killed = true;
      }
      Object.assign(disk, real);
      if (!killed) calls = made;
      // A record may be in a hidden segment for the moment: the next compaction brings it back.
      compact(runs, { force: true, time: Date.now() + 120_000 });
      expect(new Map([...seen()].sort()), `call ${k}`).toEqual(new Map([...before].sort()));
      expect(readdirSync(index).filter((name) => name.startsWith(".merged-"))).toEqual([]);
    }
    expect(calls).toBeGreaterThan(30);
  });

  test("keeps what is added while it works", () => {
    fill();
    const late = join(index, "000000000-elsewhere-1-aaaaaaaa.jsonl");
    const { rename } = disk;
    let added = false;
    disk.rename = (from, to) => {
      // Between reading the segment and taking it away.
      if (!added && String(from) === late) writeFileSync(late, `${JSON.stringify(record("late", 99))}\n`, { flag: "a" });
      added ||= String(from) === late;
      rename(from, to);
    };
    compact(runs, { force: true });
    disk.rename = rename;
    expect(added).toBe(true);
    expect(seen().has("late")).toBe(true);
  });

  test("a second one waits outside, until the first is taken for dead", () => {
    fill();
    mkdirSync(join(index, ".compaction"));
    expect(compact(runs, { force: true })).toBe(0);
    expect(compact(runs, { force: true, time: Date.now() + 120_000 })).toBe(5);
  });

  test("remembers deletions for a week, so that a browser that slept hears of them", () => {
    const week = 7 * 24 * 3_600_000;
    const time = Date.now();
    oldSegment("000000001-elsewhere-1-aaaaaaaa.jsonl", [record("old", time - week - 1, { deleted: true }), record("new", time - 1000, { deleted: true })]);
    oldSegment("000000002-elsewhere-1-aaaaaaaa.jsonl", [record("a", 1)]);
    compact(runs, { force: true, time });
    expect([...seen().keys()].sort()).toEqual(["a", "new"]);
  });
});

test("the list heals what the index lost, and tells browsers through the index", async () => {
  const first = await store.start({ name: "one", seed: 1 });
  await first.finish({ metrics: { accuracy: 1 } });
  rmSync(index, { recursive: true });
  const other = openStore(store.root);
  expect((await other.list())[0]).toMatchObject({ id: first.id, status: "finished", metrics: { accuracy: 1 } });
  expect(seen().get(first.id)).toMatchObject({ status: "finished" });
  rmSync(first.folder, { recursive: true });
  expect(await other.list()).toEqual([]);
  expect(seen().get(first.id)).toMatchObject({ deleted: true });
  other.dispose();
});

test("listing twice adds nothing to the index", async () => {
  const run = await store.start({ name: "one", seed: 1 });
  mkdirSync(join(runs, "2026-01-02T03-04-05Z__odd__seed7__aaaa"));
  await store.list();
  const before = segments().map((name) => readFileSync(join(index, name), "utf8"));
  await store.list();
  await openStore(store.root).list();
  expect(segments().map((name) => readFileSync(join(index, name), "utf8"))).toEqual(before);
  await run.finish();
});
