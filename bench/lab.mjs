/**
 * The whole cell of the first lab on 336,776 flights: read, split, fit 200 trees, evaluate, record. Against pandas,
 * scikit-learn, LightGBM and MLflow doing the same, and the first fit of a fresh process against Python's imports.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../setup/step.mjs";
import { compare, timed } from "./compare.mjs";
import { python, startPeer } from "./peers.mjs";

export const name = "lab";
export const what = "The lab's whole cell (read, split, fit 200 trees, evaluate, record) against pandas, LightGBM or scikit-learn, and MLflow";

const TREES = 200;
const THREADS = os.availableParallelism();
const data = path.join(root, "notebooks/data/flights_weather.parquet");

const FIRST_FIT = `
import { RandomForestClassifier, readTable, split } from "runlab";
const table = await readTable("notebooks/data/penguins.parquet");
const { train } = split(table, { target: "species", testSize: 0.2, seed: 1 });
new RandomForestClassifier({ seed: 1 }).fit(train);
`;

export async function run({ print }) {
  const runlab = await import("../src/dist/index.js");
  const folder = mkdtempSync(path.join(os.tmpdir(), "runlab-bench-lab-"));
  const peer = startPeer("lab-peers.py", { threads: THREADS });
  const before = process.env.RUNLAB_STORE;
  process.env.RUNLAB_STORE = path.join(folder, "models");
  const rows = [];
  try {
    await peer.ask({ do: "start", store: folder });
    for (const [model, other, rounds] of [["boosting", "LightGBM + MLflow", 5], ["forest", "scikit-learn + MLflow", 1]]) {
      const sides = {
        runlab: (round) => cell(runlab, model, round),
        [other]: (round) => peer.ask({ do: "cell", data, target: "late", model, trees: TREES, seed: round }),
      };
      rows.push(...(await compare({ print, job: `${model} of ${TREES} trees, flights 336,776 x 19, ${THREADS} threads`, sides, rounds, warmUp: rounds > 1 ? 1 : 0, scores: ["auc"], aims: { cell: 1 } })));
    }
    rows.push(...(await compare({
      print,
      job: "a fresh process: first fit on penguins, against the imports alone",
      sides: {
        runlab: async () => ({ process: await timed(() => execFileSync(process.execPath, ["--input-type=module", "-e", FIRST_FIT], { cwd: root })) }),
        "import sklearn, pandas": async () => ({ process: await timed(() => execFileSync(python, ["-c", "import sklearn.ensemble, pandas"])) }),
      },
      rounds: 7,
      aims: { process: 1 },
    })));
    print(`  import of the core: ${(Math.min(...Array.from({ length: 7 }, importSeconds)) * 1000).toFixed(1)} ms (aim 60)`);
  } finally {
    peer.stop();
    if (before === undefined) delete process.env.RUNLAB_STORE;
    else process.env.RUNLAB_STORE = before;
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

async function cell(runlab, kind, seed) {
  const started = performance.now();
  const { auc } = await runlab.run(kind, { seed, data, target: "late", test_size: 0.25, n_estimators: TREES }, async (config) => {
    const table = await runlab.readTable(config.data);
    const { train, test } = runlab.split(table, { target: config.target, testSize: config.test_size, stratify: true });
    const Model = kind === "boosting" ? runlab.GradientBoostingClassifier : runlab.RandomForestClassifier;
    const model = new Model({ nEstimators: config.n_estimators }).fit(train);
    return { auc: runlab.evaluate(model, test).metrics.rocAuc };
  });
  return { cell: (performance.now() - started) / 1000, auc };
}

/** Seconds that importing the library takes in a fresh process, measured inside it. */
function importSeconds() {
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", 'const t = performance.now(); await import("runlab"); process.stdout.write(String((performance.now() - t) / 1000))'], { cwd: root, encoding: "utf8" }));
}
