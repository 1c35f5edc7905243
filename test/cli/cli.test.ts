/** The command line as people use it: a process, its output, its exit code. Runs on the build. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "runlab/runs";
import { displayWidth } from "../../src/diff/columns.js";
import { COMMANDS } from "../../src/cli/table.js";

const PROGRAM = fileURLToPath(new URL("../../src/bin/runlab.js", import.meta.url));
let folder: string;
const ids: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "runlab-cli-"));
  const store = openStore(join(folder, "models"));
  for (const [at, name] of ["forest", "ridge", "evil\u001b]0;x\u0007\nname 木木木木"].entries()) {
    const run = await store.start({ name, seed: 42 + at, command: `%%run ${name} --seed ${42 + at}`, flags: { n_estimators: 100 * (at + 1) }, notebook: { path: "notebooks/week-01-first-run.ipynb", cell_id: null, execution_count: 1 } }, { "code/cell.ts": `fit(${at});\n` });
    run.appendHistory([{ step: 0, values: { loss: 1 } }, { step: 1, values: { loss: 0.5 / (at + 1) } }]);
    await run.finish({ status: at === 1 ? "failed" : "finished", metrics: { accuracy: 0.9 + at / 100, f1: 0.8 }, main_metric: "accuracy", metric_directions: { accuracy: true } });
    ids.push(run.id);
  }
  mkdirSync(join(folder, "models/runs/2026-01-02T03-04-05Z__odd__seed7__aaaa"));
  store.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runlab(words: string[], environment: Record<string, string> = {}, cwd = folder): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], { cwd, encoding: "utf8", env: { PATH: process.env.PATH, ...environment } });
  return { code: status, out: stdout, err: stderr };
}

describe("help", () => {
  test("without words, the commands", () => {
    const { code, out } = runlab([]);
    expect(code).toBe(0);
    for (const { summary } of COMMANDS) expect(out.replace(/\s+/g, " ")).toContain(summary);
  });

  test.each(COMMANDS.map((command) => [command.usage.split(" ")[0], command] as const))("%s --help shows every option and an example", (name, command) => {
    const { code, out } = runlab([name, "--help"]);
    expect(code).toBe(0);
    for (const option of command.options) expect(out).toContain(option.flags);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { line } of command.examples) expect(out).toContain(line);
    expect(Math.max(...out.split("\n").map(displayWidth))).toBeLessThanOrEqual(80);
  });
});

describe("runs", () => {
  test("lists every run, newest first, the unreadable one with its reason", () => {
    const { code, out, err } = runlab(["runs"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^run +status +accuracy/);
    expect(lines[1]).toMatch(/^evil.* finished +0\.92 +44/);
    expect(lines[2]).toMatch(/^ridge__\w{4} +failed +0\.91 +43/);
    expect(lines[3]).toMatch(/^forest__\w{4} +finished +0\.9 +42/);
    expect(lines[4]).toMatch(/unreadable/);
    expect(lines[5]).toMatch(/^2026-01-02.*neither run_meta\.json nor live\.json/);
  });

  test.each([40, 60, 80, 120, 200])("the table fits %i columns", (width) => {
    const { out } = runlab(["runs", "forest"], { COLUMNS: String(width) });
    for (const line of out.trimEnd().split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  test("prints no control character from a run, and colours only when asked by a terminal", () => {
    for (const words of [["runs"], ["show", ids[2]], ["diff", ids[0], ids[2]]]) {
      // eslint-disable-next-line no-control-regex
      expect(runlab(words).out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  test.each([
    [["accuracy>0.905"], [2, 1]],
    [["status:failed"], [1]],
    [["accuracy>0.905", "-ridge"], [2]],
    [["-ridge", "--limit", "1"], [2]],
    [["accuracy>0", "--sort", "accuracy:asc"], [0, 1, 2]],
    [["accuracy>0", "--sort", "n_estimators"], [2, 1, 0]],
    [["accuracy>0", "--sort", "seed"], [0, 1, 2]],
  ])("runs %j --json", (words, expected) => {
    const { out } = runlab(["runs", ...words, "--json"]);
    expect((JSON.parse(out) as { id: string }[]).map((run) => run.id)).toEqual(expected.map((at) => ids[at]));
  });

  test("--json has a stable form", () => {
    const [run] = JSON.parse(runlab(["runs", "forest", "--json"]).out) as Record<string, unknown>[];
    expect(Object.keys(run)).toEqual(["id", "name", "status", "started_at", "duration_ms", "seed", "notebook", "main_metric", "metrics", "flags", "parent", "tags"]);
    expect(run).toMatchObject({ id: ids[0], name: "forest", status: "finished", seed: 42, metrics: { accuracy: 0.9, f1: 0.8 }, flags: { n_estimators: 100 }, started_at: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test("a store without runs says so, and gives an empty list to programs", () => {
    const empty = mkdtempSync(join(tmpdir(), "runlab-empty-"));
    expect(runlab(["runs"], {}, empty)).toMatchObject({ code: 0, out: expect.stringMatching(/^No runs yet in /) });
    expect(runlab(["runs", "--json"], {}, empty).out).toBe("[]\n");
    rmSync(empty, { recursive: true });
  });

  test("finds the store from a folder below, by --store and by RUNLAB_STORE", () => {
    const below = join(folder, "notebooks", "deep");
    mkdirSync(below, { recursive: true });
    const count = (result: { out: string }) => (JSON.parse(result.out) as unknown[]).length;
    expect(count(runlab(["runs", "--json"], {}, below))).toBe(4);
    for (const place of [folder, join(folder, "models"), join(folder, "models", "runs")]) expect(count(runlab(["runs", "--json", "--store", place], {}, tmpdir()))).toBe(4);
    expect(count(runlab(["runs", "--json"], { RUNLAB_STORE: join(folder, "models") }, tmpdir()))).toBe(4);
  });

  test("a reader that hangs up is no error", async () => {
    const child = spawn(process.execPath, [PROGRAM, "show", ids[0], "--json"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (text: Buffer) => (complaint += text.toString()));
    child.stdout.destroy();
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(complaint).toBe("");
    expect(execFileSync("sh", ["-c", `"${process.execPath}" "${PROGRAM}" runs --json | head -n 1`], { cwd: folder, encoding: "utf8" })).toBe("[\n");
  });
});

describe("show", () => {
  test("prints the run", () => {
    const { code, out } = runlab(["show", "forest"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^forest {2}finished\n/);
    expect(out).toMatch(/^command +%%run forest --seed 42$/m);
    expect(out).toMatch(/^accuracy +0\.9$/m);
    expect(out).toMatch(/^n_estimators +100$/m);
    expect(out).toMatch(/^code\/cell\.ts +8 B$/m);
    expect(out).toMatch(/^2 points, steps 0 to 1$/m);
  });

  test("--json gives the whole document", () => {
    const document = JSON.parse(runlab(["show", "last", "--json"]).out) as { folder: string; meta: { id: string }; history: unknown[]; code: Record<string, string> };
    expect(document.meta.id).toBe(ids[2]);
    expect(document.folder).toBe(join(folder, "models/runs", ids[2]));
    expect(document.history).toHaveLength(2);
    expect(document.code["cell.ts"]).toBe("fit(2);\n");
  });
});

describe("diff", () => {
  test("prints what differs", () => {
    const { code, out } = runlab(["diff", "forest", "ridge"]);
    expect(code).toBe(0);
    expect(out).toMatch(/n_estimators +100 +200/);
    expect(out).toMatch(/accuracy +0\.9 +0\.91/);
  });

  test("--json gives the sections", () => {
    const diff = JSON.parse(runlab(["diff", "last~1", "last", "--json"]).out) as { runs: { id: string }[]; sections: { id: string }[] };
    expect(diff.runs.map((run) => run.id)).toEqual([ids[1], ids[2]]);
    expect(diff.sections.map((section) => section.id)).toEqual(expect.arrayContaining(["config", "metrics", "code"]));
  });
});

test("reindex counts the runs and names the others", () => {
  const { code, out } = runlab(["reindex"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^3 runs indexed in .*\n2026-01-02T03-04-05Z__odd__seed7__aaaa: not a whole run/);
  expect(JSON.parse(runlab(["reindex", "--json"]).out)).toMatchObject({ runs: 3, problems: [{ id: expect.stringContaining("odd") }] });
});

describe("a mistake is one line and exit code 2", () => {
  test.each([
    [["runz"], /^runlab: unknown command 'runz' \(Did you mean runs\?\)\n$/],
    [["runs", "--jsno"], /^runlab: there is no such option; received "--jsno"/],
    [["runs", "accuracy>"], /^runlab: filter, at character 10: a value is missing/],
    [["runs", "--limit", "many"], /^runlab: --limit takes a whole number from 0; received "many"/],
    [["runs", "--sort", "nothing"], /^runlab: no run has the key to sort by; received "nothing"; allowed: started, .*accuracy/],
    [["runs", "--store", "/nowhere"], /^runlab: there is no store at that place; received "\/nowhere"/],
    [["show"], /^runlab: missing required argument 'id'\n$/],
    [["show", "nothing"], /^runlab: there is no such run; received "nothing"/],
    [["show", "seed4"], /^runlab: 3 runs fit "seed4"/],
    [["show", "odd"], /^runlab: the run .*odd.* cannot be read: not a whole run/],
    [["show", "last", "last"], /^runlab: too many arguments/],
    [["diff", "last"], /^runlab: missing required argument 'b'\n$/],
    [["diff", "last", "last"], /^runlab: a diff needs different runs/],
    [["show", "\u001b[31m"], /received "\\x1b\[31m"|received "\\\\x1b\[31m"/],
    [["install", "--prefix", "/nowhere"], /^runlab: --prefix takes a folder that exists; received "\/nowhere"/],
  ])("%j", (words, message) => {
    const { code, out, err } = runlab(words);
    expect(err).toMatch(message);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

test("a file as RUNLAB_STORE is one clear line", () => {
  writeFileSync(join(folder, "file"), "");
  expect(runlab(["runs"], { RUNLAB_STORE: join(folder, "file") })).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^runlab: the store is a folder; received .*file.*\n$/) });
});

describe("a store that is a file", () => {
  test.each([["runs", "--store"], ["show", "--store"], ["runs", "RUNLAB_STORE"], ["reindex", "RUNLAB_STORE"]])("%s with %s says so in one line", (command, by) => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    const words = command === "show" ? [command, "last"] : [command];
    const { code, err } = by === "--store" ? runlab([...words, "--store", file]) : runlab(words, { RUNLAB_STORE: file });
    expect(code).toBe(2);
    expect(err).toMatch(/^runlab: [^\n]*a-file[^\n]*\n$/);
  });
});
