/** Words of a magic line. One pass, left to right, so that a hostile line of a megabyte costs no more than its length. */
import { MagicError } from "./magic.js";

export interface Token {
  /** As typed, quotes included. */
  raw: string;
  /** Offset in the line. */
  start: number;
  end: number;
}

const SPACE = new Set([" ", "\t", "\u00a0", "\r", "\f", "\v"]);

/**
 * Splits at spaces outside quotes and brackets. A word `//` ends the line: the rest is a comment.
 *
 * @throws MagicError when a quote or a bracket is not closed.
 */
export function tokens(line: string, from: number): Token[] {
  const found: Token[] = [];
  let at = from;
  while (at < line.length) {
    if (SPACE.has(line[at])) {
      at += 1;
      continue;
    }
    const start = at;
    at = endOfWord(line, at);
    const raw = line.slice(start, at);
    if (raw === "//") break;
    found.push({ raw, start, end: at });
  }
  return found;
}

function endOfWord(line: string, from: number): number {
  const open: number[] = [];
  // A quote opens only where a value may start, so that an apostrophe inside a word is a letter.
  let valueMayStart = true;
  let at = from;
  while (at < line.length) {
    const char = line[at];
    if ((char === '"' || char === "'") && (valueMayStart || open.length > 0)) {
      at = endOfQuote(line, at);
      valueMayStart = false;
      continue;
    }
    if (char === "[" && (valueMayStart || open.length > 0)) {
      open.push(at);
      at += 1;
      valueMayStart = true;
      continue;
    }
    if (char === "]" && open.length > 0) open.pop();
    else if (SPACE.has(char) && open.length === 0) break;
    valueMayStart = char === "=" || char === ",";
    at += 1;
  }
  if (open.length > 0) throw new MagicError("the list that starts here is not closed with ]", open[0] + 1);
  return at;
}

/** Offset behind the closing quote. */
export function endOfQuote(text: string, from: number, column = from + 1): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at + 1;
  }
  throw new MagicError(`the ${quote} quote that opens here is not closed`, column);
}
