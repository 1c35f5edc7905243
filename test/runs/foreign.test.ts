/** Whatever lies in the store, the other runs are listed, one clear line says what is wrong, and nothing is changed by that. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "runlab/runs";

let folder: string;
let runs: string;
let store: Store;
let good: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "runlab-foreign-"));
  store = openStore(join(folder, "models"));
  runs = join(store.root, "runs");
  const run = await store.start({ name: "good", seed: 1 }, { "code/cell.ts": "1 + 1\n" });
  run.appendHistory([{ step: 0, values: { loss: 1 } }]);
  await run.finish({ metrics: { accuracy: 0.9 } });
  good = run.id;
});
afterEach(() => {
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const ODD = "2026-01-02T03-04-05Z__odd__seed7__aaaa";
const meta = (change: (meta: Record<string, unknown>) => void = () => undefined): string => {
  const value = JSON.parse(readFileSync(join(runs, good, "run_meta.json"), "utf8")) as Record<string, unknown>;
  value.id = ODD;
  change(value);
  return JSON.stringify(value);
};

const CASES: [what: string, make: (path: string) => void, problem: RegExp][] = [
  ["an empty folder", (path) => mkdirSync(path), /neither run_meta\.json nor live\.json/],
  ["a plain file", (path) => writeFileSync(path, "hello"), /a file where a run's folder should be/],
  ["a newer format", (path) => put(path, meta((value) => (value.format_version = 99))), /newer runlab \(format version 99; this one reads up to 1\)/],
  ["another program's JSON", (path) => put(path, '{"run_id": "x"}'), /not a run of runlab/],
  ["a record that was cut off", (path) => put(path, meta().slice(0, 60)), /damaged: the record of the run is not JSON/],
  ["an empty record", (path) => put(path, ""), /damaged/],
  ["a field of the wrong kind", (path) => put(path, meta((value) => (value.metrics = "many"))), /damaged: "metrics"/],
  ["a copy under another name", (path) => cpSync(join(runs, good), path, { recursive: true }), /holds the run .*__good__seed1__.* under another name/],
  ["a link to a folder", (path) => symlinkSync(join(runs, good), path), /a link to another place; it is not followed/],
  ["a link to nothing", (path) => symlinkSync(join(folder, "nowhere"), path), /a link to another place/],
  ["a record that is a link", (path) => (mkdirSync(path), writeFileSync(join(folder, "canary"), meta()), symlinkSync(join(folder, "canary"), join(path, "run_meta.json"))), /run_meta\.json is a link; links in a run's folder are not followed/],
  ["a record that is a folder", (path) => mkdirSync(join(path, "run_meta.json"), { recursive: true }), /run_meta\.json is not a plain file/],
  ["a record that is a named pipe", (path) => (mkdirSync(path), void execFileSync("mkfifo", [join(path, "run_meta.json")])), /run_meta\.json is not a plain file/],
];

function put(path: string, text: string): void {
  mkdirSync(path);
  writeFileSync(join(path, "run_meta.json"), text);
}

describe("a folder that is no readable run", () => {
  test.each(CASES)("%s is listed with its problem", async (_what, make, problem) => {
    make(join(runs, ODD));
    const before = snapshot(join(runs, ODD));
    for (const reader of [store, openStore(store.root)]) {
      const listed = await reader.list();
      expect(listed.map((record) => record.id)).toEqual([good, ODD]);
      expect(listed[0].problem).toBeUndefined();
      expect(listed[1].problem).toMatch(problem);
      expect(listed[1].problem).not.toContain("\n");
      await expect(reader.read(ODD)).rejects.toThrow(problem);
    }
    expect(snapshot(join(runs, ODD))).toEqual(before);
    const { runs: count, problems } = await store.reindex();
    expect({ count, ids: problems.map(({ id }) => id) }).toEqual({ count: 1, ids: [ODD] });
    expect(await store.resolve("last")).toBe(good);
  });

  test("is listed as a run once it is whole, and forgotten when it is taken away", async () => {
    mkdirSync(join(runs, ODD));
    expect((await store.list())[1].problem).toBeDefined();
    writeFileSync(join(runs, ODD, "run_meta.json"), meta());
    expect((await store.list())[1]).toMatchObject({ id: ODD, status: "finished", metrics: { accuracy: 0.9 } });
    expect((await store.list())[1].problem).toBeUndefined();
    rmSync(join(runs, ODD), { recursive: true });
    expect((await store.list()).map((record) => record.id)).toEqual([good]);
    expect((await openStore(store.root).list()).map((record) => record.id)).toEqual([good]);
  });
});

test("a link inside a run leads nobody out of it", async () => {
  writeFileSync(join(folder, "canary.txt"), "canary");
  mkdirSync(join(folder, "secret"));
  writeFileSync(join(folder, "secret", "cell.ts"), "canary");
  const path = join(runs, good);
  rmSync(join(path, "code"), { recursive: true });
  symlinkSync(join(folder, "secret"), join(path, "code"));
  rmSync(join(path, "metrics"), { recursive: true });
  mkdirSync(join(path, "metrics"));
  symlinkSync(join(folder, "canary.txt"), join(path, "metrics", "history.jsonl"));
  const document = await store.read(good);
  expect(JSON.stringify(document)).not.toContain("canary");
  expect(document.problems.join("\n")).toMatch(/code\/cell\.ts lies behind a link/);
  expect(document.problems.join("\n")).toMatch(/metrics\/history\.jsonl is a link/);
});

test.each(["", ".", "..", "../../etc", "/etc/passwd", ".tmp", "index", "a/b", "a\\b", "a\0b", "%2e%2e%2f"])("%j is not an id that leads anywhere", async (id) => {
  await expect(store.read(id)).rejects.toThrow(/a run is named by its id|there is no such run/);
});

test.each(["../escape", "/absolute", "a/../../b", ".hidden", "a/.b", "live.json", "run_meta.json", "metrics/history.jsonl", "a\\b", "C:x", "a//b", "", "x\ny", "edits/1.json"])("a run writes no file at %j", async (place) => {
  const run = await store.start({ name: "places", seed: 1 });
  await expect(run.write(place, "x")).rejects.toThrow(/a file of a run is named by|is written by the store itself/);
  await run.finish();
  expect(existsSync(join(folder, "escape"))).toBe(false);
});

test("damage at any byte of any file lists every other run and never throws", async () => {
  const names = ["run_meta.json", "metrics/history.jsonl", "code/cell.ts"];
  const originals = new Map(names.map((name) => [name, readFileSync(join(runs, good, name))]));
  const other = await store.start({ name: "other", seed: 2 });
  await other.finish();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.constantFrom("cut", "flip", "zero", "twice"), async (name, at, way) => {
      const bytes = originals.get(name) as Buffer;
      const place = at % bytes.length;
      const damaged = way === "cut" ? bytes.subarray(0, place) : way === "twice" ? Buffer.concat([bytes, bytes.subarray(place)]) : Buffer.from(bytes);
      if (way === "flip") damaged[place] ^= 1 << at % 8;
      if (way === "zero") damaged.fill(0, place, Math.min(place + 64, damaged.length));
      writeFileSync(join(runs, good, name), damaged);
      rmSync(join(runs, "index"), { recursive: true, force: true });
      const fresh = openStore(store.root);
      const listed = await fresh.list();
      expect(listed.map((record) => record.id).sort()).toEqual([good, other.id].sort());
      expect(listed.find((record) => record.id === other.id)).toMatchObject({ status: "finished" });
      await fresh.read(good).catch((error: Error) => expect(error.message).not.toContain("\n"));
      fresh.dispose();
      writeFileSync(join(runs, good, name), bytes);
    }),
    { numRuns: 150 },
  );
});

test("an index full of rubbish is healed from the folders", async () => {
  const index = join(runs, "index");
  for (const name of readdirSync(index)) rmSync(join(index, name), { recursive: true });
  writeFileSync(join(index, "0-rubbish-1-aaaaaaaa.jsonl"), `not json\n{"id": 3}\n[]\nnull\n{"id":"${good}","t":"x"}\n{"id":"gone","t":1,"name":"gone","status":"finished","started":1,"duration_ms":null,"seed":1,"notebook":null,"main_metric":null,"metrics":{},"flags":{},"parent":null,"tags":[]}\n{"torn`);
  mkdirSync(join(index, "folder.jsonl"));
  symlinkSync("/dev/zero", join(index, "zero.jsonl"));
  expect((await openStore(store.root).list()).map((record) => record.id)).toEqual([good]);
});

test("a store that cannot be written is listed, and says in one line that it cannot be written", async () => {
  if (process.getuid?.() === 0) {
    // Root may write anywhere; a file where the folder should be refuses everyone.
    const blocked = join(folder, "blocked");
    writeFileSync(blocked, "");
    await expect(openStore(join(blocked, "models")).start({ name: "x", seed: 1 })).rejects.toThrow(/^could not start the run: a file stands where a folder is needed \(ENOTDIR\): /);
    return;
  }
  chmodSync(runs, 0o500);
  await expect(openStore(store.root).start({ name: "x", seed: 1 })).rejects.toThrow(/^could not start the run: permission is denied \(EACCES\): /);
  expect((await openStore(store.root).list()).map((record) => record.id)).toEqual([good]);
  chmodSync(runs, 0o700);
});

test("folders and files are for their owner alone", async () => {
  expect(statSync(runs).mode & 0o777).toBe(0o700);
  expect(statSync(join(runs, good)).mode & 0o777).toBe(0o700);
  for (const name of ["run_meta.json", "code/cell.ts", "metrics/history.jsonl"]) expect(statSync(join(runs, good, name)).mode & 0o777).toBe(0o600);
  for (const name of readdirSync(join(runs, "index"))) expect(statSync(join(runs, "index", name)).mode & 0o777).toBe(0o600);
});

function snapshot(path: string): unknown {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return stat?.mtimeMs;
  return readdirSync(path).sort().map((name) => [name, statSync(join(path, name), { throwIfNoEntry: false })?.mtimeMs]);
}
