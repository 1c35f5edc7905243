import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root, sourceFiles } from "./source-files.js";

const manifest = (file: string): Record<string, any> => JSON.parse(readFileSync(path.join(root, file), "utf8"));

/** What the core and the kernel may depend on, and why. A new row is a decision, not a convenience. */
const CORE: Record<string, string> = {
  "apache-arrow": "tables in memory",
  commander: "arguments of the command line",
  diff: "lines that differ between two texts",
  "ml-matrix": "linear algebra of small size",
  "ml-random-forest": "engine of a forest for small teaching tables",
  "parquet-wasm": "Parquet to and from Arrow",
  vega: "pictures of a run folder",
  "vega-interpreter": "pictures without evaluating code",
  "vega-lite": "pictures",
  zstddec: "zstd pages of Parquet where Node has none",
};
const KERNEL: Record<string, string> = {
  "@types/node": "types of Node in cells of a project that has none",
  runlab: "the library",
  "magic-string": "edits of a cell that keep its positions",
  "oxc-parser": "the syntax tree of a cell",
  "oxc-transform": "TypeScript that needs more than taking types away",
  tslab: "the second engine",
  typescript: "types, completion and hover",
  zeromq: "the wire",
};

const packageOf = (specifier: string): string => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
const used = (workspace: string): Set<string> =>
  new Set(sourceFiles(workspace).flatMap((file) => file.imports.map(({ specifier }) => specifier)).filter((name) => !name.startsWith(".") && !name.startsWith("node:") && !builtinModules.includes(name)).map(packageOf));

describe("dependencies", () => {
  test.each([["src", CORE], ["kernel-ext", KERNEL]] as const)("%s depends on what the list says, pinned", (workspace, list) => {
    const { dependencies } = manifest(`${workspace}/package.json`);
    expect(Object.keys(dependencies).filter((name) => !(name in list))).toEqual([]);
    expect(Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version as string))).toEqual([]);
  });

  test.each([["src", ["runlab"]], ["kernel-ext", ["runlab"]], ["lab-ext", []]])("%s imports only what its package.json names", (workspace, itself) => {
    const { dependencies = {}, devDependencies = {} } = manifest(`${workspace}/package.json`);
    const named = new Set([...Object.keys(dependencies), ...(workspace === "lab-ext" ? Object.keys(devDependencies) : []), ...itself]);
    expect([...used(workspace)].filter((name) => !named.has(name))).toEqual([]);
  });

  test("every dependency of the core and the kernel is used", () => {
    const unused = (["src", "kernel-ext"] as const).flatMap((workspace) => {
      const imported = used(workspace);
      return Object.keys(manifest(`${workspace}/package.json`).dependencies).filter((name) => !imported.has(name));
    });
    expect(unused).toEqual([]);
  });

  test("the lockfile names no download address", () => {
    expect(readFileSync(path.join(root, "package-lock.json"), "utf8")).not.toMatch(/"resolved": "https?:/);
  });
});
