import { builtinModules } from "node:module";
import { describe, expect, test } from "vitest";
import { sourceFiles, type SourceFile } from "./source-files.js";

/** Which rooms of src a room may look into; every room may use the floor (observe, errors, clock). */
const MAY_IMPORT: Record<string, string[]> = {
  observe: [],
  errors: [],
  clock: [],
  kernels: [],
  random: [],
  table: ["random", "kernels"],
  metrics: ["random", "table", "kernels"],
  split: ["random", "table"],
  preprocess: ["random", "table", "split"],
  plots: ["random", "table", "metrics"],
  models: ["kernels", "random", "table", "split", "preprocess", "metrics", "plots"],
  select: ["random", "table", "kernels", "split", "preprocess", "metrics", "plots", "models"],
  evaluate: ["random", "table", "split", "preprocess", "metrics", "plots", "models"],
  "runs/format": [],
  diff: ["runs/format"],
  "runs/store": ["runs/format", "random"],
  "runs/capture": ["runs/format", "runs/store", "random", "table", "plots", "diff"],
  runs: ["runs/format", "runs/store", "runs/capture"],
  cli: ["runs", "runs/format", "runs/store", "runs/capture", "diff", "table"],
};
const FLOOR = ["observe", "errors", "clock"];

/** `src/models/trees/grow.ts` stands in the room `models`; `src/runs/format/…` in `runs/format`. */
function room(path: string): string {
  const parts = path.replace(/^src\//, "").replace(/\.(js|ts)$/, "").split("/");
  return parts[0] === "runs" && parts.length > 2 ? `runs/${parts[1]}` : parts[0];
}

const isNode = (specifier: string): boolean => specifier.startsWith("node:") || builtinModules.includes(specifier);
const source = sourceFiles("src").filter((file) => file.path !== "src/index.ts" && !file.path.startsWith("src/bin/"));
const complaint = (file: SourceFile, specifier: string): string => `${file.path} imports ${specifier}`;

describe("import directions", () => {
  test("every room of src is in the table", () => {
    expect([...new Set(source.map((file) => room(file.path)))].filter((name) => !(name in MAY_IMPORT))).toEqual([]);
  });

  test("rooms look only where they may", () => {
    const wrong = source.flatMap((file) =>
      file.imports
        .filter(({ specifier, target }) => {
          if (!specifier.startsWith(".")) return false;
          const from = room(file.path);
          const to = room(target);
          return to !== from && !FLOOR.includes(to) && !MAY_IMPORT[from]?.includes(to);
        })
        .map(({ specifier }) => complaint(file, specifier)),
    );
    expect(wrong).toEqual([]);
  });

  test("the floor, the run format and the diff need nothing from Node, so a browser runs them", () => {
    const wrong = source
      .filter((file) => ["observe", "errors", "runs/format", "diff"].includes(room(file.path)))
      .flatMap((file) => file.imports.filter(({ specifier, typeOnly }) => isNode(specifier) && !typeOnly).map(({ specifier }) => complaint(file, specifier)));
    expect(wrong).toEqual([]);
  });

  test("the kernel knows the library by its public names only, the sidebar only the format and the diff", () => {
    const wrong = [
      ...sourceFiles("kernel-ext").flatMap((file) => file.imports.filter(({ specifier, target }) => /^(src|lab-ext)\//.test(target) || /^runlab-sidebar/.test(specifier)).map(({ specifier }) => complaint(file, specifier))),
      ...sourceFiles("lab-ext").flatMap((file) => file.imports.filter(({ specifier, target }) => /^(src|kernel-ext)\//.test(target) || /^runlab-kernel/.test(specifier) || (/^runlab(\/|$)/.test(specifier) && !/^runlab\/(format|diff)$/.test(specifier))).map(({ specifier }) => complaint(file, specifier))),
    ];
    expect(wrong).toEqual([]);
  });

  test("one file imports the parts of tslab", () => {
    const users = sourceFiles("kernel-ext").filter((file) => file.imports.some(({ specifier, typeOnly }) => /^tslab(\/|$)/.test(specifier) && !typeOnly));
    expect(users.length).toBeLessThanOrEqual(1);
  });

  test("randomness comes from src/random, the wall clock from src/clock.ts", () => {
    const strip = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, "");
    const allowed = /^src\/(random\/|clock\.ts|runs\/capture\/|runs\/store\/(run-id|reserve)\.ts)/;
    const chanceOrClock = /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\brandom(Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b/;
    const wrong = source.filter((file) => !allowed.test(file.path) && chanceOrClock.test(strip(file.text))).map((file) => file.path);
    expect(wrong).toEqual([]);
  });
});
