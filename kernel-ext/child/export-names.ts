/**
 * The names a built ES module exports, read from its text. Loading the whole library takes half a second, which a first
 * cell that needs none of it should not wait for; its names alone take milliseconds.
 */
import { readFileSync } from "node:fs";

const DECLARED = /^export (?:async )?(?:function\*?|class|const|let|var) +([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu;
const LISTED = /(?:^|[;}])export ?\{([^}]*)\}/gm;
const ALL = /^export \* from "(\.[^"]*)"/gm;

/** As TypeScript's compiler writes modules, one statement a line and `export * from` of relative files, or as a bundler does. */
export function exportNames(file: URL, seen = new Set<string>()): Set<string> {
  const names = new Set<string>();
  if (seen.has(file.href)) return names;
  seen.add(file.href);
  const code = readFileSync(file, "utf8");
  for (const [, name] of code.matchAll(DECLARED)) names.add(name);
  for (const [, list] of code.matchAll(LISTED)) {
    for (const entry of list.split(",")) {
      const name = entry.trim().split(/\s+as\s+/).at(-1) ?? "";
      if (name !== "" && name !== "default") names.add(name);
    }
  }
  for (const [, from] of code.matchAll(ALL)) for (const name of exportNames(new URL(from, file), seen)) names.add(name);
  return names;
}
