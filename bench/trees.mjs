/**
 * Boosting against LightGBM, XGBoost and scikit-learn's histogram boosting: seconds to fit and to predict, the score on
 * the same hold-out, and the memory of the largest fit.
 *
 * 100 trees of 31 leaves, 255 bins, learning rate 0.1, 20 rows a leaf at least. Binning is part of `fit` on every side.
 * Each peer has a process of its own; none runs while another is measured.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compare } from "./compare.mjs";
import { startPeer, table } from "./peers.mjs";

export const name = "trees";
export const what = "Gradient boosting against LightGBM, XGBoost and scikit-learn's HistGradientBoosting: 100 trees, 31 leaves, 255 bins, learning rate 0.1";

const TREES = 100;
const BIG = { LightGBM: 2, XGBoost: 2 };
const OTHER = { LightGBM: 1.2, XGBoost: 1.2 };
const PREDICT = { LightGBM: 2, XGBoost: 1 };
const JOBS = [
  { data: "penguins", task: "regression", rounds: 9, fit: OTHER },
  { data: "penguins", task: "multiclass", rounds: 9, fit: OTHER },
  { data: "digits", task: "regression", rounds: 7, fit: OTHER },
  { data: "digits", task: "multiclass", rounds: 3, fit: OTHER },
  { data: "bikes", task: "regression", rounds: 7, fit: OTHER },
  { data: "flights20k", task: "binary", rounds: 7, fit: OTHER },
  { data: "adult", task: "binary", rounds: 7, fit: OTHER },
  { data: "bio", task: "binary", rounds: 2, fit: OTHER },
  { data: "flights", task: "binary", rounds: 5, fit: BIG },
  { data: "flights", task: "regression", rounds: 5, fit: BIG },
  { data: "flights3m", task: "binary", rounds: 2, fit: BIG },
];
const SIZES = { penguins: "266 x 6", digits: "1,438 x 64", bikes: "6,916 x 12", flights20k: "20,000 x 9", adult: "39,074 x 14", bio: "116,601 x 74", flights: "261,877 x 9", flights3m: "2,400,000 x 7" };
/** Fits of many seconds: a first round is as good as any, and HistGradientBoosting, the slowest, sits out. */
const LONG = ["bio", "flights3m"];
const SCORE = { binary: "auc", multiclass: "logLoss", regression: "rmse" };

const only = process.env.RUNLAB_BENCH_JOBS?.split(",");
const threadsOf = (process.env.RUNLAB_BENCH_THREADS ?? "1,2").split(",").map(Number);

export async function run({ print }) {
  const runlab = await import("../src/dist/index.js");
  const rows = [];
  for (const threads of threadsOf) {
    const libraries = ["LightGBM", "XGBoost", "HistGradientBoosting"];
    const peers = Object.fromEntries(libraries.map((library) => [library, startPeer("trees-peers.py", { threads })]));
    try {
      for (const { data, task, rounds, fit } of JOBS.filter((job) => !only || only.includes(job.data))) {
        const target = task === "regression" ? "yr" : "y";
        const parts = await readParts(runlab, data, target);
        const sides = { runlab: (round) => fitOurs(runlab, parts, task, threads, round) };
        for (const [library, peer] of Object.entries(peers)) {
          if (LONG.includes(data) && library === "HistGradientBoosting") continue;
          await peer.ask({ do: "load", train: table(data, "train"), test: table(data, "test"), target });
          sides[library] = async (round) => {
            const { peak, ...measured } = await peer.ask({ do: "fit", library, task, trees: TREES, seed: round });
            return measured;
          };
        }
        rows.push(...(await compare({ print, job: `${data} ${SIZES[data]}, ${task}, ${threads} thread${threads === 1 ? "" : "s"}`, sides, rounds, warmUp: LONG.includes(data) ? 0 : 1, scores: [SCORE[task]], aims: { fit, predict: PREDICT } })));
      }
    } finally {
      for (const peer of Object.values(peers)) peer.stop();
    }
  }
  if (!only) await memory(print);
  return rows;
}

async function readParts(runlab, data, target) {
  const parts = {};
  for (const part of ["train", "test"]) {
    const whole = await runlab.readTable(table(data, part));
    const features = whole.schema.fields.map((field) => field.name).filter((column) => column !== "y" && column !== "yr");
    parts[part] = { table: whole, truth: Float64Array.from(whole.getChild(target).toArray(), Number), target, features };
  }
  return parts;
}

function fitOurs(runlab, { train, test }, task, threads, seed) {
  const Kind = task === "regression" ? runlab.GradientBoostingRegressor : runlab.GradientBoostingClassifier;
  const model = new Kind({ nEstimators: TREES, maxLeaves: 31, learningRate: 0.1, maxBins: 255, minChildSamples: 20, nJobs: threads, seed });
  const started = performance.now();
  model.fit(train.table, { target: train.target, features: train.features });
  const fitted = performance.now();
  const predicted = task === "regression" ? model.predict(test.table) : model.predictProba(test.table);
  const done = performance.now();
  return { fit: (fitted - started) / 1000, predict: (done - fitted) / 1000, [SCORE[task]]: score(runlab, task, test.truth, predicted) };
}

function score(runlab, task, truth, predicted) {
  if (task === "regression") return runlab.rmse(truth, predicted);
  const { classes, values } = predicted;
  if (task === "binary") return runlab.rocAuc(truth, Float64Array.from(truth, (_, row) => values[2 * row + 1]), { positive: 1 });
  const loss = truth.map((label, row) => -Math.log(Math.max(1e-15, values[row * classes.length + classes.indexOf(label)])));
  return loss.reduce((sum, value) => sum + value, 0) / loss.length;
}

/** Peak memory of a process that reads the 2.4 million rows and fits them, each side in a fresh one. */
async function memory(print) {
  print("\npeak memory of a fresh process: read flights3m, fit 100 trees, 2 threads");
  const ours = await new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["memory"]);
    child.on("message", resolve);
    child.on("error", reject);
  });
  print(`  runlab     ${(ours / 2 ** 20).toFixed(0)} MiB`);
  for (const library of ["LightGBM", "XGBoost"]) {
    const peer = startPeer("trees-peers.py", { threads: 2 });
    await peer.ask({ do: "load", train: table("flights3m", "train"), test: table("flights20k", "test"), target: "y" });
    const { peak } = await peer.ask({ do: "fit", library, task: "binary", trees: TREES }).catch(() => ({ peak: NaN }));
    peer.stop();
    print(`  ${library.padEnd(10)} ${(peak / 2 ** 20).toFixed(0)} MiB`);
  }
}

if (process.send !== undefined && process.argv[2] === "memory") {
  const runlab = await import("../src/dist/index.js");
  const { train } = await readParts(runlab, "flights3m", "y");
  new runlab.GradientBoostingClassifier({ nEstimators: TREES, nJobs: 2, seed: 1 }).fit(train.table, { target: "y", features: train.features });
  process.send(process.resourceUsage().maxRSS * 1024, () => process.exit(0));
}
