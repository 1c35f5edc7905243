/**
 * The pieces of a JSON file that are rows: lines, or the elements of its array. Each is cut out by its bytes, so that
 * only one at a time is ever parsed.
 */
import { RunlabError } from "../errors.js";

/** A piece of the file, from `start` to before `end`. */
export interface JsonPiece {
  start: number;
  end: number;
  /** The number of its line, from 1, or of its element, from 0. */
  at: number;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The lines, which end in `\n`, `\r\n` or `\r`. The piece given is the same one every time. */
export function* jsonLines(bytes: Buffer): Generator<JsonPiece> {
  const piece: JsonPiece = { start: 0, end: 0, at: 0 };
  const next = (byte: number, from: number): number => {
    const found = bytes.indexOf(byte, from);
    return found < 0 ? bytes.length : found;
  };
  let feed = -1;
  let carriage = -1;
  for (let start = 0; start < bytes.length;) {
    if (feed < start) feed = next(LINE_FEED, start);
    if (carriage < start) carriage = next(CARRIAGE_RETURN, start);
    piece.start = start;
    piece.end = Math.min(feed, carriage);
    piece.at++;
    yield piece;
    start = piece.end + (carriage + 1 === feed ? 2 : 1);
  }
}

/** Where the file's array opens; -1 when the file holds something else. */
export function arrayStart(bytes: Uint8Array): number {
  const first = afterSpace(bytes, 0);
  return bytes[first] === OPEN_LIST ? first : -1;
}

/**
 * The elements of the array that opens at `open`. The piece given is the same one every time.
 *
 * Brackets are counted outside texts, without asking which closes which: that is for the parsing of each element to
 * find. When all of them parse, and this ends without an error, the array is JSON.
 *
 * @throws RunlabError when the array is not closed, or is followed by anything.
 */
export function* jsonElements(bytes: Uint8Array, open: number): Generator<JsonPiece> {
  const piece: JsonPiece = { start: 0, end: 0, at: 0 };
  let start = open + 1;
  let i = afterSpace(bytes, start);
  if (bytes[i] !== CLOSE_LIST) {
    for (;; piece.at++) {
      i = elementEnd(bytes, start);
      piece.start = start;
      piece.end = i;
      // An array that is cut off in the middle of an element: parsing it says what is wrong there.
      if (i < bytes.length || afterSpace(bytes, start) < i) yield piece;
      if (bytes[i] !== COMMA) break;
      start = i + 1;
    }
  }
  if (i >= bytes.length) throw new RunlabError("the file is not JSON: it ends before its array does", { allowed: "an array of objects, closed by ]; .jsonl for an object a line" });
  const rest = afterSpace(bytes, i + 1);
  if (rest < bytes.length) throw new RunlabError("the file is not JSON: something follows the array", { received: Buffer.from(bytes.subarray(rest, rest + 60)).toString("utf8"), allowed: "one array of objects; .jsonl for an object a line" });
}

/** Where the comma or the bracket after an element is, or the end of the file. */
function elementEnd(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let i = start; i < bytes.length; i++) {
    switch (bytes[i]) {
      case QUOTE:
        for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
        break;
      case OPEN_LIST: case OPEN_OBJECT: depth++; break;
      case CLOSE_LIST:
        if (depth === 0) return i;
        depth--;
        break;
      case CLOSE_OBJECT:
        if (depth > 0) depth--;
        break;
      case COMMA:
        if (depth === 0) return i;
        break;
      default: break;
    }
  }
  return bytes.length;
}

/** The first byte that is no white space of JSON. */
function afterSpace(bytes: Uint8Array, from: number): number {
  let i = from;
  while (bytes[i] === 32 || bytes[i] === LINE_FEED || bytes[i] === CARRIAGE_RETURN || bytes[i] === 9) i++;
  return i;
}
