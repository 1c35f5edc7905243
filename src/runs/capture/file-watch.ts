/**
 * Tells the innermost run which files the user's code opens, by wrapping the public functions of `fs` and `fs/promises`.
 *
 * Installed once, at the first run; between runs a wrapper costs one comparison. It misses what native readers, workers
 * and child processes open, and `openAsBlob`; the library's own readers announce what they read by themselves.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { innermost } from "./active.js";

type Kind = "read" | "write";
/** Which argument names a file, and what happens to it. */
type Opens = (parameters: unknown[]) => [path: unknown, kind: Kind][];

const reads: Opens = ([path]) => [[path, "read"]];
const writes: Opens = ([path]) => [[path, "write"]];
const copies: Opens = ([from, to]) => [[from, "read"], [to, "write"]];
const renames: Opens = ([, to]) => [[to, "write"]];
const byFlags: Opens = ([path, flags]) => [[path, opensForWriting(flags) ? "write" : "read"]];
const readStream: Opens = ([path, options]) => (hasDescriptor(options) ? [] : [[path, "read"]]);
const writeStream: Opens = ([path, options]) => (hasDescriptor(options) ? [] : [[path, "write"]]);

/** One row a function; the same names exist in `fs` and, where they return promises, in `fs/promises`. */
const WATCHED: Record<string, Opens> = {
  readFile: reads,
  readFileSync: reads,
  createReadStream: readStream,
  open: byFlags,
  openSync: byFlags,
  writeFile: writes,
  writeFileSync: writes,
  appendFile: writes,
  appendFileSync: writes,
  createWriteStream: writeStream,
  truncate: writes,
  truncateSync: writes,
  copyFile: copies,
  copyFileSync: copies,
  rename: renames,
  renameSync: renames,
};

let installed = false;
let paused = 0;

/** Wraps the functions; later calls do nothing. */
export function watchFiles(): void {
  if (installed) return;
  installed = true;
  for (const room of [fs, fs.promises] as unknown as Record<string, unknown>[]) {
    for (const [name, opens] of Object.entries(WATCHED)) wrap(room, name, opens);
  }
  // `import { readFileSync } from "node:fs"` sees the wrappers from here on, in modules loaded before as well.
  syncBuiltinESMExports();
}

/** Runs the recorder's own work without counting its files as the user's. Synchronous: an await inside would hide theirs. */
export function unwatched<T>(work: () => T): T {
  paused += 1;
  try {
    return work();
  } finally {
    paused -= 1;
  }
}

function wrap(room: Record<string, unknown>, name: string, opens: Opens): void {
  const original = room[name];
  if (typeof original !== "function") return;
  const wrapper = function (this: unknown, ...parameters: unknown[]): unknown {
    if (paused === 0 && innermost() !== null) tell(opens(parameters));
    return Reflect.apply(original, this, parameters);
  };
  // Name, length and the custom forms for util.promisify stay what they were.
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key) as PropertyDescriptor;
    if (key !== "prototype") Object.defineProperty(wrapper, key, descriptor);
  }
  room[name] = wrapper;
}

function tell(files: [unknown, Kind][]): void {
  const run = innermost();
  if (run === null) return;
  for (const [given, kind] of files) {
    try {
      const path = pathOf(given);
      if (path === null) continue;
      if (kind === "read") run.fileRead(path);
      else run.fileWritten(path);
    } catch {
      // Noticing a file must never make the user's own call fail.
    }
  }
}

/** Null for descriptors and file handles: their file was noticed when it was opened. */
function pathOf(given: unknown): string | null {
  if (given instanceof URL) return given.protocol === "file:" ? fileURLToPath(given) : null;
  if (Buffer.isBuffer(given)) return resolve(given.toString());
  return typeof given === "string" && !given.includes("\0") ? resolve(given) : null;
}

function opensForWriting(flags: unknown): boolean {
  if (typeof flags === "string") return flags.includes("w") || flags.includes("a") || flags.includes("+");
  if (typeof flags === "number") return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return false;
}

function hasDescriptor(options: unknown): boolean {
  const fd = (options as { fd?: unknown } | null | undefined)?.fd;
  return fd !== undefined && fd !== null;
}
