/**
 * Values by their rank, without sorting all of them.
 */

/** The values that are not NaN, in a new array. */
export function presentValues(values: Float64Array): Float64Array {
  const present = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) present[count++] = values[i];
  return present.subarray(0, count);
}

/**
 * The value of that rank, counted from 0; reorders the array so that smaller ones stand before it and larger ones after.
 *
 * Hoare's quickselect with the median of three; where that makes no progress, the rest is sorted.
 */
export function selectRank(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  let rounds = 4 * Math.ceil(Math.log2(values.length + 1));
  while (high > low) {
    if (high - low < 32 || rounds-- === 0) {
      values.subarray(low, high + 1).sort();
      break;
    }
    const a = values[low];
    const b = values[(low + high) >> 1];
    const c = values[high];
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const held = values[i];
      values[i++] = values[j];
      values[j--] = held;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}

/**
 * A quantile between values by straight lines, as numpy's percentile computes it. Reorders the array.
 *
 * @param share from 0 to 1.
 *
 * @example
 * quantileOf(Float64Array.of(4, 1, 3, 2), 0.5); // 2.5
 */
export function quantileOf(values: Float64Array, share: number): number {
  const at = share * (values.length - 1);
  const below = Math.floor(at);
  const lower = selectRank(values, below);
  if (below + 1 >= values.length) return lower + 0;
  // What selectRank leaves after the rank is not smaller: the next value is the least of it.
  let upper = values[below + 1];
  for (let i = below + 2; i < values.length; i++) if (values[i] < upper) upper = values[i];
  return between(lower, upper, at - below);
}

/** The same of values that are sorted already. */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  return below + 1 >= sorted.length ? sorted[sorted.length - 1] + 0 : between(sorted[below], sorted[below + 1], at - below);
}

/** From the nearer end, as numpy does, so that results agree to the last bit. */
function between(lower: number, upper: number, share: number): number {
  const difference = upper - lower;
  return (share < 0.5 ? lower + difference * share : upper - difference * (1 - share)) + 0;
}
