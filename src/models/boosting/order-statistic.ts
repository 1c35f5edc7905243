/**
 * The k-th smallest of many numbers, without sorting them all.
 */

/**
 * Puts the `k`-th smallest value (from 0) at place `k`, none greater before it and none smaller behind it, and returns
 * it (Hoare's selection, the pivot the middle one of three). No value may be NaN.
 *
 * @example
 * orderStatistic(Float64Array.of(5, 1, 4, 2), 1); // 2
 */
export function orderStatistic(values: Float64Array | Float32Array, k: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = middleOf(values[from], values[(from + to) >> 1], values[to]);
    let i = from;
    let j = to;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const held = values[i];
      values[i++] = values[j];
      values[j--] = held;
    }
    // Between j and i stand values equal to the pivot.
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k];
}

function middleOf(a: number, b: number, c: number): number {
  if (a > b) return b > c ? b : a > c ? c : a;
  return a > c ? a : b > c ? c : b;
}

/** The smallest value from a place on. */
export function smallestFrom(values: Float64Array, from: number): number {
  let least = values[from];
  for (let i = from + 1; i < values.length; i++) if (values[i] < least) least = values[i];
  return least;
}
