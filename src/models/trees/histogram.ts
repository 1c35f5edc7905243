/**
 * Histograms: per bin of a feature the sums over the rows that fall into it.
 *
 * A histogram has 256 bins of `channels` numbers: the weight of each class, or the sum of weight times target and of
 * weight; last, when leaves have a least size, the number of rows. All are whole numbers, so sums are exact and
 * "parent minus one child" is the other child to the bit.
 *
 * These loops are where the time goes: each is a plain pass over typed arrays without a call or an allocation.
 */

/** Bins of a histogram, the missing bin included. */
export const HISTOGRAM_BINS = 256;

/** The rows of a tree, in an order that keeps each node's rows together; all arrays move as one. */
export interface TreeRows {
  /** Where the row's first bin is in the table. */
  readonly offsets: Int32Array;
  /** Whole-number weights, above zero. */
  readonly weights: Float64Array;
  /** The class of each row, or null for a quantity. */
  readonly labels: Int32Array | null;
  /** The whole-number target of each row, or null for classes. */
  readonly values: Float64Array | null;
}

/** Adds the rows `from` to `to` to the histogram of one feature, which begins at `base`; the feature's bins begin at `start`. */
export function addRows(histogram: Float64Array, base: number, bins: Uint8Array, start: number, rows: TreeRows, from: number, to: number, channels: number, counted: boolean): void {
  if (rows.labels !== null) addClasses(histogram, base, bins, start, rows.offsets, rows.weights, rows.labels, from, to, channels);
  else addSums(histogram, base, bins, start, rows.offsets, rows.weights, rows.values!, from, to, channels);
  if (counted) addCounts(histogram, base + channels - 1, bins, start, rows.offsets, from, to, channels);
}

function addClasses(histogram: Float64Array, base: number, bins: Uint8Array, start: number, offsets: Int32Array, weights: Float64Array, labels: Int32Array, from: number, to: number, channels: number): void {
  for (let p = from; p < to; p++) {
    histogram[base + bins[offsets[p] + start] * channels + labels[p]] += weights[p];
  }
}

function addSums(histogram: Float64Array, base: number, bins: Uint8Array, start: number, offsets: Int32Array, weights: Float64Array, values: Float64Array, from: number, to: number, channels: number): void {
  for (let p = from; p < to; p++) {
    const at = base + bins[offsets[p] + start] * channels;
    const weight = weights[p];
    histogram[at] += weight * values[p];
    histogram[at + 1] += weight;
  }
}

function addCounts(histogram: Float64Array, base: number, bins: Uint8Array, start: number, offsets: Int32Array, from: number, to: number, channels: number): void {
  for (let p = from; p < to; p++) histogram[base + bins[offsets[p] + start] * channels]++;
}

/** Turns the parent's histogram into that of the child whose sibling's is given. */
export function subtract(parent: Float64Array, child: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i] -= child[i];
}

/** Bins in use, as bits: which of 256 bins the rows of a small node touch. */
export type BinMask = Int32Array;

/** A mask with no bin set. */
export function binMask(): BinMask {
  return new Int32Array(HISTOGRAM_BINS / 32);
}

/** Sets the bits of the bins that the rows fall into. */
export function markBins(mask: BinMask, bins: Uint8Array, start: number, offsets: Int32Array, from: number, to: number): void {
  for (let p = from; p < to; p++) {
    const bin = bins[offsets[p] + start];
    mask[bin >> 5] |= 1 << (bin & 31);
  }
}

/** Writes the bins of a mask into `out` in ascending order, clears the mask, and returns how many there were. */
export function takeBins(mask: BinMask, out: Int32Array): number {
  let count = 0;
  for (let word = 0; word < mask.length; word++) {
    let bits = mask[word];
    if (bits === 0) continue;
    mask[word] = 0;
    while (bits !== 0) {
      const lowest = bits & -bits;
      out[count++] = (word << 5) + 31 - Math.clz32(lowest);
      bits ^= lowest;
    }
  }
  return count;
}

/** Writes the bins that hold rows into `out` in ascending order, looking at every bin in use and the missing bin. */
export function occupiedBins(histogram: Float64Array, base: number, binsInUse: number, channels: number, classes: number, out: Int32Array): number {
  let count = 0;
  for (let bin = 0; bin < binsInUse; bin++) {
    if (occupied(histogram, base + bin * channels, classes)) out[count++] = bin;
  }
  if (occupied(histogram, base + (HISTOGRAM_BINS - 1) * channels, classes)) out[count++] = HISTOGRAM_BINS - 1;
  return count;
}

function occupied(histogram: Float64Array, at: number, classes: number): boolean {
  if (classes === 0) return histogram[at + 1] !== 0;
  for (let k = 0; k < classes; k++) if (histogram[at + k] !== 0) return true;
  return false;
}

/** Empties the given bins. */
export function clearBins(histogram: Float64Array, base: number, channels: number, bins: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = base + bins[i] * channels;
    for (let c = 0; c < channels; c++) histogram[at + c] = 0;
  }
}
