/**
 * Quantiles as LightGBM takes them for initial scores and leaves.
 */
import { orderStatistic, smallestFrom } from "./order-statistic.js";

/**
 * The quantile of some values, between its two neighbours when it falls between them. `values` is reordered.
 *
 * @param values not empty.
 *
 * @example
 * quantileOf(Float64Array.of(3, 1, 2, 10), 0.5); // 2.5
 */
export function quantileOf(values: Float64Array, quantile: number): number {
  const count = values.length;
  if (count === 1) return values[0];
  // Counted from the largest value, as LightGBM does: which side a rounding falls on is then the same.
  const place = (count - 1) * (1 - quantile);
  const before = Math.floor(place) + 1;
  if (before < 1) return orderStatistic(values, count - 1);
  if (before >= count) return orderStatistic(values, 0);
  const lower = orderStatistic(values, count - 1 - before);
  const upper = smallestFrom(values, count - before);
  return upper - (upper - lower) * (place - (before - 1));
}

/**
 * The quantile of values that count `weights`: where the running sum of weights meets `quantile` of their total, between
 * the value before and the one that passes it. Neither array is changed.
 *
 * As in LightGBM, a value of less than a weight of 1 is not shared out: the value before stands for it. Weights that are
 * ten times as large may therefore give another quantile.
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
  let before = 0;
  let at = 0;
  while (at < count - 1 && before + weights[order[at]] <= threshold) before += weights[order[at++]];
  const upper = values[order[at]];
  if (at === 0 || at === count - 1) return upper;
  const lower = values[order[at - 1]];
  const weight = weights[order[at]];
  return weight < 1 ? lower : lower + ((threshold - before) / weight) * (upper - lower);
}
