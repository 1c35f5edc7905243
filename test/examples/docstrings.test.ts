/**
 * Every `@example` of the sources runs, in a folder with small data files. A line that ends in `// value` is checked:
 * text after `//` that is a value in TypeScript must be what the line gives.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripTypeScriptTypes } from "./strip-types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFile } from "node:fs/promises";
import { diffRuns } from "../../src/diff/index.js";
import { withTrees } from "../diff/documents.js";
import * as runlab from "../../src/index.js";
import * as observe from "../../src/observe/index.js";
import * as random from "../../src/random/index.js";
import * as split from "../../src/split/index.js";
import * as table from "../../src/table/index.js";

const SOURCES = new URL("../../src/", import.meta.url).pathname;
/** What an example may use without saying whence: the public names, and those of its own file. */
const NAMES: Record<string, unknown> = { ...table, ...random, ...split, ...observe, ...runlab };

/** What examples about runs take for granted: two runs, a store that has them, and the folder of one. */
const before = withTrees("a", 100, 0.95);
const after = withTrees("b", 200, 0.958);
const STAGE: Record<string, unknown> = { before, after, store: { read: async (run: unknown) => run }, diffRuns, readFile, join, process };

interface Example { place: string; file: string; code: string }

function sources(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? (["dist", "node_modules"].includes(entry.name) ? [] : sources(join(path, entry.name))) : entry.name.endsWith(".ts") ? [join(path, entry.name)] : []);
}

function examplesOf(file: string): Example[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const lines = comment[0].replace(/^\/\*\*|\*\/$/g, "").split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    const firstLine = text.slice(0, comment.index).split("\n").length;
    const found: Example[] = [];
    lines.forEach((line, i) => {
      if (!line.trim().startsWith("@example")) return;
      const rest = lines.slice(i + 1);
      const sameLine = line.trim().slice("@example".length).trim();
      const end = rest.findIndex((each) => each.trim().startsWith("@"));
      found.push({ file, place: `${relative(SOURCES, file)}:${firstLine + i}`, code: [sameLine, ...(end < 0 ? rest : rest.slice(0, end))].join("\n").trim() });
    });
    return found;
  });
}

const examples = sources(SOURCES).flatMap(examplesOf);

let folder = "";
const home = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "runlab-examples-"));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "penguins.parquet"), readFileSync(new URL("../../notebooks/data/penguins.parquet", import.meta.url)));
  writeFileSync(join(folder, "data", "zip-codes.csv"), "zip,town\n01234,Dalton\n");
  writeFileSync(join(folder, "run_meta.json"), JSON.stringify(before.meta));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** Turns `expression; // value` into a check, when the comment is a value. */
function checked(code: string): string {
  return code.split("\n").map((line) => {
    const match = /^(?!\s*(?:const|let|import|if|for|throw|\/\/))(.+?);\s*\/\/ (.+)$/.exec(line);
    if (match === null) return line;
    const wanted = match[2].trim().replace(/^Float64Array \[/, "[").replace(/;.*$/, (rest) => (match[2].startsWith("{") ? rest : ""));
    try {
      new Function(`return [${wanted}];`)();
    } catch {
      return line;
    }
    return `__same(${match[1]}, [${wanted}]);`;
  }).join("\n");
}

const plainly = (value: any): unknown => {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plainly);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainly(each)]));
  return value;
};

describe("examples in docstrings", () => {
  it("are many", () => {
    expect(examples.length).toBeGreaterThan(40);
    for (const { place, code } of examples) expect(code, place).not.toBe("");
  });

  it.each(examples)("$place", async ({ code, file }) => {
    const js = stripTypeScriptTypes(checked(code));
    const { console: _, ...names } = { ...NAMES, ...STAGE, folder, ...(await import(/* @vite-ignore */ file)), console: null };
    const body = new Function(...Object.keys(names), "__same", "console", `return (async () => {\n${js}\n})();`);
    const quiet = { log: () => {} };
    const run = () => body(...Object.values(names), (found: unknown, wanted: unknown[]) => expect(plainly(found)).toEqual(plainly(wanted.length === 1 ? wanted[0] : wanted)), quiet) as Promise<void>;
    if (/^throw /m.test(code)) await expect(run()).rejects.toThrow(runlab.RunlabError);
    else await run();
  });
});
