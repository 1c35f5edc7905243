/**
 * Models against scikit-learn, in turns, one thread each, on the tables of the labs: seconds to fit and to predict, and the
 * score on the same hold-out, so that no speed is bought with quality.
 *
 * The first round warms both sides up and is not counted. On a busy machine the ratio of medians is worth little:
 * look at the minima.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const name = "models";
export const what = "fitting and predicting, against scikit-learn, one thread";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = path.join(root, process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python");
const ROUNDS = Number(process.env.RUNLAB_BENCH_ROUNDS ?? 3);
const TREES = Number(process.env.RUNLAB_BENCH_TREES ?? 100);

const JOBS = [
  { job: "forest", table: "penguins", target: "species", metric: "accuracy" },
  { job: "forest", table: "flights_weather", target: "late", metric: "rocAuc" },
  { job: "logistic", table: "flights_weather", target: "late", metric: "rocAuc" },
];

export async function run({ print }) {
  const runlab = await import("../src/dist/index.js");
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(path.join(root, ".cache", "bench-models-"));
  const peer = startPeer();
  try {
    for (const job of JOBS) {
      const data = await runlab.readTable(path.join(root, "notebooks/data", `${job.table}.parquet`));
      const { train, test } = runlab.split(data, { target: job.target, testSize: 0.2, stratify: true, seed: 1 });
      await runlab.writeTable(train.table, path.join(folder, "train.parquet"));
      await runlab.writeTable(test.table, path.join(folder, "test.parquet"));
      await peer.ask({ load: folder, target: job.target });
      const ours = [];
      const theirs = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const mine = fitOurs(runlab, job, train, test, round);
        const other = await peer.ask({ job: job.job, seed: round, trees: TREES, metric: job.metric });
        if (round === 0) continue;
        ours.push(mine);
        theirs.push(other);
      }
      print(`${job.job === "forest" ? `${TREES} trees` : job.job}, ${job.table}: ${train.table.numRows} rows x ${train.features.length} features, ${ROUNDS} rounds`);
      for (const step of ["fit", "predict"]) {
        const [a, b] = [ours, theirs].map((side) => side.map((each) => each[step]));
        print(`  ${step.padEnd(8)} runlab ${seconds(a)}   scikit-learn ${seconds(b)}   scikit-learn / runlab ${(Math.min(...b) / Math.min(...a)).toFixed(2)} (minima), ${(median(b) / median(a)).toFixed(2)} (medians)`);
      }
      const mean = (side) => side.reduce((sum, each) => sum + each.score, 0) / side.length;
      print(`  ${job.metric.padEnd(8)} runlab ${mean(ours).toFixed(4)}   scikit-learn ${mean(theirs).toFixed(4)} (mean over rounds)`);
    }
  } finally {
    peer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function fitOurs(runlab, job, train, test, seed) {
  const model = job.job === "forest" ? new runlab.RandomForestClassifier({ nEstimators: TREES, seed }) : new runlab.LogisticRegression();
  const started = performance.now();
  model.fit(train);
  const fitted = performance.now();
  const probabilities = model.predictProba(test);
  const ended = performance.now();
  const truth = test.table.getChild(job.target);
  const score = job.metric === "rocAuc" ? runlab.rocAuc(truth, probabilities) : runlab.accuracy(truth, model.predict(test));
  return { fit: (fitted - started) / 1000, predict: (ended - fitted) / 1000, score };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const seconds = (values) => `${Math.min(...values).toFixed(3)} s (median ${median(values).toFixed(3)})`;

/** scikit-learn in a process that answers one line of JSON with another. */
function startPeer() {
  const child = spawn(python, ["-u", path.join(root, "bench/models-sklearn.py")], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("scikit-learn stopped; is the virtual environment complete? npm start makes it");
      return JSON.parse(value);
    },
    stop: () => child.kill(),
  };
}
