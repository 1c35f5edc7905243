/**
 * Numbers written as bytes.
 */
import { textOf } from "./csv-scan.js";

/** 10^0 to 10^22: those that float64 holds exactly. */
export const POWERS: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** What `parseNumber` found, besides the value. */
export const NOT_A_NUMBER = 0;
export const INTEGER = 1;
export const BIG_INTEGER = 2;
export const ZERO_PADDED = 3;
export const FRACTION = 4;

/** The value that `parseNumber` found last. One slot, since an object a field would cost more than parsing it. */
export const found = { value: 0 };

/**
 * Reads a decimal number, correctly rounded, and says of what form it is: INTEGER, BIG_INTEGER (not exact as a float64),
 * ZERO_PADDED (such as 007: a code rather than a quantity), FRACTION, or NOT_A_NUMBER. "inf" and "Infinity" are
 * fractions.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  let negative = false;
  if (bytes[pos] === 45 || bytes[pos] === 43) negative = bytes[pos++] === 45;
  const first = pos;
  let mantissa = 0;
  let digits = 0;
  let scale = 0;
  let seenPoint = false;
  for (; pos < end; pos++) {
    const byte = bytes[pos];
    if (byte >= 48 && byte <= 57) {
      mantissa = mantissa * 10 + (byte - 48);
      digits++;
      if (seenPoint) scale++;
    } else if (byte === 46 && !seenPoint) seenPoint = true;
    else return unusual(bytes, start, end);
  }
  if (digits === 0) return NOT_A_NUMBER;
  const padded = bytes[first] === 48 && end - first > 1 && bytes[first + 1] !== 46;
  if (digits <= 15) {
    // Both the digits and the power of ten are exact, so one division rounds once (Clinger 1990).
    found.value = scale === 0 ? mantissa : mantissa / POWERS[scale];
    if (negative) found.value = -found.value;
    if (padded) return ZERO_PADDED;
    return seenPoint ? FRACTION : INTEGER;
  }
  found.value = Number(textOf(bytes, start, end));
  if (padded) return ZERO_PADDED;
  if (seenPoint) return FRACTION;
  return Number.isSafeInteger(found.value) ? INTEGER : BIG_INTEGER;
}

/** Numbers with an exponent, and infinities. */
function unusual(bytes: Uint8Array, start: number, end: number): number {
  const text = textOf(bytes, start, end);
  if (NUMBER.test(text)) {
    found.value = Number(text);
    return FRACTION;
  }
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinity === null) return NOT_A_NUMBER;
  found.value = infinity[1] === "-" ? -Infinity : Infinity;
  return FRACTION;
}
