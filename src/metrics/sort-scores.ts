/**
 * Scores in order: a radix sort on their bits, which costs the same whatever the order they come in.
 */

const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
const MASK = BUCKETS - 1;

/**
 * Rows by score, highest first; rows of equal score keep their order. -0 and 0 are equal. Scores are finite.
 *
 * The bits of a float64, with the sign bit turned over (and all others too, when it is set), are in the order of the
 * numbers, so they are sorted as two whole numbers of 32 bits, 11 bits at a time, lowest first. Digits that all scores
 * share are skipped.
 *
 * @example
 * sortedScores(Float64Array.of(0.2, 0.9, 0.2, -1)).rows; // [1, 0, 2, 3]
 */
export function sortedScores(scores: Float64Array): { rows: Uint32Array; high: Uint32Array; low: Uint32Array } {
  const n = scores.length;
  let high = new Uint32Array(n);
  let low = new Uint32Array(n);
  let rows = new Uint32Array(n);
  const counts = new Uint32Array(6 * BUCKETS);
  const words = new Uint32Array(scores.buffer, scores.byteOffset, 2 * n);
  for (let i = 0; i < n; i++) {
    rows[i] = i;
    let h = words[2 * i + 1];
    let l = words[2 * i];
    // -0 becomes 0.
    if (h === 0x80000000 && l === 0) h = 0;
    // Highest first: the order of the numbers, turned round.
    if (h >>> 31 === 0) {
      h = ~h & 0x7fffffff;
      l = ~l;
    }
    h >>>= 0;
    l >>>= 0;
    high[i] = h;
    low[i] = l;
    counts[l & MASK]++;
    counts[BUCKETS + ((l >>> 11) & MASK)]++;
    counts[2 * BUCKETS + (l >>> 22)]++;
    counts[3 * BUCKETS + (h & MASK)]++;
    counts[4 * BUCKETS + ((h >>> 11) & MASK)]++;
    counts[5 * BUCKETS + (h >>> 22)]++;
  }
  let high2 = new Uint32Array(n);
  let low2 = new Uint32Array(n);
  let rows2 = new Uint32Array(n);
  for (let pass = 0; pass < 6; pass++) {
    const starts = counts.subarray(pass * BUCKETS, (pass + 1) * BUCKETS);
    if (!fillStarts(starts, n)) continue;
    scatter(pass < 3 ? low : high, (pass % 3) * DIGIT, starts, high, low, rows, high2, low2, rows2);
    [high, high2] = [high2, high];
    [low, low2] = [low2, low];
    [rows, rows2] = [rows2, rows];
  }
  return { rows, high, low };
}

/** Counts become the places where each digit starts; false when all numbers share the digit. */
function fillStarts(counts: Uint32Array, n: number): boolean {
  let at = 0;
  for (let d = 0; d < BUCKETS; d++) {
    const count = counts[d];
    if (count === n) return false;
    counts[d] = at;
    at += count;
  }
  return true;
}

function scatter(digits: Uint32Array, shift: number, starts: Uint32Array, high: Uint32Array, low: Uint32Array, rows: Uint32Array, high2: Uint32Array, low2: Uint32Array, rows2: Uint32Array): void {
  for (let i = 0; i < digits.length; i++) {
    const at = starts[(digits[i] >>> shift) & MASK]++;
    high2[at] = high[i];
    low2[at] = low[i];
    rows2[at] = rows[i];
  }
}
