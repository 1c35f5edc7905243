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
  /** True when every value is 0 or 1. */
  readonly flags: boolean;
  /** The first row that holds an infinite value; -1 when none does. */
  readonly infiniteAt: number;
}

/**
 * Mean and deviation by two passes, the second correcting the first: exact to the last bits also when the mean is far from
 * 0. Four running sums, so that an addition need not wait for the one before.
 */
export function momentsOf(values: Float64Array): Moments {
  const n = values.length;
  const whole = n - (n % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += values[i];
    b += values[i + 1];
    c += values[i + 2];
    d += values[i + 3];
  }
  for (let i = whole; i < n; i++) a += values[i];
  const sum = a + b + (c + d);
  return Number.isFinite(sum) ? complete(values, sum / n) : withGaps(values);
}

/** Every value is finite. */
function complete(values: Float64Array, rough: number): Moments {
  const n = values.length;
  const whole = n - (n % 2);
  let [rest0, rest1, squares0, squares1] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 2) {
    const one = values[i] - rough;
    const two = values[i + 1] - rough;
    rest0 += one;
    rest1 += two;
    squares0 += one * one;
    squares1 += two * two;
  }
  if (whole < n) {
    const last = values[whole] - rough;
    rest0 += last;
    squares0 += last * last;
  }
  return { ...deviation(n, rough, rest0 + rest1, squares0 + squares1), missing: 0, flags: onlyFlags(values), infiniteAt: -1 };
}

/** Some values are missing or infinite. */
function withGaps(values: Float64Array): Moments {
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
  return { ...deviation(count, rough, rest, squares), missing: values.length - count, flags: onlyFlags(values), infiniteAt };
}

function deviation(count: number, rough: number, rest: number, squares: number): { count: number; mean: number; scale: number } {
  if (count === 0) return { count, mean: 0, scale: 1 };
  const mean = rough + rest / count;
  const variance = Math.max(0, (squares - (rest * rest) / count) / count);
  // scikit-learn's bound for "does not vary but for rounding": n eps var + (n mean eps)^2.
  const bound = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) * (count * mean * Number.EPSILON);
  const root = Math.sqrt(variance);
  // Adding 0 makes a negative zero, which JSON does not keep, a plain one.
  return { count, mean: mean + 0, scale: variance <= bound || root < 10 * Number.EPSILON ? 1 : root };
}

function onlyFlags(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== 0 && value !== 1 && value === value) return false;
  }
  return true;
}

/** The half of a float64 that holds sign and exponent lies second on the machines that Node runs on. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * The median of a column; missing values are left out. NaN when there is no value.
 *
 * Values are counted by their leading 16 bits, and only those that share the bits of the middle are sorted.
 */
export function medianOf(values: Float64Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const counts = new Uint32Array(65536);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== values[i]) continue;
    counts[bucketOf(bits[2 * i + HIGH])]++;
    count++;
  }
  if (count === 0) return NaN;
  const upper = nth(values, bits, counts, count >> 1);
  return count % 2 === 1 ? upper + 0 : (nth(values, bits, counts, (count >> 1) - 1) + upper) / 2 + 0;
}

/** The order of these 16 bits is the order of the numbers: negative ones come reversed. */
function bucketOf(high: number): number {
  const top = high >>> 16;
  return top >= 0x8000 ? 0xffff - top : top + 0x8000;
}

function nth(values: Float64Array, bits: Uint32Array, counts: Uint32Array, n: number): number {
  let bucket = 0;
  let before = 0;
  while (before + counts[bucket] <= n) before += counts[bucket++];
  const same = new Float64Array(counts[bucket]);
  let found = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i] && bucketOf(bits[2 * i + HIGH]) === bucket) same[found++] = values[i];
  return same.sort()[n - before];
}
