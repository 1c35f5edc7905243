/**
 * Where boosting cuts a column of numbers into bins.
 */

/** A column for boosting: numbers with NaN for missing, or codes with -1 for missing. */
export type BoostColumn =
  | { readonly kind: "number"; readonly values: Float64Array }
  | { readonly kind: "category"; readonly codes: Int32Array; readonly categories: number };

/** Above this many rows the edges come from evenly spaced rows. */
const ROWS_FOR_EDGES = 200_000;

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
export function boostEdges(values: Float64Array, most: number, minRows: number): Float64Array {
  const { distinct, counts, rows } = countValues(values);
  if (distinct.length <= most) return cutAll(distinct, counts, minRows);
  return cutGreedily(distinct, counts, rows, most, minRows);
}

function countValues(values: Float64Array): { distinct: number[]; counts: number[]; rows: number } {
  const step = Math.max(1, Math.floor(values.length / ROWS_FOR_EDGES));
  const sample = new Float64Array(Math.ceil(values.length / step));
  let rows = 0;
  for (let i = 0; i < values.length; i += step) {
    // Adding 0 makes -0 into 0: they are one value.
    if (!Number.isNaN(values[i])) sample[rows++] = values[i] + 0;
  }
  const sorted = sample.subarray(0, rows).sort();
  const distinct: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < rows; ) {
    let end = i + 1;
    while (end < rows && sorted[end] === sorted[i]) end++;
    distinct.push(sorted[i]);
    counts.push(end - i);
    i = end;
  }
  return { distinct, counts, rows };
}

/** A cut after each value, once `minRows` rows have come together. */
function cutAll(distinct: readonly number[], counts: readonly number[], minRows: number): Float64Array {
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

function cutGreedily(distinct: readonly number[], counts: readonly number[], rows: number, most: number, minRows: number): Float64Array {
  const bins = Math.max(1, Math.min(most, Math.floor(rows / minRows)));
  const share = rows / bins;
  // Values with a whole share have a bin alone; the others divide what is left.
  let alone = 0;
  let left = rows;
  for (const count of counts) {
    if (count < share) continue;
    alone++;
    left -= count;
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
