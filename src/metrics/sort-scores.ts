/**
 * Scores in order: two passes over buckets of equal width, and a look at what shares a bucket.
 */
import { scratchDoubles, scratchWords } from "./scratch.js";

const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
const MASK = BUCKETS - 1;
const CELLS = BUCKETS * BUCKETS;
/** Runs up to this are put in order by insertion. */
const SHORT = 24;

/** Scores, highest first, and what travels with them: in memory that the next sort uses again. */
export interface SortedScores {
  readonly scores: Float64Array;
  readonly tags: Uint32Array;
}

/**
 * Scores in falling order, each with its tag; equal scores keep their order (-0 and 0 are equal). Scores are finite.
 *
 * The range of the scores is cut into 2^22 cells of equal width. Which cell a score is in rises with the score, so two
 * stable passes of 11 bits put them in the order of cells. Scores that share a cell are nearly always equal; if they are
 * not, a few are put in order by insertion and many by cutting their own range in the same way.
 *
 * @param tags default: the number of each row.
 *
 * @example
 * sortedScores(Float64Array.of(0.2, 0.9, 0.2, -1)).tags; // [1, 0, 2, 3]
 */
export function sortedScores(scores: Float64Array, tags: Uint32Array = rowTags(scores.length)): SortedScores {
  const n = scores.length;
  const out = { scores: scratchDoubles("sorted", n), tags: scratchWords("sorted", n) };
  if (n > 0) sortInto(scores, tags, 0, n, out.scores, out.tags, { scores: scratchDoubles("spare", n), tags: scratchWords("spare", n) });
  return out;
}

function rowTags(rows: number): Uint32Array {
  const tags = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) tags[i] = i;
  return tags;
}

/** Sorts rows `from` to `end` of the first pair into the same places of the second. */
function sortInto(scores: Float64Array, tags: Uint32Array, from: number, end: number, outScores: Float64Array, outTags: Uint32Array, spare: { scores: Float64Array; tags: Uint32Array }): void {
  let least = Infinity;
  let most = -Infinity;
  for (let i = from; i < end; i++) {
    const score = scores[i];
    if (score < least) least = score;
    if (score > most) most = score;
  }
  // Half of each, so that the range of the widest scores is finite too.
  const scale = (CELLS - 1) / (most / 2 - least / 2);
  if (!(scale > 0 && scale < Infinity)) {
    // All equal, or so close to 0 that their range has no inverse.
    const order = rowTags(end - from);
    if (most > least) order.sort((a, b) => scores[from + b] - scores[from + a] || a - b);
    for (let i = 0; i < order.length; i++) {
      outScores[from + i] = scores[from + order[i]];
      outTags[from + i] = tags[from + order[i]];
    }
    return;
  }
  const half = most / 2;
  const low = new Uint32Array(BUCKETS);
  const high = new Uint32Array(BUCKETS);
  for (let i = from; i < end; i++) {
    const cell = ((half - scores[i] / 2) * scale) | 0;
    low[cell & MASK]++;
    high[cell >>> DIGIT]++;
  }
  toStarts(low, from);
  toStarts(high, from);
  for (let i = from; i < end; i++) {
    const score = scores[i];
    const at = low[(((half - score / 2) * scale) | 0) & MASK]++;
    spare.scores[at] = score;
    spare.tags[at] = tags[i];
  }
  for (let i = from; i < end; i++) {
    const score = spare.scores[i];
    const at = high[(((half - score / 2) * scale) | 0) >>> DIGIT]++;
    outScores[at] = score;
    outTags[at] = spare.tags[i];
  }
  tidyCells(outScores, outTags, from, end, half, scale, spare);
}

function toStarts(counts: Uint32Array, from: number): void {
  let at = from;
  for (let d = 0; d < BUCKETS; d++) {
    const count = counts[d];
    counts[d] = at;
    at += count;
  }
}

/** Puts scores that share a cell in order, where they are not. */
function tidyCells(scores: Float64Array, tags: Uint32Array, from: number, end: number, half: number, scale: number, spare: { scores: Float64Array; tags: Uint32Array }): void {
  for (let i = from + 1; i < end; i++) {
    if (scores[i] <= scores[i - 1]) continue;
    // Out of order: both are in one cell. Find where it starts and ends.
    const cell = ((half - scores[i] / 2) * scale) | 0;
    let start = i - 1;
    while (start > from && (((half - scores[start - 1] / 2) * scale) | 0) === cell) start--;
    let stop = i + 1;
    while (stop < end && (((half - scores[stop] / 2) * scale) | 0) === cell) stop++;
    if (stop - start <= SHORT) insertionSort(scores, tags, start, stop);
    else sortInto(scores.slice(start, stop), tags.slice(start, stop), 0, stop - start, scores.subarray(start, stop), tags.subarray(start, stop), { scores: spare.scores.subarray(start, stop), tags: spare.tags.subarray(start, stop) });
    i = stop - 1;
  }
}

/** Highest first; equal ones keep their order. */
function insertionSort(scores: Float64Array, tags: Uint32Array, from: number, end: number): void {
  for (let i = from + 1; i < end; i++) {
    const score = scores[i];
    const tag = tags[i];
    let at = i;
    while (at > from && scores[at - 1] < score) {
      scores[at] = scores[at - 1];
      tags[at] = tags[at - 1];
      at--;
    }
    scores[at] = score;
    tags[at] = tag;
  }
}
