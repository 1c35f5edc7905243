/** `code/run.ts`: a program that repeats the cell on its own. */
import type { ConfigValue } from "../format/index.js";
import { withoutMagic } from "../format/index.js";

/** A cell's body, a whole script that starts the run itself, or the text of the function that was run. */
export type CodeForm = "cell" | "script" | "function";

export interface ProgramParts {
  name: string;
  form: CodeForm;
  cell: string;
  seed: number;
  flags: Record<string, ConfigValue>;
  /** Names that the library exports. */
  exports: string[];
}

/**
 * The program's text: imports of what the cell uses, `config`, the seed, and the cell as it stands. It holds the cell
 * only; names from earlier cells, other than the library's own, are not in it, and its header says so. A script is a
 * program already.
 */
export function programText({ name, form, cell, seed, flags, exports }: ProgramParts): string {
  if (form === "script") return `// The script that made the run ${JSON.stringify(name)}: it records a run of its own when it is started.\n${cell}`;
  const text = withoutMagic(cell).replace(/^\s*\n/, "").trimEnd();
  const body = form === "function" ? `await (${text})(config);` : text;
  const words = identifiers(body);
  const own = declared(body);
  const used = exports.filter((name) => words.has(name) && !own.has(name) && name !== "setSeed" && name !== "stream").sort();
  const lines = [
    `// Repeats the run ${JSON.stringify(name)}: the same cell, config and seed. Run it in the folder of the notebook.`,
    `// It holds this ${form} only: what was declared outside of it is not here.`,
    `import { ${[...used, "setSeed as __setSeed", "stream as __stream"].join(", ")} } from "runlab";`,
    "",
    ...(own.has("config") ? [] : [`const config = ${JSON.stringify({ ...flags, seed }, null, 2)};`]),
    `__setSeed(${seed});`,
    `const __draws = __stream("Math.random");`,
    "Math.random = () => __draws.next();",
    "",
    body,
    "",
  ];
  return lines.join("\n");
}

/** Every word that could be a name; a member after a dot is none, a spread (`...rows`) is. */
function identifiers(code: string): Set<string> {
  return new Set(code.match(/(?<![\w$]|(?<!\.\.)\.)[A-Za-z_$][\w$]*/g) ?? []);
}

/** Names that the cell itself declares or imports, as far as plain patterns tell. */
function declared(code: string): Set<string> {
  const names = new Set<string>();
  for (const [, name] of code.matchAll(/\b(?:const|let|var|function\*?|class|enum)[ \t]{1,8}([A-Za-z_$][\w$]*)/g)) names.add(name);
  for (const [, list] of code.matchAll(/\b(?:const|let|var|import|import[ \t]{1,4}type)[ \t\n]{0,8}[{[]([^}\]]{0,5000})[}\]]/g)) {
    // `a`, `a as b`, `a: b`, `a = 1`, `...a`: the name that comes to be is the last word before any default.
    for (const part of list.split(",")) {
      const words = part.split("=")[0].match(/[A-Za-z_$][\w$]*/g);
      if (words) names.add(words[words.length - 1]);
    }
  }
  return names;
}
