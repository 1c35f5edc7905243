/**
 * Metrics against scikit-learn's on the same predictions of flights, and five-fold cross-validation with two threads.
 * Both sides get their columns in their own form: typed arrays here, NumPy arrays there.
 */
import { existsSync } from "node:fs";
import { compare } from "./compare.mjs";
import { startPeer, table } from "./peers.mjs";

export const name = "metrics";
export const what = "Metrics against scikit-learn on the same predictions, one thread; five-fold cross-validation, two threads";

/** Each is measured so often in one round, and the mean is what counts. */
const SIZES = [
  { rows: 5_000, repeats: 20, rounds: 7 },
  { rows: 65_475, repeats: 5, rounds: 5 },
  { rows: 327_000, repeats: 2, rounds: 5 },
];
const AIM = 3;
const FOLDS = [
  { data: "adult", model: "GradientBoosting", rounds: 3 },
  { data: "flights20k", model: "RandomForest", rounds: 2 },
];

const only = process.env.RUNLAB_BENCH_JOBS?.split(",");
const wanted = (job) => !only || only.includes(job);

export async function run({ print }) {
  const runlab = await import("../src/dist/index.js");
  const rows = [];
  if (wanted("scores")) {
    const file = await predictions(runlab);
    const peer = startPeer("metrics-peers.py", { threads: 1 });
    try {
      for (const { rows: size, repeats, rounds } of SIZES) {
        await peer.ask({ do: "load", file, rows: size });
        const columns = await load(runlab, file, size);
        const sides = { runlab: () => ours(runlab, columns, repeats), "scikit-learn": () => peer.ask({ do: "measure", repeats, silhouette: size <= 5000 }) };
        const measures = ["rocAuc", "averagePrecision", "logLoss", "brier", "f1", "f1 of text", "accuracy", "mcc", "rmse", "mae", "r2", "medianAe", "silhouette"];
        rows.push(...(await compare({ print, job: `${size.toLocaleString("en")} rows`, sides, rounds, scores: ["auc"], aims: Object.fromEntries(measures.map((measure) => [measure, AIM])) })));
      }
    } finally {
      peer.stop();
    }
  }
  if (wanted("folds")) rows.push(...(await folds(runlab, print)));
  return rows;
}

/** Predictions of every flight by models of a small part of them, made once. */
async function predictions(runlab) {
  const file = table("metrics", "predictions");
  if (existsSync(file)) return file;
  const small = await runlab.readTable(table("flights20k", "train"));
  const features = small.schema.fields.map((field) => field.name).filter((column) => column !== "y" && column !== "yr");
  const late = new runlab.GradientBoostingClassifier({ nEstimators: 50 }).fit(small, { target: "y", features });
  const delay = new runlab.GradientBoostingRegressor({ nEstimators: 50 }).fit(small, { target: "yr", features });
  const parts = [await runlab.readTable(table("flights", "test")), await runlab.readTable(table("flights", "train"))];
  const joined = (column) => Float64Array.from(parts.flatMap((part) => Array.from(column(part))));
  await runlab.writeTable(runlab.tableFromColumns({
    y: Int32Array.from(joined((part) => part.getChild("y").toArray())),
    score: joined((part) => late.predictProba(part).values.filter((_, i) => i % 2 === 1)),
    yr: joined((part) => part.getChild("yr").toArray()),
    delay: joined((part) => delay.predict(part)),
    ...Object.fromEntries(features.map((feature) => [feature, joined((part) => part.getChild(feature).toArray())])),
  }), file);
  return file;
}

async function load(runlab, file, rows) {
  const whole = runlab.head(await runlab.readTable(file), rows);
  const column = (name) => Float64Array.from(whole.getChild(name).toArray());
  const y = Int32Array.from(whole.getChild("y").toArray());
  const score = column("score");
  const guess = Int32Array.from(score, (value) => (value > 0.3 ? 1 : 0));
  const text = (codes) => runlab.categoryVector(Array.from(codes, (code) => (code === 1 ? "late" : "in time")));
  const names = ["departs", "arrives", "distance", "carrier", "origin", "dest", "month", "day"];
  return { rows, y, score, guess, text: text(y), guessText: text(guess), yr: column("yr"), delay: column("delay"), points: runlab.matrixOf(whole, names), groups: Int32Array.from(column("weekday")) };
}

function ours(runlab, { rows, y, score, guess, text, guessText, yr, delay, points, groups }, repeats) {
  const seconds = (work, times = repeats) => {
    const started = performance.now();
    for (let i = 0; i < times; i++) work();
    return (performance.now() - started) / 1000 / times;
  };
  return {
    rocAuc: seconds(() => runlab.rocAuc(y, score)),
    averagePrecision: seconds(() => runlab.averagePrecision(y, score)),
    logLoss: seconds(() => runlab.logLoss(y, score)),
    brier: seconds(() => runlab.brier(y, score)),
    f1: seconds(() => runlab.f1(y, guess)),
    "f1 of text": seconds(() => runlab.f1(text, guessText)),
    accuracy: seconds(() => runlab.accuracy(y, guess)),
    mcc: seconds(() => runlab.mcc(y, guess)),
    rmse: seconds(() => runlab.rmse(yr, delay)),
    mae: seconds(() => runlab.mae(yr, delay)),
    r2: seconds(() => runlab.r2(yr, delay)),
    medianAe: seconds(() => runlab.medianAe(yr, delay)),
    ...(rows <= 5000 ? { silhouette: seconds(() => runlab.silhouette(points, groups), 1) } : {}),
    auc: runlab.rocAuc(y, score),
  };
}

async function folds(runlab, print) {
  const rows = [];
  const peer = startPeer("metrics-peers.py", { threads: 1 });
  try {
    for (const { data, model, rounds } of FOLDS) {
      const train = await runlab.readTable(table(data, "train"));
      const features = train.schema.fields.map((field) => field.name).filter((column) => column !== "y" && column !== "yr");
      await peer.ask({ do: "load_table", file: table(data, "train") });
      const estimator = () => (model === "RandomForest" ? new runlab.RandomForestClassifier({ nEstimators: 100 }) : new runlab.GradientBoostingClassifier({ nEstimators: 100 }));
      const sides = {
        runlab: async (round) => {
          const started = performance.now();
          const found = await runlab.crossValidate(estimator(), train, { target: "y", features, cv: 5, metrics: ["rocAuc", "logLoss"], nJobs: 2, seed: round });
          return { all: (performance.now() - started) / 1000, auc: found.mean.rocAuc };
        },
        "scikit-learn": (round) => peer.ask({ do: "folds", model, seed: round, jobs: 2 }),
      };
      rows.push(...(await compare({ print, job: `5 folds of ${model}, 100 trees, ${data} ${train.numRows.toLocaleString("en")} rows, 2 threads`, sides, rounds, scores: ["auc"] })));
    }
  } finally {
    peer.stop();
  }
  return rows;
}
