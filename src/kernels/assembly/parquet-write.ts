// The pages of plain Parquet columns, written: what `src/table/parquet/encode-column.ts` does once a value.
//
// The caller lays out everything, with room behind each block for the few lanes that are written past its end.

/** A bit a row, from bit `first` on, as a byte each. Returns how many are 1. */
export function unpackBits(bits: usize, first: i32, out: usize, count: i32): i32 {
  let there = 0;
  for (let i = 0; i < count; i++) {
    const at = first + i;
    const bit = (load<u8>(bits + <usize>(at >> 3)) >> <u8>(at & 7)) & 1;
    store<u8>(out + <usize>i, bit);
    there += <i32>bit;
  }
  return there;
}

/** Bytes of 0 and 1 as a bit each, eight bytes at a time; what `out` holds past the last is 0. */
export function packBits(bytes: usize, out: usize, count: i32): void {
  store<u64>(bytes + <usize>count, 0);
  for (let i = 0; i < count; i += 8) store<u8>(out + <usize>(i >> 3), <u8>((load<u64>(bytes + <usize>i) * 0x0102040810204080) >> 56));
}

/** The values of rows that are there, one after another, where they stand. `width` is 1, 4 or 8 bytes. */
export function compact(values: usize, width: i32, present: usize, count: i32): void {
  let to = values;
  for (let i: usize = 0; i < <usize>count; i++) {
    const there = <usize>load<u8>(present + i);
    if (width == 8) {
      store<u64>(to, load<u64>(values + (i << 3)));
      to += there << 3;
    } else if (width == 4) {
      store<u32>(to, load<u32>(values + (i << 2)));
      to += there << 2;
    } else {
      store<u8>(to, load<u8>(values + i));
      to += there;
    }
  }
}

@inline function range<T>(values: usize, count: i32, out: usize, started: bool): bool {
  let least = load<T>(out);
  let greatest = load<T>(out + sizeof<T>());
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<T>(values + i * sizeof<T>());
    // NaN is in no range.
    if (value != value) continue;
    if (!started) {
      least = value;
      greatest = value;
      started = true;
    }
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  store<T>(out, least);
  store<T>(out + sizeof<T>(), greatest);
  return started;
}

// Widen a range by `count` values. `started` is 0 while there is none; the answer is 1 as soon as there is one.
export function rangeI32(values: usize, count: i32, out: usize, started: i32): i32 { return range<i32>(values, count, out, started != 0) ? 1 : 0; }
export function rangeU32(values: usize, count: i32, out: usize, started: i32): i32 { return range<u32>(values, count, out, started != 0) ? 1 : 0; }
export function rangeI64(values: usize, count: i32, out: usize, started: i32): i32 { return range<i64>(values, count, out, started != 0) ? 1 : 0; }
export function rangeU64(values: usize, count: i32, out: usize, started: i32): i32 { return range<u64>(values, count, out, started != 0) ? 1 : 0; }
export function rangeF32(values: usize, count: i32, out: usize, started: i32): i32 { return range<f32>(values, count, out, started != 0) ? 1 : 0; }
export function rangeF64(values: usize, count: i32, out: usize, started: i32): i32 { return range<f64>(values, count, out, started != 0) ? 1 : 0; }

@inline function distinct<T>(values: usize, count: i32, entries: usize, used: i32, most: i32, slots: usize, bits: i32, codes: usize): i32 {
  const mask: usize = (<usize>1 << bits) - 1;
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<T>(values + i * sizeof<T>());
    let slot = <usize>((<u64>value * 0x9e3779b97f4a7c15) >> (64 - bits));
    let code: u32;
    for (;;) {
      code = load<u32>(slots + (slot << 2));
      if (code == 0) {
        if (used >= most) return -1;
        store<T>(entries + <usize>used * sizeof<T>(), value);
        code = ++used;
        store<u32>(slots + (slot << 2), code);
        break;
      }
      if (load<T>(entries + <usize>(code - 1) * sizeof<T>()) == value) break;
      slot = (slot + 1) & mask;
    }
    store<u32>(codes + (i << 2), code - 1);
  }
  return used;
}

/**
 * Numbers each distinct value, told apart by its bits, in order of appearance. `slots` has 2^bits places, 0 when free.
 * Returns how many entries there are now, or -1 when there would be more than `most`.
 */
export function distinct32(values: usize, count: i32, entries: usize, used: i32, most: i32, slots: usize, bits: i32, codes: usize): i32 {
  return distinct<u32>(values, count, entries, used, most, slots, bits, codes);
}
export function distinct64(values: usize, count: i32, entries: usize, used: i32, most: i32, slots: usize, bits: i32, codes: usize): i32 {
  return distinct<u64>(values, count, entries, used, most, slots, bits, codes);
}

/**
 * The same for texts. Entry k is where its bytes start and end in `entries`, behind each other from `texts` on; no more
 * than `mostBytes` of them.
 */
export function distinctTexts(bytes: usize, offsets: usize, present: usize, count: i32, entries: usize, texts: usize, used: i32, most: i32, mostBytes: usize, slots: usize, bits: i32, codes: usize): i32 {
  const mask: usize = (<usize>1 << bits) - 1;
  let free: usize = used == 0 ? 0 : <usize>load<u32>(entries + (<usize>used << 3) - 4);
  for (let i: usize = 0; i < <usize>count; i++) {
    if (present != 0 && load<u8>(present + i) == 0) continue;
    const from = bytes + <usize>load<u32>(offsets + (i << 2));
    const size = <usize>(load<u32>(offsets + (i << 2), 4) - load<u32>(offsets + (i << 2)));
    let hash: u64 = <u64>size;
    let k: usize = 0;
    for (; k + 8 <= size; k += 8) hash = (hash ^ load<u64>(from + k)) * 0x9e3779b97f4a7c15, hash ^= hash >> 29;
    for (; k < size; k++) hash = (hash ^ <u64>load<u8>(from + k)) * 0x9e3779b97f4a7c15;
    let slot = <usize>((hash * 0x9e3779b97f4a7c15) >> (64 - bits));
    let code: u32;
    for (;;) {
      code = load<u32>(slots + (slot << 2));
      if (code == 0) {
        if (used >= most || free + size > mostBytes) return -1;
        memory.copy(texts + free, from, size);
        store<u32>(entries + (<usize>used << 3), <u32>free);
        free += size;
        store<u32>(entries + (<usize>used << 3), <u32>free, 4);
        code = ++used;
        store<u32>(slots + (slot << 2), code);
        break;
      }
      const entry = entries + (<usize>(code - 1) << 3);
      const start = load<u32>(entry);
      if (<usize>(load<u32>(entry, 4) - start) == size && memory.compare(texts + <usize>start, from, size) == 0) break;
      slot = (slot + 1) & mask;
    }
    store<u32>(codes, code - 1);
    codes += 4;
  }
  return used;
}

/** Texts that are there, each behind its length. Returns the bytes written. */
export function plainTexts(bytes: usize, offsets: usize, present: usize, count: i32, out: usize): usize {
  let to = out;
  for (let i: usize = 0; i < <usize>count; i++) {
    if (present != 0 && load<u8>(present + i) == 0) continue;
    const start = load<u32>(offsets + (i << 2));
    const size = <usize>(load<u32>(offsets + (i << 2), 4) - start);
    store<u32>(to, <u32>size);
    to += 4;
    for (let k: usize = 0; k < size; k += 8) store<u64>(to + k, load<u64>(bytes + <usize>start + k));
    to += size;
  }
  return to - out;
}

@inline function varint(to: usize, value: u32): usize {
  while (value >= 128) {
    store<u8>(to++, <u8>(value | 128));
    value >>= 7;
  }
  store<u8>(to++, <u8>value);
  return to;
}

/** Equal numbers from `at` on, counted up to `most`. */
@inline function equalFrom(at: usize, most: i32): i32 {
  const value = load<u32>(at);
  let i = 1;
  while (i < most && load<u32>(at + (<usize>i << 2)) == value) i++;
  return i;
}

/** Numbers of `width` bits, packed, and repeated where 16 or more are equal. Returns the bytes written. */
export function hybrid(codes: usize, count: i32, width: i32, out: usize): usize {
  let to = out;
  let i = 0;
  while (i < count) {
    let j = i;
    // A packed run has a multiple of 8 numbers, so a repeated one starts only there.
    while (j < count && (count - j < 16 || equalFrom(codes + (<usize>j << 2), 16) < 16)) j += 8;
    if (j > i) {
      const groups = (j - i) >> 3;
      to = varint(to, (<u32>groups << 1) | 1);
      const stop = to + <usize>(groups * width);
      let held: u64 = 0;
      let bits = 0;
      const last = min(j, count);
      for (let k = i; k < last; k++) {
        held |= <u64>load<u32>(codes + (<usize>k << 2)) << bits;
        bits += width;
        if (bits >= 32) {
          store<u32>(to, <u32>held);
          to += 4;
          held >>= 32;
          bits -= 32;
        }
      }
      store<u64>(to, held);
      to += 8;
      while (to < stop) store<u8>(to++, 0);
      to = stop;
    }
    if (j >= count) break;
    const run = equalFrom(codes + (<usize>j << 2), count - j);
    to = varint(to, <u32>run << 1);
    store<u32>(to, load<u32>(codes + (<usize>j << 2)));
    to += <usize>((width + 7) >> 3);
    i = j + run;
  }
  return to - out;
}

const HASH_BITS = 14;
const BLOCK: usize = 65536;

@inline function place(table: usize, at: usize): usize {
  return table + (<usize>((load<u32>(at) * 0x1e35a7bd) >> (32 - HASH_BITS)) << 1);
}

@inline function literal(to: usize, from: usize, size: usize): usize {
  if (size == 0) return to;
  const n = <u32>size - 1;
  if (n < 60) store<u8>(to++, <u8>(n << 2));
  else if (n < 256) {
    store<u8>(to, 60 << 2);
    store<u8>(to, <u8>n, 1);
    to += 2;
  } else {
    store<u8>(to, 61 << 2);
    store<u16>(to, <u16>n, 1);
    to += 3;
  }
  memory.copy(to, from, size);
  return to + size;
}

@inline function copyOf(to: usize, offset: usize, size: usize): usize {
  while (size >= 68) {
    store<u8>(to, (63 << 2) | 2);
    store<u16>(to, <u16>offset, 1);
    to += 3;
    size -= 64;
  }
  if (size > 64) {
    store<u8>(to, (59 << 2) | 2);
    store<u16>(to, <u16>offset, 1);
    to += 3;
    size -= 60;
  }
  if (size < 12 && offset < 2048) {
    store<u8>(to, <u8>(((offset >> 8) << 5) | ((size - 4) << 2) | 1));
    store<u8>(to, <u8>offset, 1);
    return to + 2;
  }
  store<u8>(to, <u8>(((size - 1) << 2) | 2));
  store<u16>(to, <u16>offset, 1);
  return to + 3;
}

/** Compresses as Snappy. `table` has 32 KiB; `out` has room for 32 + size * 7 / 6 bytes. Returns the bytes written. */
export function snappy(input: usize, size: usize, out: usize, table: usize): usize {
  let to = varint(out, <u32>size);
  const whole = input + size;
  for (let base = input; base < whole; base += BLOCK) {
    const end = min(base + BLOCK, whole);
    memory.fill(table, 0, <usize>2 << HASH_BITS);
    let emitted = base;
    if (end - base >= 16) {
      const limit = end - 15;
      let at = base + 1;
      let more = at <= limit;
      while (more) {
        // The longer nothing repeats, the larger the steps.
        let skip: usize = 32;
        let candidate: usize = base;
        for (;;) {
          if (at > limit) {
            more = false;
            break;
          }
          const slot = place(table, at);
          candidate = base + <usize>load<u16>(slot);
          store<u16>(slot, <u16>(at - base));
          if (load<u32>(at) == load<u32>(candidate)) break;
          at += skip++ >> 5;
        }
        if (!more) break;
        to = literal(to, emitted, at - emitted);
        do {
          let same: usize = 4;
          while (at + same + 8 <= end) {
            const differ = load<u64>(at + same) ^ load<u64>(candidate + same);
            if (differ != 0) {
              same += <usize>(ctz(differ) >> 3);
              break;
            }
            same += 8;
          }
          if (at + same + 8 > end) while (at + same < end && load<u8>(at + same) == load<u8>(candidate + same)) same++;
          to = copyOf(to, at - candidate, same);
          at += same;
          emitted = at;
          if (at > limit) {
            more = false;
            break;
          }
          store<u16>(place(table, at - 1), <u16>(at - 1 - base));
          const slot = place(table, at);
          candidate = base + <usize>load<u16>(slot);
          store<u16>(slot, <u16>(at - base));
        } while (load<u32>(at) == load<u32>(candidate));
        at++;
      }
    }
    to = literal(to, emitted, end - emitted);
  }
  return to - out;
}

@inline function before(bytes: usize, offsets: usize, a: i32, b: i32): bool {
  const startA = load<u32>(offsets + (<usize>a << 2));
  const startB = load<u32>(offsets + (<usize>b << 2));
  const sizeA = load<u32>(offsets + (<usize>a << 2), 4) - startA;
  const sizeB = load<u32>(offsets + (<usize>b << 2), 4) - startB;
  const order = memory.compare(bytes + <usize>startA, bytes + <usize>startB, <usize>min(sizeA, sizeB));
  return order != 0 ? order < 0 : sizeA < sizeB;
}

/** Which of the texts that are there is least, and which greatest, by their bytes: two numbers at `out`, -1 for none. */
export function rangeTexts(bytes: usize, offsets: usize, present: usize, count: i32, out: usize): void {
  let least = -1;
  let greatest = -1;
  for (let i = 0; i < count; i++) {
    if (present != 0 && load<u8>(present + <usize>i) == 0) continue;
    if (least < 0) {
      least = i;
      greatest = i;
    } else if (before(bytes, offsets, i, least)) least = i;
    else if (before(bytes, offsets, greatest, i)) greatest = i;
  }
  store<i32>(out, least);
  store<i32>(out, greatest, 4);
}
