/**
 * What a column of numbers is like, in few passes over it.
 */

/** Missing values (NaN) count for nothing but `missing`. */
export interface Moments {
  readonly count: number;
  readonly missing: number;
  readonly mean: number;
  /** Standard deviation of the population; 1 for a column that does not vary but for rounding. */
  readonly scale: number;
  /** NaN when there is no value. */
  readonly median: number;
  /** True when every value is 0 or 1. */
  readonly flags: boolean;
  /** The first row that holds an infinite value; -1 when none does. */
  readonly infiniteAt: number;
}

/** Values looked at together: they stay in the smallest cache while they are summed, squared and counted. */
const BLOCK = 1024;
/** The half of a float64 that holds sign and exponent lies second on the machines that Node runs on. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * Mean, deviation and median of a column.
 *
 * Block after block: the mean of a block first, then squares around it, joined by the formula of Chan, Golub and LeVeque
 * ("Updating formulae", 1979): exact to the last bits also when the mean is far from 0. For the median, a few values say
 * between which two it most likely lies, and only what lies there is looked at again (R. Floyd and R. Rivest, 1975).
 *
 * @param scratch from `scratchFor`, for columns of one length to share.
 */
export function momentsOf(values: Float64Array, scratch: Float64Array = scratchFor(values.length)): Moments {
  const n = values.length;
  const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * n);
  const middle = new Middle(values, scratch);
  let mean = 0;
  let squares = 0;
  let count = 0;
  let flags = true;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(n, start + BLOCK);
    const rough = blockSum(values, start, end) / (end - start);
    if (!Number.isFinite(rough)) return withGaps(values, bits);
    const length = end - start;
    const [rest, own] = blockSquares(values, start, end, rough);
    const delta = rough + rest / length - mean;
    squares += own - (rest * rest) / length + delta * delta * ((count * length) / (count + length));
    count += length;
    mean += (delta * length) / count;
    if (flags) flags = onlyFlags(values, start, end);
    if (!flags || start === 0) middle.look(values, start, end);
  }
  const median = flags ? flagMedian(mean) : middle.median() ?? countedMedian(values, bits);
  return { ...deviation(n, mean, squares), missing: 0, median, flags, infiniteAt: -1 };
}

/** Four running sums, so that an addition need not wait for the one before. */
function blockSum(values: Float64Array, start: number, end: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    a += values[i];
    b += values[i + 1];
    c += values[i + 2];
    d += values[i + 3];
  }
  for (; i < end; i++) a += values[i];
  return a + b + (c + d);
}

function blockSquares(values: Float64Array, start: number, end: number, rough: number): [rest: number, squares: number] {
  let rest0 = 0;
  let rest1 = 0;
  let squares0 = 0;
  let squares1 = 0;
  let i = start;
  for (; i + 2 <= end; i += 2) {
    const one = values[i] - rough;
    const two = values[i + 1] - rough;
    rest0 += one;
    rest1 += two;
    squares0 += one * one;
    squares1 += two * two;
  }
  for (; i < end; i++) {
    const last = values[i] - rough;
    rest0 += last;
    squares0 += last * last;
  }
  return [rest0 + rest1, squares0 + squares1];
}

/** Values that are looked at first. */
const SAMPLE = 1023;
/** Places to either side of the sample's middle: three standard deviations of where the median falls. */
const MARGIN = 48;

/** Of so few values all are kept. */
const SMALL = 4 * SAMPLE;

/** Room for the values near the middle of a column. Every value is written there, and stays when it lies near: hence some to spare. */
export function scratchFor(rows: number): Float64Array {
  return new Float64Array((rows <= SMALL ? rows : rows >> 1) + BLOCK);
}

/** Keeps what lies near the middle while blocks of a complete column go by. */
class Middle {
  readonly #rows: number;
  readonly #low: number;
  readonly #high: number;
  readonly #kept: Float64Array;
  #count = 0;
  #below = 0;
  #seen = 0;

  constructor(values: Float64Array, scratch: Float64Array) {
    this.#rows = values.length;
    const small = values.length <= SMALL;
    const step = values.length / SAMPLE;
    const sample = Float64Array.from({ length: SAMPLE }, (_, i) => values[Math.floor((i + 0.5) * step)] ?? 0).sort();
    this.#low = small ? -Infinity : sample[(SAMPLE >> 1) - MARGIN];
    this.#high = small ? Infinity : sample[(SAMPLE >> 1) + MARGIN];
    this.#kept = scratch;
  }

  look(values: Float64Array, start: number, end: number): void {
    const kept = this.#kept;
    const low = this.#low;
    const high = this.#high;
    let count = this.#count;
    let below = 0;
    this.#seen += end - start;
    if (count + BLOCK > kept.length) return;
    for (let i = start; i < end; i++) {
      const value = values[i];
      kept[count] = value;
      count += value >= low && value <= high ? 1 : 0;
      below += value < low ? 1 : 0;
    }
    this.#count = count;
    this.#below += below;
  }

  /** Null when the middle was missed, too much lay near it, or not all blocks have been looked at. */
  median(): number | null {
    const rank = (this.#rows >> 1) - this.#below;
    const even = this.#rows % 2 === 0;
    if (this.#seen < this.#rows || this.#count + BLOCK > this.#kept.length || rank - (even ? 1 : 0) < 0 || rank >= this.#count) return null;
    const near = this.#kept.subarray(0, this.#count);
    const upper = select(near, rank);
    return even ? (largest(near, rank) + upper) / 2 + 0 : upper + 0;
  }
}

function countedMedian(values: Float64Array, bits: Uint32Array): number {
  const counts = new Uint32Array(65536);
  for (let i = 0; i < values.length; i++) counts[bucketOf(bits[2 * i + HIGH])]++;
  return medianOf(values, bits, counts, values.length);
}

/** The same where some values are missing or infinite. */
function withGaps(values: Float64Array, bits: Uint32Array): Moments {
  const counts = new Uint32Array(65536);
  let count = 0;
  let sum = 0;
  let infiniteAt = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    if (value === Infinity || value === -Infinity) {
      if (infiniteAt < 0) infiniteAt = i;
      continue;
    }
    counts[bucketOf(bits[2 * i + HIGH])]++;
    count++;
    sum += value;
  }
  const rough = count === 0 ? 0 : sum / count;
  let rest = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i] - rough;
    if (difference !== difference || difference === Infinity || difference === -Infinity) continue;
    rest += difference;
    squares += difference * difference;
  }
  const mean = count === 0 ? 0 : rough + rest / count;
  const flags = onlyFlags(values, 0, values.length);
  const median = count === 0 ? NaN : infiniteAt >= 0 ? rough : medianOf(values, bits, counts, count);
  return { ...deviation(count, mean, count === 0 ? 0 : squares - (rest * rest) / count), missing: values.length - count, median, flags, infiniteAt };
}

function deviation(count: number, mean: number, squares: number): { count: number; mean: number; scale: number } {
  if (count === 0) return { count, mean: 0, scale: 1 };
  const variance = Math.max(0, squares / count);
  // scikit-learn's bound for "does not vary but for rounding": n eps var + (n mean eps)^2.
  const bound = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) * (count * mean * Number.EPSILON);
  const root = Math.sqrt(variance);
  // Adding 0 makes a negative zero, which JSON does not keep, a plain one.
  return { count, mean: mean + 0, scale: variance <= bound || root < 10 * Number.EPSILON ? 1 : root };
}

function onlyFlags(values: Float64Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const value = values[i];
    if (value !== 0 && value !== 1 && value === value) return false;
  }
  return true;
}

function flagMedian(mean: number): number {
  return mean < 0.5 ? 0 : mean > 0.5 ? 1 : 0.5;
}

/**
 * The median by counting values by their leading 16 bits, and looking again only at those that share the bits of the
 * middle.
 */
function medianOf(values: Float64Array, bits: Uint32Array, counts: Uint32Array, count: number): number {
  const middle = count >> 1;
  let bucket = 0;
  let before = 0;
  while (before + counts[bucket] <= middle) before += counts[bucket++];
  const same = gather(values, bits, bucket, counts[bucket]);
  const upper = select(same, middle - before);
  if (count % 2 === 1) return upper + 0;
  if (middle - 1 >= before) return (largest(same, middle - before) + upper) / 2 + 0;
  let below = bucket - 1;
  while (counts[below] === 0) below--;
  const lower = gather(values, bits, below, counts[below]);
  return (largest(lower, lower.length) + upper) / 2 + 0;
}

/** The order of these 16 bits is the order of the numbers: negative ones come reversed. */
function bucketOf(high: number): number {
  const top = high >>> 16;
  return top >= 0x8000 ? 0xffff - top : top + 0x8000;
}

function gather(values: Float64Array, bits: Uint32Array, bucket: number, count: number): Float64Array {
  const same = new Float64Array(count);
  let found = 0;
  for (let i = 0; i < values.length; i++) if (bucketOf(bits[2 * i + HIGH]) === bucket && values[i] === values[i]) same[found++] = values[i];
  return same;
}

/** The value of that rank (Hoare's selection); smaller ones stand before it afterwards. */
function select(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
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

function largest(values: Float64Array, end: number): number {
  let most = values[0];
  for (let i = 1; i < end; i++) if (values[i] > most) most = values[i];
  return most;
}
