/**
 * Quantiles as LightGBM takes them for initial scores and leaves.
 */

/**
 * The quantile of some values, between its two neighbours when it falls between them. `values` is sorted in place. *
 * @param values not empty.
 *
 * @example
 * quantileOf(Float64Array.of(3, 1, 2, 10), 0.5); // 2.5
 */
export function quantileOf(values: Float64Array, quantile: number): number {
  const count = values.length;
  if (count === 1) return values[0];
  values.sort();
  // Counted from the largest value, as LightGBM does: which side a rounding falls on is then the same.
  const place = (count - 1) * (1 - quantile);
  const before = Math.floor(place) + 1;
  if (before < 1) return values[count - 1];
  if (before >= count) return values[0];
  const upper = values[count - before];
  const lower = values[count - 1 - before];
  return upper - (upper - lower) * (place - (before - 1));
}

/**
 * The value at which the running sum of weights passes `quantile` of their total; half-way to the value before where it
 * meets it exactly. Neither array is changed.
 *
 * LightGBM takes the same value while weights are below 1. From 1 on it goes on below the lower neighbour, so that four
 * weights of 2 give another median than four weights of 1; that is not followed here.
 *
 * @example
 * weightedQuantileOf(Float64Array.of(3, 1, 2), Float64Array.of(5, 1, 1), 0.5); // 3
 */
export function weightedQuantileOf(values: Float64Array, weights: Float64Array, quantile: number): number {
  const count = values.length;
  if (count === 1) return values[0];
  const order = new Uint32Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    order[i] = i;
    total += weights[i];
  }
  // Equal values keep their order, as the sort of typed arrays is stable.
  order.sort((a, b) => values[a] - values[b]);
  const threshold = total * quantile;
  let running = 0;
  for (let at = 0; at < count; at++) {
    running += weights[order[at]];
    if (running > threshold) return values[order[at]];
    if (running === threshold && at + 1 < count) return values[order[at]] / 2 + values[order[at + 1]] / 2;
  }
  return values[order[count - 1]];
}
