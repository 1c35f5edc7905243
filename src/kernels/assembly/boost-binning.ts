// Columns of numbers into bins: putting a sample in order, and looking up the bin of each value.
import { crewSize, fork } from "./crew";

const SIGN: i64 = i64.MIN_VALUE;

/** The bits of a double as a whole number of the same order. */
@inline function keyOf(bits: i64): i64 {
  return bits ^ ((bits >> 63) | SIGN);
}

const DIGIT_BITS: u64 = 11;
const DIGITS: i32 = 6;
const DIGIT_MASK: u64 = 2047;
/** Bytes of a digit's counters. */
const COUNTER_BYTES: usize = 8192;

/**
 * Puts numbers, none of them NaN, in ascending order; returns where they then are: `values` or `spare`. `counters` has
 * room for six times 2048 words.
 */
export function sortNumbers(values: usize, count: i32, spare: usize, counters: usize): usize {
  memory.fill(counters, 0, COUNTER_BYTES * DIGITS);
  const end = values + (<usize>count << 3);
  for (let at = values; at < end; at += 8) {
    let key = <u64>keyOf(load<i64>(at));
    store<u64>(at, key);
    let counter = counters;
    for (let digit = 0; digit < DIGITS; digit++) {
      const mine = counter + (<usize>(key & DIGIT_MASK) << 2);
      store<u32>(mine, load<u32>(mine) + 1);
      key >>= DIGIT_BITS;
      counter += COUNTER_BYTES;
    }
  }
  let from = values;
  let to = spare;
  for (let digit = 0; digit < DIGITS; digit++) {
    const mine = counters + <usize>digit * COUNTER_BYTES;
    const shift = <u64>digit * DIGIT_BITS;
    // A digit that all share moves nothing.
    if (count > 0 && load<u32>(mine + (<usize>((load<u64>(from) >> shift) & DIGIT_MASK) << 2)) == <u32>count) continue;
    let place: u32 = 0;
    for (let i = 0; i < 2048; i++) {
      const counter = mine + (<usize>i << 2);
      const held = load<u32>(counter);
      store<u32>(counter, place);
      place += held;
    }
    const last = from + (<usize>count << 3);
    for (let at = from; at < last; at += 8) {
      const key = load<u64>(at);
      const counter = mine + (<usize>((key >> shift) & DIGIT_MASK) << 2);
      const slot = load<u32>(counter);
      store<u32>(counter, slot + 1);
      store<u64>(to + (<usize>slot << 3), key);
    }
    const held = from;
    from = to;
    to = held;
  }
  const last = from + (<usize>count << 3);
  for (let at = from; at < last; at += 8) {
    const key = load<i64>(at);
    store<i64>(at, key < 0 ? key ^ SIGN : ~key);
  }
  return from;
}

/** Numbers in order to the different ones among them, in place, and how often each occurs; returns how many. */
export function countNumbers(values: usize, count: i32, counts: usize): i32 {
  if (count == 0) return 0;
  let held = load<f64>(values);
  let found = 0;
  let since = 0;
  for (let i = 1; i <= count; i++) {
    const value = i < count ? load<f64>(values + (<usize>i << 3)) : NaN;
    if (value == held) continue;
    store<f64>(values + (<usize>found << 3), held);
    store<u32>(counts + (<usize>found << 2), i - since);
    found++;
    since = i;
    held = value;
  }
  return found;
}

/**
 * Bins of numbers, 255 for NaN: how many of the edges lie below each. There are 256 places for edges, ascending and
 * filled up with infinity, then the last edge of every 16.
 */
export function mapNumbers(task: usize): void {
  fork(mapShard, task);
}

/** The task: values, edges, bins, count. */
function mapShard(task: usize, shard: i32): void {
  const count = load<i32>(task, 12);
  const first = <i32>((<i64>count * shard) / crewSize());
  const last = <i32>((<i64>count * (shard + 1)) / crewSize());
  const edges = <usize>load<u32>(task, 4);
  let out = <usize>load<u32>(task, 8) + <usize>first;
  let at = <usize>load<u32>(task) + (<usize>first << 3);
  const end = <usize>load<u32>(task) + (<usize>last << 3);
  if (ASC_FEATURE_SIMD) {
    // The last of every 16 edges says which 16 to look at; in both steps all comparisons are done at once.
    const coarse = edges + 2048;
    for (; at < end; at += 8, out++) {
      const value = v128.load64_splat(at);
      const group = edges + (<usize>below(coarse, value) << 7);
      const bin = <i32>((group - edges) >> 3) + below(group, value);
      const number = load<f64>(at);
      store<u8>(out, <u8>(bin | -<i32>(number != number)));
    }
    return;
  }
  for (; at < end; at += 8, out++) {
    const value = load<f64>(at);
    // Halves the edges eight times, without a branch.
    let place = edges;
    place += <usize>(load<f64>(place, 1016) < value) << 10;
    place += <usize>(load<f64>(place, 504) < value) << 9;
    place += <usize>(load<f64>(place, 248) < value) << 8;
    place += <usize>(load<f64>(place, 120) < value) << 7;
    place += <usize>(load<f64>(place, 56) < value) << 6;
    place += <usize>(load<f64>(place, 24) < value) << 5;
    place += <usize>(load<f64>(place, 8) < value) << 4;
    place += <usize>(load<f64>(place) < value) << 3;
    const bin = <i32>((place - edges) >> 3);
    store<u8>(out, <u8>(bin | -<i32>(value != value)));
  }
}

/** How many of 16 numbers are below a value. */
@inline function below(numbers: usize, value: v128): i32 {
  const a = i64x2.add(f64x2.lt(v128.load(numbers), value), f64x2.lt(v128.load(numbers, 16), value));
  const b = i64x2.add(f64x2.lt(v128.load(numbers, 32), value), f64x2.lt(v128.load(numbers, 48), value));
  const c = i64x2.add(f64x2.lt(v128.load(numbers, 64), value), f64x2.lt(v128.load(numbers, 80), value));
  const d = i64x2.add(f64x2.lt(v128.load(numbers, 96), value), f64x2.lt(v128.load(numbers, 112), value));
  const all = i64x2.add(i64x2.add(a, b), i64x2.add(c, d));
  return -<i32>(i64x2.extract_lane(all, 0) + i64x2.extract_lane(all, 1));
}
