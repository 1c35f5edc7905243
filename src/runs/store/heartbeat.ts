/**
 * The heartbeat of live runs: every two seconds the file system stamps `live.json` with a new time.
 *
 * It beats from a thread of its own, because a cell may well compute for minutes without giving the main thread back.
 * The thread rewrites the file's last byte with the same byte, so that the time comes from the file system's own clock
 * (a file server's, say) and not from this machine's. Where no thread can be had, a timer does it.
 */
import * as fs from "node:fs";
import { Worker } from "node:worker_threads";

const BEAT_MS = 2000;

/**
 * Makes the file system stamp the file. `live.json` may be replaced by a new version between open and write; the beat
 * then goes to the old one, and the next one to the new.
 *
 * Uses nothing but its arguments, because the thread is given its text: that works alike from the sources, the build
 * and a bundle, without a second file to find.
 *
 * @returns false when the file is gone: the run has ended.
 */
function stamp(fs: typeof import("node:fs"), path: string): boolean {
  let fd: number;
  try {
    fd = fs.openSync(path, fs.constants.O_RDWR | (fs.constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
  try {
    const size = fs.fstatSync(fd).size;
    if (size > 0) fs.writeSync(fd, "\n", size - 1);
  } catch {
    // A missed beat is not worth a word; fifteen missed ones are what readers look for.
  } finally {
    fs.closeSync(fd);
  }
  return true;
}

const THREAD = `
const fs = require("node:fs");
const stamp = ${stamp.toString()};
const paths = new Set();
require("node:worker_threads").parentPort.on("message", (path) => paths.add(path));
setInterval(() => { for (const path of paths) if (!stamp(fs, path)) paths.delete(path); }, ${BEAT_MS});
`;

let thread: Worker | null = null;
let refused = false;

/** Beats for a file that ends with a line break, until it is gone or this process is. Keeps no process alive. */
export function beat(path: string): void {
  const worker = heart();
  if (worker !== null) worker.postMessage(path);
  else beatByTimer(path);
}

function heart(): Worker | null {
  if (thread !== null || refused) return thread;
  try {
    // No stdin, no environment, none of the main thread's flags: the smallest thread there is.
    thread = new Worker(THREAD, { eval: true, execArgv: [], env: {}, resourceLimits: { maxOldGenerationSizeMb: 16 } });
    thread.unref();
    thread.on("error", () => {
      thread = null;
      refused = true;
    });
  } catch {
    refused = true;
  }
  return thread;
}

function beatByTimer(path: string): void {
  const timer = setInterval(() => {
    if (!stamp(fs, path)) clearInterval(timer);
  }, BEAT_MS);
  timer.unref();
}
