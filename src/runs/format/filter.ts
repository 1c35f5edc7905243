/**
 * The filter of the list of runs: `forest accuracy>0.9 status:finished -draft "two words"`.
 *
 * - A word matches the name, id, notebook or a tag, in any case of letters; `-word` must not match; every part must hold.
 * - `key<op>value` with `=` `!=` `<` `<=` `>` `>=` compares, and `:` means "holds" for text and "equals" for the rest.
 *   Keys: status, seed, name, notebook, tag, id, duration, age, and any metric or flag by its name. A run that lacks
 *   the metric or flag does not match.
 * - Durations and ages take units: `duration>90s`, `age<2h` (ms, s, m, h, d, w).
 *
 * Parsed by hand in one pass, so that a pasted megabyte is refused or read in linear time.
 */
import { now as wallClock } from "../../clock.js";
import { RunlabError } from "../../errors.js";
import { own } from "./meta.js";
import type { ConfigValue, IndexRecord } from "./types.js";

export type FilterOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":";

export type FilterTerm =
  | { kind: "word"; negative: boolean; text: string }
  | { kind: "comparison"; negative: boolean; key: string; operator: FilterOperator; text: string; number: number | null };

/** All terms must hold; no term matches every run. */
export type Filter = FilterTerm[];

/** A mistake in a filter. `position` counts characters from 1. */
export class FilterError extends RunlabError {
  override name = "FilterError";
  constructor(readonly position: number, rule: string, detail: { received?: unknown; allowed?: string }) {
    super(`filter, at character ${position}: ${rule}`, detail);
  }
}

type KeyKind = "text" | "status" | "number" | "time";
const KEYS: Record<string, KeyKind> = {
  status: "status",
  seed: "number",
  name: "text",
  notebook: "text",
  tag: "text",
  id: "text",
  duration: "time",
  age: "time",
};
const STATUSES = ["running", "finished", "failed", "interrupted", "crashed"];
const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads a filter.
 *
 * @throws FilterError that says where and what is allowed.
 * @example
 * parseFilter('forest accuracy>0.9 -"first try"').length; // 3
 */
export function parseFilter(text: string): Filter {
  const terms: Filter = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text[at])) {
      at += 1;
      continue;
    }
    const negative = text[at] === "-" && at + 1 < text.length && !isSpace(text[at + 1]);
    const start = negative ? at + 1 : at;
    if (text[start] === '"') {
      const quoted = readQuoted(text, start);
      terms.push({ kind: "word", negative, text: quoted.text.toLowerCase() });
      at = quoted.end;
      continue;
    }
    let end = start;
    while (end < text.length && !isSpace(text[end]) && !isOperatorStart(text[end])) end += 1;
    const word = text.slice(start, end);
    const operator = end < text.length ? readOperator(text, end) : null;
    if (operator === null) {
      if (end < text.length && !isSpace(text[end])) throw new FilterError(end + 1, "! stands only in !=", { received: text.slice(end, end + 2), allowed: 'seed!=42, or quotes around a word that holds "!"' });
      terms.push({ kind: "word", negative, text: word.toLowerCase() });
      at = end;
      continue;
    }
    if (word === "") throw new FilterError(end + 1, "a comparison needs a name before it", { received: operator, allowed: "such as accuracy>0.9 or status:finished" });
    const value = readValue(text, end + operator.length);
    terms.push(comparison(word, operator, value.text, negative, start, end + operator.length));
    at = value.end;
  }
  return terms;
}

/** Whether a run passes every term. `now` (milliseconds since 1970) is for `age`. */
export function matches(filter: Filter, record: IndexRecord, now: number = wallClock()): boolean {
  let hay: string | null = null;
  for (const term of filter) {
    let holds: boolean;
    if (term.kind === "word") {
      hay ??= [record.name, record.id, record.notebook ?? "", ...record.tags].join("\n").toLowerCase();
      holds = hay.includes(term.text);
    } else {
      holds = compares(term, record, now);
    }
    if (holds === term.negative) return false;
  }
  return true;
}

const isSpace = (char: string): boolean => char === " " || char === "\t" || char === "\n" || char === "\r" || char === "\u00a0";
const isOperatorStart = (char: string): boolean => char === "=" || char === "!" || char === "<" || char === ">" || char === ":";

function readOperator(text: string, at: number): FilterOperator | null {
  const two = text.slice(at, at + 2);
  if (two === "!=" || two === "<=" || two === ">=") return two;
  const one = text[at];
  return one === "=" || one === "<" || one === ">" || one === ":" ? one : null;
}

function readQuoted(text: string, start: number): { text: string; end: number } {
  const end = text.indexOf('"', start + 1);
  if (end < 0) throw new FilterError(start + 1, "the quote is not closed", { allowed: 'a second " after the words' });
  return { text: text.slice(start + 1, end), end: end + 1 };
}

function readValue(text: string, start: number): { text: string; end: number } {
  if (text[start] === '"') return readQuoted(text, start);
  let end = start;
  while (end < text.length && !isSpace(text[end])) end += 1;
  if (end === start) throw new FilterError(start + 1, "a value is missing", { allowed: "a number, a word or quoted words, with no space before it" });
  return { text: text.slice(start, end), end };
}

function comparison(key: string, operator: FilterOperator, text: string, negative: boolean, keyAt: number, valueAt: number): FilterTerm {
  const lowered = key.toLowerCase();
  const kind = own(KEYS, lowered);
  const ordered = operator !== "=" && operator !== "!=" && operator !== ":";
  let number = toNumber(text);
  if (kind === "time") {
    number = toMilliseconds(text);
    if (number === null) throw new FilterError(valueAt + 1, `${lowered} takes a time with a unit`, { received: text, allowed: "such as 500ms, 90s, 10m, 2h, 3d or 1w" });
  } else if (kind === "number") {
    if (number === null) throw new FilterError(valueAt + 1, `${lowered} takes a number`, { received: text, allowed: "such as 42" });
  } else if (kind === "status") {
    if (ordered) throw new FilterError(keyAt + 1, "status has no order", { received: operator, allowed: ": = or !=" });
    if (!STATUSES.includes(text.toLowerCase())) throw new FilterError(valueAt + 1, "there is no such status", { received: text, allowed: STATUSES.join(", ") });
  } else if (kind === "text") {
    if (ordered) throw new FilterError(keyAt + 1, `${lowered} is text and has no order`, { received: operator, allowed: ": = or !=" });
  } else if (ordered && number === null) {
    throw new FilterError(valueAt + 1, `${operator} compares numbers`, { received: text, allowed: "such as 0.9; text can be compared with : = or !=" });
  }
  return { kind: "comparison", negative, key: kind === undefined ? key : lowered, operator, text: text.toLowerCase(), number };
}

/** Null unless all of the text is one finite number. */
function toNumber(text: string): number | null {
  // Number("") is 0 and Number("0x10") is 16: neither is what a person means here.
  for (const char of text) if (!((char >= "0" && char <= "9") || char === "." || char === "-" || char === "+" || char === "e" || char === "E")) return null;
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function toMilliseconds(text: string): number | null {
  let end = text.length;
  while (end > 0 && text[end - 1].toLowerCase() >= "a" && text[end - 1].toLowerCase() <= "z") end -= 1;
  const unit = own(UNITS, text.slice(end).toLowerCase());
  const value = toNumber(text.slice(0, end));
  return unit === undefined || value === null || value < 0 ? null : value * unit;
}

function compares(term: FilterTerm & { kind: "comparison" }, record: IndexRecord, now: number): boolean {
  const { key, operator, text, number } = term;
  switch (key) {
    case "status":
      return (record.status === text) !== (operator === "!=");
    case "seed":
      return compareNumbers(record.seed, operator, number as number);
    case "duration":
      return record.duration_ms !== null && compareNumbers(record.duration_ms, operator, number as number);
    case "age":
      return compareNumbers(now - record.started, operator, number as number);
    case "name":
      return compareText(record.name, operator, text);
    case "notebook":
      return compareText(record.notebook ?? "", operator, text);
    case "id":
      return compareText(record.id, operator, text);
    case "tag":
      return operator === "!=" ? !record.tags.some((tag) => tag.toLowerCase() === text) : record.tags.some((tag) => compareText(tag, operator, text));
    default:
      return compareValue(own(record.metrics, key) ?? own(record.flags, key), operator, text, number);
  }
}

function compareValue(value: ConfigValue | undefined, operator: FilterOperator, text: string, number: number | null): boolean {
  if (value === undefined) return false;
  if (typeof value === "number") return number === null ? operator === "!=" : compareNumbers(value, operator, number);
  if (Array.isArray(value)) {
    const among = value.some((item) => compareValue(item, operator === "!=" ? "=" : operator, text, number));
    return operator === "!=" ? !among : among;
  }
  if (operator === "<" || operator === "<=" || operator === ">" || operator === ">=") return false;
  return compareText(value !== null && typeof value === "object" ? JSON.stringify(value) : String(value), operator, text);
}

function compareText(value: string, operator: FilterOperator, text: string): boolean {
  const lowered = value.toLowerCase();
  if (operator === ":") return lowered.includes(text);
  return (lowered === text) !== (operator === "!=");
}

function compareNumbers(value: number, operator: FilterOperator, wanted: number): boolean {
  switch (operator) {
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
    case "!=":
      return value !== wanted;
    default:
      return value === wanted;
  }
}
