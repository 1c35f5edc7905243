/**
 * The state of the git working tree that a run started from, asked in child processes so that the run never waits for it.
 */
import { relative, sep } from "node:path";
import { elapsed } from "../../clock.js";
import type { GitState } from "../format/index.js";
import { redact } from "../store/index.js";

/** Bytes of the uncommitted patch that are kept. */
const PATCH_LIMIT = 5_000_000;
const TIMEOUT_MS = 10_000;
/** Runs that start within this time of each other share one look at the tree. */
const FRESH_MS = 2_000;

export interface GitSnapshot {
  state: GitState;
  /** The difference to the commit, without secrets. */
  patch: Uint8Array;
  note: string | null;
}

const looks = new Map<string, { at: number; snapshot: Promise<GitSnapshot | null> }>();

/** Null outside a git repository, without git, or when git takes too long. Never rejects. */
export function gitSnapshot(folder: string, storeRoot: string): Promise<GitSnapshot | null> {
  const key = `${folder}\0${storeRoot}`;
  const before = looks.get(key);
  if (before && elapsed() - before.at < FRESH_MS) return before.snapshot;
  const snapshot = look(folder, storeRoot).catch(() => null);
  looks.set(key, { at: elapsed(), snapshot });
  return snapshot;
}

async function look(folder: string, storeRoot: string): Promise<GitSnapshot | null> {
  const head = await git(folder, ["rev-parse", "--show-toplevel", "HEAD", "--abbrev-ref", "HEAD"]);
  const [top, commit, branch] = head.split("\n");
  if (!top || !commit) return null;
  const inside = relative(top, storeRoot).split(sep).join("/");
  const skipStore = inside === "" || inside.startsWith("..") ? [] : ["--", ".", `:(top,exclude,literal)${inside}`];
  const [patch, status] = await Promise.all([
    git(top, ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD", ...skipStore]).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return null;
      throw error;
    }),
    git(top, ["status", "--porcelain", ...skipStore]).catch(() => ""),
  ]);
  // As bytes and cleaned once: runs that share this look share the work.
  const kept = Buffer.from(redact(patch ?? ""));
  return {
    state: { commit, branch: branch === "HEAD" || !branch ? null : branch, dirty: patch === null || patch !== "" || status !== "", patch_bytes: kept.length },
    patch: kept,
    note: patch === null ? `the uncommitted changes are larger than ${PATCH_LIMIT / 1e6} MB and are not kept` : null,
  };
}

/** Without locks, hooks and outside programs: looking must change nothing and run nothing of the repository's. */
function git(folder: string, parameters: string[]): Promise<string> {
  return new Promise((done, fail) => {
    // Only a run asks: most of what starting processes needs is not loaded with the library.
    process.getBuiltinModule("node:child_process").execFile(
      "git",
      ["-C", folder, "-c", "core.fsmonitor=false", "-c", "core.quotepath=off", ...parameters],
      { encoding: "utf8", maxBuffer: PATCH_LIMIT, timeout: TIMEOUT_MS, windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" } },
      (error, stdout) => (error ? fail(error) : done(stdout)),
    ).unref();
  });
}
