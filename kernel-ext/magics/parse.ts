/**
 * Takes a cell apart into its magic lines and the TypeScript that runs.
 *
 * A magic line is replaced by exactly one line, so line numbers in errors, completion and inspection do not move. The
 * parser is written by hand and linear: a line of a megabyte costs a few milliseconds, whatever it holds.
 */
import type { ConfigValue } from "runlab/format";
import { didYouMean } from "./nearest.js";
import { MagicError, type ParsedCell, type ParsedMagic } from "./magic.js";
import { MAGIC_SHAPES, signed, type MagicShape } from "./names.js";
import { Replacements } from "./replacements.js";
import { linesOutsideCode } from "./statement-lines.js";
import { tokens, type Token } from "./tokens.js";
import { parseValue, unquote } from "./values.js";

export interface ParseOptions {
  /** The seed that was drawn: stands in `config.seed` when the line gives none. */
  seed?: number;
}

/** The hidden function that a `%line` magic among code becomes a call of. */
export const MAGIC_CALL = "__runlab_magic__";

const MAGIC_LINE = /^[ \t]*(%%?)([A-Za-z_]\w*)/;
const HELP_FIRST = /^[ \t]*\?(%%?)([A-Za-z_]\w*)[ \t]*$/;
/** Names that reach behind an object instead of into it. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

/**
 * @throws MagicError with one clear line and the column when a magic line is malformed.
 *
 * @example
 * parseCell("%%run forest --seed 42 --test_size 0.2\nsplit(penguins, { testSize: config.test_size })").source;
 * // const config = { test_size: 0.2, seed: 42 };
 * // split(penguins, { testSize: config.test_size })
 */
export function parseCell(code: string, options: ParseOptions = {}): ParsedCell {
  // Nearly every cell has no percent sign in a place that matters.
  if (!code.includes("%")) return plain(code);
  const lines = splitLines(code);
  const first = lines.find((line) => !isBlank(line.text));
  if (first === undefined) return plain(code);

  const replaced = new Replacements(code);
  const head = readLine(first.text);
  if (head?.kind === "cell" && !head.help) {
    if (head.name !== "run") throw unknownMagic(head.name, "cell", first.text.indexOf("%") + 1);
    replaced.add(first.start, first.end, configLine(head, options));
    const found = lineMagics(code, lines, first.start);
    found.forEach((line, i) => replaced.add(line.start, line.end, `await ${MAGIC_CALL}(${i});`));
    return { magic: head, lines: found.map((line) => line.magic), ...replaced.finish() };
  }
  if (head !== null) {
    const magics = lines.filter((line) => !isBlank(line.text)).map((line) => ({ line, magic: tryReadLine(line.text) }));
    if (magics.every((row) => row.magic !== null)) {
      for (const { line } of magics) replaced.add(line.start, line.end, "");
      const all = magics.map((row) => row.magic!);
      return { magic: all[0], lines: all, ...replaced.finish() };
    }
  }
  const found = lineMagics(code, lines, null);
  if (found.length === 0) return plain(code);
  found.forEach((line, i) => replaced.add(line.start, line.end, `await ${MAGIC_CALL}(${i});`));
  return { magic: null, lines: found.map((line) => line.magic), ...replaced.finish() };
}

function plain(code: string): ParsedCell {
  return { magic: null, lines: [], source: code, toSource: (offset) => offset, toCell: (offset) => offset };
}

interface Line {
  start: number;
  /** Before the line break. */
  end: number;
  text: string;
}

function splitLines(code: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= code.length) {
    let end = code.indexOf("\n", start);
    if (end < 0) end = code.length;
    const next = end + 1;
    if (end > start && code[end - 1] === "\r") end -= 1;
    lines.push({ start, end, text: code.slice(start, end) });
    start = next;
  }
  return lines;
}

function isBlank(text: string): boolean {
  const trimmed = text.trimStart();
  return trimmed === "" || trimmed.startsWith("//");
}

/** Magic lines among code: only names of the table count, for `%x` at the start of a line may be a remainder. */
function lineMagics(code: string, lines: Line[], skip: number | null): (Line & { magic: ParsedMagic })[] {
  const candidates = lines.filter((line) => line.start !== skip && isKnown(line.text));
  if (candidates.length === 0) return [];
  const outside = linesOutsideCode(code, skip === null ? 0 : lines.find((line) => line.start === skip)!.end);
  return candidates
    .filter((line) => outside.has(line.start))
    .map((line) => {
      const magic = readLine(line.text)!;
      if (magic.kind === "cell" && !magic.help)
        throw new MagicError(`%%${magic.name} takes the whole cell: it must be its first line`, line.text.indexOf("%") + 1);
      return { ...line, magic };
    });
}

function isKnown(text: string): boolean {
  const match = MAGIC_LINE.exec(text) ?? HELP_FIRST.exec(text);
  return match !== null && MAGIC_SHAPES.some((shape) => shape.name === match[2]);
}

/** As `readLine`, but an unknown single-percent line that stands among code is code. */
function tryReadLine(text: string): ParsedMagic | null {
  return MAGIC_LINE.test(text) || HELP_FIRST.test(text) ? readLine(text) : null;
}

function readLine(text: string): ParsedMagic | null {
  const asked = HELP_FIRST.exec(text);
  const match = asked ?? MAGIC_LINE.exec(text);
  if (match === null) return null;
  const [whole, percents, name] = match;
  const column = text.indexOf("%") + 1;
  const kind = percents === "%%" ? "cell" : "line";
  const shape = MAGIC_SHAPES.find((row) => row.name === name);
  if (shape === undefined) throw unknownMagic(name, kind, column);
  const line = text.trim();
  const rest = text.slice(whole.length).trim();
  if (asked !== null || rest === "?" || rest === "--help" || rest === "-h") return { name, kind, positional: [], flags: {}, line, help: true };
  if (rest !== "" && !/^\s/.test(text.slice(whole.length))) throw new MagicError(`a space is missing after ${percents}${name}`, column + percents.length + name.length);
  if (shape.kind !== kind) throw new MagicError(shape.kind === "cell" ? `%${name} takes the whole cell: write %%${name}` : `%%${name} stands on one line: write %${name}`, column);
  return { name, kind, line, ...readArguments(text, whole.length, shape) };
}

function unknownMagic(name: string, kind: "cell" | "line", column: number): MagicError {
  const sign = kind === "cell" ? "%%" : "%";
  const near = MAGIC_SHAPES.filter((shape) => didYouMean(name, [shape.name]) !== "").map(signed);
  const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "; %lsmagic lists them";
  return new MagicError(`there is no magic ${sign}${name.slice(0, 80)}${hint}`, column);
}

function readArguments(text: string, from: number, shape: MagicShape): Pick<ParsedMagic, "positional" | "flags"> {
  const words = tokens(text, from);
  const positional: string[] = [];
  const flags = new Map<string, ConfigValue>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word.raw.startsWith("--")) {
      positional.push(positionalWord(word, shape, positional, flags));
      continue;
    }
    const next = words[i + 1];
    const flag = readFlag(word, next !== undefined && !next.raw.startsWith("--") ? next : null, shape);
    if (flag.tookNext) i += 1;
    if (flags.has(flag.name)) throw new MagicError(`--${flag.name} is given twice`, word.start + 1);
    flags.set(flag.name, flag.value);
  }
  if (shape.name === "run" && positional.length > 0 && flags.has("name")) throw new MagicError("the run has two names: give the word after %%run or --name, not both");
  return { positional, flags: Object.fromEntries(flags) };
}

function positionalWord(word: Token, shape: MagicShape, before: string[], flags: Map<string, ConfigValue>): string {
  const column = word.start + 1;
  if (shape.name === "run") {
    if (/^-[A-Za-z]/.test(word.raw)) throw new MagicError(`a flag starts with two dashes: -${word.raw}`, column);
    if (/^[A-Za-z_]\w*=/.test(word.raw)) throw new MagicError(`a flag starts with two dashes: --${word.raw.slice(0, 80)}`, column);
    if (flags.size > 0) throw new MagicError(`${word.raw.slice(0, 80)} belongs to no flag; a name comes right after %%run, and a text with spaces needs quotes`, column);
    if (before.length > 0) throw new MagicError(`a run has one name; quote it when it has spaces: "${before[0]} ${word.raw.slice(0, 80)}"`, column);
  }
  // A filter keeps its quotes: it has a grammar of its own.
  if (shape.name !== "runs" && (word.raw[0] === '"' || word.raw[0] === "'")) return unquote(word.raw, column);
  return word.raw;
}

function readFlag(word: Token, next: Token | null, shape: MagicShape): { name: string; value: ConfigValue; tookNext: boolean } {
  const column = word.start + 1;
  const equals = word.raw.indexOf("=");
  const typed = word.raw.slice(2, equals < 0 ? undefined : equals);
  const negated = shape.openFlags && typed.startsWith("no-") && equals < 0;
  const name = (negated ? typed.slice(3) : typed).replaceAll("-", "_");
  checkName(name, typed, column);
  const row = shape.flags.find((flag) => flag.name === name);
  if (row === undefined && !shape.openFlags) {
    const names = shape.flags.map((flag) => flag.name);
    const hint = didYouMean(name, names, "--") || (names.length > 0 ? `; it takes ${names.map((flag) => `--${flag}`).join(", ")}` : "; it takes no flags");
    throw new MagicError(`%${shape.name} has no flag --${typed.slice(0, 80)}${hint}`, column);
  }
  if (negated) {
    if (row !== undefined) throw new MagicError(`--${name} cannot be switched off`, column);
    if (next !== null) throw new MagicError(`--${typed} is a switch and takes no value`, next.start + 1);
    return { name, value: false, tookNext: false };
  }
  if (equals >= 0 && equals === word.raw.length - 1) throw new MagicError(`--${typed} has no value after =`, word.end + 1);
  if (equals < 0 && next === null) {
    if (row !== undefined && row.value !== "none") throw new MagicError(`--${name} needs a value`, word.end + 1);
    return { name, value: true, tookNext: false };
  }
  const raw = equals >= 0 ? word.raw.slice(equals + 1) : next!.raw;
  const valueColumn = equals >= 0 ? word.start + equals + 2 : next!.start + 1;
  const value = parseValue(raw, valueColumn);
  checkReserved(row?.name, row?.value, value, raw, valueColumn);
  // Text stays as typed, so `--name 2024` is the name "2024".
  const kept = row?.value === "string" && typeof value !== "string" && !Array.isArray(value) ? raw : value;
  return { name, value: kept, tookNext: equals < 0 };
}

function checkName(name: string, typed: string, column: number): void {
  if (name === "") throw new MagicError("a flag has no name after --", column);
  if (FORBIDDEN.has(name)) throw new MagicError(`--${typed} is not allowed as a flag's name`, column);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new MagicError(`--${typed.slice(0, 80)} is not a name; a flag's name has letters, digits, - and _, and starts with a letter`, column);
}

function checkReserved(name: string | undefined, kind: string | undefined, value: ConfigValue, raw: string, column: number): void {
  const shown = raw.slice(0, 80);
  if (name === "seed" && (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > LARGEST_SEED || Object.is(value, -0)))
    throw new MagicError(`--seed must be an integer from 0 to ${LARGEST_SEED}; received ${shown}`, column);
  if (kind === "number" && (typeof value !== "number" || !Number.isInteger(value) || value < 0)) throw new MagicError(`--${name} must be a whole number; received ${shown}`, column);
  if (name === "name" && Array.isArray(value)) throw new MagicError("--name takes one name; quote it when it has a comma", column);
  if (name === "name" && value === "") throw new MagicError("--name is empty", column);
}

function configLine(magic: ParsedMagic, options: ParseOptions): string {
  const { seed, tag: _tag, name: _name, ...flags } = magic.flags;
  const fields = Object.entries(flags).map(([flag, value]) => `${flag}: ${literal(value)}`);
  fields.push(`seed: ${literal(typeof seed === "number" ? seed : (options.seed ?? 0))}`);
  return `const config = { ${fields.join(", ")} };`;
}

/** The value as TypeScript on one line. */
function literal(value: ConfigValue): string {
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  // The two line separators of Unicode are legal in JSON text but would end the line for who counts lines.
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
