// Histograms: for each row and each group of features, one load, one add, one store of a 64-bit word that holds the sum
// of gradients in its upper half and of hessians in its lower. Sums of whole numbers are exact in any order.

@inline function put(histogram: usize, bin: usize, sum: i64): void {
  const at = histogram + (bin << 3);
  store<i64>(at, load<i64>(at) + sum);
}

// One row; `groups` is known when this is compiled, so only the lines that count remain.
@inline function addRow(groups: i32, row: usize, histogram: usize, step: usize, sum: i64): void {
  put(histogram, load<u8>(row), sum);
  if (groups > 1) put((histogram += step), load<u8>(row, 1), sum);
  if (groups > 2) put((histogram += step), load<u8>(row, 2), sum);
  if (groups > 3) put((histogram += step), load<u8>(row, 3), sum);
  if (groups > 4) put((histogram += step), load<u8>(row, 4), sum);
  if (groups > 5) put((histogram += step), load<u8>(row, 5), sum);
  if (groups > 6) put((histogram += step), load<u8>(row, 6), sum);
  if (groups > 7) put((histogram += step), load<u8>(row, 7), sum);
  if (groups > 8) put((histogram += step), load<u8>(row, 8), sum);
  if (groups > 9) put((histogram += step), load<u8>(row, 9), sum);
  if (groups > 10) put((histogram += step), load<u8>(row, 10), sum);
  if (groups > 11) put((histogram += step), load<u8>(row, 11), sum);
  if (groups > 12) put((histogram += step), load<u8>(row, 12), sum);
  if (groups > 13) put((histogram += step), load<u8>(row, 13), sum);
  if (groups > 14) put((histogram += step), load<u8>(row, 14), sum);
  if (groups > 15) put((histogram += step), load<u8>(row, 15), sum);
}

@inline function inOrder(groups: i32, bytes: usize, rows: usize, packed: usize, from: i32, to: i32, histogram: usize, step: usize): void {
  let row = rows + <usize>from * bytes;
  let at = packed + ((<usize>from) << 3);
  const end = packed + ((<usize>to) << 3);
  while (at < end) {
    addRow(groups, row, histogram, step, load<i64>(at));
    row += bytes;
    at += 8;
  }
}

@inline function listed(groups: i32, bytes: usize, rows: usize, packed: usize, index: usize, from: i32, to: i32, histogram: usize, step: usize): void {
  let at = index + ((<usize>from) << 2);
  const end = index + ((<usize>to) << 2);
  while (at < end) {
    const row = <usize>load<u32>(at);
    addRow(groups, rows + row * bytes, histogram, step, load<i64>(packed + (row << 3)));
    at += 4;
  }
}

/** Adds the rows `from` to `to` of one block of groups. */
export function addRows(groups: i32, rows: usize, packed: usize, from: i32, to: i32, histogram: usize, step: usize): void {
  switch (groups) {
    case 1: inOrder(1, 1, rows, packed, from, to, histogram, step); break;
    case 2: inOrder(2, 2, rows, packed, from, to, histogram, step); break;
    case 3: inOrder(3, 3, rows, packed, from, to, histogram, step); break;
    case 4: inOrder(4, 4, rows, packed, from, to, histogram, step); break;
    case 5: inOrder(5, 5, rows, packed, from, to, histogram, step); break;
    case 6: inOrder(6, 6, rows, packed, from, to, histogram, step); break;
    case 7: inOrder(7, 7, rows, packed, from, to, histogram, step); break;
    case 8: inOrder(8, 8, rows, packed, from, to, histogram, step); break;
    case 9: inOrder(9, 9, rows, packed, from, to, histogram, step); break;
    case 10: inOrder(10, 10, rows, packed, from, to, histogram, step); break;
    case 11: inOrder(11, 11, rows, packed, from, to, histogram, step); break;
    case 12: inOrder(12, 12, rows, packed, from, to, histogram, step); break;
    case 13: inOrder(13, 13, rows, packed, from, to, histogram, step); break;
    case 14: inOrder(14, 14, rows, packed, from, to, histogram, step); break;
    case 15: inOrder(15, 15, rows, packed, from, to, histogram, step); break;
    case 16: inOrder(16, 16, rows, packed, from, to, histogram, step); break;
  }
}

/** Adds the rows that stand at places `from` to `to` of the index. */
export function addListed(groups: i32, rows: usize, packed: usize, index: usize, from: i32, to: i32, histogram: usize, step: usize): void {
  switch (groups) {
    case 1: listed(1, 1, rows, packed, index, from, to, histogram, step); break;
    case 2: listed(2, 2, rows, packed, index, from, to, histogram, step); break;
    case 3: listed(3, 3, rows, packed, index, from, to, histogram, step); break;
    case 4: listed(4, 4, rows, packed, index, from, to, histogram, step); break;
    case 5: listed(5, 5, rows, packed, index, from, to, histogram, step); break;
    case 6: listed(6, 6, rows, packed, index, from, to, histogram, step); break;
    case 7: listed(7, 7, rows, packed, index, from, to, histogram, step); break;
    case 8: listed(8, 8, rows, packed, index, from, to, histogram, step); break;
    case 9: listed(9, 9, rows, packed, index, from, to, histogram, step); break;
    case 10: listed(10, 10, rows, packed, index, from, to, histogram, step); break;
    case 11: listed(11, 11, rows, packed, index, from, to, histogram, step); break;
    case 12: listed(12, 12, rows, packed, index, from, to, histogram, step); break;
    case 13: listed(13, 13, rows, packed, index, from, to, histogram, step); break;
    case 14: listed(14, 14, rows, packed, index, from, to, histogram, step); break;
    case 15: listed(15, 15, rows, packed, index, from, to, histogram, step); break;
    case 16: listed(16, 16, rows, packed, index, from, to, histogram, step); break;
  }
}

/** `to += from`, both of `bytes` bytes, a multiple of 16. */
export function addWords(to: usize, from: usize, bytes: usize): void {
  const end = to + bytes;
  while (to < end) {
    if (ASC_FEATURE_SIMD) {
      v128.store(to, i64x2.add(v128.load(to), v128.load(from)));
    } else {
      store<i64>(to, load<i64>(to) + load<i64>(from));
      store<i64>(to, load<i64>(to, 8) + load<i64>(from, 8), 8);
    }
    to += 16;
    from += 16;
  }
}

/** `to -= from`. */
export function subtractWords(to: usize, from: usize, bytes: usize): void {
  const end = to + bytes;
  while (to < end) {
    if (ASC_FEATURE_SIMD) {
      v128.store(to, i64x2.sub(v128.load(to), v128.load(from)));
    } else {
      store<i64>(to, load<i64>(to) - load<i64>(from));
      store<i64>(to, load<i64>(to, 8) - load<i64>(from, 8), 8);
    }
    to += 16;
    from += 16;
  }
}
