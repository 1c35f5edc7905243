/**
 * Where boosting cuts a column of numbers into bins.
 */

/** A column for boosting: numbers with NaN for missing, or codes with -1 for missing. */
export type BoostColumn =
  | { readonly kind: "number"; readonly values: Float64Array }
  | { readonly kind: "category"; readonly codes: Int32Array; readonly categories: number };

/** Above this many rows the edges come from evenly spaced rows: a bin then has its share to within a few hundredths. */
export const ROWS_FOR_EDGES = 65_536;

/**
 * The upper edges of a column's bins but the last: half-way between neighbouring values when there are at most `most`
 * of them, else about equally many rows a bin, where a value with more than a bin's share has a bin alone.
 *
 * Plain quantiles put the rows next to such a value into its bin and give away what the value takes twice; on columns
 * that are mostly zero that costs accuracy.
 *
 * @example
 * boostEdges(Float64Array.of(1, 2, 2, 5), 255, 1); // 1.5, 3.5
 */
export function boostEdges(values: Float64Array, most: number, minRows: number, count: CountValues = countSorted): Float64Array {
  const { distinct, counts, rows } = countValues(values, count);
  if (distinct.length <= most) return cutAll(distinct, counts, minRows);
  return cutGreedily(distinct, counts, rows, most, minRows);
}

/** The values of a column in ascending order, each with its rows. */
interface Values {
  readonly distinct: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  readonly rows: number;
}

/** The different values of a sample, which it may change. */
export type CountValues = (sample: Float64Array) => { readonly distinct: ArrayLike<number>; readonly counts: ArrayLike<number> };

function countValues(values: Float64Array, count: CountValues): Values {
  const range = wholeRange(values);
  if (range !== null) return countWhole(values, range.low, range.high);
  const sample = sampleOf(values);
  return { ...count(sample), rows: sample.length };
}

/** Evenly spaced rows that have a value. */
function sampleOf(values: Float64Array): Float64Array {
  const rows = Math.min(values.length, ROWS_FOR_EDGES);
  const step = values.length / rows;
  const sample = new Float64Array(rows);
  let taken = 0;
  for (let i = 0; i < rows; i++) {
    // Adding 0 makes -0 into 0: they are one value.
    const value = values[Math.floor(i * step)] + 0;
    if (value === value) sample[taken++] = value;
  }
  return sample.subarray(0, taken);
}

/** Widest range of whole numbers that are counted in place. */
const MOST_WHOLE = 65536;

/** The range of a column of whole numbers (and missing values) close to each other; null for others. */
export function wholeRange(values: Float64Array): { low: number; high: number } | null {
  let low = 0;
  let high = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== (value | 0)) {
      if (value !== value) continue;
      return null;
    }
    if (high < low) {
      low = value;
      high = value;
    } else if (value < low) low = value;
    else if (value > high) high = value;
    if (high - low >= MOST_WHOLE) return null;
  }
  return high < low ? null : { low, high };
}

function countWhole(values: Float64Array, low: number, high: number): Values {
  const rows = new Uint32Array(high - low + 1);
  let all = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    rows[(value | 0) - low]++;
    all++;
  }
  const distinct: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === 0) continue;
    distinct.push(low + i);
    counts.push(rows[i]);
  }
  return { distinct, counts, rows: all };
}

function countSorted(sample: Float64Array): { distinct: number[]; counts: number[] } {
  const sorted = sample.sort();
  const distinct: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < sorted.length; ) {
    let end = i + 1;
    while (end < sorted.length && sorted[end] === sorted[i]) end++;
    distinct.push(sorted[i]);
    counts.push(end - i);
    i = end;
  }
  return { distinct, counts };
}

/** A cut after each value, once `minRows` rows have come together. */
function cutAll(distinct: ArrayLike<number>, counts: ArrayLike<number>, minRows: number): Float64Array {
  const edges: number[] = [];
  let held = 0;
  for (let i = 0; i + 1 < distinct.length; i++) {
    held += counts[i];
    if (held < minRows) continue;
    edges.push(between(distinct[i], distinct[i + 1]));
    held = 0;
  }
  return Float64Array.from(edges);
}

function cutGreedily(distinct: ArrayLike<number>, counts: ArrayLike<number>, rows: number, most: number, minRows: number): Float64Array {
  const bins = Math.max(1, Math.min(most, Math.floor(rows / minRows)));
  const share = rows / bins;
  // Values with a whole share have a bin alone; the others divide what is left.
  let alone = 0;
  let left = rows;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] < share) continue;
    alone++;
    left -= counts[i];
  }
  let binsLeft = bins - alone;
  let wanted = left / binsLeft;
  const edges: number[] = [];
  let held = 0;
  for (let i = 0; i + 1 < distinct.length && edges.length < bins - 1; i++) {
    const big = counts[i] >= share;
    if (!big) left -= counts[i];
    held += counts[i];
    const nextBig = counts[i + 1] >= share;
    if (!big && held < wanted && !(nextBig && held >= Math.max(1, wanted / 2))) continue;
    edges.push(between(distinct[i], distinct[i + 1]));
    held = 0;
    if (big) continue;
    binsLeft--;
    wanted = left / Math.max(1, binsLeft);
  }
  return Float64Array.from(edges);
}

/** A number with `low <= it < high`, half-way where doubles allow. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}
