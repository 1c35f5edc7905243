/**
 * What precision, recall, MCC and kappa are all made of: three sums a class.
 */
import type { LabelRows } from "./inputs.js";

/** Sums of weights (or counts of rows) by class. */
export interface ClassTotals {
  /** Of the class, and predicted so. */
  readonly hits: Float64Array;
  /** Predicted to be of the class. */
  readonly predicted: Float64Array;
  /** Of the class. */
  readonly actual: Float64Array;
}

/** Needs no matrix over pairs of classes, so thousands of classes cost no more than two. */
export function classTotals({ truth, predicted, classes, weights }: LabelRows): ClassTotals {
  const width = classes.length;
  const totals = { hits: new Float64Array(width), predicted: new Float64Array(width), actual: new Float64Array(width) };
  if (weights === null && width <= MOST_PAIRED) return fromPairs(truth, predicted, width, totals);
  for (let i = 0; i < truth.length; i++) {
    const weight = weights === null ? 1 : weights[i];
    const t = truth[i];
    const p = predicted[i];
    totals.actual[t] += weight;
    totals.predicted[p] += weight;
    if (t === p) totals.hits[t] += weight;
  }
  return totals;
}

/** For few classes one count a row, of its pair of classes, is the quickest way. */
const MOST_PAIRED = 64;

function fromPairs(truth: Int32Array, predicted: Int32Array, width: number, totals: ClassTotals): ClassTotals {
  const pairs = new Int32Array(width * width);
  for (let i = 0; i < truth.length; i++) pairs[truth[i] * width + predicted[i]]++;
  for (let t = 0; t < width; t++) {
    for (let p = 0; p < width; p++) {
      totals.actual[t] += pairs[t * width + p];
      totals.predicted[p] += pairs[t * width + p];
    }
    totals.hits[t] = pairs[t * width + t];
  }
  return totals;
}
