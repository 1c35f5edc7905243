/**
 * Random forests and extra trees against scikit-learn's: 100 trees grown to the end, seconds to fit and to predict, and
 * the score on the same hold-out.
 */
import { compare } from "./compare.mjs";
import { startPeer, table } from "./peers.mjs";

export const name = "forest";
export const what = "Random forests and extra trees against scikit-learn: 100 trees, full depth";

const TREES = 100;
const JOBS = [
  { kind: "RandomForest", data: "penguins", task: "multiclass", rounds: 7 },
  { kind: "RandomForest", data: "digits", task: "multiclass", rounds: 5 },
  { kind: "RandomForest", data: "bikes", task: "regression", rounds: 3 },
  { kind: "RandomForest", data: "adult", task: "binary", rounds: 3 },
  { kind: "RandomForest", data: "flights20k", task: "binary", rounds: 3, aim: 8 },
  { kind: "RandomForest", data: "flights20k", task: "regression", rounds: 1 },
  { kind: "ExtraTrees", data: "flights20k", task: "binary", rounds: 3 },
  { kind: "RandomForest", data: "flights", task: "binary", rounds: 1, aim: 8 },
];
const SIZES = { penguins: "266 x 6", digits: "1,438 x 64", bikes: "6,916 x 12", flights20k: "20,000 x 9", adult: "39,074 x 14", flights: "261,877 x 9" };
const SCORE = { binary: "auc", multiclass: "accuracy", regression: "rmse" };

const only = process.env.RUNLAB_BENCH_JOBS?.split(",");
const threadsOf = (process.env.RUNLAB_BENCH_THREADS ?? "1,2").split(",").map(Number);

export async function run({ print }) {
  const runlab = await import("../src/dist/index.js");
  const rows = [];
  for (const threads of threadsOf) {
    const peer = startPeer("forest-peers.py", { threads });
    try {
      for (const { kind, data, task, rounds, aim } of JOBS.filter((job) => !only || only.includes(job.data))) {
        const target = task === "regression" ? "yr" : "y";
        const train = await runlab.readTable(table(data, "train"));
        const test = await runlab.readTable(table(data, "test"));
        await peer.ask({ do: "load", train: table(data, "train"), test: table(data, "test"), target });
        const sides = {
          runlab: (round) => fitOurs(runlab, kind, train, test, target, task, threads, round),
          "scikit-learn": (round) => peer.ask({ do: "fit", kind, task, trees: TREES, seed: round }),
        };
        rows.push(...(await compare({ print, job: `${kind}, ${data} ${SIZES[data]}, ${task}, ${threads} thread${threads === 1 ? "" : "s"}`, sides, rounds, warmUp: rounds > 1 ? 1 : 0, scores: [SCORE[task]], aims: { fit: aim } })));
      }
    } finally {
      peer.stop();
    }
  }
  return rows;
}

function fitOurs(runlab, kind, train, test, target, task, threads, seed) {
  const features = train.schema.fields.map((field) => field.name).filter((column) => column !== "y" && column !== "yr");
  const model = new runlab[`${kind}${task === "regression" ? "Regressor" : "Classifier"}`]({ nEstimators: TREES, nJobs: threads, seed });
  const started = performance.now();
  model.fit(train, { target, features });
  const fitted = performance.now();
  const predicted = task === "regression" ? model.predict(test) : model.predictProba(test);
  const done = performance.now();
  const truth = Float64Array.from(test.getChild(target).toArray(), Number);
  return { fit: (fitted - started) / 1000, predict: (done - fitted) / 1000, [SCORE[task]]: score(runlab, task, truth, predicted) };
}

function score(runlab, task, truth, predicted) {
  if (task === "regression") return runlab.rmse(truth, predicted);
  const { classes, values } = predicted;
  if (task === "binary") return runlab.rocAuc(truth, Float64Array.from(truth, (_, row) => values[2 * row + 1]), { positive: 1 });
  const width = classes.length;
  const most = truth.map((_, row) => classes.reduce((best, _label, k) => (values[row * width + k] > values[row * width + best] ? k : best), 0));
  return runlab.accuracy(Array.from(truth), Array.from(most, (k) => classes[k]));
}
