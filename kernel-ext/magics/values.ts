/** The value of a flag: what `0.2`, `true`, `"a b"`, `[1, 2]` or `a,b` stand for. */
import type { ConfigValue } from "runlab/format";
import { MagicError } from "./magic.js";
import { endOfQuote } from "./tokens.js";

const NUMBER = /^[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", '"': '"', "'": "'", "\\": "\\" };
/** Deeper lists than this are a mistake, and would exhaust the stack of whoever reads the config. */
const DEEPEST = 16;

/**
 * Reads one value. Quoted text is always a string; unquoted text is a number, a boolean, null, a list or a string.
 *
 * @param column place of the value in its line, from 1, for messages
 */
export function parseValue(raw: string, column: number): ConfigValue {
  if (raw[0] === "[") return parseList(raw, column);
  const parts = splitAtCommas(raw, column);
  if (parts.length === 1) return parseScalar(raw, column);
  return parts.map((part) => parseScalar(part.text, part.column));
}

function parseList(raw: string, column: number): ConfigValue[] {
  // An explicit stack: a value of a million brackets must not overflow the call stack.
  const root: ConfigValue[] = [];
  const open: ConfigValue[][] = [];
  let expectsItem = true;
  let at = 0;
  while (at < raw.length) {
    const char = raw[at];
    const here = column + at;
    if (char === "[") {
      if (!expectsItem) throw new MagicError("a comma is missing before this list", here);
      if (open.length >= DEEPEST) throw new MagicError(`lists may be nested ${DEEPEST} deep`, here);
      const list = open.length === 0 ? root : [];
      open.at(-1)?.push(list);
      open.push(list);
      at += 1;
    } else if (char === "]") {
      const list = open.pop();
      if (list === undefined) throw new MagicError("this ] closes nothing", here);
      if (expectsItem && list.length > 0) throw new MagicError("a value is missing before ]", here);
      expectsItem = false;
      at += 1;
    } else if (char === ",") {
      if (expectsItem) throw new MagicError("a value is missing before this comma", here);
      expectsItem = true;
      at += 1;
    } else if (char === " " || char === "\t") {
      at += 1;
    } else {
      if (open.length === 0) throw new MagicError("a space is missing after the list", here);
      if (!expectsItem) throw new MagicError("a comma is missing before this value", here);
      const end = endOfItem(raw, at, here);
      open.at(-1)!.push(parseScalar(raw.slice(at, end).trimEnd(), here));
      expectsItem = false;
      at = end;
    }
    if (char === "[") expectsItem = true;
  }
  return root;
}

function endOfItem(raw: string, from: number, column: number): number {
  if (raw[from] === '"' || raw[from] === "'") return endOfQuote(raw, from, column);
  let at = from;
  while (at < raw.length && raw[at] !== "," && raw[at] !== "]" && raw[at] !== "[") at += 1;
  return at;
}

function splitAtCommas(raw: string, column: number): { text: string; column: number }[] {
  const parts: { text: string; column: number }[] = [];
  let start = 0;
  for (let at = 0; at <= raw.length; at++) {
    if (at === start && (raw[at] === '"' || raw[at] === "'")) at = endOfQuote(raw, at, column + at);
    if (at === raw.length || raw[at] === ",") {
      parts.push({ text: raw.slice(start, at), column: column + start });
      start = at + 1;
    }
  }
  const empty = parts.length > 1 ? parts.find((part) => part.text === "") : undefined;
  if (empty) throw new MagicError("a value is missing next to this comma", empty.column);
  return parts;
}

function parseScalar(raw: string, column: number): ConfigValue {
  if (raw[0] === '"' || raw[0] === "'") return unquote(raw, column);
  if (raw === "true") return true;
  if (raw === "false") return false;
  if (raw === "null") return null;
  if (/^[+-]?(?:Infinity|NaN)$/.test(raw)) throw new MagicError(`${raw} is not a finite number; quote it to pass it as text`, column);
  if (!NUMBER.test(raw)) return raw;
  const number = Number(raw.replaceAll("_", ""));
  if (!Number.isFinite(number)) throw new MagicError(`${raw} is larger than a number can be`, column);
  if (Number.isInteger(number) && !Number.isSafeInteger(number) && /^[+-]?[\d_]+$/.test(raw))
    throw new MagicError(`${raw} has more digits than a number keeps; quote it to pass it as text`, column);
  return number;
}

/** The text inside quotes. A backslash before a letter that is no escape stays, so a Windows path survives. */
export function unquote(raw: string, column: number): string {
  const end = endOfQuote(raw, 0, column);
  if (end !== raw.length) throw new MagicError("a space is missing after the quote", column + end);
  const inside = raw.slice(1, -1);
  if (!inside.includes("\\")) return inside;
  const parts: string[] = [];
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] !== "\\") {
      parts.push(inside[at]);
      continue;
    }
    const next = inside[at + 1];
    const code = next === "u" ? /^[0-9a-fA-F]{4}/.exec(inside.slice(at + 2, at + 6)) : null;
    if (code) {
      parts.push(String.fromCharCode(parseInt(code[0], 16)));
      at += 5;
    } else if (Object.hasOwn(ESCAPES, next)) {
      parts.push(ESCAPES[next]);
      at += 1;
    } else parts.push("\\");
  }
  return parts.join("");
}

/** The value as typed on a magic line: `parseValue` of it gives the value back. */
export function formatValue(value: ConfigValue): string {
  if (typeof value === "number" && Object.is(value, -0)) return "-0";
  if (typeof value === "string") return needsQuotes(value) ? JSON.stringify(value).replace(/\\[bf]/g, (escape) => (escape === "\\b" ? "\\u0008" : "\\u000c")) : value;
  if (Array.isArray(value)) return `[${value.map(formatValue).join(", ")}]`;
  return JSON.stringify(value);
}

function needsQuotes(text: string): boolean {
  if (!/^[A-Za-z_./][\w./:@+-]*$/.test(text)) return true;
  return /^(?:true|false|null|Infinity|NaN|\/\/)$/.test(text) || NUMBER.test(text);
}
