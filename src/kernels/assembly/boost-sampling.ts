// Which rows a tree is grown on. The draws are those of models/trees/row-sampling.ts, number for number.
import { nextWord, seedStream } from "./philox";

/** Sizes are told apart by 11 bits, then by 11 more, then by the last 9: single-precision numbers that are not negative. */
const BUCKETS: i32 = 2048;

/**
 * A share of the rows: selection sampling (Knuth, "The Art of Computer Programming" 3.4.2) without a branch on the draw.
 * `key` and `room` are those of `seedStream`; `out` takes as many numbers as there are rows.
 */
export function drawShare(rows: i32, count: i32, key: usize, room: usize, out: usize): void {
  seedStream(key, room);
  let left: i64 = rows;
  let wanted: i64 = count;
  let word: u32 = 0;
  for (let row = 0; row < rows; row++) {
    word = (row & 1) == 0 ? nextWord() : word >>> 16;
    const taken = left * <i64>(word & 65535) < (wanted << 16);
    store<i32>(out, row);
    out += <usize>taken << 2;
    wanted -= <i64>taken;
    left--;
  }
}

/**
 * The rows with the largest derivatives, from rank `rank` on in ascending order, and a draw of at most `others` of the
 * rest, whose derivatives are made larger in place. `sizes` takes a word a row, `counts` 2048 words. Returns how many.
 */
export function drawByGradient(rows: i32, outputs: i32, rank: i32, others: i32, gradients: usize, hessians: usize, sizes: usize, counts: usize, key: usize, room: usize, out: usize): i32 {
  const step = (<usize>rows) << 2;
  for (let i: usize = 0; i < step; i += 4) {
    let size: f32 = 0;
    let at = i;
    for (let k = 0; k < outputs; k++, at += step) size += abs<f32>(load<f32>(gradients + at) * load<f32>(hessians + at));
    store<f32>(sizes + i, size);
  }
  const threshold = valueAt(rows, rank, sizes, counts);
  const smaller = below;
  let small: i64 = smaller;
  let wanted: i64 = min<i32>(others, smaller);
  const larger = <f32>(<f64>smaller / <f64>max<i64>(1, wanted));
  seedStream(key, room);
  const begin = out;
  let word: u32 = 0;
  for (let row = 0; row < rows; row++) {
    word = (row & 1) == 0 ? nextWord() : word >>> 16;
    const at = (<usize>row) << 2;
    const minor = load<u32>(sizes + at) < threshold;
    const drawn = minor & (small * <i64>(word & 65535) < (wanted << 16));
    store<i32>(out, row);
    out += <usize>(!minor | drawn) << 2;
    small -= <i64>minor;
    wanted -= <i64>drawn;
    const factor: f32 = drawn ? larger : 1;
    for (let k = 0, o = at; k < outputs; k++, o += step) {
      store<f32>(gradients + o, load<f32>(gradients + o) * factor);
      store<f32>(hessians + o, load<f32>(hessians + o) * factor);
    }
  }
  return <i32>((out - begin) >> 2);
}

/** How many are less than what `valueAt` has found. */
let below: i32 = 0;

/** The bits of the size of this rank, from 0, found digit by digit. */
function valueAt(rows: i32, rank: i32, sizes: usize, counts: usize): u32 {
  below = 0;
  let prefix: u32 = 0;
  let shift: u32 = 20;
  let known: u32 = 31;
  while (known > 0) {
    memory.fill(counts, 0, BUCKETS << 2);
    const mask: u32 = (1 << (known - shift)) - 1;
    for (let at = sizes, end = sizes + (<usize>rows << 2); at < end; at += 4) {
      const bits = load<u32>(at);
      if (known < 31 && bits >>> known != prefix) continue;
      const count = counts + (<usize>((bits >>> shift) & mask) << 2);
      store<i32>(count, load<i32>(count) + 1);
    }
    let digit: u32 = 0;
    for (;;) {
      const count = load<i32>(counts + (<usize>digit << 2));
      if (below + count > rank) break;
      below += count;
      digit++;
    }
    prefix = (prefix << (known - shift)) | digit;
    known = shift;
    shift = shift == 20 ? 9 : 0;
  }
  return prefix;
}
