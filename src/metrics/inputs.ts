/**
 * What metrics are given, checked and brought into plain arrays.
 */
import { Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { labelsOf, missingIn, numbersOf } from "../table/values.js";
import type { Probabilities, Values } from "./metric.js";

export type Label = string | number | boolean;

/** Two columns of labels as numbers into one list of classes, sorted. */
export interface LabelPair {
  truth: Int32Array;
  predicted: Int32Array;
  classes: Label[];
}

/** Two columns of finite numbers of equal length. */
export function numberPair(truth: Values, predicted: Values): { truth: Float64Array; predicted: Float64Array } {
  checkLengths(truth, predicted);
  return { truth: finiteNumbers(truth, "truth"), predicted: finiteNumbers(predicted, "predicted") };
}

/** Two columns of labels of equal length. `labels` fixes the classes and their order. */
export function labelPair(truth: Values, predicted: Values, labels?: readonly Label[]): LabelPair {
  checkLengths(truth, predicted);
  const a = codesOf(truth, "truth");
  const b = codesOf(predicted, "predicted");
  const kinds = new Set([...a.levels, ...b.levels].map((level) => typeof level));
  if (kinds.size > 1) {
    throw new RunlabError("truth and predicted hold labels of one type", { received: `${typeof a.levels[0]} (${String(a.levels[0])}) and ${typeof b.levels[0]} (${String(b.levels[0])})` });
  }
  const classes = labels === undefined ? sortLabels([...new Set([...a.levels, ...b.levels])]) : [...labels];
  const place = new Map(classes.map((label, i) => [label, i]));
  for (const level of [...a.levels, ...b.levels]) {
    if (!place.has(level)) throw new RunlabError("a label is not among the classes given as labels", { received: level, allowed: classes.join(", ") });
  }
  return {
    truth: a.codes.map((code) => place.get(a.levels[code])!),
    predicted: b.codes.map((code) => place.get(b.levels[code])!),
    classes,
  };
}

/** The positive class of two: the one named, else true, 1, or the later of the two in order. */
export function positiveClass(classes: readonly Label[], positive: Label | undefined): number {
  if (positive !== undefined) {
    const at = classes.indexOf(positive);
    if (at < 0) throw new RunlabError("the positive class does not occur", { received: positive, allowed: classes.join(", ") });
    return at;
  }
  const named = classes.findIndex((label) => label === true || label === 1);
  return named >= 0 ? named : classes.length - 1;
}

/** Probabilities as one matrix over `classes`, each row checked to be probabilities. */
export function probabilityRows(truth: Values, given: unknown, labels?: readonly Label[], positive?: Label): { truth: Int32Array; matrix: Probabilities } {
  checkColumns(truth, given);
  const a = codesOf(truth, "truth");
  if (isProbabilities(given)) {
    const width = given.classes.length;
    if (given.values.length !== truth.length * width) {
      throw new RunlabError("probabilities have one row a sample and one column a class", { received: `${given.values.length} values for ${truth.length} samples and ${width} classes` });
    }
    return { truth: placeIn(a, given.classes), matrix: given };
  }
  const rows = given as ArrayLike<unknown>;
  checkLengths(truth, rows as Values);
  const first = rows instanceof Vector ? null : rows[0];
  const nested = typeof first === "object" && first !== null;
  const classes = labels === undefined ? a.levels : [...labels];
  if (!nested) {
    if (classes.length !== 2) throw new RunlabError("one probability a sample is enough for two classes only", { received: `${classes.length} classes`, allowed: "a row of probabilities a sample, one for each class, or labels: [negative, positive]" });
    const p = finiteNumbers(given as Values, "predicted");
    const yes = positiveClass(classes, positive);
    const values = new Float64Array(2 * p.length);
    p.forEach((value, i) => {
      values[2 * i + yes] = value;
      values[2 * i + 1 - yes] = 1 - value;
    });
    return { truth: placeIn(a, classes), matrix: { classes, values } };
  }
  const width = classes.length;
  const values = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as ArrayLike<number>;
    if (row.length !== width) throw new RunlabError("probabilities have one column a class", { received: `${row.length} in row ${i} for ${width} classes (${classes.join(", ")})`, allowed: "labels: [...] names every class in the order of the columns" });
    for (let c = 0; c < width; c++) values[i * width + c] = row[c];
  }
  return { truth: placeIn(a, classes), matrix: { classes, values } };
}

export function isProbabilities(value: unknown): value is Probabilities {
  return typeof value === "object" && value !== null && "classes" in value && "values" in value && Array.isArray((value as Probabilities).classes);
}

/** A column of finite numbers. */
export function finiteNumbers(values: Values, what: string): Float64Array {
  const numbers = toNumbers(values, what);
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) throw new RunlabError(`a metric compares finite numbers; ${what} has none in row ${i}`, { received: numbers[i] });
  }
  return numbers;
}

/** A column of labels, as numbers into its sorted distinct values. */
export function codesOf(values: Values, what: string): { codes: Int32Array; levels: Label[] } {
  if (values.length === 0) throw new RunlabError("a metric needs at least one row", { received: `an empty ${what}` });
  const found = values instanceof Vector ? labelsOf(values, what) : arrayCodes(values as ArrayLike<unknown>, what);
  const missing = found.codes.indexOf(-1);
  if (missing >= 0) throw new RunlabError(`a metric cannot compare missing values; ${what} has one in row ${missing}`);
  return found;
}

function arrayCodes(values: ArrayLike<unknown>, what: string): { codes: Int32Array; levels: Label[] } {
  const codes = new Int32Array(values.length);
  const seen = new Map<Label, number>();
  for (let i = 0; i < values.length; i++) {
    let value = values[i];
    if (value === null || value === undefined || value !== value) {
      codes[i] = -1;
      continue;
    }
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
  }
  const found = [...seen.keys()];
  const levels = sortLabels(found.slice());
  const place = Int32Array.from(found, (label) => levels.indexOf(label));
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) codes[i] = place[codes[i]];
  return { codes, levels };
}

/** Numbers ascending, text by code unit, false before true. */
export function sortLabels(labels: Label[]): Label[] {
  return labels.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function placeIn(column: { codes: Int32Array; levels: Label[] }, classes: readonly Label[]): Int32Array {
  const place = column.levels.map((level) => {
    const at = classes.indexOf(level);
    if (at < 0) throw new RunlabError("a label of truth is not among the classes", { received: level, allowed: classes.join(", ") });
    return at;
  });
  return column.codes.map((code) => place[code]);
}

function toNumbers(values: Values, what: string): Float64Array {
  if (values instanceof Float64Array) return values;
  if (values instanceof Vector) {
    const kind = columnKind(values.type);
    if (kind !== "number" && kind !== "boolean") throw new RunlabError(`${what} does not hold numbers`, { received: String(values.type) });
    const missing = missingIn(values);
    if (missing !== null) throw new RunlabError(`a metric cannot compare missing values; ${what} has one in row ${missing.indexOf(1)}`);
    return numbersOf(values, what);
  }
  const list = values as ArrayLike<unknown>;
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean") {
      throw new RunlabError(`${what} does not hold numbers; see row ${i}`, { received: value });
    }
    numbers[i] = Number(value);
  }
  return numbers;
}

/** That both are columns of values, or probabilities. */
export function checkColumns(truth: unknown, predicted: unknown): void {
  const isColumn = (value: unknown): boolean => typeof value === "object" && value !== null && typeof (value as ArrayLike<unknown>).length === "number";
  if (isColumn(truth) && (isColumn(predicted) || isProbabilities(predicted))) return;
  throw new RunlabError("a metric compares two columns of values", { received: `${typeof truth} and ${typeof predicted}`, allowed: "arrays, typed arrays or Arrow vectors" });
}

function checkLengths(truth: Values, predicted: Values): void {
  checkColumns(truth, predicted);
  if (truth.length !== predicted.length) {
    throw new RunlabError("truth and predicted have equal lengths", { received: `${truth.length} and ${predicted.length}` });
  }
  if (truth.length === 0) throw new RunlabError("a metric needs at least one row", { received: "empty columns" });
}
