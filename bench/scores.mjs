/**
 * Quality beside the peers: the hold-out score at the same settings, the mean over five splits and its standard error,
 * for boosting against LightGBM, forests and logistic regression against scikit-learn. No time is measured.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startPeer, table } from "./peers.mjs";

export const name = "scores";
export const what = "Hold-out scores at the same settings, mean over 5 splits";

const SPLITS = 5;
const TREES = 100;
const JOBS = [
  { model: "boosting", data: "penguins", task: "multiclass" },
  { model: "boosting", data: "penguins", task: "regression" },
  { model: "boosting", data: "digits", task: "multiclass" },
  { model: "boosting", data: "bikes", task: "regression" },
  { model: "boosting", data: "adult", task: "binary" },
  { model: "boosting", data: "bio", task: "binary" },
  { model: "boosting", data: "flights", task: "binary" },
  { model: "boosting", data: "flights", task: "regression" },
  { model: "forest", data: "penguins", task: "multiclass" },
  { model: "forest", data: "digits", task: "multiclass" },
  { model: "forest", data: "bikes", task: "regression" },
  { model: "forest", data: "adult", task: "binary" },
  { model: "forest", data: "flights20k", task: "binary" },
];
const SCORE = { binary: "auc", multiclass: "logLoss", regression: "rmse" };
const only = process.env.RUNLAB_BENCH_JOBS?.split(",");

export async function run({ print }) {
  const runlab = await import("../src/dist/index.js");
  const folder = mkdtempSync(path.join(os.tmpdir(), "runlab-bench-scores-"));
  const peers = { boosting: startPeer("trees-peers.py", { threads: 2 }), forest: startPeer("forest-peers.py", { threads: 2 }) };
  const better = { auc: 1, logLoss: -1, rmse: -1 };
  print(`${"".padEnd(36)} runlab (± standard error)    peer    difference in standard errors of it`);
  try {
    for (const { model, data, task } of JOBS.filter((job) => !only || only.includes(job.data))) {
      const target = task === "regression" ? "yr" : "y";
      const whole = await runlab.readTable([table(data, "train"), table(data, "test")]);
      const features = whole.schema.fields.map((field) => field.name).filter((column) => column !== "y" && column !== "yr");
      const pairs = [];
      for (let seed = 0; seed < SPLITS; seed++) {
        const { train, test } = runlab.split(whole, { target, testSize: 0.2, seed });
        const files = { train: path.join(folder, "train.parquet"), test: path.join(folder, "test.parquet") };
        await runlab.writeTable(train.table, files.train);
        await runlab.writeTable(test.table, files.test);
        await peers[model].ask({ do: "load", ...files, target });
        const request = model === "boosting" ? { library: "LightGBM" } : { kind: "RandomForest" };
        const theirs = await peers[model].ask({ do: "fit", ...request, task, trees: TREES, seed });
        const family = model === "boosting" ? "GradientBoosting" : "RandomForest";
        const Model = runlab[`${family}${task === "regression" ? "Regressor" : "Classifier"}`];
        const fitted = new Model({ nEstimators: TREES, seed }).fit(train.table, { target, features });
        pairs.push([scoreOf(runlab, task, test.table.getChild(target).toArray(), task === "regression" ? fitted.predict(test.table) : fitted.predictProba(test.table)), theirs[SCORE[task]] ?? NaN]);
      }
      const score = SCORE[task];
      const [ours, theirs] = [0, 1].map((side) => mean(pairs.map((pair) => pair[side])));
      const differences = pairs.map(([a, b]) => (a - b) * better[score]);
      const error = deviation(differences) / Math.sqrt(SPLITS);
      print(`${`${model}, ${data}, ${score}`.padEnd(36)} ${ours.toFixed(5)} ± ${(deviation(pairs.map((pair) => pair[0])) / Math.sqrt(SPLITS)).toFixed(5)}   ${theirs.toFixed(5)}   ${mean(differences) >= 0 ? "better by" : "worse by"} ${Math.abs(mean(differences) / error).toFixed(1)}`);
    }
  } finally {
    for (const peer of Object.values(peers)) peer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function scoreOf(runlab, task, target, predicted) {
  const truth = Float64Array.from(target, Number);
  if (task === "regression") return runlab.rmse(truth, predicted);
  const { classes, values } = predicted;
  if (task === "binary") return runlab.rocAuc(truth, Float64Array.from(truth, (_, row) => values[2 * row + 1]), { positive: 1 });
  const width = classes.length;
  return mean(Array.from(truth, (label, row) => -Math.log(Math.max(1e-15, values[row * width + classes.indexOf(label)]))));
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values) {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
