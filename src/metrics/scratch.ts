/**
 * Memory that metrics work in, kept between calls: asking the system for some megabytes takes longer than sorting them.
 */

/** Longer arrays are not kept. */
const LONGEST = 4_000_000;

const doubles = new Map<string, Float64Array>();
const words = new Map<string, Uint32Array>();

/**
 * An array of `length` places whose content is anything. It is lent until the same name is asked for again, so it never
 * leaves the function that asked, except to be read at once.
 */
export function scratchDoubles(name: string, length: number): Float64Array {
  let kept = doubles.get(name);
  if (kept === undefined || kept.length < length) {
    kept = new Float64Array(length);
    if (length <= LONGEST) doubles.set(name, kept);
  }
  return kept.subarray(0, length);
}

/** The same of whole numbers. */
export function scratchWords(name: string, length: number): Uint32Array {
  let kept = words.get(name);
  if (kept === undefined || kept.length < length) {
    kept = new Uint32Array(length);
    if (length <= LONGEST) words.set(name, kept);
  }
  return kept.subarray(0, length);
}
