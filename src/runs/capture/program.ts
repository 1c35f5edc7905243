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

/** What a cell has from the kernel, and what stands in for it without one: what would be shown is printed. Plain JavaScript. */
const KERNEL_NAMES: Record<string, string> = {
  display: `const display = Object.assign((value) => (console.log(value), ""), ${shownAs()});`,
  newDisplay: `const newDisplay = () => (${shownAs()});`,
  clearOutput: "const clearOutput = () => {};",
  prompt: `const prompt = (text = "") => {
  process.stdout.write(String(text));
  const { readSync } = process.getBuiltinModule("node:fs"), byte = Buffer.alloc(1), line = [];
  while (readSync(0, byte) === 1 && byte[0] !== 10) line.push(byte[0]);
  return Buffer.from(line).toString().trimEnd();
};`,
  comms: 'const comms = { open: () => ({ id: "", target: "", onMessage: null, onClose: null, send() {}, close() {} }), register: () => () => {} };',
};

function shownAs(): string {
  const kinds = ["html", "markdown", "latex", "svg", "javascript", "text", "json", "png", "jpeg", "gif", "pdf", "image"];
  return `{ ${kinds.map((kind) => `${kind}: console.log`).join(", ")}, raw: (mime, value) => console.log(value) }`;
}

/**
 * The program's text: imports of what the cell uses, stand-ins for what the kernel gives it, `config`, the seed, and the cell as it stands. It holds the cell
 * only; names from earlier cells, other than the library's own, are not in it, and its header says so. A script is a
 * program already.
 */
export function programText({ name, form, cell, seed, flags, exports }: ProgramParts): string {
  if (form === "script") return `// The script that made the run ${JSON.stringify(name)}: it records a run of its own when it is started.\n${cell}`;
  const text = withoutMagic(cell).replace(/^\s*\n/, "").trimEnd();
  const body = form === "function" ? `await (${text})(config);` : text;
  const words = identifiers(body);
  const own = declared(body);
  const used = exports.filter((name) => words.has(name) && !own.has(name)).sort();
  const lines = [
    `// Repeats the run ${JSON.stringify(name)}: the same cell, config and seed. Run it in the folder of the notebook.`,
    `// It holds this ${form} only: what was declared outside of it is not here.`,
    "// Node 22.18 and later start it as it is (node run.ts), earlier ones with a TypeScript runner such as tsx.",
    `import { ${[...used, "setSeed as __setSeed", "stream as __stream"].join(", ")} } from "runlab";`,
    ...Object.entries(KERNEL_NAMES).flatMap(([name, text]) => (words.has(name) && !own.has(name) ? [text] : [])),
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
