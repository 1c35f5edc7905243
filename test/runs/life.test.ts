import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeRun, findStore, openStore, type Store } from "runlab/runs";
import { parseHistory } from "runlab/format";

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runlab-store-"));
  store = openStore(join(folder, "models"));
});
afterEach(() => {
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe("the life of a run", () => {
  test("is live, whole and listed from the moment it appears, and ended once", async () => {
    const run = await store.start({ name: "forest", seed: 42, command: "%%run forest --seed 42" }, { "code/cell.ts": "evaluate(model, test);\n" });
    expect(run.id).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z__forest__seed42__[0-9a-z]{4}$/);
    expect(readdirSync(run.folder).sort()).toEqual([".reserve", "code", "live.json"]);
    expect((await openStore(store.root).list()).map(({ id, status }) => ({ id, status }))).toEqual([{ id: run.id, status: "running" }]);

    run.appendHistory([{ step: 0, values: { loss: 1 } }, { step: 1, values: { loss: 0.5, odd: Number.NaN } }]);
    await run.write("plots/loss.vl.json", "{}");
    const meta = await run.finish({ status: "finished", metrics: { accuracy: 0.9 }, main_metric: "accuracy" });

    expect(readdirSync(run.folder).sort()).toEqual(["code", "metrics", "plots", "run_meta.json"]);
    expect(meta).toMatchObject({ status: "finished", history_points: 2, metrics: { accuracy: 0.9 } });
    expect(meta.files.map((file) => file.path)).toEqual(["code/cell.ts", "metrics/history.jsonl", "plots/loss.vl.json"]);
    for (const { path, bytes } of meta.files) expect(statSync(join(run.folder, path)).size).toBe(bytes);
    expect(parseHistory(readFileSync(join(run.folder, "metrics/history.jsonl"), "utf8"))).toMatchObject({ problem: null, points: [{ i: 0, values: { loss: 1 } }, { i: 1, values: { loss: 0.5 } }] });
    expect((await store.list())[0]).toMatchObject({ id: run.id, status: "finished", metrics: { accuracy: 0.9 } });
    const document = await store.read(run.id);
    expect(document.problems).toEqual([]);
    expect(document.meta).toMatchObject(meta);
    expect(document.code["cell.ts"]).toContain("evaluate");
  });
});
