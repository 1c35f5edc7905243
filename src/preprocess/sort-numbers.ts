/**
 * Many numbers in order.
 */

/** The digits of a 64-bit number, the lowest first: in which of its two words, from which bit, how many. */
const DIGITS = [[0, 0, 11], [0, 11, 11], [0, 22, 10], [1, 0, 11], [1, 11, 11], [1, 22, 10]] as const;
/** With fewer, the sort of the engine is faster. */
const FEW = 4096;

/**
 * The numbers ascending, -0 before 0; NaN is not allowed. Sorts in place where they are few.
 *
 * By digits of their bits, the lowest first (Knuth, volume 3, 5.2.5): less time than by comparison.
 *
 * @example
 * sortNumbers(Float64Array.of(3, -1, 2)); // Float64Array [-1, 2, 3]
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < FEW) return values.sort();
  // Bits that order as the numbers do: the sign flipped, all bits of negative numbers flipped.
  const words = new Uint32Array(values.slice().buffer);
  for (let i = 0; i < 2 * n; i += 2) {
    const high = words[i + 1];
    if (high >>> 31) {
      words[i] = ~words[i];
      words[i + 1] = ~high;
    } else words[i + 1] = high | 0x80000000;
  }
  let from = words;
  let to = new Uint32Array(2 * n);
  const starts = new Uint32Array(2048);
  for (const [word, shift, bits] of DIGITS) {
    const mask = (1 << bits) - 1;
    starts.fill(0);
    count(from, word, shift, mask, starts);
    if (starts[(from[word] >>> shift) & mask] === n) continue;
    let sum = 0;
    for (let d = 0; d <= mask; d++) {
      const count = starts[d];
      starts[d] = sum;
      sum += count;
    }
    if (word === 0) moveByLow(from, to, shift, mask, starts);
    else moveByHigh(from, to, shift, mask, starts);
    [from, to] = [to, from];
  }
  for (let i = 0; i < 2 * n; i += 2) {
    const high = from[i + 1];
    if (high >>> 31) from[i + 1] = high & 0x7fffffff;
    else {
      from[i] = ~from[i];
      from[i + 1] = ~high;
    }
  }
  return new Float64Array(from.buffer);
}

function count(words: Uint32Array, word: number, shift: number, mask: number, counts: Uint32Array): void {
  for (let i = word; i < words.length; i += 2) counts[(words[i] >>> shift) & mask]++;
}

function moveByLow(from: Uint32Array, to: Uint32Array, shift: number, mask: number, starts: Uint32Array): void {
  for (let i = 0; i < from.length; i += 2) {
    const low = from[i];
    const place = starts[(low >>> shift) & mask]++ << 1;
    to[place] = low;
    to[place + 1] = from[i + 1];
  }
}

function moveByHigh(from: Uint32Array, to: Uint32Array, shift: number, mask: number, starts: Uint32Array): void {
  for (let i = 0; i < from.length; i += 2) {
    const high = from[i + 1];
    const place = starts[(high >>> shift) & mask]++ << 1;
    to[place] = from[i];
    to[place + 1] = high;
  }
}
