// Distances between rows and points: clusters, their starts, and nearest neighbours.
//
// Values lie column after column, `padded` doubles each (a multiple of 8, filled with 0), so that lanes lie across rows and
// each row's sum runs over the columns in order, with lanes and without. Sums over rows are taken in blocks of fixed
// length, in order within and between them, whichever thread does which.
import { fork } from "./crew";

export { serve, setCrew } from "./crew";

// Job, 32-bit words: counter, values, rows, padded, columns, points (row after row), point count, half squared lengths of
// the points, labels, weights (0: all 1), block rows, partial sums (a block: count x (columns + 1)), distances,
// closest, out.
const VALUES: usize = 4;
const ROWS: usize = 8;
const PADDED: usize = 12;
const COLUMNS: usize = 16;
const POINTS: usize = 20;
const COUNT: usize = 24;
const HALVES: usize = 28;
const LABELS: usize = 32;
const WEIGHTS: usize = 36;
const BLOCK: usize = 40;
const PARTIAL: usize = 44;
const DISTANCES: usize = 48;
const CLOSEST: usize = 52;
const OUT: usize = 56;

@inline function word(job: usize, at: usize): i32 { return load<i32>(job + at); }
@inline function address(job: usize, at: usize): usize { return <usize>load<u32>(job + at); }
@inline function bytes(doubles: i32): usize { return <usize>doubles << 3; }

@inline function nextTask(counter: usize): i32 {
  if (ASC_FEATURE_THREADS) return atomic.add<i32>(counter, 1);
  const task = load<i32>(counter);
  store<i32>(counter, task + 1);
  return task;
}

@inline function blocksOf(job: usize): i32 {
  const block = word(job, BLOCK);
  return (word(job, ROWS) + block - 1) / block;
}

/** Labels every row with its nearest point and sums the rows of each: the first block's place then holds all sums. */
export function assign(job: usize): void {
  store<i32>(job, 0);
  fork(assignTasks, job);
  joinBlocks(job, word(job, COUNT) * (word(job, COLUMNS) + 1));
}

function joinBlocks(job: usize, size: i32): void {
  const blocks = blocksOf(job);
  const first = address(job, PARTIAL);
  for (let block = 1; block < blocks; block++) {
    const other = first + bytes(block * size);
    for (let i = 0; i < size; i++) store<f64>(first + bytes(i), load<f64>(first + bytes(i)) + load<f64>(other + bytes(i)));
  }
}

function assignTasks(job: usize, shard: i32): void {
  const blocks = blocksOf(job);
  const block = word(job, BLOCK);
  for (;;) {
    const task = nextTask(job);
    if (task >= blocks) return;
    const from = task * block;
    const to = min(word(job, ROWS), from + block);
    nearest(job, from, to);
    sumRows(job, task, from, to);
  }
}

/** Eight rows at a time; the last eight may reach into the padding, whose labels nobody reads. */
function nearest(job: usize, from: i32, to: i32): void {
  const columns = word(job, COLUMNS);
  const count = word(job, COUNT);
  const column = bytes(word(job, PADDED));
  const points = address(job, POINTS);
  const halves = address(job, HALVES);
  const labels = address(job, LABELS);
  for (let i = from; i < to; i += 8) {
    const x = address(job, VALUES) + bytes(i);
    if (ASC_FEATURE_SIMD) {
      let b0 = f64x2.splat(Infinity), b1 = b0, b2 = b0, b3 = b0;
      let n0 = i64x2.splat(0), n1 = n0, n2 = n0, n3 = n0;
      let point = points;
      for (let k = 0; k < count; k++) {
        let a0 = v128.load64_splat(halves + bytes(k)), a1 = a0, a2 = a0, a3 = a0;
        let at = x;
        for (let c = 0; c < columns; c++, at += column, point += 8) {
          const p = v128.load64_splat(point);
          a0 = f64x2.sub(a0, f64x2.mul(p, v128.load(at)));
          a1 = f64x2.sub(a1, f64x2.mul(p, v128.load(at, 16)));
          a2 = f64x2.sub(a2, f64x2.mul(p, v128.load(at, 32)));
          a3 = f64x2.sub(a3, f64x2.mul(p, v128.load(at, 48)));
        }
        const kk = i64x2.splat(k);
        const l0 = f64x2.lt(a0, b0), l1 = f64x2.lt(a1, b1), l2 = f64x2.lt(a2, b2), l3 = f64x2.lt(a3, b3);
        b0 = v128.bitselect(a0, b0, l0);
        b1 = v128.bitselect(a1, b1, l1);
        b2 = v128.bitselect(a2, b2, l2);
        b3 = v128.bitselect(a3, b3, l3);
        n0 = v128.bitselect(kk, n0, l0);
        n1 = v128.bitselect(kk, n1, l1);
        n2 = v128.bitselect(kk, n2, l2);
        n3 = v128.bitselect(kk, n3, l3);
      }
      const out = labels + (<usize>i << 2);
      v128.store(out, i32x4.shuffle(n0, n1, 0, 2, 4, 6));
      v128.store(out, i32x4.shuffle(n2, n3, 0, 2, 4, 6), 16);
    } else {
      for (let lane = 0; lane < 8; lane++) {
        let best = Infinity;
        let label = 0;
        let point = points;
        for (let k = 0; k < count; k++) {
          let a = load<f64>(halves + bytes(k));
          let at = x + bytes(lane);
          for (let c = 0; c < columns; c++, at += column, point += 8) a -= load<f64>(point) * load<f64>(at);
          if (a < best) {
            best = a;
            label = k;
          }
        }
        store<i32>(labels + (<usize>(i + lane) << 2), label);
      }
    }
  }
}

function sumRows(job: usize, task: i32, from: i32, to: i32): void {
  const columns = word(job, COLUMNS);
  const wide = bytes(columns + 1);
  const column = bytes(word(job, PADDED));
  const sums = address(job, PARTIAL) + <usize>(task * word(job, COUNT)) * wide;
  const labels = address(job, LABELS);
  const weights = address(job, WEIGHTS);
  memory.fill(sums, 0, <usize>word(job, COUNT) * wide);
  for (let i = from; i < to; i++) {
    const w = weights == 0 ? 1.0 : load<f64>(weights + bytes(i));
    const at = sums + <usize>load<i32>(labels + (<usize>i << 2)) * wide;
    let x = address(job, VALUES) + bytes(i);
    for (let c = 0; c < columns; c++, x += column) store<f64>(at + bytes(c), load<f64>(at + bytes(c)) + w * load<f64>(x));
    store<f64>(at + bytes(columns), load<f64>(at + bytes(columns)) + w);
  }
}

/** Squared distance of every row to the point of its label, into `distances`; returns their weighted sum. */
export function inertia(job: usize): f64 {
  store<i32>(job, 0);
  fork(inertiaTasks, job);
  joinBlocks(job, 1);
  return load<f64>(address(job, PARTIAL));
}

function inertiaTasks(job: usize, shard: i32): void {
  const blocks = blocksOf(job);
  const block = word(job, BLOCK);
  const columns = word(job, COLUMNS);
  const column = bytes(word(job, PADDED));
  const weights = address(job, WEIGHTS);
  for (;;) {
    const task = nextTask(job);
    if (task >= blocks) return;
    const from = task * block;
    const to = min(word(job, ROWS), from + block);
    let total: f64 = 0;
    for (let i = from; i < to; i++) {
      const point = address(job, POINTS) + bytes(load<i32>(address(job, LABELS) + (<usize>i << 2)) * columns);
      let x = address(job, VALUES) + bytes(i);
      let sum: f64 = 0;
      for (let c = 0; c < columns; c++, x += column) {
        const difference = load<f64>(x) - load<f64>(point + bytes(c));
        sum += difference * difference;
      }
      store<f64>(address(job, DISTANCES) + bytes(i), sum);
      total += weights == 0 ? sum : sum * load<f64>(weights + bytes(i));
    }
    store<f64>(address(job, PARTIAL) + bytes(task), total);
  }
}

/**
 * For each of `count` points, the smaller of `closest` and the squared distance to it, of every row: into `distances`, `padded`
 * doubles a point. The partial place then holds their weighted sums, point after point within each block.
 */
export function nearer(job: usize): void {
  store<i32>(job, 0);
  fork(nearerTasks, job);
}

function nearerTasks(job: usize, shard: i32): void {
  const blocks = blocksOf(job);
  const block = word(job, BLOCK);
  const count = word(job, COUNT);
  const columns = word(job, COLUMNS);
  const column = bytes(word(job, PADDED));
  const closest = address(job, CLOSEST);
  const weights = address(job, WEIGHTS);
  for (;;) {
    const task = nextTask(job);
    if (task >= blocks) return;
    const from = task * block;
    const to = min(word(job, ROWS), from + block);
    for (let k = 0; k < count; k++) {
      const point = address(job, POINTS) + bytes(k * columns);
      const out = address(job, DISTANCES) + <usize>k * column;
      let even: f64 = 0;
      let odd: f64 = 0;
      let i = from;
      if (ASC_FEATURE_SIMD) {
        let total = f64x2.splat(0);
        for (; i + 2 <= to; i += 2) {
          let x = address(job, VALUES) + bytes(i);
          let sum = f64x2.splat(0);
          for (let c = 0; c < columns; c++, x += column) {
            const difference = f64x2.sub(v128.load(x), v128.load64_splat(point + bytes(c)));
            sum = f64x2.add(sum, f64x2.mul(difference, difference));
          }
          sum = f64x2.pmin(sum, v128.load(closest + bytes(i)));
          v128.store(out + bytes(i), sum);
          total = f64x2.add(total, weights == 0 ? sum : f64x2.mul(sum, v128.load(weights + bytes(i))));
        }
        even = f64x2.extract_lane(total, 0);
        odd = f64x2.extract_lane(total, 1);
      }
      for (; i < to; i++) {
        let x = address(job, VALUES) + bytes(i);
        let sum: f64 = 0;
        for (let c = 0; c < columns; c++, x += column) {
          const difference = load<f64>(x) - load<f64>(point + bytes(c));
          sum += difference * difference;
        }
        const before = load<f64>(closest + bytes(i));
        sum = before < sum ? before : sum;
        store<f64>(out + bytes(i), sum);
        const counted = weights == 0 ? sum : sum * load<f64>(weights + bytes(i));
        if (((i - from) & 1) == 0) even += counted;
        else odd += counted;
      }
      store<f64>(address(job, PARTIAL) + bytes(task * count + k), even + odd);
    }
  }
}

// ---- nearest neighbours ---------------------------------------------------------------------------------------------
//
// The rows lie in leaves of a tree: leaf l holds the places `starts[l]` to `starts[l + 1]`, and `boxes` its least and greatest
// value in every column. `points` are the rows asked about, `count` of them; `out` takes `neighbours` places of each
// and `distances` their squared distances, nearest first; equal ones by their number in `order`.
//
// More words of the job: leaves (64), starts (68), boxes (72), order (76), neighbours (80), scratch (84: a place for the
// leaves' distances and numbers, a thread).
const LEAVES: usize = 64;
const STARTS: usize = 68;
const BOXES: usize = 72;
const ORDER: usize = 76;
const NEIGHBOURS: usize = 80;
const SCRATCH: usize = 84;

/** Points that a thread takes at a time. */
const POINTS_A_TASK: i32 = 16;

export function neighbours(job: usize): void {
  store<i32>(job, 0);
  fork(neighbourTasks, job);
}

function neighbourTasks(job: usize, shard: i32): void {
  const count = word(job, COUNT);
  const scratch = address(job, SCRATCH) + <usize>shard * (<usize>word(job, LEAVES) << 4);
  for (;;) {
    const from = nextTask(job) * POINTS_A_TASK;
    if (from >= count) return;
    const to = min(count, from + POINTS_A_TASK);
    for (let i = from; i < to; i++) neighboursOf(job, i, scratch);
  }
}

/** Squared distance from a point to the box of a leaf, over the columns in order. */
@inline function boxDistance(point: usize, box: usize, columns: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < columns; c++) {
    const p = load<f64>(point + bytes(c));
    const low = load<f64>(box + bytes(2 * c)) - p;
    const high = p - load<f64>(box + bytes(2 * c), 8);
    const out = max(0.0, max(low, high));
    sum += out * out;
  }
  return sum;
}

/** Leaves by their distance from the point, in a heap that gives the nearest first; ends where none can hold a neighbour. */
function neighboursOf(job: usize, i: i32, scratch: usize): void {
  const columns = word(job, COLUMNS);
  const leaves = word(job, LEAVES);
  const wanted = word(job, NEIGHBOURS);
  const point = address(job, POINTS) + bytes(i * columns);
  const places = address(job, OUT) + (<usize>(i * wanted) << 2);
  const distances = address(job, DISTANCES) + bytes(i * wanted);
  for (let n = 0; n < wanted; n++) {
    store<f64>(distances + bytes(n), Infinity);
    store<i32>(places + (<usize>n << 2), i32.MAX_VALUE);
  }
  const far = scratch;
  const heap = scratch + bytes(leaves);
  const boxes = address(job, BOXES);
  for (let l = 0; l < leaves; l++) {
    store<f64>(far + bytes(l), boxDistance(point, boxes + bytes(2 * l * columns), columns));
    store<i32>(heap + (<usize>l << 2), l);
  }
  for (let l = leaves / 2 - 1; l >= 0; l--) sift(heap, far, l, leaves);
  let size = leaves;
  while (size > 0) {
    const leaf = load<i32>(heap);
    if (load<f64>(far + bytes(leaf)) > load<f64>(distances + bytes(wanted - 1))) return;
    searchLeaf(job, leaf, point, places, distances, wanted);
    size--;
    store<i32>(heap, load<i32>(heap + (<usize>size << 2)));
    sift(heap, far, 0, size);
  }
}

function sift(heap: usize, far: usize, at: i32, size: i32): void {
  const held = load<i32>(heap + (<usize>at << 2));
  const distance = load<f64>(far + bytes(held));
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    let leaf = load<i32>(heap + (<usize>child << 2));
    if (child + 1 < size) {
      const other = load<i32>(heap + (<usize>(child + 1) << 2));
      if (load<f64>(far + bytes(other)) < load<f64>(far + bytes(leaf))) {
        leaf = other;
        child++;
      }
    }
    if (load<f64>(far + bytes(leaf)) >= distance) break;
    store<i32>(heap + (<usize>at << 2), leaf);
    at = child;
  }
  store<i32>(heap + (<usize>at << 2), held);
}

function searchLeaf(job: usize, leaf: i32, point: usize, places: usize, distances: usize, wanted: i32): void {
  const columns = word(job, COLUMNS);
  const column = bytes(word(job, PADDED));
  const starts = address(job, STARTS);
  const from = load<i32>(starts + (<usize>leaf << 2));
  const to = load<i32>(starts + (<usize>leaf << 2), 4);
  let i = from;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= to; i += 4) {
      let x = address(job, VALUES) + bytes(i);
      let a = f64x2.splat(0), b = a;
      for (let c = 0; c < columns; c++, x += column) {
        const p = v128.load64_splat(point + bytes(c));
        const s = f64x2.sub(v128.load(x), p), t = f64x2.sub(v128.load(x, 16), p);
        a = f64x2.add(a, f64x2.mul(s, s));
        b = f64x2.add(b, f64x2.mul(t, t));
      }
      const worst = v128.load64_splat(distances + bytes(wanted - 1));
      if (!v128.any_true(v128.or(f64x2.le(a, worst), f64x2.le(b, worst)))) continue;
      enter(job, i, f64x2.extract_lane(a, 0), places, distances, wanted);
      enter(job, i + 1, f64x2.extract_lane(a, 1), places, distances, wanted);
      enter(job, i + 2, f64x2.extract_lane(b, 0), places, distances, wanted);
      enter(job, i + 3, f64x2.extract_lane(b, 1), places, distances, wanted);
    }
  }
  for (; i < to; i++) {
    let x = address(job, VALUES) + bytes(i);
    let sum: f64 = 0;
    for (let c = 0; c < columns; c++, x += column) {
      const difference = load<f64>(x) - load<f64>(point + bytes(c));
      sum += difference * difference;
    }
    enter(job, i, sum, places, distances, wanted);
  }
}

/** Puts a row among the nearest, by distance and then by number, when it belongs there. */
function enter(job: usize, i: i32, distance: f64, places: usize, distances: usize, wanted: i32): void {
  const last = load<f64>(distances + bytes(wanted - 1));
  if (distance > last) return;
  const number = load<i32>(address(job, ORDER) + (<usize>i << 2));
  if (distance == last && number > load<i32>(places + (<usize>(wanted - 1) << 2))) return;
  let at = wanted - 1;
  while (at > 0) {
    const before = load<f64>(distances + bytes(at - 1));
    const other = load<i32>(places + (<usize>(at - 1) << 2));
    if (before < distance || (before == distance && other < number)) break;
    store<f64>(distances + bytes(at), before);
    store<i32>(places + (<usize>at << 2), other);
    at--;
  }
  store<f64>(distances + bytes(at), distance);
  store<i32>(places + (<usize>at << 2), number);
}
