// One step of the set-up: skipped when nothing it depends on has changed since it last succeeded.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const venv = path.join(root, ".venv");
export const venvBin = (name) => (process.platform === "win32" ? path.join(venv, "Scripts", `${name}.exe`) : path.join(venv, "bin", name));

/** A failure that the user can act on: printed as one line, without a stack trace. */
export class SetupError extends Error {}

const stamps = path.join(root, ".cache", "stamps");
const skipped = new Set(["node_modules", "dist", "lib", "labextension", "wasm", "__pycache__", ".git"]);

function* filesUnder(entry) {
  const full = path.join(root, entry);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isFile()) return void (yield full);
  for (const name of readdirSync(full).sort()) if (!skipped.has(name)) yield* filesUnder(path.join(entry, name));
}

/** sha256 over names and contents of the given files and folders, relative to the project. */
export function fingerprint(entries) {
  const hash = createHash("sha256");
  for (const entry of entries) {
    for (const file of filesUnder(entry)) hash.update(path.relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

/**
 * Runs `work` unless a stamp says that it has already succeeded for the same `inputs` and its `output` is still there.
 * Says in one line what is being done and how long it took.
 */
export async function step(name, { inputs, output, say = defaultSay }, work) {
  const stamp = path.join(stamps, name.replace(/\W+/g, "-"));
  const current = `${fingerprint(inputs)} node-${process.versions.modules} ${root}`;
  const before = readIfThere(stamp);
  const there = !output || statSync(path.join(root, output), { throwIfNoEntry: false });
  if (before === current && there) return false;
  rmSync(stamp, { force: true });
  const done = say(name);
  try {
    await work();
  } catch (error) {
    done("failed");
    throw error;
  }
  done();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, current);
  return true;
}

const readIfThere = (file) => (statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, "utf8") : null);

/** On a terminal a line whose seconds count up; elsewhere a line at the start and one at the end. */
function defaultSay(name) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const live = process.stdout.isTTY && !process.env.CI;
  if (!live) process.stdout.write(`${name} …\n`);
  const timer = live && setInterval(() => process.stdout.write(`\r${name} … ${seconds()}`), 200);
  return (state = "done") => {
    clearInterval(timer);
    process.stdout.write(live ? `\r\x1b[K${name}: ${state} in ${seconds()}\n` : `${name}: ${state} in ${seconds()}\n`);
  };
}

/** Runs a program to its end. Its output is kept and shown only when it fails. */
export function run(command, args, { env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" && command === "npm" });
    let output = "";
    const keep = (data) => (output = (output + data).slice(-20_000));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => reject(new SetupError(`${command} could not be started: ${error.message}`)));
    child.on("close", (code) => (code === 0 ? resolve(output) : reject(new SetupError(`${[command, ...args].join(" ")} ended with ${code}\n${output.trim()}`))));
  });
}
