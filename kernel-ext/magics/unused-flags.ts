/** Flags that the cell never reads: most often a name typed in two ways. A warning, for the cell may hand `config` on. */
import type { Diagnostic } from "../engines/engine.js";
import type { ParsedCell } from "./magic.js";
import { nearest } from "./nearest.js";
import { runRequest } from "./run.js";

/**
 * One warning per flag that the cell does not use as `config.flag`, `config["flag"]` or by destructuring. None when the
 * cell uses `config` as a whole (passes it on, spreads it): then any flag may be used.
 */
export function unusedFlags(cell: ParsedCell): Diagnostic[] {
  if (cell.magic?.name !== "run" || cell.magic.help === true) return [];
  const flags = Object.keys(runRequest(cell.magic).flags);
  if (flags.length === 0) return [];
  const body = withoutFirstMention(cell.source);
  const used = usedFields(body);
  if (used === null) return [];
  const line = cell.source.slice(0, cell.source.indexOf("const config")).split("\n").length;
  return flags
    .filter((flag) => !used.has(flag))
    .map((flag) => {
      const near = nearest(flag, [...used].filter((name) => !flags.includes(name)));
      const hint = near.length > 0 ? `; the cell uses ${near.map((name) => `config.${name}`).join(", ")}` : `; read it as config.${flag}`;
      return { line, column: Math.max(1, cell.magic!.line.indexOf(dashed(cell.magic!.line, flag)) + 1), code: 0, message: `the flag --${flag} is never used${hint}`, severity: "warning" };
    });
}

function dashed(line: string, flag: string): string {
  return [`--${flag}`, `--${flag.replaceAll("_", "-")}`, `--no-${flag}`].find((typed) => line.includes(typed)) ?? "--";
}

function withoutFirstMention(source: string): string {
  const start = source.indexOf("const config");
  const end = source.indexOf("\n", start);
  return end < 0 ? "" : source.slice(end);
}

const FIELD = /^(?:\?\.|!?\.)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)|^(?:\?\.)?\[\s*(["'])([^"']*)\2\s*\]/u;

/** Names of the fields of `config` that the text reads, or null when it uses `config` as a whole. */
function usedFields(body: string): Set<string> | null {
  const fields = new Set<string>();
  const word = /(?<![\p{ID_Continue}$])(?<!(?<!\.\.)\.)config(?![\p{ID_Continue}$])/gu;
  for (let match = word.exec(body); match !== null; match = word.exec(body)) {
    const after = body.slice(match.index + "config".length, match.index + 300);
    const field = FIELD.exec(after);
    if (field) fields.add(field[1] ?? field[3]);
    else {
      const pattern = /\{([^{}]*)\}\s*=\s*$/.exec(body.slice(Math.max(0, match.index - 1000), match.index));
      if (pattern === null || pattern[1].includes("...")) return null;
      for (const part of pattern[1].split(",")) fields.add(part.split(/[:=]/)[0].trim());
    }
  }
  return fields;
}
