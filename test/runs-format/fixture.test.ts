/** A run folder of format version 1, made by the first release and kept for good: every later reader must read it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diffRuns } from "runlab/diff";
import { FILES, loadRunDocument, type ReadFile, type RunMeta } from "runlab/format";

const ID = "2026-11-22T01-47-23Z__forest__seed42__4d8a";
const FOLDER = join(import.meta.dirname, "../fixtures/run-v1", ID);
const read: ReadFile = (path) => readFile(join(FOLDER, path), "utf8").catch(() => null);
/** The fixture with some files replaced (text) or taken away (null). */
const changed = (changes: Record<string, string | null>): ReadFile => async (path) => (path in changes ? changes[path] : read(path));

describe("the run folder of version 1", () => {
  test("is read whole", async () => {
    const run = await loadRunDocument(read);
    expect(run.problems).toEqual([]);
    expect(run.meta).toMatchObject({
      format_version: 1, id: ID, name: "forest", status: "finished", seed: 42, seed_drawn: false, command: "%%run forest --seed 42 --n_estimators 3",
      notebook: { path: "notebooks/week-01.ipynb", cell_id: "c1", execution_count: 2 }, main_metric: "accuracy", tags: ["fixture"],
      threshold: { value: 0.5, rationale: "as good as any" }, fields: { comment: "kept for good" }, history_points: 5, git: { branch: "main", dirty: true, patch_bytes: 174 },
    });
    expect(run.config.flags).toEqual({ n_estimators: 3 });
    expect(run.config.steps.map((step) => step.step)).toEqual(["split", "RandomForestClassifier"]);
    expect(run.metrics.map((metric) => metric.name)).toEqual(expect.arrayContaining(["accuracy", "f1", "logLoss", "loss"]));
    expect(run.history.map((point) => point.values.loss)).toEqual([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]);
    expect(run.inputs).toMatchObject([{ path: "data/penguins.parquet", rows: 344, columns: 8, role: "processed" }]);
    expect(run.environment?.packages.runlab).toBe("0.1.0");
    expect(Object.keys(run.code).sort()).toEqual(["cell.ts", "run.ts"]);
    expect(Object.keys(run.plots)).toEqual(["confusion_matrix"]);
    expect(diffRuns([run, run]).sections.map((section) => section.id)).toEqual(["config", "metrics", "curves", "code", "data", "environment", "plots"]);
  });

  test("has the bytes that its manifest says", () => {
    const meta = JSON.parse(readFileSync(join(FOLDER, FILES.meta), "utf8")) as RunMeta;
    expect(meta.files.length).toBeGreaterThan(10);
    for (const { path, sha256, bytes } of meta.files) {
      const content = readFileSync(join(FOLDER, path));
      expect([path, content.length, createHash("sha256").update(content).digest("hex")]).toEqual([path, bytes, sha256]);
    }
  });

  test("in a newer version it is refused, with fields it does not know it is read", async () => {
    const text = (await read(FILES.meta)) as string;
    const record = JSON.parse(text) as Record<string, unknown>;
    await expect(loadRunDocument(changed({ [FILES.meta]: JSON.stringify({ ...record, format_version: 2 }) }))).rejects.toThrow("made by a newer runlab (format version 2; this one reads up to 1): update runlab to read it");
    expect((await loadRunDocument(changed({ [FILES.meta]: JSON.stringify({ ...record, mood: "good" }) }))).meta).toMatchObject({ mood: "good" });
  });

  test("each file that is missing or damaged costs one line and nothing else", async () => {
    for (const [path, damaged] of [[FILES.config, "config.json is damaged"], [FILES.metrics, "metrics/metrics.json is damaged"], [FILES.inputs, "data/inputs.json is damaged"], [FILES.environment, "env/environment.json is damaged"]] as const) {
      for (const content of ["{", "5", '{"flags": 1}', '[{"name": 1}]']) expect((await loadRunDocument(changed({ [path]: content }))).problems).toEqual([damaged]);
      expect((await loadRunDocument(changed({ [path]: null }))).problems).toEqual([damaged.replace("damaged", "missing")]);
    }
    const history = (await read(FILES.history)) as string;
    const torn = await loadRunDocument(changed({ [FILES.history]: history.slice(0, -5) }));
    expect(torn.problems).toEqual(["metrics/history.jsonl: line 5 is cut off; the 4 points before it are kept"]);
    expect(torn.history).toHaveLength(4);
    expect((await loadRunDocument(changed({ [FILES.history]: null }))).problems).toEqual(["metrics/history.jsonl holds 0 of 5 points"]);
    expect((await loadRunDocument(changed({ [FILES.cell]: null }))).problems).toEqual(["code/cell.ts is missing"]);
  });

  test("a manifest that names files elsewhere leads nowhere", async () => {
    const record = JSON.parse((await read(FILES.meta)) as string) as RunMeta;
    const asked: string[] = [];
    const evil = ["plots/../../secret.vl.json", "plots/a/../b.vl.json", "code/../../secret.ts", "code/.hidden.ts", "/etc/passwd", "plots/\0.vl.json", "plots/..\\x.vl.json"];
    await loadRunDocument(
      async (path) => {
        asked.push(path);
        return path === FILES.meta ? JSON.stringify({ ...record, files: evil.map((path) => ({ path, sha256: "", bytes: 0 })) }) : null;
      },
    );
    expect(asked.filter((path) => path.includes("..") || path.startsWith("/") || path.includes("\0") || path.includes("hidden"))).toEqual([]);
  });

  test("without any record it is no run; with only live.json it is one in progress", async () => {
    await expect(loadRunDocument(async () => null)).rejects.toThrow("not a run of runlab: the folder has neither run_meta.json nor live.json");
    const live = JSON.stringify({ ...(JSON.parse((await read(FILES.meta)) as string) as object), status: "running", files: [] });
    const run = await loadRunDocument(changed({ [FILES.meta]: null, [FILES.live]: live }), async () => ["plots/confusion_matrix.vl.json"]);
    expect([run.meta.status, Object.keys(run.plots), Object.keys(run.code).sort(), run.problems]).toEqual(["running", ["confusion_matrix"], ["cell.ts", "run.ts"], []]);
  });
});
