/**
 * Medians: what missing values are filled in with.
 */
import type { Moments } from "./moments.js";

/** Where nothing is missing in training, so many rows say well enough what a later missing value counts as. */
const ENOUGH = 2047;

/**
 * What a missing value of a column counts as: the median of the values there are. Of a column without missing values, where
 * it changes nothing in training, that of 2,047 rows spread evenly, or of all when there are fewer; NaN when there is no value.
 */
export function fillOf(values: Float64Array | Uint8Array, { count, missing, flags, mean }: Moments): number {
  if (count === 0) return NaN;
  if (flags) {
    const ones = Math.round(mean * count);
    return 2 * ones < count ? 0 : 2 * ones > count ? 1 : 0.5;
  }
  if (missing > 0 || values.length <= ENOUGH) return medianOf(values);
  const step = values.length / ENOUGH;
  const some = new Float64Array(ENOUGH);
  for (let i = 0; i < ENOUGH; i++) some[i] = values[Math.floor(i * step)];
  return medianOf(some);
}

/** The median of the values that are not NaN; NaN when there is none. */
export function medianOf(values: Float64Array | Uint8Array): number {
  const present = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === value) present[count++] = value;
  }
  if (count === 0) return NaN;
  const all = present.subarray(0, count);
  const middle = count >> 1;
  const upper = ranked(all, middle);
  if (count % 2 === 1) return upper + 0;
  let below = 0;
  let lower = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = all[i];
    if (value >= upper) continue;
    below++;
    if (value > lower) lower = value;
  }
  return ((below < middle ? upper : lower) + upper) / 2 + 0;
}

/** So few values are sorted. */
const FEW = 64;

/**
 * The value of that rank: what lies on its side of a pivot is written out and looked at again. Every value is written and
 * only the place moves on, which costs less than a branch that nobody can foresee.
 */
function ranked(values: Float64Array, rank: number): number {
  let left = values;
  let wanted = rank;
  while (left.length > FEW) {
    const pivot = middleOf(left[0], left[left.length >> 1], left[left.length - 1]);
    const side = new Float64Array(left.length + 1);
    let below = 0;
    let same = 0;
    for (let i = 0; i < left.length; i++) {
      const value = left[i];
      side[below] = value;
      below += value < pivot ? 1 : 0;
      same += value === pivot ? 1 : 0;
    }
    if (wanted < below) {
      left = side.subarray(0, below);
      continue;
    }
    wanted -= below + same;
    if (wanted < 0) return pivot;
    let above = 0;
    for (let i = 0; i < left.length; i++) {
      const value = left[i];
      side[above] = value;
      above += value > pivot ? 1 : 0;
    }
    left = side.subarray(0, above);
  }
  return left.slice().sort()[wanted];
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
