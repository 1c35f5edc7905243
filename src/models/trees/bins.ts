/**
 * Bins: how a column of numbers or categories becomes at most 255 ordered small numbers, with one more for "missing".
 *
 * A number falls into the bin whose upper edge is the first not below it. Few different values get a bin each, so
 * nothing is lost; more than that share bins of about equally many rows. Categories are put in the order of their
 * mean target first (for several classes: in the order of the first principal component of their class shares), which
 * makes the best of all 2^k subsets of categories a plain cut through the order: exact for two classes and for squared
 * error (Breiman et al. 1984, theorem 4.5), close for more (Coppersmith, Hong and Hosking 1999). It is done once for the
 * whole table, as Wright and König 2019 recommend for forests.
 */
import { orderCategories } from "./category-order.js";

/** The bin of a missing value, whatever the feature. */
export const MISSING_BIN = 255;
/** Bins for values that are there. */
export const MOST_BINS = 255;

/** The bins of a numeric feature: bin i holds `edges[i - 1] < value <= edges[i]`; there is one bin more than edges. */
export interface NumberBins {
  readonly kind: "number";
  readonly edges: Float64Array;
}

/** The bins of a categorical feature: code i of the training table goes to bin `binOfCode[i]`. */
export interface CategoryBins {
  readonly kind: "category";
  readonly binOfCode: Uint8Array;
  readonly count: number;
}

export type FeatureBins = NumberBins | CategoryBins;

/** A column as the trees take it: numbers with NaN for missing, or codes with -1 for missing. */
export type TreeColumn =
  | { readonly kind: "number"; readonly values: Float64Array }
  | { readonly kind: "category"; readonly codes: Int32Array; readonly categories: number };

/** Bins of a feature that hold values; the missing bin is not counted. */
export function binCount(bins: FeatureBins): number {
  return bins.kind === "number" ? bins.edges.length + 1 : bins.count;
}

/** Above this many rows the edges of a continuous column come from evenly spaced rows: their error is far below a bin. */
const ROWS_FOR_EDGES = 200_000;

/**
 * Chooses the edges of a numeric column: half-way between neighbouring values when there are at most `most` of them,
 * else at quantiles.
 *
 * @example
 * numberBins(Float64Array.of(1, 2, 2, 5)).edges; // 1.5, 3.5
 */
export function numberBins(values: Float64Array, most = MOST_BINS): NumberBins {
  const sorted = sortedSample(values);
  const distinct = distinctUpTo(sorted, most);
  if (distinct !== null) {
    const edges = new Float64Array(Math.max(0, distinct.length - 1));
    for (let i = 0; i < edges.length; i++) edges[i] = between(distinct[i], distinct[i + 1]);
    return { kind: "number", edges };
  }
  return { kind: "number", edges: quantileEdges(sorted, most) };
}

function sortedSample(values: Float64Array): Float64Array {
  const step = Math.max(1, Math.floor(values.length / ROWS_FOR_EDGES));
  const sample = new Float64Array(Math.ceil(values.length / step));
  let count = 0;
  for (let i = 0; i < values.length; i += step) {
    // Adding 0 makes -0 into 0: they are one value.
    if (!Number.isNaN(values[i])) sample[count++] = values[i] + 0;
  }
  return sample.subarray(0, count).sort();
}

function distinctUpTo(sorted: Float64Array, most: number): number[] | null {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    if (distinct.length === most) return null;
    distinct.push(sorted[i]);
  }
  return distinct;
}

/** Cuts so that each bin holds about its share of what is left; a value that fills several shares gets one bin. */
function quantileEdges(sorted: Float64Array, most: number): Float64Array {
  const edges: number[] = [];
  let from = 0;
  let at = 0;
  while (at < sorted.length && edges.length < most - 1) {
    const share = (sorted.length - from) / (most - edges.length);
    let end = at + 1;
    while (end < sorted.length && sorted[end] === sorted[at]) end++;
    if (end - from >= share && end < sorted.length) {
      edges.push(between(sorted[end - 1], sorted[end]));
      from = end;
    }
    at = end;
  }
  return Float64Array.from(edges);
}

/** A number with `low <= it < high`, half-way where doubles allow. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/**
 * Chooses the bins of a categorical column from its order by target. Categories with no rows go to the missing bin, as
 * do categories that were never seen. More than `most` categories share bins with their neighbours in the order.
 */
export function categoryBins(codes: Int32Array, categories: number, target: CategoryTarget, most = MOST_BINS): CategoryBins {
  const { order, rows } = orderCategories(codes, categories, target);
  const binOfCode = new Uint8Array(categories).fill(MISSING_BIN);
  let total = 0;
  for (const code of order) total += rows[code];
  let bin = 0;
  let held = 0;
  let left = order.length;
  for (const code of order) {
    const share = total / (most - bin);
    if (held > 0 && bin < most - 1 && (left <= most - bin - 1 || order.length <= most || held + rows[code] / 2 >= share)) {
      total -= held;
      bin++;
      held = 0;
    }
    binOfCode[code] = bin;
    held += rows[code];
    left--;
  }
  return { kind: "category", binOfCode, count: order.length === 0 ? 1 : bin + 1 };
}

/** What categories are put in order by: the mean of `values`, or the shares of `classes` classes. */
export type CategoryTarget =
  | { readonly kind: "sums"; readonly values: Float64Array; readonly weights: Float64Array }
  | { readonly kind: "classes"; readonly labels: Int32Array; readonly classes: number; readonly weights: Float64Array };

/** Chooses the bins of one column. */
export function featureBins(column: TreeColumn, target: CategoryTarget, most = MOST_BINS): FeatureBins {
  return column.kind === "number" ? numberBins(column.values, most) : categoryBins(column.codes, column.categories, target, most);
}

/** Steps of the table that says where to begin looking for a value's bin. */
const STEPS = 1024;

/** Writes each row's bin to `out[start + row * stride]`. */
export function writeBins(column: TreeColumn, bins: FeatureBins, out: Uint8Array, start: number, stride: number): void {
  if (bins.kind === "category") {
    const codes = (column as { codes: Int32Array }).codes;
    const { binOfCode } = bins;
    for (let i = 0, at = start; i < codes.length; i++, at += stride) {
      out[at] = codes[i] < 0 ? MISSING_BIN : binOfCode[codes[i]];
    }
    return;
  }
  const values = (column as { values: Float64Array }).values;
  const { edges } = bins;
  const count = edges.length;
  if (count === 0) {
    for (let i = 0, at = start; i < values.length; i++, at += stride) out[at] = Number.isNaN(values[i]) ? MISSING_BIN : 0;
    return;
  }
  const low = edges[0];
  const high = edges[count - 1];
  const perStep = STEPS / (high - low);
  // Without a usable spacing (one edge, or edges whose distance overflows) every search starts at the first edge.
  const scale = Number.isFinite(perStep) ? perStep : 0;
  const first = new Uint8Array(STEPS + 1);
  for (let step = 0, edge = 0; step <= STEPS; step++) {
    // One step early, against the rounding of the product below.
    while (scale > 0 && edge < count - 1 && edges[edge] < low + (step - 1) / scale) edge++;
    first[step] = edge;
  }
  for (let i = 0, at = start; i < values.length; i++, at += stride) {
    const value = values[i];
    if (value <= low) out[at] = 0;
    else if (value > high) out[at] = count;
    else if (value !== value) out[at] = MISSING_BIN;
    else {
      let edge = first[((value - low) * scale) | 0];
      while (edges[edge] < value) edge++;
      out[at] = edge;
    }
  }
}
