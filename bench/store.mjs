/**
 * The store against MLflow's local tracking, side by side and in turns: log a run, and list the best of 10,000.
 *
 * MLflow is installed by the bench into .cache/bench-venv. Both sides write to the same disk; runlab flushes what it
 * acknowledges, as MLflow's SQLite does.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const name = "store";
export const what = "logging and listing runs, against MLflow's local tracking";

const MLFLOW = "mlflow==3.17.2";
const ROUNDS = 7;
const WARM_UP = 1;
const RUNS = 10_000;

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = path.join(root, ".cache");
const venv = path.join(cache, "bench-venv");
const python = path.join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

const params = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`param_${at}`, at * 1.5]));
const valuesAt = (step) => Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`metric_${at}`, 1 / (step + at + 1)]));
const artifact = "row,prediction\n".repeat(700);

export async function run({ print }) {
  install(print);
  const { openStore } = await import("../src/dist/runs/store/index.js");
  const folder = mkdtempSync(path.join(cache, "bench-store-"));
  const mlflow = startMlflow(folder);
  try {
    const store = openStore(path.join(folder, "models"));
    await compare(print, `log a run: 10 params, 10 metrics x 100 steps, 5 artifacts of 10 kB (${ROUNDS} rounds)`, {
      runlab: () => timed(() => logRun(store)),
      "MLflow, a call per step": () => mlflow.ask("log steps"),
      "MLflow, one batch": () => mlflow.ask("log batch"),
    });

    print(`\nfilling both with ${RUNS} runs …`);
    const filled = path.join(folder, "filled", "models");
    const indexed = await fill(filled);
    print(`  runlab reindex of ${RUNS} folders: ${indexed.toFixed(0)} ms`);
    await mlflow.ask(`fill ${RUNS}`);
    await compare(print, `the best 100 of ${RUNS}, inside a process that is warm, the store opened anew`, {
      runlab: () => timed(() => best(openStore(filled))),
      // MLflow's query joins all metrics without an index to help it: seconds, so few rounds.
      MLflow: () => mlflow.ask("best"),
    }, 5);
    await compare(
      print,
      `the best 100 of ${RUNS}, as a command of its own`,
      {
        runlab: () => timed(() => execFileSync(process.execPath, [path.join(root, "src/bin/runlab.js"), "runs", "--sort", "metric_0", "--limit", "100", "--json", "--store", filled])),
        MLflow: () => timed(() => execFileSync(python, [path.join(root, "bench/store-mlflow.py"), path.join(folder, "mlflow"), "once"])),
      },
      3,
    );
  } finally {
    mlflow.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function logRun(store) {
  const live = await store.start({ name: "bench", seed: 1, flags: params });
  for (let step = 0; step < 100; step++) live.appendHistory([{ step, values: valuesAt(step) }]);
  for (let file = 0; file < 5; file++) await live.write(`tables/predictions_${file}.csv`, artifact);
  await live.finish({ metrics: valuesAt(99), main_metric: "metric_0" });
}

/** Made by copying one record, because the making is not what is measured here. Milliseconds to index all of them. */
async function fill(models) {
  const { openStore } = await import("../src/dist/runs/store/index.js");
  const store = openStore(models);
  await logRun(store);
  const [first] = await store.list();
  const meta = JSON.parse(readFileSync(path.join(store.folderOf(first.id), "run_meta.json"), "utf8"));
  for (let at = 1; at < RUNS; at++) {
    const id = first.id.replace(/seed1__.*/, `seed${at}__${at.toString(36).padStart(4, "0")}`);
    mkdirSync(store.folderOf(id));
    writeFileSync(path.join(store.folderOf(id), "run_meta.json"), JSON.stringify({ ...meta, id, seed: at, metrics: { ...meta.metrics, metric_0: (at * 7919) % RUNS } }));
  }
  const milliseconds = await timed(() => store.reindex());
  store.dispose();
  return milliseconds;
}

async function best(store) {
  const { sortRuns } = await import("../src/dist/cli/sort-runs.js");
  const found = sortRuns(await store.list(), "metric_0").slice(0, 100);
  store.dispose();
  if (found.length !== 100 || found[0].metrics.metric_0 !== RUNS - 1) throw new Error("the list is not the best 100");
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs the sides in turns, so that a busy moment of the machine hits all of them alike, and prints the first as 1. */
async function compare(print, title, sides, rounds = ROUNDS) {
  const times = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [side, work] of Object.entries(sides)) {
      const milliseconds = await work();
      if (round >= 0) times[side].push(milliseconds);
    }
  }
  print(`\n${title}`);
  const [reference] = Object.values(times).map(median);
  for (const [side, all] of Object.entries(times)) {
    print(`  ${side.padEnd(26)} min ${Math.min(...all).toFixed(1).padStart(8)} ms   median ${median(all).toFixed(1).padStart(8)} ms   ${(median(all) / reference).toFixed(1).padStart(6)} x`);
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A Python process that does what it is asked and answers with the milliseconds it took, the start of Python left out. */
function startMlflow(folder) {
  const child = spawn(python, [path.join(root, "bench/store-mlflow.py"), path.join(folder, "mlflow"), "serve"], { stdio: ["pipe", "pipe", "pipe"] });
  const answers = [];
  let complaint = "";
  child.stderr.on("data", (text) => (complaint += text));
  createInterface({ input: child.stdout }).on("line", (line) => line.startsWith("took ") && answers.shift()?.resolve(Number(line.slice(5))));
  child.on("close", () => answers.splice(0).forEach(({ reject }) => reject(new Error(`MLflow stopped: ${complaint.slice(-2000)}`))));
  return {
    ask: (what) =>
      new Promise((resolve, reject) => {
        answers.push({ resolve, reject });
        child.stdin.write(`${what}\n`);
      }),
    stop: () => child.kill(),
  };
}

function install(print) {
  mkdirSync(cache, { recursive: true });
  if (existsSync(python) && execFileSync(python, ["-m", "pip", "list", "--format=freeze"], { encoding: "utf8" }).includes(`${MLFLOW}\n`)) return;
  print(`installing ${MLFLOW} into ${path.relative(root, venv)} …`);
  execFileSync("python3", ["-m", "venv", venv], { stdio: "inherit" });
  execFileSync(python, ["-m", "pip", "install", "--quiet", MLFLOW], { stdio: "inherit" });
}
