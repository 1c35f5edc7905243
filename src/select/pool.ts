/**
 * Rounds on several threads, or one after the other: the same results in the same order either way.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { tableToIPC } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { coresToUse } from "../kernels/index.js";
import { fitProgress } from "../models/progress.js";
import { onInterrupt } from "../observe/index.js";
import type { Judge } from "./judges.js";
import { type Selectable, recipeOf } from "./recipe.js";
import { type Ground, type RoundResult, playRound } from "./round.js";
import type { GroundMessage, RoundAnswer, RoundMessage } from "./round-worker.js";

/** A round to be played. */
export interface Job {
  readonly model: Selectable;
  readonly fold: number;
  /** What an error says besides the fold: the parameters that were tried. */
  readonly also: string;
}

/** A round's result, and the fitted model itself when it was fitted on this thread. */
export type Played = RoundResult & { readonly fitted?: Selectable };

/** What to do with a job that fails: end all, or go on with the others. */
export type OnError = "stop" | "skip";

/** How the rounds are played. */
export interface PoolOptions {
  /** Threads; null: workers when the rounds take longer than starting them. */
  readonly nJobs: number | null;
  readonly label: string;
  readonly onError: OnError;
}

/** Below this many milliseconds of work left, workers are not worth their start. */
const WORTH_WORKERS_MS = 800;
/** An idle worker is let go after this long. */
const IDLE_MS = 20_000;

/**
 * Plays every job. With `onError: "stop"` the failure that is thrown is that of the first job, in order, that fails,
 * however many threads there are.
 */
export async function playAll(ground: Ground, jobs: readonly Job[], judges: readonly Judge[], { nJobs, label, onError }: PoolOptions): Promise<(Played | Error)[]> {
  const threads = Math.min(coresToUse(nJobs), jobs.length);
  const told = fitProgress(label, jobs.length);
  const out = new Array<Played | Error>(jobs.length);
  let next = 0;
  const portable = threads > 1 && judges.every((judge) => judge.recipe !== null) && jobs.every((job) => recipeOf(job.model) !== null) && workerFile() !== null;
  let stopped = false;
  const forget = onInterrupt(() => { stopped = true; });
  try {
    let spent = 0;
    while (next < jobs.length) {
      if (portable && (nJobs !== null || (next > 0 && (spent / next) * (jobs.length - next) > WORTH_WORKERS_MS))) break;
      const { model, fold, also } = jobs[next];
      const started = elapsed();
      try {
        out[next] = playRound(ground, model, judges, fold, also);
      } catch (error) {
        if (onError === "stop" || !(error instanceof RunlabError)) throw error;
        out[next] = error;
      }
      spent += elapsed() - started;
      told(++next);
      // The event loop has its turn between rounds, so that cards are drawn and the stop button is heard.
      if (next < jobs.length) await new Promise((resolve) => setImmediate(resolve));
      if (stopped) throw interruption();
    }
  } finally {
    forget();
  }
  if (next < jobs.length) await inWorkers(ground, jobs, judges, next, Math.min(threads, jobs.length - next), onError, out, told);
  return out;
}

function interruption(): Error {
  const error = new Error("interrupted");
  error.name = "Interrupted";
  return error;
}

async function inWorkers(ground: Ground, jobs: readonly Job[], judges: readonly Judge[], from: number, threads: number, onError: OnError, out: (Played | Error)[], told: (done: number) => void): Promise<void> {
  const shared = groundMessage(ground, judges);
  let next = from;
  let done = from;
  let failedAt = jobs.length;
  const workers: Worker[] = [];
  let stop: (error: Error) => void = () => {};
  const stopped = new Promise<never>((_, reject) => { stop = reject; });
  const forget = onInterrupt(() => stop(interruption()));
  const serve = async (worker: Worker): Promise<void> => {
    worker.postMessage(shared);
    while (next < jobs.length && next < failedAt) {
      const id = next++;
      const { model, fold, also } = jobs[id];
      const answer = await ask(worker, { type: "round", id, recipe: recipeOf(model)!, fold, also });
      if ("error" in answer) {
        const error = errorFrom(answer.error);
        out[id] = error;
        if (onError === "stop" || !(error instanceof RunlabError)) failedAt = Math.min(failedAt, id);
      } else {
        out[id] = answer.result;
      }
      told(++done);
    }
  };
  let whole = false;
  try {
    for (let i = 0; i < threads; i++) workers.push(takeWorker());
    await Promise.race([Promise.all(workers.map(serve)), stopped]);
    whole = true;
  } finally {
    forget();
    for (const worker of workers) {
      if (whole) keepWorker(worker);
      else void worker.terminate();
    }
  }
  if (failedAt < jobs.length) throw out[failedAt];
}

function ask(worker: Worker, message: RoundMessage): Promise<RoundAnswer> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off("message", answered).off("error", failed).off("exit", left);
    };
    const answered = (answer: RoundAnswer): void => {
      done();
      resolve(answer);
    };
    const failed = (error: Error & { code?: string }): void => {
      done();
      reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new RunlabError("a fold needs more memory than its worker has", { allowed: "nJobs: 1, or fewer rows" }) : error);
    };
    const left = (code: number): void => {
      done();
      reject(new RunlabError("a worker stopped in the middle of a fold", { received: `exit code ${code}`, allowed: "nJobs: 1 plays all folds on the main thread" }));
    };
    worker.on("message", answered).on("error", failed).on("exit", left);
    worker.postMessage(message);
  });
}

/** The mistake as it was on the other thread. */
function errorFrom({ name, message, stack, ours }: { name: string; message: string; stack: string; ours: boolean }): Error {
  if (ours) return new RunlabError(message);
  const error = new Error(message);
  error.name = name;
  error.stack = stack;
  return error;
}

/** Everything that rounds share, copied once into memory that every worker sees. */
function groundMessage(ground: Ground, judges: readonly Judge[]): GroundMessage {
  const { table, folds, weights, ...rest } = ground;
  const bytes = tableToIPC(table, "stream");
  return {
    type: "ground",
    ...rest,
    features: [...rest.features],
    bytes: sharedBytes(bytes),
    folds: folds.map(({ train, test }) => ({ train: sharedRows(train), test: sharedRows(test) })),
    weights: weights instanceof Float64Array ? new Float64Array(sharedBytes(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength)).buffer) : weights,
    judges: judges.map((judge) => judge.recipe!),
  };
}

function sharedBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

function sharedRows(rows: Uint32Array): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(rows.byteLength));
  shared.set(rows);
  return shared;
}

/** Where the worker stands: beside this file, or beside a bundle of it. */
const PLACES = ["./round-worker.js", "../select/round-worker.js"];

/** The built worker; null when these are the sources, which no worker can run. */
function workerFile(): URL | null {
  return PLACES.map((place) => new URL(place, import.meta.url)).find((file) => existsSync(fileURLToPath(file))) ?? null;
}

/** Workers that wait for the next call: starting one takes longer than many a fold. */
const idle: { worker: Worker; timer: NodeJS.Timeout }[] = [];

function takeWorker(): Worker {
  const waiting = idle.pop();
  if (waiting !== undefined) {
    clearTimeout(waiting.timer);
    waiting.worker.removeAllListeners("exit");
    waiting.worker.ref();
    return waiting.worker;
  }
  // Without the flags and hooks of this process: a worker runs the library and nothing of the user's.
  const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
  return new Thread(workerFile()!, { execArgv: [] });
}

function keepWorker(worker: Worker): void {
  worker.unref();
  const forget = (): void => {
    const at = idle.findIndex((each) => each.worker === worker);
    if (at >= 0) clearTimeout(idle.splice(at, 1)[0].timer);
  };
  const timer = setTimeout(() => {
    forget();
    void worker.terminate();
  }, IDLE_MS);
  timer.unref();
  worker.once("exit", forget);
  idle.push({ worker, timer });
}
