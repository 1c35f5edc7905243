/** Runs for the tests, written by the real store. */
import { ago } from "./clock.js";
import { FILES, INPUTS, type InputRecord, type RunConfig, type RunMeta } from "runlab/format";
import type { LiveRun, Store } from "runlab/runs";

export interface Recipe {
  name?: string;
  seed?: number;
  minutesAgo?: number;
  trees?: number;
  accuracy?: number;
  steps?: number;
  status?: "finished" | "failed" | "interrupted";
  notebook?: string | null;
  parent?: string | null;
  durationMs?: number;
  meta?: Partial<RunMeta>;
  code?: string;
  plot?: Record<string, unknown>;
}

export const CELL = (trees: number): string => `%%run forest --seed 42 --n_estimators ${trees}
const penguins = await readTable("data/penguins.parquet");
const { train, test } = split(penguins, {
  target: "species",
  testSize: config.test_size,
  stratify: true,
});
const cleaned = pipeline(
  impute({ strategy: "median" }),
  oneHot({ columns: ["island", "sex"] }),
);
const features = cleaned.fit(train);
console.log(\`\${train.table.numRows} rows to learn from\`);
console.log(\`\${test.table.numRows} rows to judge by\`);
const forest = new RandomForestClassifier({ nEstimators: config.n_estimators, maxDepth: ${trees / 25} });
const model = forest.fit(features.transform(train));
evaluate(model, features.transform(test));
`;

const confusion = (right: number): Record<string, unknown> => ({
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  width: 180,
  height: 180,
  data: {
    values: ["Adelie", "Chinstrap", "Gentoo"].flatMap((actual, i) => ["Adelie", "Chinstrap", "Gentoo"].map((predicted, j) => ({ actual, predicted, rows: i === j ? right - i : Math.max(0, 24 - right - j) }))),
  },
  encoding: { x: { field: "predicted", type: "nominal" }, y: { field: "actual", type: "nominal" } },
  layer: [
    { mark: "rect", encoding: { color: { field: "rows", type: "quantitative", legend: null, scale: { scheme: "blues" } } } },
    { mark: "text", encoding: { text: { field: "rows", type: "quantitative" }, color: { condition: { test: "datum.rows > 12", value: "white" }, value: "black" } } },
  ],
});

/** Starts a run and writes what a run of the labs would have written; `finish` it, or leave it live. */
export async function begin(store: Store, recipe: Recipe = {}): Promise<LiveRun> {
  const { name = "forest", seed = 42, trees = 200, accuracy = 0.97, steps = 40, notebook = "week-01.ipynb", parent = null, meta = {} } = recipe;
  const code = recipe.code ?? CELL(trees);
  const hash = (text: string): string => [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 4294967296, 7).toString(16).padStart(64, "0");
  const run = await store.start({
    name,
    seed,
    command: `%%run ${name} --seed ${seed} --n_estimators ${trees} --test_size 0.2`,
    notebook: notebook === null ? null : { path: notebook, cell_id: "c1", execution_count: 3 },
    flags: { n_estimators: trees, test_size: 0.2 },
    inputs: Object.fromEntries(INPUTS.map((input) => [input, hash({ code, data: "penguins", config: String(trees), seed: String(seed), environment: "node" }[input])])) as RunMeta["inputs"],
    metrics: { accuracy, f1_macro: accuracy - 0.012, log_loss: 1.2 - accuracy },
    main_metric: "accuracy",
    metric_directions: { accuracy: true, f1_macro: true, log_loss: false },
    parent,
    ...meta,
  });
  const json = (path: string, value: unknown): Promise<void> => run.write(path, `${JSON.stringify(value, null, 2)}\n`);
  const config: RunConfig = {
    flags: { n_estimators: trees, test_size: 0.2 },
    steps: [
      { step: "split", params: { test_size: 0.2, stratify: true, shuffle: true }, chosen: ["test_size", "stratify"] },
      { step: "RandomForestClassifier", params: { nEstimators: trees, maxDepth: null, minSamplesLeaf: 1, maxFeatures: "sqrt" }, chosen: ["nEstimators"] },
    ],
  };
  const inputs: InputRecord[] = [{ path: "data/penguins.parquet", sha256: hash("penguins"), bytes: 11_203, rows: 344, columns: 8, role: "processed", schema: [{ name: "species", type: "utf8", nullable: false }] }];
  await json(FILES.config, config);
  await json(FILES.metrics, Object.entries(run.meta.metrics).map(([metric, value]) => ({ name: metric, value, source: "evaluate", greater_is_better: run.meta.metric_directions[metric] ?? null })));
  await json(FILES.inputs, inputs);
  await json(FILES.environment, {
    node: "v20.20.2", v8: "11.3", icu: "74.1", platform: "linux", arch: "x64", cpu: "test", cores: 2, math_fingerprint: "f00d",
    packages: { "apache-arrow": "21.2.0", runlab: "0.1.0" }, variables: {}, kernel: { name: "runlab", version: "0.1.0", engine: "fast" },
  });
  await run.write(FILES.cell, code);
  await json("plots/confusion_matrix.vl.json", recipe.plot ?? confusion(Math.round(accuracy * 23)));
  await run.write(FILES.output, "275 rows to learn from\n69 rows to judge by\n");
  run.appendHistory(Array.from({ length: steps }, (_, i) => ({ step: i, t: i * 10, values: { accuracy: accuracy - 0.4 * Math.exp(-i / 8) + 0.01 * Math.sin(i + seed), loss: (1.6 - accuracy) * Math.exp(-i / 10) + 0.05 } })));
  run.flush();
  return run;
}

/** A whole run; its id. */
export async function make(store: Store, recipe: Recipe = {}): Promise<string> {
  return ago(recipe.minutesAgo ?? 0, async () => {
    const run = await begin(store, recipe);
    const status = recipe.status ?? "finished";
    const error = status === "failed" ? { name: "RunlabError", message: 'there is no column "specie"; did you mean "species"?', traceback: ["RunlabError: there is no column", "    at cell.ts:3:7"] } : null;
    await run.finish({ status, error, duration_ms: recipe.durationMs ?? 1840, peak_memory_bytes: 184_000_000 });
    return run.id;
  });
}
