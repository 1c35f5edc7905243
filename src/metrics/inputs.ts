/**
 * What metrics are given, checked and brought into plain arrays.
 */
import { Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { missingIn, numbersOf } from "../table/values.js";
import { type Label, checkClasses, codesOf, placeIn, positiveClass, sortLabels } from "./labels.js";
import type { Probabilities, RawRows, Values } from "./metric.js";

export { codesOf, positiveClass, sortLabels } from "./labels.js";
export type { Label } from "./labels.js";

/** Options that every metric has where scikit-learn's has them. */
export interface WeightOption {
  /** How much each row counts: a number a row, none negative. Default 1 each. */
  weights?: Values<number>;
}

/** Options of metrics of labels. */
export interface LabelOptions extends WeightOption {
  /** Every class there is, in order, when some may not occur in these rows. Default: those that occur. */
  labels?: readonly Label[];
}

/** Options of metrics of scores. */
export interface ScoreOptions extends LabelOptions {
  /** With one number a sample, the class it is the score of. Default: true, 1, or the later label in order. */
  positive?: Label;
}

/** Two columns of labels as codes into one list of classes, sorted. */
export interface LabelRows {
  truth: Int32Array;
  predicted: Int32Array;
  classes: readonly Label[];
  weights: Float64Array | null;
}

/** Two columns of finite numbers of equal length. */
export interface NumberRows {
  truth: Float64Array;
  predicted: Float64Array;
  weights: Float64Array | null;
}

/** Classes as codes, and scores. */
export interface ScoreRows {
  truth: Int32Array;
  classes: readonly Label[];
  /** Row-major, `width` a row. */
  scores: Float64Array;
  /** One score a row, of the class `positive`; or one a class. */
  width: number;
  positive: number;
  weights: Float64Array | null;
}

/** Two columns of labels of equal length. */
export function labelRows(truth: Values, predicted: Values, options: LabelOptions = {}): LabelRows {
  checkLengths(truth, predicted);
  const a = codesOf(truth, "truth");
  const b = codesOf(predicted, "predicted");
  checkOneType(a.levels, b.levels);
  const classes = options.labels === undefined ? union(a.levels, b.levels) : checkClasses(options.labels);
  return {
    truth: placeIn(a, classes, "truth"),
    predicted: placeIn(b, classes, "predicted"),
    classes,
    weights: readWeights(options.weights, truth.length),
  };
}

function checkOneType(a: readonly Label[], b: readonly Label[]): void {
  const kinds = new Set([...a, ...b].map((level) => typeof level));
  if (kinds.size > 1) throw new RunlabError("truth and predicted hold labels of one type", { received: `${typeof a[0]} (${String(a[0])}) and ${typeof b[0]} (${String(b[0])})` });
}

function union(a: readonly Label[], b: readonly Label[]): Label[] {
  return sortLabels([...new Set([...a, ...b])]);
}

/** Two columns of numbers of equal length; that they are finite is not checked yet. */
export function numberRows(truth: Values, predicted: Values, options: WeightOption = {}): NumberRows {
  checkLengths(truth, predicted);
  return { truth: toNumbers(truth, "truth"), predicted: toNumbers(predicted, "predicted"), weights: readWeights(options.weights, truth.length) };
}

/** Two columns of finite numbers of equal length, without weights. */
export function numberPair(truth: Values, predicted: Values): { truth: Float64Array; predicted: Float64Array } {
  checkLengths(truth, predicted);
  return { truth: finiteNumbers(truth, "truth"), predicted: finiteNumbers(predicted, "predicted") };
}

/** True classes, and scores: one a row, a row of them a row, or what `predictProba` returns. */
export function scoreRows(truth: Values, given: unknown, options: ScoreOptions = {}): ScoreRows {
  checkColumns(truth, given);
  const weights = readWeights(options.weights, truth.length);
  const column = codesOf(truth, "truth");
  if (isProbabilities(given)) return probabilityRows(column, given, options, weights);
  const rows = given as ArrayLike<unknown>;
  checkLengths(truth, rows as Values);
  const first = rows instanceof Vector ? null : rows[0];
  if (typeof first === "object" && first !== null) return nestedRows(column, rows, options, weights);
  const classes = twoClasses(column.levels, options);
  return { truth: placeIn(column, classes, "truth"), classes, scores: finiteNumbers(rows as Values, "predicted"), width: 1, positive: positiveClass(classes, options.positive), weights };
}

function probabilityRows(column: { codes: Int32Array; levels: Label[] }, { classes, values }: Probabilities, options: ScoreOptions, weights: Float64Array | null): ScoreRows {
  const width = classes.length;
  if (values.length !== column.codes.length * width) {
    throw new RunlabError("probabilities have one row a sample and one column a class", { received: `${values.length} values for ${column.codes.length} samples and ${width} classes` });
  }
  if (options.labels !== undefined && (options.labels.length !== width || options.labels.some((label, i) => label !== classes[i]))) {
    throw new RunlabError("probabilities name their own classes, and labels names others", { received: options.labels.join(", "), allowed: classes.join(", ") });
  }
  checkFinite(values, width);
  return { truth: placeIn(column, classes, "truth"), classes, scores: values, width, positive: width === 2 || options.positive !== undefined ? positiveClass(classes, options.positive) : -1, weights };
}

function nestedRows(column: { codes: Int32Array; levels: Label[] }, rows: ArrayLike<unknown>, options: ScoreOptions, weights: Float64Array | null): ScoreRows {
  const classes = options.labels === undefined ? column.levels : checkClasses(options.labels);
  const width = classes.length;
  const scores = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as ArrayLike<number> | null;
    if (row === null || typeof row !== "object" || row.length !== width) {
      throw new RunlabError("probabilities have one column a class", { received: `${row === null || typeof row !== "object" ? String(row) : row.length} in row ${i} for ${width} classes (${classes.slice(0, 20).join(", ")})`, allowed: "labels: [...] names every class in the order of the columns" });
    }
    for (let c = 0; c < width; c++) {
      if (typeof row[c] !== "number") throw new RunlabError(`predicted does not hold numbers; see row ${i}`, { received: row[c] });
      scores[i * width + c] = row[c];
    }
  }
  checkFinite(scores, width);
  return { truth: placeIn(column, classes, "truth"), classes, scores, width, positive: width === 2 || options.positive !== undefined ? positiveClass(classes, options.positive) : -1, weights };
}

/** The classes that one score a row can tell apart: those that occur, and the one that is named. */
function twoClasses(levels: Label[], { labels, positive }: ScoreOptions): Label[] {
  const classes = labels !== undefined ? checkClasses(labels) : positive === undefined || levels.includes(positive) || levels.length > 1 ? levels : union(levels, [positive]);
  if (classes.length > 2) {
    throw new RunlabError("one score a sample is enough for two classes only", { received: `${classes.length} classes (${classes.slice(0, 5).join(", ")})`, allowed: "a row of scores a sample, one for each class" });
  }
  return classes;
}

/** The scores of one class, as a column. */
export function scoresOf(rows: ScoreRows, c: number): Float64Array {
  if (rows.width === 1) return rows.scores;
  const out = new Float64Array(rows.truth.length);
  for (let i = 0; i < out.length; i++) out[i] = rows.scores[i * rows.width + c];
  return out;
}

/** That scores are probabilities, for metrics that take their size literally. */
export function checkProbabilities(rows: ScoreRows): void {
  const { scores, width } = rows;
  for (let i = 0; i < scores.length; i++) {
    if (!(scores[i] >= 0 && scores[i] <= 1)) throw new RunlabError(`probabilities lie between 0 and 1; see row ${Math.floor(i / width)}`, { received: scores[i] });
  }
}

/** Raw rows as rows of labels: of each row the likeliest class. */
export function rawLabels({ truth, predicted, classes, weights }: RawRows): LabelRows {
  const rows = truth.length;
  const labels = new Int32Array(rows);
  if (predicted.length === rows) for (let i = 0; i < rows; i++) labels[i] = predicted[i] > 0.5 ? 1 : 0;
  else {
    for (let i = 0; i < rows; i++) {
      let best = 0;
      for (let c = 1; c < classes; c++) if (predicted[i * classes + c] > predicted[i * classes + best]) best = c;
      labels[i] = best;
    }
  }
  return { truth: asCodes(truth), predicted: labels, classes: codeNames(classes), weights };
}

/** Raw rows as rows of scores; the positive class of two is 1. */
export function rawScores({ truth, predicted, classes, weights }: RawRows): ScoreRows {
  const width = predicted.length === truth.length ? 1 : classes;
  return { truth: asCodes(truth), classes: codeNames(classes), scores: predicted, width, positive: classes === 2 ? 1 : -1, weights };
}

/** Raw rows as rows of numbers. */
export function rawNumbers({ truth, predicted, weights }: RawRows): NumberRows {
  return { truth: truth instanceof Float64Array ? truth : Float64Array.from(truth), predicted, weights };
}

function asCodes(truth: RawRows["truth"]): Int32Array {
  return truth instanceof Int32Array ? truth : Int32Array.from(truth);
}

const names: Label[] = [];

function codeNames(classes: number): Label[] {
  while (names.length < classes) names.push(names.length);
  return names.slice(0, classes);
}

export function isProbabilities(value: unknown): value is Probabilities {
  return typeof value === "object" && value !== null && "classes" in value && "values" in value && Array.isArray((value as Probabilities).classes) && (value as Probabilities).values instanceof Float64Array;
}

/** A column of finite numbers. */
export function finiteNumbers(values: Values, what: string): Float64Array {
  const numbers = toNumbers(values, what);
  for (let i = 0; i < numbers.length; i++) {
    // A number less itself is 0 unless it is NaN or infinite.
    if (numbers[i] - numbers[i] !== 0) throw new RunlabError(`a metric compares finite numbers; ${what} has none in row ${i}`, { received: numbers[i] });
  }
  return numbers;
}

function checkFinite(values: Float64Array, width: number): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] - values[i] !== 0) throw new RunlabError(`a metric compares finite numbers; predicted has none in row ${Math.floor(i / width)}`, { received: values[i] });
  }
}

/**
 * Weights of rows; null when none are given.
 *
 * @throws RunlabError when there are more or fewer than rows, one is negative or not finite, or all are 0.
 */
export function readWeights(weights: Values<number> | undefined, rows: number): Float64Array | null {
  if (weights === undefined || weights === null) return null;
  if (typeof weights !== "object" || typeof weights.length !== "number") throw new RunlabError("weights are one number a row", { received: weights });
  if (weights.length !== rows) throw new RunlabError("weights are one number a row", { received: `${weights.length} weights for ${rows} rows` });
  const numbers = toNumbers(weights, "weights");
  let total = 0;
  for (let i = 0; i < rows; i++) {
    if (!(numbers[i] >= 0 && numbers[i] < Infinity)) throw new RunlabError(`weights are finite and not negative; see row ${i}`, { received: numbers[i] });
    total += numbers[i];
  }
  if (!(total > 0)) throw new RunlabError("at least one weight is above 0", { received: `${rows} weights that are 0` });
  if (total === Infinity) throw new RunlabError("weights have a finite sum", { received: total });
  return numbers;
}

/** How much all rows count together. */
export function totalWeight(weights: Float64Array | null, rows: number): number {
  if (weights === null) return rows;
  let total = 0;
  for (let i = 0; i < rows; i++) total += weights[i];
  return total;
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
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array) return Float64Array.from(values);
  const list = values as ArrayLike<unknown>;
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value === "number") numbers[i] = value;
    else if (typeof value === "bigint" || typeof value === "boolean") numbers[i] = Number(value);
    else throw new RunlabError(`${what} does not hold numbers; see row ${i}`, { received: value });
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
  if (isProbabilities(predicted)) throw new RunlabError("this metric compares labels or numbers, not probabilities", { allowed: "what predict returns" });
  if (truth.length !== predicted.length) {
    throw new RunlabError("truth and predicted have equal lengths", { received: `${truth.length} and ${predicted.length}` });
  }
  if (truth.length === 0) throw new RunlabError("a metric needs at least one row", { received: "empty columns" });
}
