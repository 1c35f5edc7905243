/**
 * e^x rounded almost as well as a double allows.
 *
 * `Math.exp` may be off by a whole unit in the last place and differs between engines; the C libraries that LightGBM and
 * XGBoost call are off by about half a unit. To give their probabilities to the last bit but one, so must this.
 */

/** Steps per doubling: the rest that a polynomial has to cover is then below 0.0028. */
const STEPS = 128;
/** ln 2 / 128 in two pieces; the first has 24 bits, so that its products with the whole numbers met here are exact. */
const STEP_HIGH = Math.fround(Math.LN2 / STEPS);
/** ln 2 to 33 digits, less what the first piece holds. */
const LN2_LOW = 2.319046813846299558e-17;
const STEP_LOW = (Math.LN2 - STEP_HIGH * STEPS + LN2_LOW) / STEPS;
const PER_STEP = STEPS / Math.LN2;

/** 2^(j / 128) as the sum of two doubles each, made when first needed. */
let powers: { high: Float64Array; low: Float64Array } | null = null;

/**
 * e to the power of x: the nearest double in about 99 of 100 cases, else its neighbour. The same bits everywhere.
 *
 * @example
 * exactExp(0); // 1
 */
export function exactExp(x: number): number {
  if (x !== x) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  powers ??= makePowers();
  const k = Math.round(x * PER_STEP);
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const p = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r / 720))));
  const j = k & (STEPS - 1);
  const value = powers.high[j] + (powers.low[j] + powers.high[j] * p);
  return scaled(value, (k - j) / STEPS);
}

/** `value * 2^exponent`, by products that are exact wherever the result is normal. */
function scaled(value: number, exponent: number): number {
  let out = value;
  for (; exponent > 1000; exponent -= 1000) out *= powerOfTwo(1000);
  for (; exponent < -1000; exponent += 1000) out *= powerOfTwo(-1000);
  return out * powerOfTwo(exponent);
}

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

function powerOfTwo(exponent: number): number {
  words[1] = (exponent + 1023) << 20;
  return double[0];
}

function makePowers(): { high: Float64Array; low: Float64Array } {
  let root: Pair = [2, 0];
  for (let steps = STEPS; steps > 1; steps /= 2) root = squareRoot(root);
  const high = new Float64Array(STEPS);
  const low = new Float64Array(STEPS);
  let power: Pair = [1, 0];
  for (let j = 0; j < STEPS; j++) {
    [high[j], low[j]] = power;
    power = product(power, root);
  }
  return { high, low };
}

/** A number as the sum of two doubles: about 106 bits. */
type Pair = readonly [number, number];

/** Dekker's product (1971): exact in the first two terms. */
function product(a: Pair, b: Pair): Pair {
  const [exact, error] = exactProduct(a[0], b[0]);
  return sum(exact, error + (a[0] * b[1] + a[1] * b[0]));
}

function exactProduct(a: number, b: number): Pair {
  const split = 134217729;
  const aHigh = a * split - (a * split - a);
  const bHigh = b * split - (b * split - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  const high = a * b;
  return [high, aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

function sum(a: number, b: number): Pair {
  const high = a + b;
  return [high, b - (high - a)];
}

/** One Newton step from the double's root doubles its digits. */
function squareRoot(a: Pair): Pair {
  const first = Math.sqrt(a[0]);
  const [square, error] = exactProduct(first, first);
  return sum(first, (a[0] - square - error + a[1]) / (2 * first));
}
