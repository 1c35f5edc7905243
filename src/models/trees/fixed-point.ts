/**
 * Whole-number copies of weights and targets, so that sums over rows are exact.
 *
 * Adding floats gives other last bits in another order; adding whole numbers does not, as long as no sum leaves the
 * 53 bits that a double holds. Histograms then come out the same whatever the order of rows, whether they were added
 * up or subtracted from a parent, and at any number of workers. The scale is a power of two, so that undoing it loses
 * nothing.
 */

/** Bits that a sum may use: one less than a double's 53, so that rounding each term up cannot overflow it. */
export const SUM_BITS = 52;

export interface FixedPoint {
  /** Whole numbers, each the rounded product of a value and `scale`. */
  readonly units: Float64Array;
  /** A power of two: `units / scale` are the values again. */
  readonly scale: number;
}

/**
 * Rounds values to whole multiples of a power of two, the finest at which no sum needs more than `bits` bits.
 *
 * Values that are whole numbers already, such as counts and unit weights, keep scale 1 and are not changed at all.
 *
 * @param bound the largest absolute sum that can occur.
 *
 * @example
 * const { units, scale } = fixedPoint(Float64Array.of(0.5, 1.25), 1.75);
 * units[0] / scale; // 0.5
 */
export function fixedPoint(values: Float64Array, bound: number, bits = SUM_BITS): FixedPoint {
  const limit = powerOfTwo(bits);
  if (bound === 0 || (bound < limit && values.every(Number.isInteger))) return { units: values, scale: 1 };
  let scale = 1;
  while (scale < LARGEST_SCALE && bound * scale * 2 < limit) scale *= 2;
  while (bound * scale >= limit) scale /= 2;
  const units = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) units[i] = Math.round(values[i] * scale);
  return { units, scale };
}

/** 2 to a whole number, by products that are exact. */
function powerOfTwo(exponent: number): number {
  let value = 1;
  for (let i = 0; i < exponent; i++) value *= 2;
  return value;
}

/** Keeps targets near zero finite: what is smaller than a unit of this scale is zero for every purpose here. */
const LARGEST_SCALE = powerOfTwo(900);
