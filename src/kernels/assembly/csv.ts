// CSV, a block of bytes at a time: cut into fields, and a column of them read as numbers, times, truth values or text.
//
// Nothing here decides what is right: what is not plain (a mistake in the file, a number of many digits, a date in a
// rare form) is handed back to TypeScript, which knows every rule. So both give the same values.

const QUOTE: i32 = 34;
const LF: i32 = 10;
const CR: i32 = 13;

/** The mark of a field with doubled quotes, on its end. */
const DOUBLED: u32 = 0x80000000;

/** The first byte from `p` on that ends a field, or `end`. */
@inline function fieldEnd(p: usize, end: usize, delimiter: i32): usize {
  if (ASC_FEATURE_SIMD) {
    const d = i8x16.splat(<i8>delimiter);
    const lf = i8x16.splat(<i8>LF);
    const cr = i8x16.splat(<i8>CR);
    while (p < end) {
      const bytes = v128.load(p);
      const hits = i8x16.bitmask(v128.or(i8x16.eq(bytes, d), v128.or(i8x16.eq(bytes, lf), i8x16.eq(bytes, cr))));
      if (hits != 0) {
        p += ctz(hits);
        return p < end ? p : end;
      }
      p += 16;
    }
    return end;
  } else {
    while (p < end) {
      const byte = <i32>load<u8>(p);
      if (byte == delimiter || byte == LF || byte == CR) break;
      p++;
    }
    return p;
  }
}

/**
 * Cuts whole rows of `columns` fields each; empty lines are passed over. `last` says that nothing comes after.
 * Returns the rows; at `result` the bytes they took, and 1 where there is something that is no plain CSV.
 */
export function scan(at: usize, length: i32, last: i32, delimiter: i32, columns: i32, starts: usize, ends: usize, capacity: i32, most: i32, result: usize): i32 {
  const end = at + <usize>length;
  let p = at;
  let taken = at;
  let field = 0;
  let rows = 0;
  let strange = 0;
  while (p < end && rows < most) {
    const byte = <i32>load<u8>(p);
    if (byte == LF) {
      taken = ++p;
      continue;
    }
    if (byte == CR) {
      if (p + 1 == end && last == 0) break;
      p += p + 1 < end && <i32>load<u8>(p + 1) == LF ? 2 : 1;
      taken = p;
      continue;
    }
    if (field + columns > capacity) break;
    let count = 0;
    let whole = true;
    for (;;) {
      if (count == columns) {
        strange = 1;
        break;
      }
      let from = p;
      let mark: u32 = 0;
      if (p < end && <i32>load<u8>(p) == QUOTE) {
        from = ++p;
        for (;;) {
          while (p < end && <i32>load<u8>(p) != QUOTE) p++;
          if (p >= end) {
            whole = false;
            break;
          }
          if (p + 1 >= end) {
            whole = last != 0;
            break;
          }
          if (<i32>load<u8>(p + 1) != QUOTE) break;
          mark = DOUBLED;
          p += 2;
        }
        if (!whole) break;
        store<u32>(starts + ((<usize>(field + count)) << 2), <u32>(from - at));
        store<u32>(ends + ((<usize>(field + count)) << 2), <u32>(p - at) | mark);
        p++;
        if (p < end) {
          const next = <i32>load<u8>(p);
          if (next != delimiter && next != LF && next != CR) {
            strange = 1;
            break;
          }
        }
      } else {
        p = fieldEnd(p, end, delimiter);
        store<u32>(starts + ((<usize>(field + count)) << 2), <u32>(from - at));
        store<u32>(ends + ((<usize>(field + count)) << 2), <u32>(p - at));
      }
      count++;
      if (p < end && <i32>load<u8>(p) == delimiter) {
        p++;
        continue;
      }
      break;
    }
    if (strange != 0) break;
    if (p >= end && last == 0) whole = false;
    if (whole && p + 1 == end && last == 0 && <i32>load<u8>(p) == CR) whole = false;
    if (!whole) {
      // An open quote at the end of everything is a mistake; before it, the rest comes with the next block.
      if (last != 0) strange = 1;
      break;
    }
    if (count != columns) {
      strange = 1;
      break;
    }
    if (p < end) p += <i32>load<u8>(p) == CR && p + 1 < end && <i32>load<u8>(p + 1) == LF ? 2 : 1;
    taken = p;
    field += columns;
    rows++;
  }
  store<u32>(result, <u32>(taken - at));
  store<i32>(result, strange, 4);
  return rows;
}

/**
 * True when the bytes stand for a missing value. At `missing`: 256 marks by first byte, whether an empty field counts,
 * how many texts there are, and each text's length and bytes, on a multiple of four.
 */
@inline function isMissing(from: usize, length: i32, missing: usize): bool {
  if (length == 0) return load<i32>(missing, 256) != 0;
  if (load<u8>(missing + <usize>load<u8>(from)) == 0) return false;
  return isListed(from, length, missing);
}

function isListed(from: usize, length: i32, missing: usize): bool {
  const count = load<i32>(missing, 260);
  let at = missing + 264;
  for (let i = 0; i < count; i++) {
    const size = load<i32>(at);
    if (size == length) {
      let same = 0;
      while (same < size && load<u8>(from + <usize>same) == load<u8>(at + 4 + <usize>same)) same++;
      if (same == size) return true;
    }
    at += 4 + ((<usize>size + 3) & ~3);
  }
  return false;
}

/**
 * Reads a column as numbers, from row `first` to before `count`. Returns the row it cannot judge, or `count`.
 * At `state`: the largest absolute value, whether a fraction was seen, missing values so far.
 */
export function numbers(at: usize, starts: usize, ends: usize, columns: i32, column: i32, first: i32, count: i32, out: usize, absent: usize, missing: usize, powers: usize, state: usize): i32 {
  let largest = load<f64>(state);
  let fractions = load<i32>(state, 8);
  let gone = load<i32>(state, 12);
  let r = first;
  const step = (<usize>columns) << 2;
  let field = ((<usize>(first * columns + column)) << 2);
  for (; r < count; r++, field += step) {
    const from = at + <usize>load<u32>(starts + field);
    const stop = load<u32>(ends + field);
    if ((stop & DOUBLED) != 0) break;
    const end = at + <usize>stop;
    if (isMissing(from, <i32>(end - from), missing)) {
      store<u8>(absent + <usize>r, 1);
      store<f64>(out + ((<usize>r) << 3), 0);
      gone++;
      continue;
    }
    store<u8>(absent + <usize>r, 0);
    let p = from;
    let sign: f64 = 1;
    if (p < end) {
      const byte = <i32>load<u8>(p);
      if (byte == 45) {
        sign = -1;
        p++;
      } else if (byte == 43) p++;
    }
    const begin = p;
    let mantissa: u64 = 0;
    let digits = 0;
    let scale = 0;
    while (p < end) {
      const digit = <u32>load<u8>(p) - 48;
      if (digit > 9) break;
      mantissa = mantissa * 10 + <u64>digit;
      p++;
    }
    digits = <i32>(p - begin);
    let pointed = 0;
    if (p < end && load<u8>(p) == 46) {
      pointed = 1;
      const point = ++p;
      while (p < end) {
        const digit = <u32>load<u8>(p) - 48;
        if (digit > 9) break;
        mantissa = mantissa * 10 + <u64>digit;
        p++;
      }
      scale = <i32>(p - point);
      digits += scale;
    }
    if (p < end || digits == 0 || digits > 19) break;
    if (load<u8>(begin) == 48 && end - begin > 1 && load<u8>(begin + 1) != 46) break;
    let value: f64;
    if (digits <= 15) {
      // Digits and power of ten are exact, so one division rounds once.
      value = <f64>mantissa;
      if (scale != 0) value /= load<f64>(powers + ((<usize>scale) << 3));
    } else {
      if (pointed == 0) break;
      value = quotient(mantissa, load<f64>(powers + ((<usize>scale) << 3)));
      if (value < 0) break;
    }
    value *= sign;
    fractions |= pointed;
    const size = abs(value);
    if (size > largest) largest = size;
    store<f64>(out + ((<usize>r) << 3), value);
  }
  store<f64>(state, largest);
  store<i32>(state, fractions, 8);
  store<i32>(state, gone, 12);
  return r;
}

/**
 * `mantissa / power`, correctly rounded, by a division of two words and its exact remainder; -1 when the quotient is
 * too near the middle of two numbers to tell.
 */
function quotient(mantissa: u64, power: f64): f64 {
  const high = <f64>(mantissa & ~(<u64>0x7ff));
  const low = <f64>(mantissa & 0x7ff);
  if (power == 1) return -1;
  const first = high / power;
  // The product as the sum of two numbers (Veltkamp, Dekker).
  const c1: f64 = 134217729 * first;
  const a1 = c1 - (c1 - first);
  const a2 = first - a1;
  const c2: f64 = 134217729 * power;
  const b1 = c2 - (c2 - power);
  const b2 = power - b1;
  const product = first * power;
  const error = ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
  const rest = ((high - product) - error + low) / power;
  const sum = first + rest;
  const left = (first - sum) + rest;
  const unit = reinterpret<f64>(reinterpret<u64>(sum) + 1) - sum;
  // The quotient is known to some 100 bits; within a thousandth of a unit of the middle it is left to others.
  if (abs(abs(left) - unit * 0.5) < unit * 0.001 || abs(abs(left) - unit * 0.25) < unit * 0.001) return -1;
  return sum;
}

/** Whole numbers of 32 bits out of numbers that are. */
export function toInt32(from: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<i32>(to + ((<usize>i) << 2), <i32>load<f64>(from + ((<usize>i) << 3)));
}

@inline function two(p: usize): i32 {
  const a = <u32>load<u8>(p) - 48;
  const b = <u32>load<u8>(p + 1) - 48;
  return a > 9 || b > 9 ? -1 : <i32>(a * 10 + b);
}

/**
 * Reads a column as times in milliseconds since 1970: 2013-06-30, with a time of day to the second and a Z or none.
 * At `state`: missing values so far, whether a zone was named.
 */
export function times(at: usize, starts: usize, ends: usize, columns: i32, column: i32, first: i32, count: i32, out: usize, absent: usize, missing: usize, state: usize): i32 {
  let gone = load<i32>(state, 12);
  let zoned = load<i32>(state, 16);
  let r = first;
  const step = (<usize>columns) << 2;
  let field = ((<usize>(first * columns + column)) << 2);
  for (; r < count; r++, field += step) {
    const from = at + <usize>load<u32>(starts + field);
    const stop = load<u32>(ends + field);
    if ((stop & DOUBLED) != 0) break;
    const length = <i32>(at + <usize>stop - from);
    if (isMissing(from, length, missing)) {
      store<u8>(absent + <usize>r, 1);
      store<f64>(out + ((<usize>r) << 3), 0);
      gone++;
      continue;
    }
    store<u8>(absent + <usize>r, 0);
    if (length != 10 && length != 16 && length != 19 && length != 20) break;
    const century = two(from);
    const years = two(from + 2);
    const month = two(from + 5);
    const day = two(from + 8);
    if (century < 1 || years < 0 || month < 1 || month > 12 || day < 1 || load<u8>(from + 4) != 45 || load<u8>(from + 7) != 45) break;
    const year = century * 100 + years;
    const leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const longest = month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    if (day > longest) break;
    let seconds = 0;
    if (length > 10) {
      const between = <i32>load<u8>(from + 10);
      const hour = two(from + 11);
      const minute = two(from + 14);
      if ((between != 32 && between != 84) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || load<u8>(from + 13) != 58) break;
      seconds = hour * 3600 + minute * 60;
      if (length > 16) {
        const second = two(from + 17);
        if (second < 0 || second > 59 || load<u8>(from + 16) != 58) break;
        seconds += second;
      }
      if (length == 20) {
        if (load<u8>(from + 19) != 90) break;
        zoned = 1;
      }
    }
    // Days since 1970, in years that start in March (Hinnant, days_from_civil).
    const y = month <= 2 ? year - 1 : year;
    const era = y / 400;
    const ofEra = y - era * 400;
    const ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const days = era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468;
    store<f64>(out + ((<usize>r) << 3), (<f64>days * 86400 + <f64>seconds) * 1000);
  }
  store<i32>(state, gone, 12);
  store<i32>(state, zoned, 16);
  return r;
}

/** Reads a column as truth values, a byte each. */
export function truths(at: usize, starts: usize, ends: usize, columns: i32, column: i32, first: i32, count: i32, out: usize, absent: usize, missing: usize, state: usize): i32 {
  let gone = load<i32>(state, 12);
  let r = first;
  const step = (<usize>columns) << 2;
  let field = ((<usize>(first * columns + column)) << 2);
  for (; r < count; r++, field += step) {
    const from = at + <usize>load<u32>(starts + field);
    const stop = load<u32>(ends + field);
    if ((stop & DOUBLED) != 0) break;
    const length = <i32>(at + <usize>stop - from);
    if (isMissing(from, length, missing)) {
      store<u8>(absent + <usize>r, 1);
      store<u8>(out + <usize>r, 0);
      gone++;
      continue;
    }
    store<u8>(absent + <usize>r, 0);
    if (length != 4 && length != 5) break;
    // Letters in lower case, as one word.
    const word = load<u32>(from) | 0x20202020;
    if (length == 4 && word == 0x65757274) store<u8>(out + <usize>r, 1);
    else if (length == 5 && word == 0x736c6166 && (load<u8>(from + 4) | 32) == 101) store<u8>(out + <usize>r, 0);
    else break;
  }
  store<i32>(state, gone, 12);
  return r;
}

/** Copies a column's texts one after another; `offsets` gets the end of each. Returns the bytes. */
export function texts(at: usize, starts: usize, ends: usize, columns: i32, column: i32, first: i32, count: i32, out: usize, offsets: usize, absent: usize, missing: usize, state: usize): i32 {
  let gone = load<i32>(state, 12);
  const step = (<usize>columns) << 2;
  let field = ((<usize>(first * columns + column)) << 2);
  let to = out;
  for (let r = first; r < count; r++, field += step) {
    const from = at + <usize>load<u32>(starts + field);
    const stop = load<u32>(ends + field);
    const end = at + <usize>(stop & ~DOUBLED);
    if (isMissing(from, <i32>(end - from), missing)) {
      store<u8>(absent + <usize>r, 1);
      gone++;
    } else {
      store<u8>(absent + <usize>r, 0);
      if ((stop & DOUBLED) != 0) {
        for (let p = from; p < end; p++) {
          const byte = load<u8>(p);
          store<u8>(to++, byte);
          if (<i32>byte == QUOTE) p++;
        }
      } else {
        // What runs over the end is written over by the next.
        for (let p = from, q = to; p < end; p += 8, q += 8) store<u64>(q, load<u64>(p));
        to += end - from;
      }
    }
    store<u32>(offsets + ((<usize>r) << 2), <u32>(to - out));
  }
  store<i32>(state, gone, 12);
  return <i32>(to - out);
}
