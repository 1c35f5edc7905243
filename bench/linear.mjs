/**
 * Linear models, k-means, PCA and nearest neighbours against scikit-learn, on flights: seconds to fit, scaling and one-hot
 * encoding included, seconds to predict, and the score on the same hold-out. k-means takes three starts of its own
 * on both sides; how many iterations they need is luck, so look at the medians.
 */
import { compare } from "./compare.mjs";
import { startPeer, table } from "./peers.mjs";

export const name = "linear";
export const what = "Linear models, k-means, PCA and neighbours against scikit-learn";

const CATEGORIES = ["carrier", "origin", "dest"];
const KINDS = [
  { kind: "logistic", encode: false, score: "auc", aim: 1.2 },
  { kind: "logistic", encode: true, score: "auc", aim: 1.2 },
  { kind: "ridge", encode: false, score: "rmse", aim: 1.2 },
  { kind: "ridge", encode: true, score: "rmse", aim: 1.2 },
  { kind: "lasso", encode: false, score: "rmse" },
  { kind: "k-means", encode: false, score: "inertia", aim: 1.5 },
  { kind: "PCA", encode: false, score: "explained" },
  { kind: "neighbours", encode: false, score: "accuracy" },
];
const DATA = { flights20k: { rows: "20,000 x 9", rounds: 7 }, flights: { rows: "261,877 x 9", rounds: 5 } };

const only = process.env.RUNLAB_BENCH_JOBS?.split(",");
const kinds = process.env.RUNLAB_BENCH_KINDS?.split(",");
const threadsOf = (process.env.RUNLAB_BENCH_THREADS ?? "1,2").split(",").map(Number);

export async function run({ print }) {
  const runlab = await import(process.env.RUNLAB_BENCH_BUILD ?? "../src/dist/index.js");
  const rows = [];
  for (const threads of threadsOf) {
    const peer = startPeer("linear-peers.py", { threads });
    try {
      for (const [data, { rows: size, rounds }] of Object.entries(DATA).filter(([data]) => !only || only.includes(data))) {
        const [train, test] = await Promise.all(["train", "test"].map((part) => runlab.readTable(table(data, part))));
        const encoded = [train, test].map((each) => withCategories(runlab, each));
        await peer.ask({ do: "load", train: table(data, "train"), test: table(data, "test") });
        for (const { kind, encode, score, aim } of KINDS.filter((each) => !kinds || kinds.includes(each.kind))) {
          const sides = {
            runlab: (round) => fitOurs(runlab, kind, encode ? encoded : [train, test], threads, round),
            "scikit-learn": (round) => peer.ask({ do: "fit", kind, encode, seed: round }),
          };
          rows.push(...(await compare({ print, job: `${kind}${encode ? ", one-hot" : ""}, ${data} ${size}, ${threads} thread${threads === 1 ? "" : "s"}`, sides, rounds, scores: [score], aims: { fit: aim } })));
        }
      }
    } finally {
      peer.stop();
    }
  }
  return rows;
}

/** The same table with the codes of categories as categories. */
function withCategories({ categoryVector, columnNames, tableFromColumns }, source) {
  return tableFromColumns(Object.fromEntries(columnNames(source).map((column) => {
    const values = source.getChild(column);
    return [column, CATEGORIES.includes(column) ? categoryVector(Array.from(values, (code) => `code ${code}`)) : values];
  })));
}

function fitOurs(runlab, kind, [train, test], nJobs, seed) {
  const features = runlab.columnNames(train).filter((column) => column !== "y" && column !== "yr");
  const target = kind === "ridge" || kind === "lasso" ? "yr" : "y";
  const model = {
    logistic: () => new runlab.LogisticRegression({ nJobs }),
    ridge: () => new runlab.RidgeRegression({ nJobs }),
    lasso: () => new runlab.Lasso({ alpha: 0.1, nJobs }),
    "k-means": () => new runlab.KMeans({ nClusters: 8, nInit: 3, seed, nJobs }),
    PCA: () => new runlab.PCA({ nComponents: 5, nJobs }),
    neighbours: () => new runlab.KNeighborsClassifier({ nJobs }),
  }[kind]();
  const started = performance.now();
  model.fit(train, kind === "k-means" || kind === "PCA" ? { features } : { target, features });
  const fit = (performance.now() - started) / 1000;
  if (kind === "k-means") return { fit, inertia: model.inertia };
  if (kind === "PCA") return { fit, explained: model.explainedVarianceRatio.reduce((sum, each) => sum + each, 0) };
  const held = kind === "neighbours" ? runlab.head(test, 5000) : test;
  const truth = Float64Array.from(held.getChild(target).toArray(), Number);
  const asked = performance.now();
  const predicted = kind === "logistic" ? model.predictProba(held) : model.predict(held);
  const predict = (performance.now() - asked) / 1000;
  if (kind === "neighbours") return { fit, predict, accuracy: runlab.accuracy(Array.from(truth), predicted) };
  if (kind === "logistic") return { fit, predict, auc: runlab.rocAuc(truth, Float64Array.from(truth, (_, row) => predicted.values[2 * row + 1]), { positive: 1 }) };
  return { fit, predict, rmse: runlab.rmse(truth, predicted) };
}
