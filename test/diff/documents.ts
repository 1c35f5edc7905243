/** Runs as documents, for tests of the diff: a penguin forest, changed where a test wants it. */
import { checkMeta, type RunDocument, type RunMeta } from "runlab/format";

export interface Changes extends Partial<Omit<RunDocument, "meta">> {
  meta?: Partial<RunMeta> & Record<string, unknown>;
}

export const CELL = `%%run forest --seed 42 --n_estimators 100
const penguins = await readTable("data/penguins.parquet");
const { train, test } = split(penguins, { target: "species" });
const model = new RandomForestClassifier({ nEstimators: config.n_estimators }).fit(train);
evaluate(model, test);
`;

export function run(tag: string, changes: Changes = {}): RunDocument {
  const seed = changes.meta?.seed ?? 42;
  const { meta, problem } = checkMeta({
    format_version: 1,
    id: `2026-11-21T10-15-30Z__forest__seed${seed}__${tag}`,
    name: "forest",
    status: "finished",
    started_at: "2026-11-21T10:15:30.000Z",
    seed,
    main_metric: "accuracy",
    git: { commit: "a".repeat(40), branch: "main", dirty: false, patch_bytes: 0 },
    ...changes.meta,
  });
  if (meta === null) throw new Error(problem);
  return {
    config: {
      flags: { n_estimators: 100 },
      steps: [
        { step: "split", params: { target: "species", testSize: 0.25, seed }, chosen: ["target"] },
        { step: "RandomForestClassifier", params: { nEstimators: 100, maxDepth: null, seed }, chosen: ["nEstimators"] },
      ],
    },
    metrics: [
      { name: "accuracy", value: 0.95, source: "evaluate", greater_is_better: true },
      { name: "log_loss", value: 0.21, source: "evaluate", greater_is_better: false },
    ],
    history: [],
    inputs: [
      { path: "data/penguins.parquet", sha256: "ab".repeat(32), bytes: 9000, rows: 344, columns: 8, role: "processed", schema: [{ name: "species", type: "Utf8", nullable: false }] },
    ],
    environment: {
      node: "20.20.2", v8: "11.3", icu: "78.2", platform: "linux", arch: "x64", cpu: "A", cores: 2, math_fingerprint: "cd".repeat(32),
      packages: { "apache-arrow": "21.2.0", runlab: "0.1.0" }, variables: { TZ: "UTC" }, kernel: null,
    },
    code: { "cell.ts": CELL },
    plots: {},
    problems: [],
    ...changes,
    meta,
  };
}

/** The same run with another flag, and what follows from it. */
export function withTrees(tag: string, trees: number, accuracy: number, changes: Changes = {}): RunDocument {
  const base = run(tag, changes);
  const [division, forest] = base.config.steps;
  return {
    ...base,
    config: { flags: { n_estimators: trees }, steps: [division, { ...forest, params: { ...forest.params, nEstimators: trees } }] },
    metrics: [{ ...base.metrics[0], value: accuracy }, base.metrics[1]],
    code: changes.code ?? { "cell.ts": CELL.replace("100", String(trees)) },
  };
}
