/**
 * Labels as codes: what every metric of classes counts with, so that no text is compared twice.
 */
import { Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { labelsOf, missingIn, numbersOf } from "../table/values.js";
import type { Values } from "./metric.js";

export type Label = string | number | boolean;

/** A column as places in its distinct values, which are sorted. */
export interface LabelCodes {
  codes: Int32Array;
  levels: Label[];
  /** The codes are the array that was given: not to be changed. */
  borrowed?: boolean;
}

/** Whole numbers up to this are looked up in an array, not in a map. */
const SMALL = 4096;

/**
 * A column of labels, as codes.
 *
 * @throws RunlabError when it is empty, a value is missing, or one is no label.
 */
export function codesOf(values: Values, what: string): LabelCodes {
  if (typeof values !== "object" || values === null || typeof values.length !== "number") throw new RunlabError(`${what} are one label a row`, { received: values, allowed: "an array, or a column of a table" });
  if (values.length === 0) throw new RunlabError("a metric needs at least one row", { received: `an empty ${what}` });
  if (values instanceof Vector) return vectorCodes(values, what);
  if (isNumbers(values)) return numberCodes(values, what);
  return arrayCodes(values as ArrayLike<unknown>, what);
}

function vectorCodes(values: Vector, what: string): LabelCodes {
  const kind = columnKind(values.type);
  if (kind === "number" || kind === "boolean") {
    const missing = missingIn(values);
    if (missing !== null) throw missingLabel(what, missing.indexOf(1));
    const { codes, levels } = numberCodes(numbersOf(values, what), what);
    return kind === "boolean" ? { codes, levels: levels.map((level) => level === 1) } : { codes, levels };
  }
  const found = labelsOf(values, what);
  const missing = found.codes.indexOf(-1);
  if (missing >= 0) throw missingLabel(what, missing);
  return found;
}

type NumberArray = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array;

function isNumbers(values: unknown): values is NumberArray {
  return ArrayBuffer.isView(values) && !(values instanceof DataView) && !(values instanceof BigInt64Array) && !(values instanceof BigUint64Array);
}

function numberCodes(values: NumberArray, what: string): LabelCodes {
  const small = (values instanceof Int32Array ? fewCodes(values) : null) ?? smallCodes(values);
  return small ?? arrayCodes(values, what);
}

/** Labels 0, 1, 2, … up to 31 are their own codes, found by setting bits; null when there are others or gaps. */
function fewCodes(values: Int32Array): LabelCodes | null {
  let all = 0;
  let bits = 0;
  for (let i = 0; i < values.length; i++) {
    all |= values[i];
    bits |= 1 << values[i];
  }
  const gaps = (bits & (bits + 1)) !== 0;
  if (all >>> 5 !== 0 || gaps) return null;
  return { codes: values, levels: Array.from({ length: 32 - Math.clz32(bits) }, (_, code) => code), borrowed: true };
}

/** Codes of whole numbers from 0 to `SMALL` - 1 by counting; null when there are others. */
function smallCodes(values: NumberArray): LabelCodes | null {
  const occurs = new Int32Array(SMALL);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const place = value & (SMALL - 1);
    if (place !== value) return null;
    occurs[place] = 1;
  }
  const levels: number[] = [];
  for (let value = 0; value < SMALL; value++) if (occurs[value] === 1) occurs[value] = levels.push(value) - 1;
  if (values instanceof Int32Array && levels[levels.length - 1] === levels.length - 1) return { codes: values, levels, borrowed: true };
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = occurs[values[i]];
  return { codes, levels };
}

function arrayCodes(values: ArrayLike<unknown>, what: string): LabelCodes {
  const codes = new Int32Array(values.length);
  const seen = new Map<Label, number>();
  // Neighbours are often of one class, and texts of one class are often one object: both spare the map.
  let last: unknown;
  let lastCode = -1;
  for (let i = 0; i < values.length; i++) {
    let value = values[i];
    if (value === last && lastCode >= 0) {
      codes[i] = lastCode;
      continue;
    }
    if (value === null || value === undefined || value !== value) throw missingLabel(what, i);
    if (typeof value === "bigint") value = Number(value);
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw new RunlabError(`${what} holds something that is no label, in row ${i}`, { received: value, allowed: "text, numbers or booleans" });
    }
    let code = seen.get(value as Label);
    if (code === undefined) {
      code = seen.size;
      seen.set(value as Label, code);
    }
    codes[i] = code;
    last = value;
    lastCode = code;
  }
  const found = [...seen.keys()];
  const levels = sortLabels(found.slice());
  if (levels.some((level, i) => level !== found[i])) {
    const rank = new Map(levels.map((level, i) => [level, i]));
    translate(codes, Int32Array.from(found, (level) => rank.get(level)!));
  }
  return { codes, levels };
}

function missingLabel(what: string, row: number): RunlabError {
  return new RunlabError(`a metric cannot compare missing values; ${what} has one in row ${row}`);
}

/** Numbers ascending, text by code unit, false before true. */
export function sortLabels(labels: Label[]): Label[] {
  return labels.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * The codes of a column as places in `classes`.
 *
 * @throws RunlabError for a label that is not among them.
 */
export function placeIn(column: LabelCodes, classes: readonly Label[], what: string): Int32Array {
  const rank = new Map(classes.map((label, i) => [label, i]));
  const places = Int32Array.from(column.levels, (level) => {
    const at = rank.get(level);
    if (at === undefined) throw new RunlabError(`a label of ${what} is not among the classes`, { received: level, allowed: classes.slice(0, 20).join(", ") });
    return at;
  });
  if (places.every((place, code) => place === code)) return column.codes;
  const codes = column.borrowed ? column.codes.slice() : column.codes;
  translate(codes, places);
  return codes;
}

/** Changes codes in place. */
function translate(codes: Int32Array, places: Int32Array): void {
  for (let i = 0; i < codes.length; i++) codes[i] = places[codes[i]];
}

/** That every class is named once. */
export function checkClasses(labels: readonly Label[]): Label[] {
  if (!Array.isArray(labels) || labels.length === 0) throw new RunlabError("labels is a list of every class", { received: labels });
  if (new Set(labels).size !== labels.length) throw new RunlabError("labels names every class once", { received: labels.join(", ") });
  return [...labels];
}

/** The positive class of two: the one named, else true, 1, or the later of the two in order. */
export function positiveClass(classes: readonly Label[], positive: Label | undefined): number {
  if (positive !== undefined) {
    const at = classes.indexOf(positive);
    if (at < 0) throw new RunlabError("the positive class does not occur", { received: positive, allowed: classes.slice(0, 20).join(", ") });
    return at;
  }
  const named = classes.findIndex((label) => label === true || label === 1);
  return named >= 0 ? named : classes.length - 1;
}
