/** Runs from plain Node scripts, and runs inside runs. */
import { readFileSync, statSync } from "node:fs";
import { basename, relative } from "node:path";
import { RunlabError } from "../../errors.js";
import type { ConfigValue } from "../format/index.js";
import { findStore } from "../store/index.js";
import { innermost } from "./active.js";
import { Capture, startCapture, type Outcome } from "./capture.js";
import { unwatched } from "./file-watch.js";
import { runError } from "./run-error.js";

/** A script larger than this is no source text. */
const LARGEST_SCRIPT = 5_000_000;

/**
 * Records what `work` does as a run, as `%%run` does for a cell: seed, config, code, data, metrics, models, printed output.
 *
 * Inside another run it becomes that run's child. The options other than `seed` are the run's flags; `work` gets them, with
 * the seed, as `config`. Runs in one process must nest: await one before starting the next, or their records mix (the
 * record then says so).
 *
 * @param name the run's name.
 * @param options `seed` (drawn and recorded when absent) and any other setting.
 * @param work the experiment; a result that is an object of finite numbers becomes metrics.
 * @returns what `work` returns. What it throws is recorded and thrown on.
 * @throws RunlabError when the store cannot be written at the start. A failure at the end is one line on stderr: the
 * result is not lost.
 * @example
 * const { total } = await run("dice", { seed: 42, rolls: 100 }, (config) => {
 *   const draws = stream("dice", config.seed);
 *   let total = 0;
 *   for (let i = 0; i < config.rolls; i++) total += draws.int(6) + 1;
 *   return { total };
 * });
 */
export async function run<Options extends { seed?: number }, Result>(
  name: string,
  options: Options,
  work: (config: Readonly<Options & { seed: number }>) => Result | Promise<Result>,
): Promise<Result> {
  if (typeof name !== "string" || name.trim() === "") throw new RunlabError("a run needs a name", { received: name, allowed: 'such as run("forest", { seed: 42 }, async (config) => …)' });
  if (typeof work !== "function") throw new RunlabError("run takes the experiment as a function", { received: work, allowed: "run(name, { seed, …flags }, async (config) => …)" });
  const { seed, ...flags } = options;
  const outer = innermost();
  const parent = outer instanceof Capture ? outer : null;
  const folder = parent?.options.folder ?? process.cwd();
  const script = parent === null ? scriptText() : null;
  const capture = await startCapture({
    storeRoot: parent?.options.storeRoot ?? findStore(folder),
    folder,
    name,
    flags: flags as Record<string, ConfigValue>,
    seed,
    code: script ?? String(work),
    form: script === null ? "function" : "script",
    command: parent === null ? scriptCommand(folder) : `run(${JSON.stringify(name)}, ${JSON.stringify(options)}, …)`,
    notebook: parent?.options.notebook ?? null,
    kernel: parent?.options.kernel ?? null,
    ...(parent === null ? {} : { parent: parent.id }),
  });
  // In a kernel the cell's own run hands the output on; in a script the streams are the only place to hear it.
  const stopListening = parent === null ? listen(capture) : () => undefined;
  const stopWaiting = parent === null ? endOnSignal(capture) : () => undefined;
  const end = async (outcome: Outcome): Promise<void> => {
    stopListening();
    stopWaiting();
    try {
      await capture.finish(outcome);
    } catch (error) {
      process.stderr.write(`runlab: the run ${capture.id} is not recorded to its end: ${(error as Error).message}\n`);
    }
  };
  let result: Result;
  try {
    result = await work({ ...options, seed: capture.seed });
  } catch (error) {
    await end({ status: "failed", error: runError(error) });
    throw error;
  }
  capture.result(result);
  await end({ status: "finished" });
  return result;
}

function listen(capture: Capture): () => void {
  const stops = (["stdout", "stderr"] as const).map((name) => {
    const target = process[name];
    const original = target.write;
    const write = function (this: NodeJS.WriteStream, ...parameters: unknown[]): boolean {
      const [chunk] = parameters;
      if (typeof chunk === "string") capture.output(name, chunk);
      else if (chunk instanceof Uint8Array) capture.output(name, Buffer.from(chunk).toString("utf8"));
      return Reflect.apply(original, this, parameters) as boolean;
    } as typeof target.write;
    target.write = write;
    return () => {
      if (target.write === write) target.write = original;
    };
  });
  return () => stops.forEach((stop) => stop());
}

/** Control-C in a script: the run is ended as interrupted, then the process ends as it would have. */
function endOnSignal(capture: Capture): () => void {
  const handlers = (["SIGINT", "SIGTERM"] as const).filter((signal) => process.listenerCount(signal) === 0).map((signal) => {
    const handler = (): void => {
      const again = (): void => {
        process.kill(process.pid, signal);
      };
      capture.finish({ status: "interrupted", error: { name: "KeyboardInterrupt", message: `the process received ${signal}`, traceback: [] } }).then(again, again);
    };
    process.once(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  return () => handlers.forEach((stop) => stop());
}

/** The script that Node was started with; null in a prompt, a test or a bundle without source. */
function scriptText(): string | null {
  const path = process.argv[1];
  if (!path || path.includes("node_modules")) return null;
  try {
    return unwatched(() => (statSync(path).size <= LARGEST_SCRIPT ? readFileSync(path, "utf8") : null));
  } catch {
    return null;
  }
}

function scriptCommand(folder: string): string {
  const [, script, ...parameters] = process.argv;
  return [basename(process.argv0), ...(script ? [relative(folder, script) || script] : []), ...parameters].map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}

