/** `code/run.ts` in a plain Node process, with the built package: the same numbers as the run, without a kernel. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { expect, test } from "vitest";
import { FILES } from "runlab/format";
import * as runlab from "runlab";
import { lab } from "./lab.js";

const node = promisify(execFile);

/** What a Node that takes TypeScript, or a runner, makes of a file. */
const stripped = (text: string): string => ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true } }).outputText;

const PENGUINS = `%%run forest --n_estimators 10
const table = dropMissing(await readTable("penguins.parquet"));
const { train, test } = split(table, { target: "species", testSize: 0.4, stratify: true });
const model = new RandomForestClassifier({ nEstimators: config.n_estimators });
model.fit(train);
const quality: Record<string, number> = evaluate(model, test).metrics;
const noise: number = Math.random() + stream("noise").next();
setSeed(7);
log({ noise, other: stream("noise").next() });
clearOutput();
display.markdown("# done");
display(JSON.stringify({ ...quality, noise, other: stream("noise").next() }));
`;

test("a cell with the penguins, types, display, stream and setSeed gives the same metrics again", async () => {
  const { start, folder, file } = lab();
  const data = join(import.meta.dirname, "../../notebooks/data/penguins.parquet");
  copyFileSync(data, join(folder, "penguins.parquet"));
  const capture = await start({ code: PENGUINS, flags: { n_estimators: 10 } });
  const globals: Record<string, unknown> = { ...runlab, config: { n_estimators: 10, seed: 42 }, clearOutput: () => undefined, display: Object.assign(() => "", { markdown: () => undefined }) };
  const body = stripped(PENGUINS.split("\n").slice(1).join("\n")).replace('"penguins.parquet"', JSON.stringify(data));
  const AsyncFunction = (async () => undefined).constructor as new (...parts: string[]) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(globals), body)(...Object.values(globals));
  const { metrics } = await capture.finish({ status: "finished" });
  expect(Object.keys(metrics)).toContain("accuracy");

  const modules = join(dirname(folder), "node_modules");
  mkdirSync(modules);
  symlinkSync(join(import.meta.dirname, "../../src"), join(modules, "runlab"));
  const program = join(capture.runFolder, "code/again.mjs");
  writeFileSync(program, stripped(file(capture, FILES.program)));
  const { stdout } = await node(process.execPath, [program], { cwd: folder, env: { PATH: process.env.PATH } });
  const [title, shown] = stdout.trimEnd().split("\n");
  expect(title).toBe("# done");
  expect(JSON.parse(shown)).toEqual(metrics);
});

test("what the kernel gives has a stand-in when the cell uses it, unless the cell has its own", async () => {
  const { start, folder, file } = lab();
  const code = '%%run ask\nconst name = prompt("who? ");\nnewDisplay().html(name);\ncomms.open("x").send(1);\nconst display = (value) => console.log("own", value);\ndisplay(display.name);\n';
  const capture = await start({ code });
  await capture.finish({ status: "finished" });
  const modules = join(dirname(folder), "node_modules");
  mkdirSync(modules);
  symlinkSync(join(import.meta.dirname, "../../src"), join(modules, "runlab"));
  const program = join(capture.runFolder, "code/again.mjs");
  writeFileSync(program, stripped(file(capture, FILES.program)));
  const started = node(process.execPath, [program], { cwd: folder, env: { PATH: process.env.PATH } });
  started.child.stdin?.end("ada\n");
  expect((await started).stdout).toBe("who? ada\nown display\n");
});
