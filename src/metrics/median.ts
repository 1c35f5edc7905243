/**
 * Medians, plain and weighted.
 */
import { sortedScores } from "./sort-scores.js";

/** The middle value, or the mean of the two; changes the order of the values it is given. */
export function median(values: Float64Array): number {
  const { some, below } = aroundMiddle(values);
  const half = (values.length >> 1) - below;
  const middle = selected(some, half);
  if (values.length % 2 === 1) return middle;
  // What lies before the middle is not above it: the largest of it is the other one.
  let other = -Infinity;
  for (let i = 0; i < half; i++) if (some[i] > other) other = some[i];
  return (other + middle) / 2;
}

const CELLS = 4096;

/** The values of the cells that the middle is in, and how many lie below: of many values, those few are all that matters. */
function aroundMiddle(values: Float64Array): { some: Float64Array; below: number } {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  const scale = (CELLS - 1) / (most - least);
  if (values.length < CELLS || !(scale > 0 && scale < Infinity)) return { some: values, below: 0 };
  const counts = new Uint32Array(CELLS);
  for (let i = 0; i < values.length; i++) counts[((values[i] - least) * scale) | 0]++;
  const half = values.length >> 1;
  let below = 0;
  let first = 0;
  while (below + counts[first] < half) below += counts[first++];
  let last = first;
  let inside = counts[first];
  while (below + inside <= half) inside += counts[++last];
  const some = new Float64Array(inside);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    const cell = ((values[i] - least) * scale) | 0;
    if (cell >= first && cell <= last) some[at++] = values[i];
  }
  return { some, below };
}

/**
 * The value that would stand at place `k` if the values were sorted; moves smaller ones before it and larger ones behind.
 * Hoare's selection, with the middle of three as the pivot; a range that will not shrink is sorted.
 */
function selected(values: Float64Array, k: number): number {
  let from = 0;
  let end = values.length - 1;
  for (let turns = 0; from < end; turns++) {
    if (turns > 64) {
      values.subarray(from, end + 1).sort();
      break;
    }
    const a = values[from];
    const b = values[(from + end) >> 1];
    const c = values[end];
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let i = from;
    let j = end;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const held = values[i];
      values[i++] = values[j];
      values[j--] = held;
    }
    if (k <= j) end = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k];
}

/**
 * The value at which half of the weight is reached, or the mean of it and the next one that has weight when half is
 * reached exactly: scikit-learn's averaged weighted percentile (Hyndman and Fan 1996).
 */
export function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const { tags: rows } = sortedScores(values);
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
