// Rows down trees, many at a time: what src/models/trees/predict.ts does, to the bit.
//
// A tree of up to 128 leaves is gone through from its last node to its first, 64 rows side by side: of each node it is known
// then which leaf a row ends in that stands on its left, and which on its right, and its cut chooses between the two. Every
// row passes all nodes, but there is no branch, no step that waits for the one before, and sixteen rows to an instruction.
// Larger trees, and all without lanes, are walked from the root by eight rows side by side.
import { crewSize, fork } from "./crew";

export { serve, setCrew } from "./crew";
export { binNumbers, divideEdges } from "./predict-binning";

/** Rows that all trees see before the next ones. */
const BLOCK: i32 = 512;
const MISSING: i32 = 255;
/** Rows side by side in a small tree: the bytes a node has room for. */
const ABREAST: i32 = 64;
/** Bytes a thread needs for the nodes of a small tree. */
const ROOM: usize = 16384;
/** Bytes of a cut of a small tree. */
const CUT: usize = 16;

/** What to add up; the order of fields is that of src/models/trees/predict-kernel.ts. */
// @ts-ignore: decorator
@unmanaged
class Job {
  /** Bins, one column after another: feature f's begin at `byColumn + f * columnStep`, with 64 bytes to spare at the end. */
  byColumn: usize;
  columnStep: i32;
  /** Bins, one row after another. */
  byRow: usize;
  features: i32;
  rows: i32;
  out: usize;
  columns: i32;
  width: i32;
  trees: usize;
  count: i32;
  /** Per thread, ROOM bytes. */
  room: usize;
  /** 1 to write leaves instead of adding what they hold. */
  leaves: i32;
}

// @ts-ignore: decorator
@unmanaged
class Tree {
  nodes: i32;
  right: usize;
  split: usize;
  outputs: usize;
  column: i32;
  /** Eight bytes a node: cuts of a small tree from the last to the first, packed nodes of a large one. */
  packed: usize;
  setOf: usize;
  words: usize;
  /** Of a small tree, four bytes a leaf from left to right: where what it holds is, or its number. */
  ends: usize;
  /** Of a small tree, 256 bytes a set of categories. */
  sides: usize;
}

/** Makes small trees ready for `addSmall`. */
export function prepareSmall(job: usize): void {
  fork(prepareSmallShard, job);
}

/** Makes trees ready for `addLarge`. */
export function prepareLarge(job: usize): void {
  fork(prepareLargeShard, job);
}

/** Adds trees of up to 128 leaves, by columns. Only where there are lanes. */
export function addSmall(job: usize): void {
  fork(addSmallShard, job);
}

/** Adds trees of any size, by rows. */
export function addLarge(job: usize): void {
  fork(addLargeShard, job);
}

/** Columns of bins to rows of bins. */
export function turnToRows(job: usize): void {
  fork(turnToRowsShard, job);
}

/** Rows of bins to columns of bins. */
export function turnToColumns(job: usize): void {
  fork(turnToColumnsShard, job);
}

// @ts-ignore: decorator
@inline
function treeAt(job: Job, tree: i32): Tree {
  return changetype<Tree>(job.trees + offsetof<Tree>() * <usize>tree);
}

function turnToRowsShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  const end = shareOf(job.rows, shard + 1);
  for (let first = shareOf(job.rows, shard); first < end; first += ABREAST) turnBlock(job, first, min(end, first + ABREAST), true);
}

function turnToColumnsShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  const end = shareOf(job.rows, shard + 1);
  for (let first = shareOf(job.rows, shard); first < end; first += ABREAST) turnBlock(job, first, min(end, first + ABREAST), false);
}

function turnBlock(job: Job, first: i32, end: i32, toRows: bool): void {
  const features = job.features;
  for (let f = 0; f < features; f++) {
    const column = job.byColumn + <usize>f * <usize>job.columnStep;
    let at = job.byRow + <usize>first * <usize>features + <usize>f;
    for (let row = first; row < end; row++, at += features) {
      if (toRows) store<u8>(at, load<u8>(column + <usize>row));
      else store<u8>(column + <usize>row, load<u8>(at));
    }
  }
}

function prepareSmallShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  for (let t = shard; t < job.count; t += crewSize()) packCuts(job, treeAt(job, t));
}

function prepareLargeShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  for (let t = shard; t < job.count; t += crewSize()) packNodes(treeAt(job, t));
}

/**
 * A cut as 16 bytes: where its column begins, the rooms of its left and right side, what to add to a bin, the bin above which
 * rows go right (or which sixteens of bins a set has), its own room, and where its set of categories is.
 */
function packCuts(job: Job, tree: Tree): void {
  let leaf = 0;
  let at = tree.packed + (<usize>(tree.nodes >> 1)) * CUT;
  for (let node = 0; node < tree.nodes; node++) {
    const next = load<i32>(tree.right + ((<usize>node) << 2));
    const split = load<i32>(tree.split + ((<usize>node) << 2));
    if (next == 0) {
      store<u32>(tree.ends + ((<usize>leaf) << 2), job.leaves ? split : <u32>tree.outputs + <u32>split * <u32>(job.width << 3));
      leaf++;
      continue;
    }
    at -= CUT;
    store<u32>(at, (split >> 9) * job.columnStep);
    store<u16>(at, <u16>((node + 1) * ABREAST), 4);
    store<u16>(at, <u16>(next * ABREAST), 6);
    store<u16>(at, <u16>(node * ABREAST), 10);
    const set = tree.setOf == 0 ? -1 : load<i32>(tree.setOf + ((<usize>node) << 2));
    if (set >= 0) {
      const sides = tree.sides + ((<usize>set) << 8);
      store<u16>(at, packSet(tree.words + ((<usize>set) << 5), sides), 8);
      store<u32>(at, <u32>sides, 12);
      continue;
    }
    // A missing value that goes left comes to stand before all others. Bytes are compared with their sign: 128 less.
    const turn = split & 1;
    store<u8>(at, <u8>(128 + turn), 8);
    store<u8>(at, <u8>(min((split >> 1) & 255, MISSING - 1) + turn + 128), 9);
    store<u32>(at, 0, 12);
  }
}

/** Writes 255 for each bin that goes left; returns which sixteens have one. */
function packSet(words: usize, sides: usize): u16 {
  let held: u32 = 0;
  for (let b: u32 = 0; b < 256; b++) {
    const left = (load<u32>(words + ((<usize>(b >> 5)) << 2)) >> (b & 31)) & 1;
    store<u8>(sides + <usize>b, <u8>(0 - left));
    held |= left << (b >> 4);
  }
  return <u16>held;
}

/** A node as 64 bits: where the right side is; feature, first bin on the right, whether bins are turned by one. */
function packNodes(tree: Tree): void {
  for (let node = 0; node < tree.nodes; node++) {
    const next = load<i32>(tree.right + ((<usize>node) << 2));
    const split = load<i32>(tree.split + ((<usize>node) << 2));
    const at = tree.packed + ((<usize>node) << 3);
    if (next == 0) {
      // A leaf sends every row to its right, which is itself.
      store<i32>(at, node);
      store<i32>(at, 0, 4);
      continue;
    }
    const turn = split & 1;
    store<i32>(at, next);
    store<i32>(at, ((split >> 9) << 10) | ((min((split >> 1) & 255, MISSING - 1) + turn + 1) << 1) | turn, 4);
  }
}

/** The first row of a thread's share: a multiple of a block. */
function shareOf(rows: i32, shard: i32): i32 {
  const blocks = (rows + BLOCK - 1) / BLOCK;
  return min(rows, <i32>((<i64>blocks * shard) / crewSize()) * BLOCK);
}

function addSmallShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  const end = shareOf(job.rows, shard + 1);
  const room = job.room + <usize>shard * ROOM;
  for (let first = shareOf(job.rows, shard); first < end; first += BLOCK) {
    const last = min(end, first + BLOCK);
    for (let t = 0; t < job.count; t++) addCuts(job, treeAt(job, t), first, last, room);
  }
}

function addCuts(job: Job, tree: Tree, first: i32, end: i32, room: usize): void {
  if (ASC_FEATURE_SIMD) {
    let leaf: i32 = 0;
    for (let node = 0; node < tree.nodes; node++) {
      if (load<i32>(tree.right + ((<usize>node) << 2)) != 0) continue;
      const all = i8x16.splat(<i8>leaf);
      leaf++;
      const to = room + <usize>(node * ABREAST);
      v128.store(to, all);
      v128.store(to, all, 16);
      v128.store(to, all, 32);
      v128.store(to, all, 48);
    }
    const lastCut = tree.packed + (<usize>(tree.nodes >> 1)) * CUT;
    for (let row = first; row < end; row += ABREAST) {
      const bins = job.byColumn + <usize>row;
      for (let cut = tree.packed; cut < lastCut; cut += CUT) {
        const column = bins + <usize>load<u32>(cut);
        const left = room + <usize>load<u16>(cut, 4);
        const right = room + <usize>load<u16>(cut, 6);
        const to = room + <usize>load<u16>(cut, 10);
        const sides = <usize>load<u32>(cut, 12);
        if (sides != 0) {
          const held = <u32>load<u16>(cut, 8);
          for (let part: usize = 0; part < 64; part += 16) {
            v128.store(to + part, v128.bitselect(v128.load(left + part), v128.load(right + part), inSet(v128.load(column + part), sides, held)));
          }
          continue;
        }
        const turn = v128.load8_splat(cut, 8);
        const limit = v128.load8_splat(cut, 9);
        v128.store(to, v128.bitselect(v128.load(right), v128.load(left), i8x16.gt_s(i8x16.add(v128.load(column), turn), limit)));
        v128.store(to, v128.bitselect(v128.load(right, 16), v128.load(left, 16), i8x16.gt_s(i8x16.add(v128.load(column, 16), turn), limit)), 16);
        v128.store(to, v128.bitselect(v128.load(right, 32), v128.load(left, 32), i8x16.gt_s(i8x16.add(v128.load(column, 32), turn), limit)), 32);
        v128.store(to, v128.bitselect(v128.load(right, 48), v128.load(left, 48), i8x16.gt_s(i8x16.add(v128.load(column, 48), turn), limit)), 48);
      }
      addEnds(job, tree, row, min(ABREAST, end - row), room);
    }
  }
}

/** 255 for each of sixteen bins that is in a set. */
// @ts-ignore: decorator
@inline
function inSet(bins: v128, sides: usize, held: u32): v128 {
  let found = i8x16.splat(0);
  // A place from 16 on gives 0, so each sixteen of bins answers for its own.
  for (let left = held; left != 0; left &= left - 1) {
    const base = ctz(left) << 4;
    found = v128.or(found, i8x16.swizzle(v128.load(sides + <usize>base), i8x16.sub(bins, i8x16.splat(<i8>base))));
  }
  return found;
}

/** Adds what the leaves hold that so many rows ended in, or writes these. */
function addEnds(job: Job, tree: Tree, row: i32, count: i32, room: usize): void {
  const ends = tree.ends;
  const last = room + <usize>count;
  if (job.leaves) {
    const step = (<usize>job.columns) << 2;
    let to = job.out + <usize>row * step + ((<usize>tree.column) << 2);
    for (let at = room; at < last; at++, to += step) store<i32>(to, load<i32>(ends + ((<usize>load<u8>(at)) << 2)));
    return;
  }
  const step = (<usize>job.columns) << 3;
  const width = job.width;
  let to = job.out + <usize>row * step + ((<usize>tree.column) << 3);
  if (width == 1) {
    for (let at = room; at < last; at++, to += step) store<f64>(to, load<f64>(to) + load<f64>(<usize>load<u32>(ends + ((<usize>load<u8>(at)) << 2))));
  } else {
    for (let at = room; at < last; at++, to += step) addLeaf(to, <usize>load<u32>(ends + ((<usize>load<u8>(at)) << 2)), width);
  }
}

// @ts-ignore: decorator
@inline
function addLeaf(to: usize, from: usize, width: i32): void {
  if (width == 1) store<f64>(to, load<f64>(to) + load<f64>(from));
  else if (ASC_FEATURE_SIMD && width == 2) v128.store(to, f64x2.add(v128.load(to), v128.load(from)));
  else {
    for (let k: usize = 0; k < (<usize>width) << 3; k += 8) store<f64>(to + k, load<f64>(to + k) + load<f64>(from + k));
  }
}

/** Adds what a leaf holds to a row's sums, or writes the leaf. */
// @ts-ignore: decorator
@inline
function put(job: Job, tree: Tree, row: i32, leaf: i32): void {
  if (job.leaves) {
    store<i32>(job.out + ((<usize>row * <usize>job.columns + <usize>tree.column) << 2), leaf);
    return;
  }
  const to = job.out + ((<usize>row * <usize>job.columns + <usize>tree.column) << 3);
  addLeaf(to, tree.outputs + (<usize>leaf * <usize>job.width << 3), job.width);
}

function addLargeShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  const from = shareOf(job.rows, shard);
  const end = shareOf(job.rows, shard + 1);
  // One tree at a time over all rows: it stays in the cache.
  for (let t = 0; t < job.count; t++) {
    const tree = treeAt(job, t);
    if (tree.setOf != 0) walkSets(job, tree, from, end);
    else walk(job, tree, from, end);
  }
}

/** The next node of a row that stands at node k. */
// @ts-ignore: decorator
@inline
function step(nodes: usize, row: usize, k: u32): u32 {
  const node = load<u64>(nodes + ((<usize>k) << 3));
  const cut = <u32>(node >> 32);
  const b = (<u32>load<u8>(row + <usize>(cut >> 10)) + (cut & 1)) & 255;
  return b < ((cut >> 1) & 511) ? k + 1 : <u32>node;
}

function walk(job: Job, tree: Tree, from: i32, end: i32): void {
  const nodes = tree.packed;
  const width = <usize>job.features;
  const split = tree.split;
  let row = from;
  for (; row + 8 <= end; row += 8) {
    const r0 = job.byRow + <usize>row * width;
    const r1 = r0 + width;
    const r2 = r1 + width;
    const r3 = r2 + width;
    const r4 = r3 + width;
    const r5 = r4 + width;
    const r6 = r5 + width;
    const r7 = r6 + width;
    let k0: u32 = 0;
    let k1: u32 = 0;
    let k2: u32 = 0;
    let k3: u32 = 0;
    let k4: u32 = 0;
    let k5: u32 = 0;
    let k6: u32 = 0;
    let k7: u32 = 0;
    for (;;) {
      const n0 = step(nodes, r0, k0);
      const n1 = step(nodes, r1, k1);
      const n2 = step(nodes, r2, k2);
      const n3 = step(nodes, r3, k3);
      const n4 = step(nodes, r4, k4);
      const n5 = step(nodes, r5, k5);
      const n6 = step(nodes, r6, k6);
      const n7 = step(nodes, r7, k7);
      const moved = (n0 ^ k0) | (n1 ^ k1) | (n2 ^ k2) | (n3 ^ k3) | (n4 ^ k4) | (n5 ^ k5) | (n6 ^ k6) | (n7 ^ k7);
      k0 = n0;
      k1 = n1;
      k2 = n2;
      k3 = n3;
      k4 = n4;
      k5 = n5;
      k6 = n6;
      k7 = n7;
      if (moved == 0) break;
    }
    put(job, tree, row, load<i32>(split + ((<usize>k0) << 2)));
    put(job, tree, row + 1, load<i32>(split + ((<usize>k1) << 2)));
    put(job, tree, row + 2, load<i32>(split + ((<usize>k2) << 2)));
    put(job, tree, row + 3, load<i32>(split + ((<usize>k3) << 2)));
    put(job, tree, row + 4, load<i32>(split + ((<usize>k4) << 2)));
    put(job, tree, row + 5, load<i32>(split + ((<usize>k5) << 2)));
    put(job, tree, row + 6, load<i32>(split + ((<usize>k6) << 2)));
    put(job, tree, row + 7, load<i32>(split + ((<usize>k7) << 2)));
  }
  for (; row < end; row++) {
    const at = job.byRow + <usize>row * width;
    let k: u32 = 0;
    for (let n = step(nodes, at, k); n != k; n = step(nodes, at, k)) k = n;
    put(job, tree, row, load<i32>(split + ((<usize>k) << 2)));
  }
}

/** Large trees with cuts by sets of categories. */
function walkSets(job: Job, tree: Tree, from: i32, end: i32): void {
  const width = <usize>job.features;
  for (let row = from; row < end; row++) {
    const at = job.byRow + <usize>row * width;
    let k = 0;
    for (;;) {
      const next = load<i32>(tree.right + ((<usize>k) << 2));
      if (next == 0) break;
      const set = load<i32>(tree.setOf + ((<usize>k) << 2));
      if (set < 0) {
        k = <i32>step(tree.packed, at, k);
        continue;
      }
      const b = <i32>load<u8>(at + <usize>(load<i32>(tree.split + ((<usize>k) << 2)) >> 9));
      const word = load<u32>(tree.words + ((<usize>(8 * set + (b >> 5))) << 2));
      k = ((word >> (b & 31)) & 1) == 1 ? k + 1 : next;
    }
    put(job, tree, row, load<i32>(tree.split + ((<usize>k) << 2)));
  }
}
