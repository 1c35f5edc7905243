import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { checkMeta, FILES } from "runlab/format";
import { announce } from "runlab/observe";
import { log, openStore, run } from "runlab/runs";
import { currentSeed, setSeed, stream } from "../../src/random/index.js";
import { disk } from "../../src/runs/store/disk.js";
import { decodeParquet } from "../../src/table/parquet.js";
import { filesOf, lab } from "./lab.js";

const PLOT = { data: { values: [{ x: 1, y: 2 }, { x: 2, y: 1 }] }, mark: "point", encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } } };

function fit(estimator: string, params: Record<string, unknown> = {}, chosen: string[] = []): void {
  announce({ type: "fit", estimator, params, chosen, rows: 3, features: ["a", "b"], target: "c", seconds: 0, model: { toJSON: () => ({ weights: [1, 2] }) } });
}

describe("the seed", () => {
  test("a run seeds Math.random and the library, and puts both back", async () => {
    const { start } = lab();
    const before = Math.random;
    setSeed(7);
    const draws: number[][] = [];
    for (const _ of [1, 2]) {
      const capture = await start({ seed: 42 });
      expect(currentSeed()).toBe(42);
      draws.push([Math.random(), Math.random(), stream("x").next()]);
      await capture.finish({ status: "finished" });
      expect(Math.random).toBe(before);
      expect(currentSeed()).toBe(7);
    }
    expect(draws[0]).toEqual(draws[1]);
    const reference = stream("Math.random", 42);
    expect(draws[0].slice(0, 2)).toEqual([reference.next(), reference.next()]);
    setSeed(null);
  });

  test("a seed that is not given is drawn, recorded, and written into the command", async () => {
    const { start } = lab();
    const capture = await start({ seed: undefined, command: "%%run forest --n 3" });
    const meta = await capture.finish({ status: "finished" });
    expect(meta).toMatchObject({ seed: capture.seed, seed_drawn: true, command: `%%run forest --n 3 --seed ${capture.seed}` });
    expect(Number.isSafeInteger(capture.seed)).toBe(true);
    expect(capture.card()).toMatchObject({ seed: capture.seed, seed_drawn: true, status: "finished" });
  });

  test("a seed that is none is refused, and nothing is recorded or changed", async () => {
    const { start, root } = lab();
    const before = Math.random;
    await expect(start({ seed: 1.5 })).rejects.toThrow("a seed is a whole number; received 1.5");
    expect(Math.random).toBe(before);
    expect(await openStore(root).list()).toEqual([]);
  });

  test("a replacement of Math.random that the user makes in the run is left alone", async () => {
    const { start } = lab();
    const before = Math.random;
    const capture = await start();
    const own = (): number => 0.5;
    Math.random = own;
    await capture.finish({ status: "finished" });
    expect(Math.random).toBe(own);
    Math.random = before;
  });
});

describe("what the library announces", () => {
  test("splits and fits become the config, implicit defaults included", async () => {
    const { start, read } = lab();
    const capture = await start({ flags: { n_estimators: 200, sizes: [1, 2] } });
    announce({ type: "split", details: { target: "c", testSize: 0.25, seed: 42, features: ["a", "b"], rows: { train: 3, test: 1 }, chosen: ["target"] } });
    fit("RandomForestClassifier", { nEstimators: 200, maxDepth: Number.POSITIVE_INFINITY, criterion: undefined, seed: 42 }, ["nEstimators"]);
    await capture.finish({ status: "finished" });
    const { config, meta } = await read(capture.id);
    expect(config).toEqual({
      flags: { n_estimators: 200, sizes: [1, 2] },
      steps: [
        { step: "split", params: { target: "c", testSize: 0.25, seed: 42 }, chosen: ["target"] },
        { step: "RandomForestClassifier", params: { nEstimators: 200, maxDepth: "Infinity", seed: 42 }, chosen: ["nEstimators"] },
      ],
    });
    expect(meta.models).toEqual([{ file: "model/1-RandomForestClassifier.json", estimator: "RandomForestClassifier", rows: 3, features: 2 }]);
    expect(JSON.parse(readFileSync(join(capture.runFolder, "model/1-RandomForestClassifier.json"), "utf8"))).toEqual({ weights: [1, 2] });
  });

  test("metrics from evaluate, metric functions, log and the last expression; the main one is evaluate's", async () => {
    const { start, read } = lab();
    const capture = await start();
    announce({ type: "metric", name: "mae", value: 1, source: "function", greaterIsBetter: false });
    log({ epochs: 3 });
    announce({ type: "metric", name: "accuracy", value: 0.9, source: "evaluate", greaterIsBetter: true, details: { rows: 10, balance: { a: 0.5 } } });
    announce({ type: "metric", name: "mae", value: 2, source: "function", greaterIsBetter: false });
    capture.result({ accuracy: 0.9, extra: 5 });
    const meta = await capture.finish({ status: "finished" });
    expect(meta).toMatchObject({ main_metric: "accuracy", metrics: { mae: 2, epochs: 3, accuracy: 0.9, extra: 5 }, metric_directions: { accuracy: true, mae: false } });
    const { metrics } = await read(capture.id);
    expect(metrics.find((metric) => metric.name === "accuracy")).toEqual({ name: "accuracy", value: 0.9, source: "evaluate", greater_is_better: true, details: { rows: 10, balance: { a: 0.5 } } });
    expect(metrics.find((metric) => metric.name === "extra")?.source).toBe("result");
  });

  test.each([[{ a: 1, b: "x" }], [{ a: Number.NaN }], [[1, 2]], [{}], [null], [5], [new Map([["a", 1]])], [new (class Own { a = 1; })()]])("a last expression such as %j is no metric", async (value) => {
    const { start } = lab();
    const capture = await start();
    capture.result(value);
    expect((await capture.finish({ status: "finished" })).metrics).toEqual({});
  });

  test("tables, plots and the schema are kept", async () => {
    const { start, read } = lab();
    const capture = await start();
    announce({ type: "table", name: "holdout_predictions", table: tableFromArrays({ row: Int32Array.of(1, 2), predicted: ["a", "b"] }) });
    announce({ type: "table", name: "holdout_predictions", table: tableFromArrays({ row: Int32Array.of(3) }) });
    for (const row of [5, 6]) announce({ type: "table", name: "predictions", format: "csv", table: tableFromArrays({ row: Int32Array.of(row) }) });
    announce({ type: "plot", name: "../evil name", spec: PLOT });
    capture.plot("shown again", { ...PLOT });
    capture.plot("broken", { mark: "no such mark", data: { values: [] } });
    capture.plot("loads", { ...PLOT, data: { url: "file:///etc/passwd", format: { type: "csv" } } });
    capture.plot("large", { ...PLOT, data: { values: Array.from({ length: 5001 }, (_, x) => ({ x, y: x })) } });
    announce({ type: "schema", schema: { required_feature_columns: ["a"] } });
    const meta = await capture.finish({ status: "finished" });
    expect(filesOf(capture.runFolder).filter((path) => /^(plots|tables|schema)/.test(path))).toEqual([
      "plots/broken.vl.json", "plots/evil-name.svg", "plots/evil-name.vl.json", "plots/large.vl.json", "plots/loads.vl.json",
      "schema/input_schema.json", "tables/holdout_predictions-2.parquet", "tables/holdout_predictions.parquet",
      "tables/predictions-2.csv", "tables/predictions.csv",
    ]);
    const predictions = decodeParquet(readFileSync(join(capture.runFolder, FILES.predictions)));
    expect(predictions.toArray().map((row) => row.toJSON())).toEqual([{ row: 1, predicted: "a" }, { row: 2, predicted: "b" }]);
    expect(readFileSync(join(capture.runFolder, "plots/evil-name.svg"), "utf8")).toMatch(/^<svg [\s\S]*<\/svg>$/);
    expect(meta.notes?.map((note) => note.split(":")[0]).sort()).toEqual(["no SVG of the plot broken", "no SVG of the plot large", "no SVG of the plot loads"]);
    expect(Object.keys((await read(capture.id)).plots).sort()).toEqual(["broken", "evil-name", "large", "loads"]);
  });

  test("outside of a run nothing listens", () => {
    expect(() => {
      log({ a: 1 });
      fit("Ridge");
    }).not.toThrow();
  });

  test("a model that cannot be kept is a note, and the run goes on", async () => {
    const { start } = lab();
    const capture = await start();
    announce({ type: "fit", estimator: "../../Evil", params: {}, chosen: [], rows: 1, features: [], target: null, seconds: 0, model: { toJSON: () => { throw new Error("no weights\nat all"); } } });
    fit("../../Evil");
    const meta = await capture.finish({ status: "finished" });
    expect(meta.notes).toEqual(["a fitted ../../Evil could not be kept: no weights"]);
    expect(meta.models.map((model) => model.file)).toEqual(["model/1-Evil.json"]);
  });
});

describe("log", () => {
  test("with steps it makes the history; without, a name that comes again counts up", async () => {
    const { start, read } = lab();
    const capture = await start();
    for (let epoch = 0; epoch < 3; epoch++) log({ loss: 1 / (epoch + 1), note: `epoch ${epoch}` }, { step: epoch * 10 });
    log({ alone: 1 });
    for (const value of [5, 6, 7]) log({ again: value });
    const meta = await capture.finish({ status: "finished" });
    const { history } = await read(capture.id);
    expect(history.map(({ step, values }) => [step, values])).toEqual([
      [0, { loss: 1 }], [10, { loss: 0.5 }], [20, { loss: 1 / 3 }],
      [0, { again: 5 }], [1, { again: 6 }], [2, { again: 7 }],
    ]);
    expect(meta).toMatchObject({ history_points: 6, metrics: { loss: 1 / 3, alone: 1, again: 7 }, fields: { note: "epoch 2" } });
  });

  test("tags, threshold and any other field are kept; hostile names stay data", async () => {
    const { start, read } = lab();
    const capture = await start({ tags: ["a"] });
    log(JSON.parse('{"__proto__": {"polluted": true}, "constructor": "c", "list": [1, {"deep": null}]}') as Record<string, unknown>);
    log({ tags: ["b", "a"], threshold: { value: 0.4, rationale: "recall counts more" }, when: new Date(0), big: 2n ** 70n, nothing: null, table: tableFromArrays({ a: [1] }) });
    await capture.finish({ status: "finished" });
    const { meta } = await read(capture.id);
    expect(meta.tags).toEqual(["a", "b"]);
    expect(meta.threshold).toEqual({ value: 0.4, rationale: "recall counts more" });
    expect(meta.fields).toMatchObject({ constructor: "c", list: [1, { deep: null }], when: "1970-01-01T00:00:00.000Z", big: "1180591620717411303424", nothing: null, table: "[table of 1 rows]" });
    expect(Object.keys(meta.fields)).toContain("__proto__");
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("a number that is not finite is named and takes the place of an older value", async () => {
    const { start } = lab();
    const capture = await start();
    log({ loss: 1 }, { step: 0 });
    log({ loss: Number.NaN }, { step: 1 });
    const meta = await capture.finish({ status: "finished" });
    expect(meta.metrics).toEqual({});
    expect(meta.fields.not_finite).toEqual(["loss"]);
  });

  test("a mistake is one line", () => {
    expect(() => log(5 as never)).toThrow("log takes names and values; received 5; allowed: an object such as { loss: 0.5 }");
    expect(() => log({ a: 1 }, { step: Number.NaN })).toThrow("a step is a finite number; received NaN");
  });
});

describe("printed output", () => {
  test("is kept in order, up to a limit that is said", async () => {
    const { start, file } = lab();
    const capture = await start();
    capture.output("stdout", "one\n");
    capture.output("stderr", "two\n");
    capture.output("stdout", "é".repeat(3_000_000));
    capture.output("stdout", "x".repeat(1000));
    await capture.finish({ status: "finished" });
    const text = file(capture, FILES.output);
    expect(text.startsWith("one\ntwo\né")).toBe(true);
    expect(text).not.toContain("\ufffd");
    expect(text.endsWith("\n[1,001,008 more bytes were printed and are left out]\n")).toBe(true);
  });
});

describe("ends", () => {
  test("an error is kept with all that was known", async () => {
    const { start, read } = lab();
    const capture = await start();
    log({ loss: 1 }, { step: 0 });
    await capture.finish({ status: "failed", error: { name: "TypeError", message: "x is no function", traceback: ["cell_1.ts:2:3"] } });
    const { meta, history, problems } = await read(capture.id);
    expect(meta).toMatchObject({ status: "failed", error: { name: "TypeError", message: "x is no function", traceback: ["cell_1.ts:2:3"] } });
    expect(history).toHaveLength(1);
    expect(problems).toEqual([]);
    expect(capture.card().error).toEqual({ name: "TypeError", message: "x is no function" });
  });

  test("finishing twice gives the same record", async () => {
    const { start } = lab();
    const capture = await start();
    const first = await capture.finish({ status: "interrupted" });
    expect(await capture.finish({ status: "finished" })).toBe(first);
    expect(first.status).toBe("interrupted");
  });

  test.skipIf(process.getuid?.() === 0)("a store that cannot be written: one line, nothing changed", async () => {
    const { start, root } = lab();
    mkdirSync(root);
    chmodSync(root, 0o500);
    const before = Math.random;
    await expect(start()).rejects.toThrow(/^could not start the run: permission is denied/);
    expect(Math.random).toBe(before);
    chmodSync(root, 0o700);
  });

  test("a file where the store should be: one line, nothing changed", async () => {
    const { start, root } = lab();
    writeFileSync(root, "not a folder");
    const before = Math.random;
    await expect(start()).rejects.toMatchObject({ name: "RunlabError", message: expect.stringMatching(/^could not start the run: [^\n]+$/) as unknown });
    expect(Math.random).toBe(before);
  });

  test("a run folder that vanishes: finish fails with one line, and randomness is put back", async () => {
    const { start, root } = lab();
    const before = Math.random;
    const capture = await start();
    execFileSync("rm", ["-rf", root]);
    writeFileSync(root, "in the way");
    await expect(capture.finish({ status: "finished" })).rejects.toMatchObject({ name: "RunlabError", message: expect.stringMatching(/^could not [^\n]+$/) as unknown });
    expect(Math.random).toBe(before);
    expect(capture.card().status).toBe("finished");
  });

  test("a full disk during the run costs the cell nothing, and finish can be called again when there is space", async () => {
    const { start, read } = lab();
    const capture = await start();
    const { write } = disk;
    disk.write = () => {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    };
    try {
      log({ loss: 1 }, { step: 0 });
      fit("Ridge");
      capture.plot("roc", PLOT);
      await expect(capture.finish({ status: "finished" })).rejects.toMatchObject({ name: "RunlabError", message: expect.stringMatching(/^could not [^\n]*no space left on the disk[^\n]*$/) as unknown });
    } finally {
      disk.write = write;
    }
    const meta = await capture.finish({ status: "finished" });
    expect(meta).toMatchObject({ status: "finished", metrics: { loss: 1 }, history_points: 1 });
    expect(meta.notes?.filter((note) => note.startsWith("model/1-Ridge.json could not be written"))).toHaveLength(1);
    expect((await read(capture.id)).history).toHaveLength(1);
  });

  test("a hostile name stays a name", async () => {
    const { start, root, read } = lab();
    const name = '../../<img src=x onerror=alert(1)>\u001b[31m\n| __proto__';
    const capture = await start({ name, flags: JSON.parse('{"__proto__": 1}') as never, command: `%%run ${name}` });
    await capture.finish({ status: "finished" });
    expect(capture.runFolder.startsWith(join(root, "runs") + "/")).toBe(true);
    expect((await read(capture.id)).meta.name).toBe(name);
    const report = readFileSync(join(capture.runFolder, FILES.report), "utf8");
    expect(report).not.toContain("\u001b");
    // The command stands in a fence, where Markdown has no markup; nothing else may.
    expect(report.replace(/```\n.*\n```/, "")).not.toMatch(/[^\\]<img/);
    expect(Object.keys((await read(capture.id)).config.flags)).toEqual(["__proto__"]);
  });

  test("the peak of memory counts what the run held", async () => {
    const { start } = lab();
    const capture = await start();
    const held = new Uint8Array(300_000_000).fill(1);
    log({ bytes: held.length });
    expect((await capture.finish({ status: "finished" })).peak_memory_bytes).toBeGreaterThan(held.length);
  });
});

describe("runs inside runs", () => {
  test("have a parent, their own seed and events; the outer run goes on as it was", async () => {
    const { start, read } = lab();
    const capture = await start();
    const reference = stream("Math.random", 42);
    expect(Math.random()).toBe(reference.next());
    const inner = await run("inner", { seed: 1, depth: 3 }, async (config) => {
      expect(currentSeed()).toBe(1);
      expect(Math.random()).toBe(stream("Math.random", 1).next());
      await new Promise((done) => setTimeout(done, 5));
      log({ loss: config.depth });
      capture.output("stdout", "from inside\n");
      return { score: config.depth * 2 };
    });
    expect(inner).toEqual({ score: 6 });
    expect(Math.random()).toBe(reference.next());
    expect(currentSeed()).toBe(42);
    log({ outer: 1 });
    const meta = await capture.finish({ status: "finished" });
    expect(meta.metrics).toEqual({ outer: 1 });
    const child = (await openStore(join(capture.options.storeRoot)).list()).find((record) => record.name === "inner");
    expect(child).toMatchObject({ parent: capture.id, seed: 1, status: "finished", metrics: { loss: 3, score: 6 }, flags: { depth: 3 } });
    expect(readFileSync(join(capture.options.storeRoot, "runs", child?.id ?? "", FILES.output), "utf8")).toBe("from inside\n");
    expect((await read(capture.id)).problems).toEqual([]);
    const program = readFileSync(join(capture.options.storeRoot, "runs", child?.id ?? "", FILES.program), "utf8");
    expect(program).toContain("await (async (config) => {");
    expect(program).toContain('"depth": 3');
  });

  test("one that throws is recorded as failed, and the error goes on", async () => {
    const { start, root } = lab();
    const capture = await start();
    await expect(run("inner", {}, () => { throw new TypeError("inside"); })).rejects.toThrow("inside");
    await capture.finish({ status: "finished" });
    expect((await openStore(root).list()).find((record) => record.name === "inner")?.status).toBe("failed");
  });

  test("runs that overlap say so", async () => {
    const { start } = lab();
    const first = await start({ name: "first" });
    const second = await start({ name: "second" });
    const meta = await first.finish({ status: "finished" });
    expect(meta.notes).toEqual(["another run started later and was still open when this one ended: what they did may be mixed up"]);
    expect(currentSeed()).toBe(second.seed);
    await second.finish({ status: "finished" });
  });

  test("a run needs a name and a function", async () => {
    await expect(run("", {}, () => 1)).rejects.toThrow("a run needs a name");
    await expect(run("x", {}, 5 as never)).rejects.toThrow("run takes the experiment as a function");
  });
});

describe("the folder", () => {
  const KNOWN = new Set<string>(Object.values(FILES));
  const FOLDERS = /^(plots\/[\w.-]+\.(vl\.json|svg)|model\/\d+-[\w-]+\.json|tables\/[\w.-]+\.(parquet|csv))$/;

  test("holds only what the format names, whole and private", async () => {
    const { start, folder } = lab();
    writeFileSync(join(folder, "package.json"), '{"dependencies": {"left-pad": "1.0.0"}}');
    writeFileSync(join(folder, "package-lock.json"), '{"packages": {"": {}, "node_modules/left-pad": {"version": "1.3.0"}, "node_modules/a/node_modules/b": {"version": "2.0.0"}}}');
    const capture = await start();
    announce({ type: "read", path: "data/a.parquet", sha256: "ab".repeat(32), bytes: 1, rows: 3, columns: 2, role: "processed", schema: [] });
    fit("Ridge");
    log({ loss: 1 }, { step: 0 });
    announce({ type: "table", name: "holdout_predictions", table: tableFromArrays({ a: [1] }) });
    announce({ type: "plot", name: "roc", spec: PLOT });
    announce({ type: "schema", schema: {} });
    capture.output("stdout", "x");
    const meta = await capture.finish({ status: "finished" });
    const files = filesOf(capture.runFolder);
    expect(files.filter((path) => !KNOWN.has(path) && !FOLDERS.test(path))).toEqual([]);
    expect(files).not.toContain(FILES.live);
    expect(files.filter((path) => path !== FILES.meta)).toEqual(meta.files.map((file) => file.path));
    for (const path of files) expect(statSync(join(capture.runFolder, path)).mode & 0o077).toBe(0);
    expect(checkMeta(readFileSync(join(capture.runFolder, FILES.meta), "utf8")).problem).toBeNull();
    expect(readFileSync(join(capture.runFolder, FILES.packages), "utf8")).toBe("b 2.0.0\nleft-pad 1.3.0\n");
    const { packages } = JSON.parse(readFileSync(join(capture.runFolder, FILES.environment), "utf8")) as { packages: Record<string, string> };
    expect(packages).toMatchObject({ "left-pad": "1.3.0", "apache-arrow": expect.any(String) as unknown, runlab: expect.any(String) as unknown });
  });

  test("run.ts imports what the cell uses, has its config and seed, and says what it is not", async () => {
    const { start, file } = lab();
    const code = '%%run forest --n 3\nimport { readFileSync } from "node:fs";\nconst { train } = split(await readTable("a.parquet"), { target: "b" });\nconst scale = 2; // not the one of the library\nconsole.log(model.accuracy, config.n);\n';
    const capture = await start({ code, flags: { n: 3 } });
    await capture.finish({ status: "finished" });
    expect(file(capture, FILES.cell)).toBe(code);
    expect(file(capture, FILES.program)).toBe(`// Repeats the run "forest": the same cell, config and seed. Run it in the folder of the notebook.
// It holds this cell only: what was declared outside of it is not here.
// Node 22.18 and later start it as it is (node run.ts), earlier ones with a TypeScript runner such as tsx.
import { readTable, split, setSeed as __setSeed, stream as __stream } from "runlab";

const config = {
  "n": 3,
  "seed": 42
};
__setSeed(42);
const __draws = __stream("Math.random");
Math.random = () => __draws.next();

${code.split("\n").slice(1).join("\n").trimEnd()}
`);
  });

  test("the five hashes: each changes with its input and with nothing else", async () => {
    const { start } = lab();
    const record = async (options: Parameters<typeof start>[0], sha = "ab".repeat(32)) => {
      const capture = await start(options);
      announce({ type: "read", path: "a.parquet", sha256: sha, bytes: 1, rows: 1, columns: 1, role: "processed", schema: [] });
      fit("Ridge", { alpha: 1, seed: capture.seed });
      return (await capture.finish({ status: "finished" })).inputs;
    };
    const changed = (a: Record<string, unknown>, b: Record<string, unknown>) => Object.keys(a).filter((name) => a[name] !== b[name]);
    const base = await record({});
    expect(Object.values(base).every((hash) => /^[0-9a-f]{64}$/.test(hash ?? ""))).toBe(true);
    expect(changed(base, await record({}))).toEqual([]);
    expect(changed(base, await record({ code: "%%run forest --seed 43 --x 1\n1 + 1" }))).toEqual([]);
    expect(changed(base, await record({ code: "1 + 2" }))).toEqual(["code"]);
    expect(changed(base, await record({ seed: 43 }))).toEqual(["seed"]);
    expect(changed(base, await record({ flags: { a: 1 } }))).toEqual(["config"]);
    expect(changed(base, await record({}, "cd".repeat(32)))).toEqual(["data"]);
  });

  test("git: commit, branch and uncommitted changes, without those of the store", async () => {
    const { start, folder, root, file } = lab();
    const project = join(folder, "..");
    const git = (...parameters: string[]): string => execFileSync("git", ["-C", project, "-c", "user.name=a", "-c", "user.email=a@b", ...parameters], { encoding: "utf8" });
    git("init", "-q", "-b", "main");
    mkdirSync(join(root, "runs"), { recursive: true });
    writeFileSync(join(root, "runs", "tracked.txt"), "1\n");
    writeFileSync(join(folder, "code.ts"), "before\n");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    writeFileSync(join(folder, "code.ts"), "after\n");
    writeFileSync(join(root, "runs", "tracked.txt"), "2\n");
    const capture = await start();
    const meta = await capture.finish({ status: "finished" });
    expect(meta.git).toEqual({ commit: git("rev-parse", "HEAD").trim(), branch: "main", dirty: true, patch_bytes: expect.any(Number) as unknown });
    const patch = file(capture, FILES.patch);
    expect(patch).toContain("+after");
    expect(patch).not.toContain("tracked.txt");
    expect(JSON.parse(file(capture, FILES.git))).toEqual(meta.git);
  });

  test("without git there is none", async () => {
    const { start } = lab();
    const capture = await start();
    expect((await capture.finish({ status: "finished" })).git).toBeNull();
    expect(existsSync(join(capture.runFolder, FILES.git))).toBe(false);
  });

  test("the card names the store from the notebook, and the run before", async () => {
    const { start } = lab();
    const notebook = { path: "notebooks/a.ipynb", cell_id: "c1", execution_count: 1 };
    const first = await start({ notebook });
    await first.finish({ status: "finished" });
    const second = await start({ name: "renamed", notebook });
    await second.finish({ status: "finished" });
    const third = await start({ name: "forest", notebook: { ...notebook, cell_id: "c2" } });
    await third.finish({ status: "finished" });
    expect([first, second, third].map((capture) => capture.card().previous)).toEqual([null, first.id, first.id]);
    expect(first.card().store).toBe("../models");
  });
});
