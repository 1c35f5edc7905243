/**
 * e^x with the roundings of the C library that LightGBM and XGBoost call.
 *
 * `Math.exp` may be off by a whole unit in the last place and differs between engines, and a probability of 1 / (1 + e^-x)
 * makes two units of it. The method, table and coefficients here are those of glibc (2.28 and later), musl and Android:
 * within 0.511 units of the exact value, and of other libraries rarely more than a unit away.
 *
 * Source: S. Nagy, exp and expf of Arm's optimized routines (2017, 2018); T. J. Dekker, "A floating-point technique for
 * extending the available precision" (1971), for the table.
 */

/** Steps per doubling of e^x: the rest that a polynomial has to cover is then below 0.0028. */
const STEPS = 128;
/** ln 2 / 128 in two pieces; the first has zero bits at its end, so that its products with whole numbers are exact. */
const STEP_HIGH = 0.005415212348111709;
const STEP_LOW = 1.2864023111638344e-14;
const PER_STEP = STEPS / Math.LN2;
const C2 = 0.49999999999996786;
const C3 = 0.16666666666665886;
const C4 = 0.0416666808410674;
const C5 = 0.008333335853059549;

/** The same for float32, which needs fewer. */
const SINGLE_STEPS = 32;
const SINGLE_PER_STEP = SINGLE_STEPS / Math.LN2;
const S3 = 0.05550361559341535 / SINGLE_STEPS ** 3;
const S2 = 0.2402284522445722 / SINGLE_STEPS ** 2;
const S1 = 0.6931471806916203 / SINGLE_STEPS;

/** 2^(j / 128): the nearest double, and what is missing to it as a share of it. Made when first needed. */
let powers: { nearest: Float64Array; rest: Float64Array } | null = null;

/**
 * e to the power of x, as C's `exp` of doubles.
 *
 * @example
 * cExp(0); // 1
 */
export function cExp(x: number): number {
  if (x !== x) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  powers ??= makePowers();
  const k = nearestEven(x * PER_STEP);
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const j = k & (STEPS - 1);
  const square = r * r;
  const p = powers.rest[j] + r + square * (C2 + r * C3) + square * square * (C4 + r * C5);
  // The last step is a fused multiply-add in C: its product is not rounded.
  const [product, error] = exactProduct(powers.nearest[j], p);
  const [value, rounding] = exactSum(powers.nearest[j], product);
  return scaled(value + (rounding + error), (k - j) / STEPS);
}

/**
 * e to the power of x, as C's `expf` of float32: a float32 again.
 *
 * @example
 * cExpSingle(0); // 1
 */
export function cExpSingle(x: number): number {
  if (x !== x) return NaN;
  if (x > 88.72283935546875) return Infinity;
  if (x < -103.97207641601562) return 0;
  powers ??= makePowers();
  const z = x * SINGLE_PER_STEP;
  const k = nearestEven(z);
  const r = z - k;
  const j = k & (SINGLE_STEPS - 1);
  const p = (S3 * r + S2) * (r * r) + (S1 * r + 1);
  return Math.fround(scaled(p * powers.nearest[j * (STEPS / SINGLE_STEPS)], (k - j) / SINGLE_STEPS));
}

/** The nearest whole number, of two equally near the even one. Adding 1.5 * 2^52 leaves no bits for a fraction. */
function nearestEven(x: number): number {
  return x + 6755399441055744 - 6755399441055744;
}

/** `value * 2^exponent`, by products that are exact wherever the result is normal. */
function scaled(value: number, exponent: number): number {
  if (exponent > 1000) return value * powerOfTwo(1000) * powerOfTwo(exponent - 1000);
  if (exponent < -1000) return value * powerOfTwo(-1000) * powerOfTwo(exponent + 1000);
  return value * powerOfTwo(exponent);
}

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

function powerOfTwo(exponent: number): number {
  words[1] = (exponent + 1023) << 20;
  return double[0];
}

/** A number as the sum of two doubles: about 106 bits. */
type Pair = readonly [number, number];

function makePowers(): { nearest: Float64Array; rest: Float64Array } {
  let root: Pair = [2, 0];
  for (let steps = STEPS; steps > 1; steps /= 2) root = squareRoot(root);
  const nearest = new Float64Array(STEPS);
  const rest = new Float64Array(STEPS);
  let power: Pair = [1, 0];
  for (let j = 0; j < STEPS; j++) {
    nearest[j] = power[0];
    rest[j] = power[1] / power[0];
    power = product(power, root);
  }
  return { nearest, rest };
}

function product(a: Pair, b: Pair): Pair {
  const [high, error] = exactProduct(a[0], b[0]);
  return exactSum(high, error + (a[0] * b[1] + a[1] * b[0]));
}

/** One Newton step from the double's root doubles its digits. */
function squareRoot(a: Pair): Pair {
  const first = Math.sqrt(a[0]);
  const [square, error] = exactProduct(first, first);
  return exactSum(first, (a[0] - square - error + a[1]) / (2 * first));
}

/** The product and its rounding error. */
function exactProduct(a: number, b: number): Pair {
  const split = 134217729;
  const aHigh = a * split - (a * split - a);
  const bHigh = b * split - (b * split - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  const high = a * b;
  return [high, aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

/** The sum and its rounding error, for `|a| >= |b|`. */
function exactSum(a: number, b: number): Pair {
  const high = a + b;
  return [high, b - (high - a)];
}
