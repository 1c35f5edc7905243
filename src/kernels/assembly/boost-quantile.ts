// A quantile of the residuals of each leaf: what models/boosting/quantile.ts computes, step for step.
import { INDEX, LEAVES, QUANTILE, QUANTILES, RANGES, RANGE_BYTES, RESIDUALS, ROWS, SCORES, TARGET, WORTH_SWEEP } from "../boost-layout";
import { crewSize, fork } from "./crew";

/** Writes the quantile of target less score for each leaf of the last tree; NaN for a leaf without rows. */
export function leafQuantiles(P: usize): void {
  if (load<i32>(P, ROWS) >= load<i32>(P, WORTH_SWEEP)) fork(quantilesOf, P);
  else for (let s = 0; s < crewSize(); s++) quantilesOf(P, s);
}

/** Every so-manieth leaf is a thread's own. */
function quantilesOf(P: usize, shard: i32): void {
  const leaves = load<i32>(P, LEAVES);
  const ranges = <usize>load<u32>(P, RANGES);
  const index = <usize>load<u32>(P, INDEX);
  const scores = <usize>load<u32>(P, SCORES);
  const target = <usize>load<u32>(P, TARGET);
  let values = <usize>load<u32>(P, RESIDUALS);
  for (let leaf = 0; leaf < leaves; leaf++) {
    const mine = leaf % crewSize() == shard;
    let to = values;
    for (let s = 0; s < crewSize(); s++) {
      const range = ranges + <usize>s * <usize>load<u32>(P, RANGE_BYTES) + (<usize>leaf << 3);
      const count = <usize>load<i32>(range, 4);
      if (mine) {
        let at = index + (<usize>load<i32>(range) << 2);
        for (let end = at + (count << 2), out = to; at < end; at += 4, out += 8) {
          const row = <usize>load<u32>(at) << 2;
          store<f64>(out, <f64>load<f32>(target + row) - <f64>load<f32>(scores + row));
        }
      }
      to += count << 3;
    }
    if (mine) store<f64>(<usize>load<u32>(P, QUANTILES) + (<usize>leaf << 3), quantileOf(values, <i32>((to - values) >> 3), load<f64>(P, QUANTILE)));
    values = to;
  }
}

@inline function valueAt(values: usize, i: i32): f64 {
  return load<f64>(values + (<usize>i << 3));
}

function quantileOf(values: usize, count: i32, quantile: f64): f64 {
  if (count == 0) return NaN;
  if (count == 1) return load<f64>(values);
  const place = <f64>(count - 1) * (1 - quantile);
  const before = <i32>floor(place) + 1;
  if (before < 1) return orderStatistic(values, count, count - 1);
  if (before >= count) return orderStatistic(values, count, 0);
  const lower = orderStatistic(values, count, count - 1 - before);
  let upper = valueAt(values, count - before);
  for (let i = count - before + 1; i < count; i++) upper = min<f64>(upper, valueAt(values, i));
  return upper - (upper - lower) * (place - <f64>(before - 1));
}

/** The value of this rank, from 0: Hoare's selection, the pivot the middle one of three. */
function orderStatistic(values: usize, count: i32, rank: i32): f64 {
  let from = 0;
  let to = count - 1;
  while (from < to) {
    const a = valueAt(values, from);
    const b = valueAt(values, (from + to) >> 1);
    const c = valueAt(values, to);
    const pivot = max<f64>(min<f64>(a, b), min<f64>(max<f64>(a, b), c));
    let i = from;
    let j = to;
    while (i <= j) {
      while (valueAt(values, i) < pivot) i++;
      while (valueAt(values, j) > pivot) j--;
      if (i > j) break;
      const held = valueAt(values, i);
      store<f64>(values + (<usize>i << 3), valueAt(values, j));
      store<f64>(values + (<usize>j << 3), held);
      i++;
      j--;
    }
    if (rank <= j) to = j;
    else if (rank >= i) from = i;
    else break;
  }
  return valueAt(values, rank);
}
