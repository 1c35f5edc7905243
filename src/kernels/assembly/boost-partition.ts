// Rows of a leaf to its two sides: in place, in order, and without a branch on the data. The left rows stay at the
// front; the right ones wait in the spare room and follow. Both stores happen for each row, and only one is kept.

/** Rows whose bin is at most `bin`. Missing values, which are bin 255, go right. Returns the rows on the left. */
export function byThreshold(index: usize, from: i32, rows: i32, column: usize, bin: i32, spare: usize): i32 {
  let p = index + ((<usize>from) << 2);
  const end = p + ((<usize>rows) << 2);
  const end4 = p + (((<usize>rows) >> 2) << 4);
  let l = p;
  let r = spare;
  while (p < end4) {
    const r0 = load<u32>(p);
    const r1 = load<u32>(p, 4);
    const r2 = load<u32>(p, 8);
    const r3 = load<u32>(p, 12);
    p += 16;
    const g0 = <usize>(<i32>load<u8>(column + r0) <= bin) << 2;
    const g1 = <usize>(<i32>load<u8>(column + r1) <= bin) << 2;
    const g2 = <usize>(<i32>load<u8>(column + r2) <= bin) << 2;
    const g3 = <usize>(<i32>load<u8>(column + r3) <= bin) << 2;
    store<u32>(l, r0);
    store<u32>(r, r0);
    l += g0;
    r += 4 - g0;
    store<u32>(l, r1);
    store<u32>(r, r1);
    l += g1;
    r += 4 - g1;
    store<u32>(l, r2);
    store<u32>(r, r2);
    l += g2;
    r += 4 - g2;
    store<u32>(l, r3);
    store<u32>(r, r3);
    l += g3;
    r += 4 - g3;
  }
  while (p < end) {
    const row = load<u32>(p);
    p += 4;
    const g = <usize>(<i32>load<u8>(column + row) <= bin) << 2;
    store<u32>(l, row);
    store<u32>(r, row);
    l += g;
    r += 4 - g;
  }
  return finish(index, from, l, spare, r);
}

/** The same for a leaf that holds the rows `from` to `from + rows` of the table, not yet listed. */
export function byThresholdInOrder(index: usize, from: i32, rows: i32, column: usize, bin: i32, spare: usize): i32 {
  let l = index + ((<usize>from) << 2);
  let r = spare;
  const end = <u32>(from + rows);
  for (let row = <u32>from; row < end; row++) {
    const g = <usize>(<i32>load<u8>(column + row) <= bin) << 2;
    store<u32>(l, row);
    store<u32>(r, row);
    l += g;
    r += 4 - g;
  }
  return finish(index, from, l, spare, r);
}

/** Rows whose bin has a 1 in the table `sides`. */
export function byTable(index: usize, from: i32, rows: i32, column: usize, sides: usize, spare: usize): i32 {
  let p = index + ((<usize>from) << 2);
  const end = p + ((<usize>rows) << 2);
  let l = p;
  let r = spare;
  while (p < end) {
    const row = load<u32>(p);
    p += 4;
    const g = <usize>load<u8>(sides + <usize>load<u8>(column + row)) << 2;
    store<u32>(l, row);
    store<u32>(r, row);
    l += g;
    r += 4 - g;
  }
  return finish(index, from, l, spare, r);
}

export function byTableInOrder(index: usize, from: i32, rows: i32, column: usize, sides: usize, spare: usize): i32 {
  let l = index + ((<usize>from) << 2);
  let r = spare;
  const end = <u32>(from + rows);
  for (let row = <u32>from; row < end; row++) {
    const g = <usize>load<u8>(sides + <usize>load<u8>(column + row)) << 2;
    store<u32>(l, row);
    store<u32>(r, row);
    l += g;
    r += 4 - g;
  }
  return finish(index, from, l, spare, r);
}

function finish(index: usize, from: i32, l: usize, spare: usize, r: usize): i32 {
  memory.copy(l, spare, r - spare);
  return <i32>((l - index) >> 2) - from;
}
