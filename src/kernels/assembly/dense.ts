// Sums over rows for models of weighted sums: products of columns, logistic loss and slope, sums a category.
//
// A design has a dense part, row after row, and columns of codes that stand for columns of 0 and 1. Each sum is taken over
// a fixed number of blocks of rows, in order within and between them, whichever thread does which; lanes lie across
// columns (or two neighbouring rows, whose sums the scalar code keeps apart too). So the bits depend on nothing but data.
import { fork } from "./crew";
import { expLanes, expOf, log1pLanes, log1pOf, logOf } from "./real";

export { serve, setCrew } from "./crew";

// A design, 32-bit words: rows, dense, stride (doubles a row, even), code columns, addresses of codes, levels.
// A column of codes holds 0 to levels - 1 for its levels and `levels` for none.
@inline function rowsOf(design: usize): i32 { return load<i32>(design); }
@inline function denseOf(design: usize): usize { return <usize>load<u32>(design, 4); }
@inline function strideOf(design: usize): i32 { return load<i32>(design, 8); }
@inline function codeColumns(design: usize): i32 { return load<i32>(design, 12); }
@inline function codesOf(design: usize, c: i32): usize { return <usize>load<u32>(<usize>load<u32>(design, 16) + (<usize>c << 2)); }
@inline function levelsOf(design: usize, c: i32): i32 { return load<i32>(<usize>load<u32>(design, 20) + (<usize>c << 2)); }

/** Hands out the numbers of tasks: each to one thread, in no fixed order. */
@inline function nextTask(counter: usize): i32 {
  if (ASC_FEATURE_THREADS) return atomic.add<i32>(counter, 1);
  const task = load<i32>(counter);
  store<i32>(counter, task + 1);
  return task;
}

@inline function bytes(doubles: i32): usize { return <usize>doubles << 3; }

// ---- rows from columns ---------------------------------------------------------------------------------------------
//
// Job: counter, rows, out, stride, columns, their descriptions: for each the address of its values (as a float64), then
// fill, mean, scale and shift. The column after them is 1, any further one 0.

const TURNED_ROWS: i32 = 256;

/** Columns side by side, filled, scaled and shifted, row after row. */
export function turn(job: usize): void {
  store<i32>(job, 0);
  fork(turnTasks, job);
}

function turnTasks(job: usize, shard: i32): void {
  const rows = load<i32>(job, 4);
  const stride = load<i32>(job, 12);
  const columns = load<i32>(job, 16);
  const row = bytes(stride);
  for (;;) {
    const from = nextTask(job) * TURNED_ROWS;
    if (from >= rows) return;
    const to = min(rows, from + TURNED_ROWS);
    const out = <usize>load<u32>(job, 8) + <usize>from * row;
    for (let j = 0; j < columns; j++) turnColumn(<usize>load<u32>(job, 20) + <usize>j * 40, from, to, out + bytes(j), row);
    for (let j = columns; j < stride; j++) {
      for (let i = from, at = out + bytes(j); i < to; i++, at += row) store<f64>(at, j == columns ? 1.0 : 0.0);
    }
  }
}

@inline function turnColumn(column: usize, from: i32, to: i32, out: usize, row: usize): void {
  const values = <usize>load<f64>(column);
  const fill = load<f64>(column, 8);
  const mean = load<f64>(column, 16);
  const scale = load<f64>(column, 24);
  const shift = load<f64>(column, 32);
  let i = from;
  let at = out;
  if (ASC_FEATURE_SIMD) {
    const f = f64x2.splat(fill), m = f64x2.splat(mean), d = f64x2.splat(scale), s = f64x2.splat(shift);
    for (; i + 2 <= to; i += 2, at += 2 * row) {
      let v = v128.load(values + bytes(i));
      v = v128.bitselect(v, f, f64x2.eq(v, v));
      v = f64x2.sub(f64x2.div(f64x2.sub(v, m), d), s);
      v128.store64_lane(at, v, 0);
      v128.store64_lane(at + row, v, 1);
    }
  }
  for (; i < to; i++, at += row) {
    let v = load<f64>(values + bytes(i));
    v = v == v ? v : fill;
    store<f64>(at, (v - mean) / scale - shift);
  }
}

// ---- columns on their own ----------------------------------------------------------------------------------------
//
// What has been seen of a column, in doubles: values that are finite, their mean, the squares around it, then 1 when a
// value was neither 0 nor 1, and 1 when one was infinite. Missing values (NaN) count for nothing.

const S_COUNT: usize = 0;
const S_MEAN: usize = 8;
const S_SQUARES: usize = 16;
const S_OTHER: usize = 24;
const S_INFINITE: usize = 32;

/** Values looked at together: they stay in the smallest cache while they are summed and squared. A matter of bits. */
const SEEN_VALUES: i32 = 1024;

/**
 * Adds values to what has been seen of their column. Block after block the mean first, then squares around it, joined by the
 * formula of Chan, Golub and LeVeque ("Updating formulae", 1979): exact to the last bits also when the mean is far from 0.
 */
export function moments(values: usize, count: i32, seen: usize): void {
  for (let from = 0; from < count; from += SEEN_VALUES) seeBlock(values + bytes(from), min(SEEN_VALUES, count - from), seen);
}

function seeBlock(values: usize, length: i32, seen: usize): void {
  const sum = completeSum(values, length);
  // The difference is 0 unless something is missing or infinite.
  const whole = sum - sum == 0;
  const count = whole ? <f64>length : finiteCount(values, length, seen);
  if (count == 0) return;
  const rough = (whole ? sum : finiteSum(values, length)) / count;
  let rest: f64 = 0;
  let squares: f64 = 0;
  let other = false;
  if (ASC_FEATURE_SIMD) {
    const r = f64x2.splat(rough);
    let rest0 = f64x2.splat(0), rest1 = rest0, squares0 = rest0, squares1 = rest0, others = rest0;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      let v = v128.load(values + bytes(i)), w = v128.load(values + bytes(i), 16);
      if (!whole) {
        v = v128.bitselect(v, r, finite(v));
        w = v128.bitselect(w, r, finite(w));
      }
      const x = f64x2.sub(v, r), y = f64x2.sub(w, r);
      rest0 = f64x2.add(rest0, x);
      rest1 = f64x2.add(rest1, y);
      squares0 = f64x2.add(squares0, f64x2.mul(x, x));
      squares1 = f64x2.add(squares1, f64x2.mul(y, y));
      if (whole) others = v128.or(others, v128.or(f64x2.ne(f64x2.mul(v, v), v), f64x2.ne(f64x2.mul(w, w), w)));
    }
    rest = pairs(rest0, rest1);
    squares = pairs(squares0, squares1);
    other = v128.any_true(others);
    for (; i < length; i++) {
      const v = load<f64>(values + bytes(i));
      const difference = v - v == 0 ? v - rough : 0;
      rest += difference;
      squares += difference * difference;
      other = other || v * v != v;
    }
  } else {
    let rest0: f64 = 0, rest1: f64 = 0, rest2: f64 = 0, rest3: f64 = 0;
    let squares0: f64 = 0, squares1: f64 = 0, squares2: f64 = 0, squares3: f64 = 0;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const a = fromRough(values + bytes(i), rough), b = fromRough(values + bytes(i + 1), rough), c = fromRough(values + bytes(i + 2), rough), d = fromRough(values + bytes(i + 3), rough);
      rest0 += a;
      rest1 += b;
      rest2 += c;
      rest3 += d;
      squares0 += a * a;
      squares1 += b * b;
      squares2 += c * c;
      squares3 += d * d;
    }
    rest = rest0 + rest1 + (rest2 + rest3);
    squares = squares0 + squares1 + (squares2 + squares3);
    for (; i < length; i++) {
      const difference = fromRough(values + bytes(i), rough);
      rest += difference;
      squares += difference * difference;
    }
  }
  if (!whole || !ASC_FEATURE_SIMD) other = otherThanFlags(values, length);
  if (other) store<f64>(seen + S_OTHER, 1);
  const before = load<f64>(seen + S_COUNT);
  const delta = rough + rest / count - load<f64>(seen + S_MEAN);
  const all = before + count;
  store<f64>(seen + S_SQUARES, load<f64>(seen + S_SQUARES) + (squares - (rest * rest) / count + delta * delta * ((before * count) / all)));
  store<f64>(seen + S_MEAN, load<f64>(seen + S_MEAN) + (delta * count) / all);
  store<f64>(seen + S_COUNT, all);
}

@inline function finite(v: v128): v128 { return f64x2.lt(f64x2.abs(v), f64x2.splat(Infinity)); }

@inline function pairs(a: v128, b: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1) + (f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1));
}

@inline function fromRough(at: usize, rough: f64): f64 {
  const v = load<f64>(at);
  return v - v == 0 ? v - rough : 0;
}

/** Four running sums, so that an addition need not wait for the one before. */
function completeSum(values: usize, length: i32): f64 {
  let sum: f64 = 0;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0), b = a;
    for (; i + 4 <= length; i += 4) {
      a = f64x2.add(a, v128.load(values + bytes(i)));
      b = f64x2.add(b, v128.load(values + bytes(i), 16));
    }
    sum = pairs(a, b);
  } else {
    let a: f64 = 0, b: f64 = 0, c: f64 = 0, d: f64 = 0;
    for (; i + 4 <= length; i += 4) {
      const at = values + bytes(i);
      a += load<f64>(at);
      b += load<f64>(at, 8);
      c += load<f64>(at, 16);
      d += load<f64>(at, 24);
    }
    sum = a + b + (c + d);
  }
  for (; i < length; i++) sum += load<f64>(values + bytes(i));
  return sum;
}

/** Finite values in a block; notes an infinite one. */
function finiteCount(values: usize, length: i32, seen: usize): f64 {
  let count = 0;
  for (let i = 0; i < length; i++) {
    const v = load<f64>(values + bytes(i));
    if (v - v == 0) count++;
    else if (v == v) store<f64>(seen + S_INFINITE, 1);
  }
  return <f64>count;
}

function finiteSum(values: usize, length: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < length; i++) {
    const v = load<f64>(values + bytes(i));
    if (v - v == 0) sum += v;
  }
  return sum;
}

function otherThanFlags(values: usize, length: i32): bool {
  for (let i = 0; i < length; i++) {
    const v = load<f64>(values + bytes(i));
    if (v == v && v != 0 && v != 1) return true;
  }
  return false;
}

// ---- products ----------------------------------------------------------------------------------------------------
//
// Job: counter, design, factor (0: all 1), blocks, partial (blocks x stride^2), scratch, scratch rows, threads' scratch
// size, sums (an address per code column, of (levels + 1) x stride), cross (an address per pair b < a, of
// (levels a + 1) x (levels b + 1)).

const J_DESIGN: usize = 4;
const J_FACTOR: usize = 8;
const J_BLOCKS: usize = 12;
const J_PARTIAL: usize = 16;
const J_SCRATCH: usize = 20;
const J_SCRATCH_ROWS: usize = 24;
const J_SUMS: usize = 28;
const J_CROSS: usize = 32;

/** All products of columns, each row times its factor. The lower half of the dense block is in the first partial. */
export function products(job: usize): void {
  store<i32>(job, 0);
  fork(productTasks, job);
  const stride = strideOf(<usize>load<u32>(job, J_DESIGN));
  const blocks = load<i32>(job, J_BLOCKS);
  const size = stride * stride;
  const first = <usize>load<u32>(job, J_PARTIAL);
  for (let block = 1; block < blocks; block++) {
    const other = first + bytes(block * size);
    for (let i = 0; i < size; i++) store<f64>(first + bytes(i), load<f64>(first + bytes(i)) + load<f64>(other + bytes(i)));
  }
}

function productTasks(job: usize, shard: i32): void {
  const design = <usize>load<u32>(job, J_DESIGN);
  const columns = codeColumns(design);
  const blocks = load<i32>(job, J_BLOCKS);
  const pairs = (columns * (columns - 1)) / 2;
  for (;;) {
    let task = nextTask(job);
    if (task < columns) {
      categorySums(design, task, <usize>load<u32>(job, J_FACTOR), <usize>load<u32>(<usize>load<u32>(job, J_SUMS) + (<usize>task << 2)));
      continue;
    }
    task -= columns;
    if (task < blocks) {
      denseBlock(job, design, task, blocks, shard);
      continue;
    }
    task -= blocks;
    if (task >= pairs) return;
    let a = 1;
    let b = task;
    while (b >= a) b -= a++;
    crossSums(design, a, b, <usize>load<u32>(job, J_FACTOR), <usize>load<u32>(<usize>load<u32>(job, J_CROSS) + (<usize>task << 2)));
  }
}

/** Adds factor times the dense part of each row to the place of the row's code. */
function categorySums(design: usize, c: i32, factor: usize, sums: usize): void {
  const rows = rowsOf(design);
  const stride = strideOf(design);
  const codes = codesOf(design, c);
  const row = bytes(stride);
  memory.fill(sums, 0, (<usize>levelsOf(design, c) + 1) * row);
  let x = denseOf(design);
  for (let i = 0; i < rows; i++, x += row) {
    const w = factor == 0 ? 1.0 : load<f64>(factor + bytes(i));
    const at = sums + <usize>load<i32>(codes + (<usize>i << 2)) * row;
    if (ASC_FEATURE_SIMD) {
      const ww = f64x2.splat(w);
      for (let k: usize = 0; k < row; k += 16) v128.store(at + k, f64x2.add(v128.load(at + k), f64x2.mul(ww, v128.load(x + k))));
    } else {
      for (let k: usize = 0; k < row; k += 8) store<f64>(at + k, load<f64>(at + k) + w * load<f64>(x + k));
    }
  }
}

function crossSums(design: usize, a: i32, b: i32, factor: usize, cross: usize): void {
  const rows = rowsOf(design);
  const codesA = codesOf(design, a);
  const codesB = codesOf(design, b);
  const width = <usize>levelsOf(design, b) + 1;
  memory.fill(cross, 0, ((<usize>levelsOf(design, a) + 1) * width) << 3);
  for (let i = 0; i < rows; i++) {
    const w = factor == 0 ? 1.0 : load<f64>(factor + bytes(i));
    const at = cross + ((<usize>load<i32>(codesA + (<usize>i << 2)) * width + <usize>load<i32>(codesB + (<usize>i << 2))) << 3);
    store<f64>(at, load<f64>(at) + w);
  }
}

function denseBlock(job: usize, design: usize, block: i32, blocks: i32, shard: i32): void {
  const rows = rowsOf(design);
  const stride = strideOf(design);
  const row = bytes(stride);
  const factor = <usize>load<u32>(job, J_FACTOR);
  const most = load<i32>(job, J_SCRATCH_ROWS);
  const scratch = <usize>load<u32>(job, J_SCRATCH) + <usize>(shard * most) * row;
  const out = <usize>load<u32>(job, J_PARTIAL) + bytes(block * stride * stride);
  memory.fill(out, 0, <usize>stride * row);
  const from = <i32>((<i64>rows * block) / blocks);
  const to = <i32>((<i64>rows * (block + 1)) / blocks);
  for (let start = from; start < to; start += most) {
    const count = min(most, to - start);
    const x = denseOf(design) + <usize>start * row;
    let wx = x;
    if (factor != 0) {
      wx = scratch;
      scaleRows(x, factor + bytes(start), scratch, count, row);
    }
    outerProducts(x, wx, out, count, stride);
  }
}

function scaleRows(x: usize, factor: usize, out: usize, count: i32, row: usize): void {
  for (let i = 0; i < count; i++, x += row, out += row) {
    const w = load<f64>(factor + bytes(i));
    if (ASC_FEATURE_SIMD) {
      const ww = f64x2.splat(w);
      for (let k: usize = 0; k < row; k += 16) v128.store(out + k, f64x2.mul(ww, v128.load(x + k)));
    } else {
      for (let k: usize = 0; k < row; k += 8) store<f64>(out + k, w * load<f64>(x + k));
    }
  }
}

/** out[j][k] += sum of wx[j] x[k] for k up to j: tiles of two by four, whose sums stay in registers. */
function outerProducts(x: usize, wx: usize, out: usize, count: i32, stride: i32): void {
  const row = bytes(stride);
  for (let j = 0; j < stride; j += 2) {
    const top = out + <usize>j * row;
    let k = 0;
    if (ASC_FEATURE_SIMD) {
      for (; k + 4 <= j + 2; k += 4) {
        const at = top + bytes(k);
        let a0 = v128.load(at), a1 = v128.load(at, 16), b0 = v128.load(at + row), b1 = v128.load(at + row, 16);
        let p = wx + bytes(j), q = x + bytes(k);
        for (let i = 0; i < count; i++, p += row, q += row) {
          const u = v128.load64_splat(p), v = v128.load64_splat(p, 8), y = v128.load(q), z = v128.load(q, 16);
          a0 = f64x2.add(a0, f64x2.mul(u, y));
          a1 = f64x2.add(a1, f64x2.mul(u, z));
          b0 = f64x2.add(b0, f64x2.mul(v, y));
          b1 = f64x2.add(b1, f64x2.mul(v, z));
        }
        v128.store(at, a0);
        v128.store(at, a1, 16);
        v128.store(at + row, b0);
        v128.store(at + row, b1, 16);
      }
      for (; k < j + 2; k += 2) {
        const at = top + bytes(k);
        let a = v128.load(at), b = v128.load(at + row);
        let p = wx + bytes(j), q = x + bytes(k);
        for (let i = 0; i < count; i++, p += row, q += row) {
          const y = v128.load(q);
          a = f64x2.add(a, f64x2.mul(v128.load64_splat(p), y));
          b = f64x2.add(b, f64x2.mul(v128.load64_splat(p, 8), y));
        }
        v128.store(at, a);
        v128.store(at + row, b);
      }
    } else {
      for (; k < j + 2; k++) {
        const at = top + bytes(k);
        let a = load<f64>(at), b = load<f64>(at + row);
        let p = wx + bytes(j), q = x + bytes(k);
        for (let i = 0; i < count; i++, p += row, q += row) {
          const y = load<f64>(q);
          a += load<f64>(p) * y;
          b += load<f64>(p, 8) * y;
        }
        store<f64>(at, a);
        store<f64>(at + row, b);
      }
    }
  }
}

// ---- logistic loss -------------------------------------------------------------------------------------------------
//
// Job: counter, design, vectors (1: two classes, else classes padded to even), classes, labels (i32), weights,
// dense coefficients (stride a vector), code coefficients (an address a column: levels + 1 rows of `vectors`),
// residuals (rows x vectors), curvature (rows; two classes only), chunk rows, losses (a chunk each),
// partial slopes (chunks x vectors x stride), code slopes (an address a column, like the coefficients).

const L_DESIGN: usize = 4;
const L_VECTORS: usize = 8;
const L_CLASSES: usize = 12;
const L_LABELS: usize = 16;
const L_WEIGHTS: usize = 20;
const L_DENSE: usize = 24;
const L_CODES: usize = 28;
const L_RESIDUALS: usize = 32;
const L_CURVATURE: usize = 36;
const L_CHUNK: usize = 40;
const L_LOSSES: usize = 44;
const L_SLOPES: usize = 48;
const L_CODE_SLOPES: usize = 52;

/** Loss, residuals and slopes at the coefficients. The dense slopes are in the first chunk's place. Returns the loss. */
export function logistic(job: usize): f64 {
  store<i32>(job, 0);
  fork(lossTasks, job);
  store<i32>(job, 0);
  fork(slopeTasks, job);
  const design = <usize>load<u32>(job, L_DESIGN);
  const chunk = load<i32>(job, L_CHUNK);
  const chunks = (rowsOf(design) + chunk - 1) / chunk;
  const losses = <usize>load<u32>(job, L_LOSSES);
  const size = load<i32>(job, L_VECTORS) * strideOf(design);
  const slopes = <usize>load<u32>(job, L_SLOPES);
  let loss = load<f64>(losses);
  for (let c = 1; c < chunks; c++) {
    loss += load<f64>(losses + bytes(c));
    const other = slopes + bytes(c * size);
    for (let i = 0; i < size; i++) store<f64>(slopes + bytes(i), load<f64>(slopes + bytes(i)) + load<f64>(other + bytes(i)));
  }
  return loss;
}

function lossTasks(job: usize, shard: i32): void {
  const design = <usize>load<u32>(job, L_DESIGN);
  const rows = rowsOf(design);
  const chunk = load<i32>(job, L_CHUNK);
  const chunks = (rows + chunk - 1) / chunk;
  const vectors = load<i32>(job, L_VECTORS);
  for (;;) {
    const task = nextTask(job);
    if (task >= chunks) return;
    const from = task * chunk;
    const to = min(rows, from + chunk);
    const loss = vectors == 1 ? twoClasses(job, design, from, to) : manyClasses(job, design, vectors, from, to);
    store<f64>(<usize>load<u32>(job, L_LOSSES) + bytes(task), loss);
    denseSlopes(job, design, vectors, from, to, <usize>load<u32>(job, L_SLOPES) + bytes(task * vectors * strideOf(design)));
  }
}

/** The sum of products of two rows of an even number of doubles: even and odd places apart. */
@inline function dot(x: usize, y: usize, row: usize): f64 {
  if (ASC_FEATURE_SIMD) {
    let sum = f64x2.mul(v128.load(x), v128.load(y));
    for (let k: usize = 16; k < row; k += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(x + k), v128.load(y + k)));
    return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  }
  let even = load<f64>(x) * load<f64>(y);
  let odd = load<f64>(x, 8) * load<f64>(y, 8);
  for (let k: usize = 16; k < row; k += 16) {
    even += load<f64>(x + k) * load<f64>(y + k);
    odd += load<f64>(x + k, 8) * load<f64>(y + k, 8);
  }
  return even + odd;
}

/** Scores of two classes, into the place of the residuals. */
function binaryScores(job: usize, design: usize, from: i32, to: i32, out: usize): void {
  const row = bytes(strideOf(design));
  const coefficients = <usize>load<u32>(job, L_DENSE);
  let x = denseOf(design) + <usize>from * row;
  for (let i = from; i < to; i++, x += row) store<f64>(out + bytes(i), dot(x, coefficients, row));
  const columns = codeColumns(design);
  for (let c = 0; c < columns; c++) {
    const codes = codesOf(design, c);
    const table = <usize>load<u32>(<usize>load<u32>(job, L_CODES) + (<usize>c << 2));
    for (let i = from; i < to; i++) {
      const at = out + bytes(i);
      store<f64>(at, load<f64>(at) + load<f64>(table + bytes(load<i32>(codes + (<usize>i << 2)))));
    }
  }
}

/** Turns scores into residuals and curvature, and returns the loss of these rows. */
function twoClasses(job: usize, design: usize, from: i32, to: i32): f64 {
  const out = <usize>load<u32>(job, L_RESIDUALS);
  const curvature = <usize>load<u32>(job, L_CURVATURE);
  const weights = <usize>load<u32>(job, L_WEIGHTS);
  const labels = <usize>load<u32>(job, L_LABELS);
  binaryScores(job, design, from, to, out);
  let even: f64 = 0;
  let odd: f64 = 0;
  let i = from;
  if (ASC_FEATURE_SIMD) {
    let sum = f64x2.splat(0);
    const one = f64x2.splat(1);
    const zero = f64x2.splat(0);
    for (; i + 2 <= to; i += 2) {
      const at = bytes(i);
      const s = v128.load(out + at);
      const w = v128.load(weights + at);
      const y = f64x2.convert_low_i32x4_s(v128.load64_zero(labels + (at >> 1)));
      const t = expLanes(f64x2.neg(f64x2.abs(s)));
      const q = f64x2.div(one, f64x2.add(one, t));
      const positive = f64x2.gt(s, zero);
      const p = v128.bitselect(q, f64x2.mul(t, q), positive);
      const loss = f64x2.sub(f64x2.add(log1pLanes(t), v128.bitselect(s, zero, positive)), f64x2.mul(y, s));
      sum = f64x2.add(sum, f64x2.mul(w, loss));
      v128.store(out + at, f64x2.mul(w, f64x2.sub(p, y)));
      v128.store(curvature + at, f64x2.mul(w, f64x2.mul(f64x2.mul(t, q), q)));
    }
    even = f64x2.extract_lane(sum, 0);
    odd = f64x2.extract_lane(sum, 1);
  }
  for (; i < to; i++) {
    const at = bytes(i);
    const s = load<f64>(out + at);
    const w = load<f64>(weights + at);
    const y = <f64>load<i32>(labels + (at >> 1));
    const t = expOf(-abs(s));
    const q = 1.0 / (1.0 + t);
    const p = s > 0 ? q : t * q;
    const loss = w * ((log1pOf(t) + (s > 0 ? s : 0.0)) - y * s);
    if (((i - from) & 1) == 0) even += loss;
    else odd += loss;
    store<f64>(out + at, w * (p - y));
    store<f64>(curvature + at, w * ((t * q) * q));
  }
  return even + odd;
}

/** The same for several classes, a row of `vectors` residuals each; the last may be padding. */
function manyClasses(job: usize, design: usize, vectors: i32, from: i32, to: i32): f64 {
  const out = <usize>load<u32>(job, L_RESIDUALS);
  const weights = <usize>load<u32>(job, L_WEIGHTS);
  const labels = <usize>load<u32>(job, L_LABELS);
  const classes = load<i32>(job, L_CLASSES);
  const coefficients = <usize>load<u32>(job, L_DENSE);
  const columns = codeColumns(design);
  const row = bytes(strideOf(design));
  const wide = bytes(vectors);
  let x = denseOf(design) + <usize>from * row;
  let total: f64 = 0;
  for (let i = from; i < to; i++, x += row) {
    const at = out + <usize>i * wide;
    for (let k = 0; k < classes; k++) store<f64>(at + bytes(k), dot(x, coefficients + <usize>k * row, row));
    for (let c = 0; c < columns; c++) {
      const table = <usize>load<u32>(<usize>load<u32>(job, L_CODES) + (<usize>c << 2)) + <usize>load<i32>(codesOf(design, c) + (<usize>i << 2)) * wide;
      for (let k = 0; k < classes; k++) store<f64>(at + bytes(k), load<f64>(at + bytes(k)) + load<f64>(table + bytes(k)));
    }
    let top = load<f64>(at);
    for (let k = 1; k < classes; k++) top = max(top, load<f64>(at + bytes(k)));
    const label = load<i32>(labels + (<usize>i << 2));
    const own = load<f64>(at + bytes(label)) - top;
    // Padding scores next to nothing; it is cleared below.
    for (let k = classes; k < vectors; k++) store<f64>(at + bytes(k), -Infinity);
    if (ASC_FEATURE_SIMD) {
      const highest = f64x2.splat(top);
      for (let k: usize = 0; k < wide; k += 16) v128.store(at + k, expLanes(f64x2.sub(v128.load(at + k), highest)));
    } else {
      for (let k: usize = 0; k < wide; k += 8) store<f64>(at + k, expOf(load<f64>(at + k) - top));
    }
    let sum: f64 = 0;
    for (let k = 0; k < classes; k++) sum += load<f64>(at + bytes(k));
    const w = load<f64>(weights + bytes(i));
    total += w * (logOf(sum) - own);
    for (let k = 0; k < classes; k++) store<f64>(at + bytes(k), w * (load<f64>(at + bytes(k)) / sum - (k == label ? 1.0 : 0.0)));
    for (let k = classes; k < vectors; k++) store<f64>(at + bytes(k), 0);
  }
  return total;
}

/** Sums of residual times the dense part of the row. */
function denseSlopes(job: usize, design: usize, vectors: i32, from: i32, to: i32, out: usize): void {
  const residuals = <usize>load<u32>(job, L_RESIDUALS);
  const row = bytes(strideOf(design));
  memory.fill(out, 0, <usize>vectors * row);
  let x = denseOf(design) + <usize>from * row;
  for (let i = from; i < to; i++, x += row) {
    for (let v = 0; v < vectors; v++) {
      const r = load<f64>(residuals + bytes(i * vectors + v));
      addScaled(out + <usize>v * row, x, r, row);
    }
  }
}

@inline function addScaled(out: usize, x: usize, factor: f64, row: usize): void {
  if (ASC_FEATURE_SIMD) {
    const f = f64x2.splat(factor);
    for (let k: usize = 0; k < row; k += 16) v128.store(out + k, f64x2.add(v128.load(out + k), f64x2.mul(f, v128.load(x + k))));
  } else {
    for (let k: usize = 0; k < row; k += 8) store<f64>(out + k, load<f64>(out + k) + factor * load<f64>(x + k));
  }
}

/** Sums of residuals by code, a column of codes a task. */
function slopeTasks(job: usize, shard: i32): void {
  const design = <usize>load<u32>(job, L_DESIGN);
  const vectors = load<i32>(job, L_VECTORS);
  const wide = bytes(vectors);
  const rows = rowsOf(design);
  const columns = codeColumns(design);
  const residuals = <usize>load<u32>(job, L_RESIDUALS);
  for (;;) {
    const c = nextTask(job);
    if (c >= columns) return;
    const codes = codesOf(design, c);
    const table = <usize>load<u32>(<usize>load<u32>(job, L_CODE_SLOPES) + (<usize>c << 2));
    memory.fill(table, 0, (<usize>levelsOf(design, c) + 1) * wide);
    if (vectors == 1) {
      for (let i = 0; i < rows; i++) {
        const at = table + bytes(load<i32>(codes + (<usize>i << 2)));
        store<f64>(at, load<f64>(at) + load<f64>(residuals + bytes(i)));
      }
    } else {
      for (let i = 0; i < rows; i++) addScaled(table + <usize>load<i32>(codes + (<usize>i << 2)) * wide, residuals + <usize>i * wide, 1.0, wide);
    }
  }
}

// ---- linear systems ------------------------------------------------------------------------------------------------

/**
 * Cholesky's U'U of the upper half of a symmetric matrix of `size` rows of `stride` doubles, in place. A pivot that is not
 * above `least` ends it: returns its number, else -1.
 */
export function cholesky(matrix: usize, size: i32, stride: i32, least: f64): i32 {
  const row = bytes(stride);
  for (let k = 0; k < size; k++) {
    const pivotRow = matrix + <usize>k * row;
    const pivot = load<f64>(pivotRow + bytes(k));
    if (!(pivot > least)) return k;
    const root = sqrt(pivot);
    store<f64>(pivotRow + bytes(k), root);
    for (let j = k + 1; j < size; j++) store<f64>(pivotRow + bytes(j), load<f64>(pivotRow + bytes(j)) / root);
    for (let i = k + 1; i < size; i++) {
      const factor = load<f64>(pivotRow + bytes(i));
      if (factor == 0) continue;
      const target = matrix + <usize>i * row;
      // From the even place at or before the diagonal: what lies left of it is never read.
      const from = bytes(i & ~1);
      if (ASC_FEATURE_SIMD) {
        const f = f64x2.splat(factor);
        for (let j = from; j < row; j += 16) v128.store(target + j, f64x2.sub(v128.load(target + j), f64x2.mul(f, v128.load(pivotRow + j))));
      } else {
        for (let j = from; j < row; j += 8) store<f64>(target + j, load<f64>(target + j) - factor * load<f64>(pivotRow + j));
      }
    }
  }
  return -1;
}
