/**
 * Medians, plain and weighted.
 */
import { sortedScores } from "./sort-scores.js";

/** The middle value, or the mean of the two; changes the order of the values it is given. */
export function median(values: Float64Array): number {
  const sorted = values.sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * The value at which half of the weight is reached, or the mean of it and the next one that has weight when half is
 * reached exactly: scikit-learn's averaged weighted percentile (Hyndman and Fan 1996).
 */
export function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const { rows } = sortedScores(values);
  rows.reverse();
  let total = 0;
  for (let i = 0; i < rows.length; i++) total += weights[rows[i]];
  const half = total / 2;
  let below = 0;
  for (let i = 0; i < rows.length; i++) {
    below += weights[rows[i]];
    if (below < half) continue;
    if (below - half > Number.EPSILON) return values[rows[i]];
    let next = i + 1;
    while (next < rows.length && weights[rows[next]] === 0) next++;
    return next < rows.length ? (values[rows[i]] + values[rows[next]]) / 2 : values[rows[i]];
  }
  return values[rows[rows.length - 1]];
}
