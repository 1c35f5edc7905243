/** The environment of a run: engine, machine, packages, a few variables. Asked once per process where it cannot change. */
import { readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunEnvironment } from "../format/index.js";
import { redact } from "../store/index.js";
import { mathFingerprint } from "./math-fingerprint.js";

/** Variables that may change a result. Anything else may be a secret and is not looked at. */
const VARIABLES = ["LANG", "LC_ALL", "NODE_ENV", "NODE_OPTIONS", "OMP_NUM_THREADS", "TZ", "UV_THREADPOOL_SIZE"];

export interface ProjectPackages {
  /** Folder of the nearest package.json above the notebook; null when there is none. */
  folder: string | null;
  /** Every installed package, a line `name version` each, sorted; null when nothing is known. */
  installed: Uint8Array | null;
  /** package-lock.json without secrets, if there is one. */
  lockfile: Uint8Array | null;
  /** What the project and this library depend on, and what the cell imports. */
  used: Record<string, string>;
}

export function environment(packages: Record<string, string>, kernel: RunEnvironment["kernel"]): RunEnvironment {
  const processors = machine();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    icu: process.versions.icu ?? "none",
    platform: process.platform,
    arch: process.arch,
    cpu: processors.model,
    cores: processors.cores,
    math_fingerprint: mathFingerprint(),
    packages,
    variables: Object.fromEntries(VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    kernel,
  };
}

let processors: { model: string; cores: number } | null = null;
function machine(): { model: string; cores: number } {
  if (processors === null) {
    const all = cpus();
    processors = { model: all[0]?.model.trim() ?? "unknown", cores: all.length };
  }
  return processors;
}

/** The packages of the project around `folder`, and the versions of those that `code` imports by name. */
export function projectPackages(folder: string, code: string): ProjectPackages {
  const project = nearest(folder, "package.json");
  const installed = project === null ? NOTHING : installedIn(project);
  const used = new Map<string, string>();
  const direct = project === null ? [] : dependenciesOf(join(project, "package.json"));
  for (const name of [...direct, ...importedBy(code)]) {
    const version = installed.top.get(name) ?? versionAbove(folder, name);
    if (version !== null) used.set(name, version);
  }
  for (const [name, version] of ownPackages()) used.set(name, version);
  return {
    folder: project,
    installed: installed.all,
    lockfile: installed.lockfile,
    used: Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

interface Installed {
  top: Map<string, string>;
  all: Uint8Array | null;
  lockfile: Uint8Array | null;
}
const NOTHING: Installed = { top: new Map(), all: null, lockfile: null };
const known = new Map<string, { stamp: string; installed: Installed }>();

/** npm keeps a lock of what is really installed in node_modules; the project's own lock says what should be. */
function installedIn(project: string): Installed {
  const real = join(project, "node_modules", ".package-lock.json");
  const wanted = join(project, "package-lock.json");
  const stamp = `${stampOf(real)} ${stampOf(wanted)}`;
  const before = known.get(project);
  if (before?.stamp === stamp) return before.installed;
  const lockfile = textOf(wanted);
  const lock = jsonOf(textOf(real) ?? lockfile) as { packages?: Record<string, { version?: string; link?: boolean }> } | null;
  const top = new Map<string, string>();
  const all: string[] = [];
  for (const [place, entry] of Object.entries(lock?.packages ?? {})) {
    const at = place.lastIndexOf("node_modules/");
    if (at < 0 || typeof entry?.version !== "string") continue;
    const name = place.slice(at + "node_modules/".length);
    if (at === 0) top.set(name, entry.version);
    all.push(`${name} ${entry.version}`);
  }
  // As bytes and cleaned once: a lock of a megabyte is copied with every run.
  const installed = {
    top,
    all: all.length === 0 ? null : Buffer.from(`${[...new Set(all)].sort().join("\n")}\n`),
    lockfile: lockfile === null ? null : Buffer.from(redact(lockfile)),
  };
  known.set(project, { stamp, installed });
  return installed;
}

let own: Map<string, string> | null = null;

/** This library and what it computes with. */
function ownPackages(): Map<string, string> {
  if (own !== null) return own;
  own = new Map();
  const home = libraryHome();
  if (home === null) return own;
  const version = (jsonOf(textOf(join(home, "package.json"))) as { version?: unknown } | null)?.version;
  if (typeof version === "string") own.set("runlab", version);
  for (const name of dependenciesOf(join(home, "package.json"))) {
    const found = versionAbove(home, name);
    if (found !== null) own.set(name, found);
  }
  return own;
}

let home: string | null | undefined;

/** The folder of this package: the sources' or, one further up, the build's. */
export function libraryHome(): string | null {
  if (home === undefined) home = nearest(dirname(fileURLToPath(import.meta.url)), "package.json");
  return home;
}

/** Names of packages that the text imports: from "x", import("x"), require("x"). Node's own modules and paths are no packages. */
export function importedBy(code: string): string[] {
  const names = new Set<string>();
  for (const [, specifier] of code.matchAll(/\b(?:from|import|require)[ \t]{0,8}\(?[ \t]{0,8}["']([^"'\n]{1,200})["']/g)) {
    if (specifier.startsWith(".") || specifier.startsWith("/") || specifier.includes(":")) continue;
    names.add(specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/"));
  }
  return [...names];
}

function dependenciesOf(path: string): string[] {
  const dependencies = (jsonOf(textOf(path)) as { dependencies?: unknown } | null)?.dependencies;
  return dependencies !== null && typeof dependencies === "object" ? Object.keys(dependencies) : [];
}

const versions = new Map<string, string>();

function versionAbove(folder: string, name: string): string | null {
  const key = `${folder}\0${name}`;
  const before = versions.get(key);
  if (before !== undefined) return before;
  let version: string | null = null;
  for (let at = folder; version === null; at = dirname(at)) {
    const found = (jsonOf(textOf(join(at, "node_modules", name, "package.json"))) as { version?: unknown } | null)?.version;
    if (typeof found === "string") version = found;
    if (dirname(at) === at) break;
  }
  // What is not installed may be, a cell later.
  if (version !== null) versions.set(key, version);
  return version;
}

function nearest(folder: string, file: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (statSync(join(at, file), { throwIfNoEntry: false })?.isFile()) return at;
    if (dirname(at) === at) return null;
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "-" : `${stat.mtimeMs}/${stat.size}`;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function jsonOf(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
