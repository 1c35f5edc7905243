/** Completion and hover in cells with magic lines: names, flags and run ids on the line, TypeScript below it. */
import type { Completion, Inspection } from "../engines/engine.js";
import { helpText, usageLine } from "./help.js";
import type { MagicContext } from "./magic.js";
import { MAGIC_SHAPES, signed } from "./names.js";
import { parseCell } from "./parse.js";

export type CompleteCode = (source: string, offset: number) => Promise<Completion>;
export type InspectCode = (source: string, offset: number) => Promise<Inspection | null>;
type Where = Partial<MagicContext> & { folder: string };

/** @param offset in the cell as the user sees it */
export async function completeCell(code: string, offset: number, where: Where, completeCode: CompleteCode): Promise<Completion> {
  const line = magicLineAt(code, offset);
  if (line !== null) return completeLine(line.text.slice(0, offset - line.start), line.start, offset, where);
  const cell = readable(code);
  const at = cell.toSource(offset);
  if (at === null) return { matches: [], start: offset, end: offset };
  const found = await completeCode(cell.source, at);
  return { matches: found.matches, start: cell.toCell(found.start), end: cell.toCell(found.end) };
}

export async function inspectCell(code: string, offset: number, inspectCode: InspectCode): Promise<Inspection | null> {
  const line = magicLineAt(code, offset);
  if (line !== null) {
    const name = /^[ \t]*%%?(\w*)/.exec(line.text)![1];
    const magic = MAGIC_SHAPES.find((row) => row.name === name);
    return magic ? { signature: usageLine(magic), documentation: helpText(magic).split("\n").slice(1).join("\n") } : null;
  }
  const cell = readable(code);
  const at = cell.toSource(offset);
  return at === null ? null : inspectCode(cell.source, at);
}

/** While a magic line is being typed it is often not yet right: then the cell below it is read as it is. */
function readable(code: string): Pick<ReturnType<typeof parseCell>, "source" | "toSource" | "toCell"> {
  try {
    return parseCell(code);
  } catch {
    // Blanks of the same length: every offset stays.
    const source = code.replace(/^[ \t]*%.*$/gm, (line) => " ".repeat(line.length));
    return { source, toSource: (at) => at, toCell: (at) => at };
  }
}

function magicLineAt(code: string, offset: number): { text: string; start: number } | null {
  const start = code.lastIndexOf("\n", offset - 1) + 1;
  const end = code.indexOf("\n", offset);
  const text = code.slice(start, end < 0 ? code.length : end);
  if (!/^[ \t]*%%?(?:\w|$)/.test(text)) return null;
  // Below the first line, only a name of the table makes a magic line of it.
  const name = /^[ \t]*%%?(\w*)/.exec(text)![1];
  const first = code.slice(0, start).trim() === "";
  return first || MAGIC_SHAPES.some((row) => row.name === name) ? { text, start } : null;
}

async function completeLine(typed: string, lineStart: number, offset: number, where: Where): Promise<Completion> {
  const word = /\S*$/.exec(typed)![0];
  const start = offset - word.length;
  const result = (names: { text: string; kind: string }[]): Completion => ({ matches: names.filter((row) => row.text.startsWith(word)), start, end: offset });
  const before = typed.slice(0, typed.length - word.length).trim();
  if (before === "") {
    const first = lineStart === 0;
    return result(MAGIC_SHAPES.filter((row) => row.kind === "line" || first).map((row) => ({ text: signed(row), kind: "magic" })));
  }
  const name = /^%%?(\w+)/.exec(before)?.[1];
  const shape = MAGIC_SHAPES.find((row) => row.name === name);
  if (shape === undefined) return result([]);
  if (word.startsWith("-") || (word === "" && shape.name === "run")) {
    const given = new Set(before.match(/--[\w-]+/g) ?? []);
    return result([...shape.flags.map((flag) => `--${flag.name}`), "--help"].filter((flag) => !given.has(flag)).map((text) => ({ text, kind: "flag" })));
  }
  const { MAGICS } = await import("./table.js");
  const magic = MAGICS.find((row) => row.name === shape.name);
  const values = (await magic?.completePositional?.(word, where as MagicContext).catch(() => [])) ?? [];
  return result(values.map((text) => ({ text, kind: "run" })));
}
