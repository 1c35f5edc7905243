// One engine in a process of its own, driven by messages: { id, call, args } -> { id, value } or { id, error }.
import { inspect } from "node:util";

const [engineName, folder] = process.argv.slice(2);
process.chdir(folder);
const { ENGINES } = await import("../../kernel-ext/dist/engines/table.js");
const engine = ENGINES.find((row) => row.name === engineName);

/** What tslab's `display` and the module "tslab" hand to the frontend. */
const shown = [];
const display = Object.assign((value) => void shown.push(["value", inspect(value)]), {
  html: (text) => void shown.push(["text/html", text]),
  text: (text) => void shown.push(["text/plain", text]),
  markdown: (text) => void shown.push(["text/markdown", text]),
  raw: (mime, value) => void shown.push([mime, value]),
});
globalThis[Symbol.for("runlab.tslab")] = {
  display,
  newDisplay: () => display,
  versions: { tslab: "1.0.22", typescript: "", node: process.version },
  writeDisplayData: ({ data }) => shown.push(...Object.entries(data)),
};

const language = await engine.createLanguage({ folder });
const executor = await engine.createExecutor({ folder }, engine.language === "with-executor" ? language : null);

const calls = {
  async execute(cell) {
    globalThis.cellInProcess = cell.count;
    const outcome = await executor.execute(cell);
    const same = outcome.status === "ok" && outcome.value === globalThis.marked;
    return outcome.status === "ok"
      ? { status: "ok", hasValue: outcome.hasValue, shown: outcome.hasValue ? inspect(outcome.value) : null, same }
      : { status: "error", error: outcome.error };
  },
  interruptIn: async (milliseconds) => void setTimeout(() => executor.interrupt(), milliseconds),
  check: (cell) => language.check(cell),
  commit: (cell) => language.commit(cell),
  complete: (code, offset) => language.complete(code, offset),
  inspect: (code, offset) => language.inspect(code, offset),
  isComplete: (code) => language.isComplete(code),
  reset: () => language.reset(),
  shown: async () => shown.splice(0),
  async dispose() {
    await executor.dispose();
    await language.dispose();
  },
};

process.on("message", async ({ id, call, args }) => {
  try {
    process.send({ id, value: (await calls[call](...args)) ?? null });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.send({ ready: true });
