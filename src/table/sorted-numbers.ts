/**
 * The values of a column in ascending order.
 */

const SLOT_BITS = 16;
/** Of more distinct values than this, all are sorted. */
const MOST_DISTINCT = 1 << (SLOT_BITS - 1);

/**
 * Those values that are not NaN, ascending. Most columns hold few values many times: those are counted, and only the
 * distinct ones sorted.
 */
export function sortedNumbers(values: Float64Array): Float64Array {
  const present = new Float64Array(values.length);
  let count = 0;
  // Adding 0 makes the two zeros one.
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) present[count++] = values[i] + 0;
  const kept = present.subarray(0, count);
  return fromCounts(kept) ?? kept.sort();
}

/** The same by counting; null when there are too many distinct values. */
function fromCounts(values: Float64Array): Float64Array | null {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const slots = new Uint32Array(1 << SLOT_BITS);
  const mask = slots.length - 1;
  const most = Math.min(MOST_DISTINCT, values.length >> 2);
  const distinct = new Float64Array(most);
  const counts = new Uint32Array(most);
  let used = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const hash = Math.imul(words[2 * i] ^ Math.imul(words[2 * i + 1], 0x9e3779b1), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = slots[slot];
      if (entry === 0) {
        if (used === most) return null;
        distinct[used] = value;
        counts[used] = 1;
        slots[slot] = ++used;
        break;
      }
      if (distinct[entry - 1] === value) {
        counts[entry - 1]++;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  const order = Uint32Array.from({ length: used }, (_, entry) => entry).sort((a, b) => distinct[a] - distinct[b]);
  const sorted = new Float64Array(values.length);
  let at = 0;
  for (const entry of order) {
    sorted.fill(distinct[entry], at, at + counts[entry]);
    at += counts[entry];
  }
  return sorted;
}
