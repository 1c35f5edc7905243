/**
 * Which files a path stands for: one, those that match a pattern, or those of a folder.
 */
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { RunlabError } from "../errors.js";

/** A file and the folders between it and where the search began. */
export interface FoundFile {
  path: string;
  /** Folders named `key=value` on the way, from the outside in. */
  partitions: readonly (readonly [key: string, value: string])[];
}

const PATTERN = /[*?[\]{}]/;

/** More files than this are a mistake in the pattern. */
const MOST_FILES = 100_000;

/** True when a path asks for all files that look like it. */
export const isPattern = (path: string): boolean => PATTERN.test(path);

/**
 * Files below a folder whose names are accepted, sorted by path. What starts with a dot or an underscore is passed over:
 * writers keep notes and unfinished files there.
 */
export async function filesBelow(folder: string, accepts: (name: string) => boolean): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  await walk(folder, [], (path, parts) => {
    if (accepts(parts.at(-1)!)) found.push({ path, partitions: partitionsOf(parts.slice(0, -1)) });
  }, () => true);
  return sorted(found);
}

/**
 * Files that match a pattern: `*` and `?` stay within a name, `**` stands for any folders, `[ab]` and `{a,b}` for choices.
 */
export async function filesLike(pattern: string): Promise<FoundFile[]> {
  const parts = pattern.split(/[/\\]+/);
  const plain = parts.findIndex(isPattern);
  const root = parts.slice(0, plain).join(sep) || (pattern.startsWith("/") ? "/" : ".");
  const rest = parts.slice(plain);
  const whole = new RegExp(`^${rest.map((part, i) => (part === "**" ? (i === rest.length - 1 ? ".*" : "(?:[^/]+/)*") : expression(part) + (i === rest.length - 1 ? "" : "/"))).join("")}$`);
  const deep = rest.includes("**");
  const steps = rest.map((part) => new RegExp(`^${expression(part)}$`));
  const found: FoundFile[] = [];
  await walk(root, [], (path, names) => {
    if (whole.test(names.join("/"))) found.push({ path, partitions: partitionsOf(names.slice(0, -1)) });
  }, (names) => deep || (names.length < steps.length && steps[names.length - 1].test(names.at(-1)!)));
  return sorted(found);
}

function expression(part: string): string {
  let depth = 0;
  return part.replace(/\[!?[^\]]*\]|[*?{},]|[.+^$()|\\\]]/g, (token) => {
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token === "{") {
      depth++;
      return "(?:";
    }
    if (token === "}" && depth > 0) {
      depth--;
      return ")";
    }
    if (token === "," ) return depth > 0 ? "|" : ",";
    if (token.length > 1 && token.startsWith("[")) return `[${token.slice(1, -1).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
    return `\\${token}`;
  });
}

async function walk(folder: string, names: readonly string[], file: (path: string, names: string[]) => void, enters: (names: string[]) => boolean): Promise<void> {
  if (names.length > 64) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw new RunlabError(`the folder ${folder} cannot be read: ${error.code === "EACCES" || error.code === "EPERM" ? "permission denied" : error.message}`);
  });
  if (entries.length > MOST_FILES) throw new RunlabError(`the folder ${folder} holds ${entries.length} entries`, { allowed: `up to ${MOST_FILES}` });
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name.startsWith("_")) continue;
    const path = join(folder, entry.name);
    const below = [...names, entry.name];
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await stat(path).catch(() => null))?.isDirectory() === true);
    if (!isFolder) file(path, below);
    else if (enters(below)) await walk(path, below, file, enters);
  }
}

function partitionsOf(folders: readonly string[]): [string, string][] {
  return folders.flatMap((folder): [string, string][] => {
    const at = folder.indexOf("=");
    return at > 0 ? [[decoded(folder.slice(0, at)), decoded(folder.slice(at + 1))]] : [];
  });
}

/** Writers put characters that a file system does not like as %20 and the like. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** By code unit, with numbers in names by their size: part-2 before part-10. */
function sorted(files: FoundFile[]): FoundFile[] {
  const key = (path: string): string => path.replace(/\d+/g, (digits) => digits.padStart(16, "0"));
  return files.map((file) => ({ file, key: key(file.path) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ file }) => file);
}
