/** Runs from plain Node scripts, in processes of their own, with the built package. */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FILES } from "runlab/format";
import { openStore } from "runlab/runs";

const folder = mkdtempSync(join(tmpdir(), "runlab-script-"));
const node = promisify(execFile);

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(import.meta.dirname, "../../src"), join(folder, "node_modules", "runlab"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = (name: string, text: string): void => writeFileSync(join(folder, name), text);
/** The environment of a user: no store named, not the test runner's settings. */
const env = { PATH: process.env.PATH, HOME: process.env.HOME };

test("a script records itself: output, seed, metrics, and the command that starts it again", async () => {
  const text = `import { run, log, stream } from "runlab";
import { readFileSync } from "node:fs";
const result = await run("dice", { seed: 42, rolls: 10 }, async (config) => {
  const draws = stream("dice");
  let total = 0;
  for (let i = 0; i < config.rolls; i++) { total += draws.int(6) + 1; log({ running: total }, { step: i }); }
  readFileSync("sides.txt", "utf8");
  process.stdout.write("rolled ");
  console.error("it");
  return { total, chance: Math.random() };
});
console.log(JSON.stringify(result));
`;
  script("dice.mjs", text);
  script("sides.txt", "6");
  const outputs = [];
  for (const _ of [1, 2]) outputs.push((await node(process.execPath, ["dice.mjs", "--some", "two words"], { cwd: folder, env })).stdout);
  expect(outputs[0]).toMatch(/^rolled \{"total":\d+,"chance":0\.\d+\}\n$/);
  expect(outputs[1]).toBe(outputs[0]);
  const store = openStore(join(folder, "models"));
  const [record] = await store.list();
  const { meta, code, inputs, problems } = await store.read(record.id);
  const { total, chance } = JSON.parse(outputs[0].slice("rolled ".length)) as { total: number; chance: number };
  expect(meta).toMatchObject({ name: "dice", status: "finished", seed: 42, notebook: null, metrics: { running: total, total, chance }, flags: { rolls: 10 }, history_points: 10, command: 'node dice.mjs --some "two words"' });
  expect(readFileSync(join(store.root, "runs", record.id, FILES.output), "utf8")).toBe("rolled it\n");
  expect(code["cell.ts"]).toBe(text);
  expect(code["run.ts"]).toBe(`// The script that made the run "dice": it records a run of its own when it is started.\n${text}`);
  expect(inputs.map((input) => input.path)).toEqual(["sides.txt"]);
  expect(problems).toEqual([]);
});

test("Control-C ends the run as interrupted, and the process as ever", async () => {
  script("slow.mjs", 'import { run, log } from "runlab";\nawait run("slow", { seed: 1 }, async () => { log({ a: 1 }); console.log("begun"); await new Promise((done) => setTimeout(done, 60_000)); });\n');
  const child = spawn(process.execPath, ["slow.mjs"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<NodeJS.Signals | null>((done) => child.on("exit", (_code, signal) => done(signal)));
  await new Promise<void>((done) => child.stdout.once("data", () => done()));
  child.kill("SIGINT");
  expect(await ended).toBe("SIGINT");
  const [record] = await openStore(join(folder, "models")).list();
  expect(record).toMatchObject({ name: "slow", status: "interrupted", metrics: { a: 1 } });
});

test("a script that exits in the middle of a run leaves what it logged", async () => {
  script("leaves.mjs", 'import { run, log } from "runlab";\nawait run("leaves", { seed: 1 }, () => { log({ a: 3 }); log({ loss: 0.5 }, { step: 0 }); process.exit(0); });\n');
  await node(process.execPath, ["leaves.mjs"], { cwd: folder, env });
  const store = openStore(join(folder, "models"));
  const [{ id }] = await store.list();
  const { meta, history } = await store.read(id);
  expect(meta).toMatchObject({ name: "leaves", metrics: { a: 3, loss: 0.5 }, main_metric: "a" });
  expect(history.map((point) => point.values)).toEqual([{ loss: 0.5 }]);
});

test("an error in the script is recorded and ends it", async () => {
  script("fails.mjs", 'import { run } from "runlab";\nawait run("fails", {}, () => { null.x; });\n');
  await expect(node(process.execPath, ["fails.mjs"], { cwd: folder, env })).rejects.toMatchObject({ code: 1 });
  const [record] = await openStore(join(folder, "models")).list();
  const { meta } = await openStore(join(folder, "models")).read(record.id);
  expect(meta).toMatchObject({ name: "fails", status: "failed", error: { name: "TypeError" } });
  expect(meta.error?.traceback[0]).toContain("fails.mjs:2");
});
