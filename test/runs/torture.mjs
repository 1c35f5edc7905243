/**
 * The store under kill -9: writers, a compactor (all of them killed again and again) and a reader, on one store.
 * Afterwards nothing that was acknowledged may be lost, and nothing half-made may have been visible at any time.
 *
 *   node test/runs/torture.mjs            about 15 seconds
 *   node test/runs/torture.mjs --long     ten minutes; --seconds N for another length
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseHistory } from "../../src/dist/runs/format/index.js";
import { openStore } from "../../src/dist/runs/store/index.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Exponential, so that a kill may come at any moment of a run, also the first. */
const someTime = (mean) => -Math.log(1 - Math.random()) * mean;

/**
 * Tortures a new store for `seconds` with `writers` processes at a time.
 *
 * @returns counts; `faults` holds one line for everything that should not have happened.
 */
export async function torture({ seconds, writers = 4, meanLife = 250 }) {
  const root = join(mkdtempSync(join(tmpdir(), "runlab-torture-")), "models");
  /** What writers were told: by id, the points that are certain, and how far the run came. */
  const told = new Map();
  const faults = new Set();
  const count = { started: 0, ended: 0, kills: 0, compactorKills: 0, lists: 0, points: 0 };
  const end = performance.now() + seconds * 1000;

  async function killed(script, meanMs, onLine) {
    const child = spawn(process.execPath, [here(script), root], { stdio: ["ignore", "pipe", "pipe"] });
    const closed = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
    let complaint = "";
    child.stderr.on("data", (text) => (complaint += text));
    // The time until a kill counts from when the process is at work: starting Node takes longer than a run.
    let timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line !== "ready") return onLine(line);
      clearTimeout(timer);
      timer = setTimeout(() => child.kill("SIGKILL"), someTime(meanMs));
    });
    const { signal } = await closed;
    clearTimeout(timer);
    if (signal !== "SIGKILL") faults.add(`${script} stopped by itself: ${complaint.split("\n").find((line) => line.includes("Error")) ?? complaint.slice(0, 200)}`);
  }

  function hear(line) {
    const [what, id, number] = line.split(" ");
    const run = told.get(id) ?? { points: 0, file: false, ended: false };
    told.set(id, run);
    if (what === "started") count.started++;
    if (what === "points") run.points = Number(number);
    if (what === "file") run.file = true;
    if (what === "ended") {
      run.ended = true;
      count.ended++;
    }
  }

  async function write() {
    while (performance.now() < end) {
      await killed("torture-writer.mjs", meanLife, hear);
      count.kills++;
    }
  }

  async function compactAll() {
    while (performance.now() < end) {
      await killed("torture-compactor.mjs", meanLife / 2, () => undefined);
      count.compactorKills++;
      await pause(100);
    }
  }

  async function read() {
    // One reader that follows the index, and one that opens it anew each time.
    const following = openStore(root);
    while (performance.now() < end) {
      const before = [...told.keys()];
      for (const store of [following, openStore(root)]) {
        const listed = await store.list();
        count.lists++;
        const ids = new Set(listed.map((record) => record.id));
        for (const id of before) if (!ids.has(id)) faults.add(`${id} had started and was not listed`);
        for (const record of listed) if (record.problem !== undefined) faults.add(`${record.id} was visible in half: ${record.problem}`);
        if (store !== following) store.dispose();
      }
      await pause(100);
    }
    following.dispose();
  }

  await Promise.all([...Array.from({ length: writers }, write), compactAll(), read()]);
  // Long enough for the runs of killed writers to be taken for crashed.
  await pause(6500);

  const store = openStore(root);
  const listed = await store.list();
  const folders = readdirSync(join(root, "runs")).filter((name) => !name.startsWith(".") && name !== "index");
  if (listed.length !== folders.length) faults.add(`${folders.length} folders, ${listed.length} listed`);
  for (const record of listed) if (record.status === "running") faults.add(`${record.id} is still taken for live`);
  for (const [id, run] of told) count.points += verify(join(root, "runs", id), id, run, faults);

  // The index is disposable: the same list comes from what compaction leaves, and from nothing.
  const same = (other, how) => {
    if (JSON.stringify(other.map(({ id, status }) => [id, status])) !== JSON.stringify(listed.map(({ id, status }) => [id, status]))) faults.add(`the list differs ${how}`);
  };
  await store.reindex();
  same(await store.list(), "after reindex");
  rmSync(join(root, "runs", "index"), { recursive: true });
  same(await openStore(root).list(), "without an index");
  store.dispose();

  if (faults.size === 0) rmSync(join(root, ".."), { recursive: true, force: true });
  return { ...count, listed: listed.length, crashed: listed.filter((record) => record.status === "crashed").length, root, faults: [...faults] };
}

/** Checks one run against what its writer was told; the points found. */
function verify(folder, id, run, faults) {
  let meta;
  try {
    meta = JSON.parse(readFileSync(join(folder, "run_meta.json"), "utf8"));
  } catch (error) {
    faults.add(`${id} has no end record: ${error.message}`);
    return 0;
  }
  const text = meta.files.some((file) => file.path === "metrics/history.jsonl") ? readFileSync(join(folder, "metrics/history.jsonl"), "utf8") : "";
  const { points, problem } = parseHistory(text);
  if (points.length < run.points) faults.add(`${id} lost ${run.points - points.length} acknowledged points`);
  if (points.length !== meta.history_points) faults.add(`${id} says ${meta.history_points} points and has ${points.length}`);
  if (run.ended && meta.status !== "finished") faults.add(`${id} had ended and is ${meta.status}`);
  if (run.ended && problem !== null) faults.add(`${id} had ended: ${problem}`);
  if (run.file && !meta.files.some((file) => file.path === "tables/predictions.csv")) faults.add(`${id} lost a file`);
  for (const { path, sha256, bytes } of meta.files) {
    const content = readFileSync(join(folder, path));
    if (content.length !== bytes || createHash("sha256").update(content).digest("hex") !== sha256) faults.add(`${id}: ${path} is not what the manifest says`);
  }
  return points.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--seconds");
  const seconds = at > 0 ? Number(process.argv[at + 1]) : process.argv.includes("--long") ? 600 : 8;
  const result = await torture({ seconds });
  console.log(JSON.stringify(result, null, 1));
  process.exitCode = result.faults.length > 0 ? 1 : 0;
}
