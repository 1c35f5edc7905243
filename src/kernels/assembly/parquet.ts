// The pages of plain Parquet columns: what `src/table/parquet` does once a value.
//
// Every read is within what the caller laid out, whatever the bytes say: a page that is damaged ends in -1.

/** Packed or repeated numbers of `width` bits into 32-bit places. Returns the greatest, or -1. */
export function hybrid(start: usize, end: usize, width: i32, out: usize, count: i32): i32 {
  if (width > 31) return -1;
  const valueBytes = (width + 7) >> 3;
  const mask = ((<u64>1) << width) - 1;
  let at = start;
  let filled = 0;
  let greatest: u32 = 0;
  while (filled < count) {
    let head: u64 = 0;
    let shift: u64 = 0;
    for (;;) {
      if (at >= end || shift > 35) return -1;
      const byte = <u64>load<u8>(at++);
      head |= (byte & 127) << shift;
      if (byte < 128) break;
      shift += 7;
    }
    const length = head >> 1;
    if (length == 0) return -1;
    const left = <u64>(count - filled);
    if ((head & 1) == 0) {
      if (at + <usize>valueBytes > end) return -1;
      let value: u32 = 0;
      for (let b = 0; b < valueBytes; b++) value |= <u32>load<u8>(at + <usize>b) << (8 * b);
      at += valueBytes;
      const take = <i32>min<u64>(left, length);
      const stop = out + ((<usize>(filled + take)) << 2);
      for (let p = out + ((<usize>filled) << 2); p < stop; p += 4) store<u32>(p, value);
      filled += take;
      if (value > greatest) greatest = value;
      continue;
    }
    const take = <i32>min<u64>(left, length << 3);
    const bytes = (<u64>take * <u64>width + 7) >> 3;
    if (bytes > <u64>(end - at)) return -1;
    let bit: u64 = 0;
    const stop = out + ((<usize>(filled + take)) << 2);
    for (let p = out + ((<usize>filled) << 2); p < stop; p += 4) {
      const value = <u32>((load<u64>(at + <usize>(bit >> 3)) >> (bit & 7)) & mask);
      store<u32>(p, value);
      if (value > greatest) greatest = value;
      bit += <u64>width;
    }
    filled += take;
    if (filled < count) {
      if (length * <u64>width > <u64>(end - at)) return -1;
      at += <usize>(length * <u64>width);
    }
  }
  // Whoever spreads the places over rows looks one further.
  store<u32>(out + ((<usize>count) << 2), 0);
  return greatest > 0x7fffffff ? -1 : <i32>greatest;
}

/** Levels of one bit as a byte each. Returns how many are 1, or -1. */
export function presence(start: usize, end: usize, out: usize, count: i32): i32 {
  let at = start;
  let filled = 0;
  let there = 0;
  while (filled < count) {
    let head: u64 = 0;
    let shift: u64 = 0;
    for (;;) {
      if (at >= end || shift > 35) return -1;
      const byte = <u64>load<u8>(at++);
      head |= (byte & 127) << shift;
      if (byte < 128) break;
      shift += 7;
    }
    const length = head >> 1;
    if (length == 0) return -1;
    const left = <u64>(count - filled);
    if ((head & 1) == 0) {
      if (at >= end) return -1;
      const value = load<u8>(at++) & 1;
      const take = <i32>min<u64>(left, length);
      memory.fill(out + <usize>filled, value, <usize>take);
      if (value != 0) there += take;
      filled += take;
      continue;
    }
    const take = <i32>min<u64>(left, length << 3);
    if (<u64>((take + 7) >> 3) > <u64>(end - at)) return -1;
    for (let i = 0; i < take; i++) {
      const bit = (load<u8>(at + <usize>(i >> 3)) >> <u8>(i & 7)) & 1;
      store<u8>(out + <usize>(filled + i), bit);
      there += <i32>bit;
    }
    filled += take;
    if (filled < count) {
      if (length > <u64>(end - at)) return -1;
      at += <usize>length;
    }
  }
  return there;
}

/** Dictionary entries of 4 bytes, spread over the rows that are there; `present` 0 says that all are. */
export function gather32(dictionary: usize, places: usize, present: usize, out: usize, count: i32): void {
  if (present == 0) {
    for (let i: usize = 0; i < <usize>count; i++) store<u32>(out + (i << 2), load<u32>(dictionary + (<usize>load<u32>(places + (i << 2)) << 2)));
    return;
  }
  for (let i: usize = 0; i < <usize>count; i++) {
    const there = <usize>load<u8>(present + i);
    // A place is always read, and used when there is a value: no branch to guess wrong.
    const value = load<u32>(dictionary + (<usize>load<u32>(places) << 2));
    store<u32>(out + (i << 2), there != 0 ? value : 0);
    places += there << 2;
  }
}

/** The same for entries of 8 bytes. */
export function gather64(dictionary: usize, places: usize, present: usize, out: usize, count: i32): void {
  if (present == 0) {
    for (let i: usize = 0; i < <usize>count; i++) store<u64>(out + (i << 3), load<u64>(dictionary + (<usize>load<u32>(places + (i << 2)) << 3)));
    return;
  }
  for (let i: usize = 0; i < <usize>count; i++) {
    const there = <usize>load<u8>(present + i);
    const value = load<u64>(dictionary + (<usize>load<u32>(places) << 3));
    store<u64>(out + (i << 3), there != 0 ? value : 0);
    places += there << 2;
  }
}

/** Values of `width` (4 or 8) bytes one after another, spread over the rows that are there. */
export function spread(values: usize, width: i32, present: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const there = <usize>load<u8>(present + i);
    if (width == 8) {
      store<u64>(out + (i << 3), there != 0 ? load<u64>(values) : 0);
      values += there << 3;
    } else {
      store<u32>(out + (i << 2), there != 0 ? load<u32>(values) : 0);
      values += there << 2;
    }
  }
}

/** A bit a row, from bit `first` of the byte at `bits` on; bits that are there already are kept. */
export function setBits(present: usize, bits: usize, first: i32, count: i32): void {
  let i = 0;
  for (; i < count && ((first + i) & 7) != 0; i++) setBit(present, bits, first, i);
  for (; i + 8 <= count; i += 8) {
    // Eight bytes of 0 and 1 into the bits of one byte.
    const eight = load<u64>(present + <usize>i) * 0x0102040810204080;
    store<u8>(bits + <usize>((first + i) >> 3), <u8>(eight >> 56));
  }
  for (; i < count; i++) setBit(present, bits, first, i);
}

@inline function setBit(present: usize, bits: usize, first: i32, i: i32): void {
  const at = bits + <usize>((first + i) >> 3);
  store<u8>(at, load<u8>(at) | (load<u8>(present + <usize>i) << <u8>((first + i) & 7)));
}

/** Bytes that the texts at `places` take together. */
export function textSize(offsets: usize, places: usize, count: i32): f64 {
  let size: u64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = offsets + (<usize>load<u32>(places + (i << 2)) << 2);
    size += <u64>(load<u32>(at, 4) - load<u32>(at));
  }
  return <f64>size;
}

/** Texts of a dictionary one after another; `ends` gets where each row's ends, counted from `before`. */
export function copyTexts(dictionary: usize, offsets: usize, places: usize, present: usize, out: usize, ends: usize, before: i32, count: i32): void {
  let to = out;
  for (let i: usize = 0; i < <usize>count; i++) {
    if (present == 0 || load<u8>(present + i) != 0) {
      const at = offsets + (<usize>load<u32>(places) << 2);
      places += 4;
      const start = load<u32>(at);
      const size = <usize>(load<u32>(at, 4) - start);
      const from = dictionary + <usize>start;
      // What runs over the end is written over by the next.
      for (let k: usize = 0; k < size; k += 8) store<u64>(to + k, load<u64>(from + k));
      to += size;
    }
    store<i32>(ends + (i << 2), before + <i32>(to - out));
  }
}

/** Texts that each stand behind their length. Returns the bytes copied, or -1. */
export function plainTexts(start: usize, end: usize, present: usize, out: usize, ends: usize, before: i32, count: i32): i32 {
  let from = start;
  let to = out;
  for (let i: usize = 0; i < <usize>count; i++) {
    if (present == 0 || load<u8>(present + i) != 0) {
      if (end - from < 4) return -1;
      const size = <usize>load<u32>(from);
      from += 4;
      if (size > end - from) return -1;
      for (let k: usize = 0; k < size; k += 8) store<u64>(to + k, load<u64>(from + k));
      from += size;
      to += size;
    }
    store<i32>(ends + (i << 2), before + <i32>(to - out));
  }
  return <i32>(to - out);
}

/** Undoes Snappy; 0 when the bytes make sense and are as many as they should be. */
export function unsnappy(start: usize, end: usize, out: usize, size: usize): i32 {
  let at = start;
  let length: u64 = 0;
  let shift: u64 = 0;
  for (;;) {
    if (at >= end || shift > 28) return -1;
    const byte = <u64>load<u8>(at++);
    length |= (byte & 127) << shift;
    if (byte < 128) break;
    shift += 7;
  }
  if (length != <u64>size) return -1;
  let to = out;
  const stop = out + size;
  while (at < end) {
    const tag = <u32>load<u8>(at++);
    const kind = tag & 3;
    let count = <usize>(tag >> 2) + 1;
    if (kind == 0) {
      if (count > 60) {
        const extra = count - 60;
        if (extra > end - at) return -1;
        count = 0;
        for (let i: usize = 0; i < extra; i++) count |= <usize>load<u8>(at + i) << (8 * i);
        count++;
        at += extra;
      }
      if (count == 0 || count > end - at || count > stop - to) return -1;
      // Both sides have room behind them.
      for (let k: usize = 0; k < count; k += 8) store<u64>(to + k, load<u64>(at + k));
      at += count;
      to += count;
      continue;
    }
    let offset: usize;
    if (kind == 1) {
      if (at >= end) return -1;
      count = <usize>((tag >> 2) & 7) + 4;
      offset = (<usize>(tag >> 5) << 8) | <usize>load<u8>(at);
      at += 1;
    } else if (kind == 2) {
      if (end - at < 2) return -1;
      offset = <usize>load<u16>(at);
      at += 2;
    } else {
      if (end - at < 4) return -1;
      offset = <usize>load<u32>(at);
      at += 4;
    }
    if (offset == 0 || offset > to - out || count > stop - to) return -1;
    if (offset >= 8) for (let k: usize = 0; k < count; k += 8) store<u64>(to + k, load<u64>(to + k - offset));
    else for (let k: usize = 0; k < count; k++) store<u8>(to + k, load<u8>(to + k - offset));
    to += count;
  }
  return to == stop ? 0 : -1;
}
