/** The child process: runs the user's cells on its main thread, and nothing else of the kernel's work. */
import { Worker } from "node:worker_threads";
import { ENGINES } from "../engines/table.js";
import type { Language } from "../engines/engine.js";
import { serveLanguage } from "../engines/rpc.js";
import { KERNEL } from "../kernel-info.js";
import { getHeapStatistics } from "node:v8";
import { Interrupted } from "./breakable.js";
import { listen, send } from "./channel.js";
import { catchTheUncaught, complain } from "./complaints.js";
import { receiveComm } from "./comms.js";
import { magicShow } from "./magic-show.js";
import type { Order } from "./messages.js";
import { Session } from "./session.js";
import { takeStopButton } from "./signals.js";
import { print, takeStreams } from "./streams.js";
import { guardTimers } from "./timers.js";
import { defineKernelGlobals, defineLibraryGlobals, defineTslab } from "./user-globals.js";

const folder = process.cwd();
const definition = ENGINES.find((engine) => engine.name === process.env.RUNLAB_ENGINE) ?? ENGINES[0];

const PRELOAD_AFTER_MS = 1500;

let session: Session | null = null;
/** Takes a call of the language, when it lives here. */
let hearCall: (message: unknown) => void = () => {};
/** Cells do not overlap, and they run in the order of the orders. */
let queue: Promise<unknown> = Promise.resolve();

function receive(order: Order, buffers: Buffer[]): void {
  switch (order.type) {
    case "execute":
      queue = queue.then(() => session?.execute(order));
      return;
    case "interrupt":
      session?.interrupt(order.cell);
      return;
    case "ping":
      return send(0, { type: "pong", id: order.id });
    case "language":
      return hearCall(order.message);
    case "comm_open":
    case "comm_msg":
    case "comm_close":
      return receiveComm(order, buffers, (error) => complain("Comm handler failed", error));
    case "exit":
      // Lets the user's own `exit` handlers run.
      process.exit(0);
  }
}

async function start(): Promise<void> {
  const control = new Worker(new URL("./control-thread.js", import.meta.url), { stdout: false, stderr: false });
  control.unref();
  const listening = new Promise((resolve) => control.once("message", resolve));

  takeStreams();
  catchTheUncaught();
  takeStopButton(() => session?.interrupt());
  guardTimers((cell) => {
    if (session === null || !session.interrupt(cell)) print("stderr", "A callback of an earlier cell was interrupted\n", cell);
  });
  defineKernelGlobals();
  defineTslab();

  try {
    defineLibraryGlobals();
  } catch (error) {
    complain("The names of the runlab library are not known", error);
  }
  let language: Language | null = null;
  if (definition.language === "with-executor") {
    language = await definition.createLanguage({ folder });
    serveLanguage({ post: (message) => send(0, { type: "language", message }), onMessage: (listener) => (hearCall = listener) }, Promise.resolve(language));
  }
  const executor = await definition.createExecutor({ folder }, language);
  await listening;
  session = new Session(executor, magicShow(folder), { folder, kernel: { name: KERNEL.name, version: KERNEL.version, engine: definition.name } });
  listen(receive);
  preloadWhenIdle();
  send(0, { type: "ready", engine: definition.name, heapLimitBytes: getHeapStatistics().heap_size_limit, languageHere: language !== null });
}

/** Most notebooks use the library: it is loaded before they ask, but never while a cell waits. */
function preloadWhenIdle(): void {
  const attempt = setTimeout(() => {
    if (session === null || session.busy) return preloadWhenIdle();
    // Who uses the library is told why it does not load.
    import("runlab").catch(() => {});
  }, PRELOAD_AFTER_MS);
  attempt.unref();
}

start().catch((error: unknown) => {
  send(0, { type: "failed", message: error instanceof Interrupted ? "interrupted while starting" : error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
});
