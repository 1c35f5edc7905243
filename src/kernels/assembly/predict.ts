// Rows down trees, many at a time: what src/models/trees/predict.ts does, to the bit.
//
// A tree of up to 64 leaves is a set of tables, one a feature it uses: for each bin the leaves that are still possible, as
// bits. A row's leaf is the first bit left of all its bins' sets (QuickScorer of Lucchese et al., SIGIR 2015): no branch,
// and no step that waits for the one before. Larger trees are walked by eight rows side by side.
import { crewSize, fork } from "./crew";

export { serve, setCrew } from "./crew";

/** Rows whose bins are laid out by columns at a time. */
const BLOCK: i32 = 512;
const MISSING: i32 = 255;

/** What to add up; the order of fields is that of src/models/trees/predict-kernel.ts. */
// @ts-ignore: decorator
@unmanaged
class Job {
  bins: usize;
  rows: i32;
  rowStep: i32;
  featureStep: i32;
  out: usize;
  columns: i32;
  width: i32;
  trees: usize;
  from: i32;
  to: i32;
  used: usize;
  usedCount: i32;
  /** Per thread, BLOCK bytes a feature used. */
  blocks: usize;
  /** 1 to write leaves instead of adding what they hold. */
  leaves: i32;
  threads: i32;
}

// @ts-ignore: decorator
@unmanaged
class Tree {
  nodes: i32;
  right: usize;
  split: usize;
  outputs: usize;
  column: i32;
  /** Tables of a small tree, packed nodes of a large one. */
  packed: usize;
  slots: i32;
  /** Per table the place of its feature among those used. */
  places: usize;
  /** Per table its feature. */
  features: usize;
  setOf: usize;
  words: usize;
  /** Of a small tree, per leaf from left to right its number. */
  ranks: usize;
}

/** Makes tables of the trees from `from` to `to`, or packs their nodes. */
export function prepare(job: usize): void {
  fork(prepareShard, job);
}

/** Adds the trees from `from` to `to`, all of up to 32, up to 64 or of more leaves. */
export function addSmall(job: usize): void {
  fork(addSmallShard, job);
}

export function addMiddle(job: usize): void {
  fork(addMiddleShard, job);
}

export function addLarge(job: usize): void {
  fork(addLargeShard, job);
}

// @ts-ignore: decorator
@inline
function treeAt(job: Job, tree: i32): Tree {
  return changetype<Tree>(job.trees + offsetof<Tree>() * <usize>tree);
}

function prepareShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  for (let t = job.from + shard; t < job.to; t += crewSize()) {
    const tree = treeAt(job, t);
    const leaves = (tree.nodes + 1) >> 1;
    if (leaves <= 32) makeTables<u32>(tree);
    else if (leaves <= 64) makeTables<u64>(tree);
    else packNodes(tree);
  }
}

/** Clears, for every bin that goes right at a node, the leaves on the node's left. */
function makeTables<T>(tree: Tree): void {
  const size = 256 * sizeof<T>();
  memory.fill(tree.packed, 0xff, <usize>tree.slots * size);
  let leaf = 0;
  for (let node = 0; node < tree.nodes; node++) {
    const next = load<i32>(tree.right + ((<usize>node) << 2));
    const split = load<i32>(tree.split + ((<usize>node) << 2));
    if (next == 0) {
      store<i32>(tree.ranks + ((<usize>leaf) << 2), split);
      leaf++;
      continue;
    }
    const below = (next - node) >> 1;
    const gone = ~(((<T>1 << <T>below) - <T>1) << <T>leaf);
    let slot: usize = 0;
    while (load<i32>(tree.features + (slot << 2)) != split >> 9) slot++;
    const table = tree.packed + slot * size;
    const set = tree.setOf == 0 ? -1 : load<i32>(tree.setOf + ((<usize>node) << 2));
    if (set >= 0) {
      for (let b = 0; b < 256; b++) {
        const word = load<u32>(tree.words + ((<usize>(8 * set + (b >> 5))) << 2));
        if (((word >> (b & 31)) & 1) == 0) clear<T>(table, b, gone);
      }
    } else {
      for (let b = ((split >> 1) & 255) + 1; b < MISSING; b++) clear<T>(table, b, gone);
      if ((split & 1) == 0) clear<T>(table, MISSING, gone);
    }
  }
}

// @ts-ignore: decorator
@inline
function clear<T>(table: usize, b: i32, gone: T): void {
  const at = table + <usize>b * sizeof<T>();
  store<T>(at, load<T>(at) & gone);
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
    store<i32>(at, ((split >> 9) << 10) | ((((split >> 1) & 255) + turn + 1) << 1) | turn, 4);
  }
}

function addSmallShard(argument: usize, shard: i32): void {
  addByTables<u32>(changetype<Job>(argument), shard);
}

function addMiddleShard(argument: usize, shard: i32): void {
  addByTables<u64>(changetype<Job>(argument), shard);
}

/** The first row of a thread's share: a multiple of a block. */
function shareOf(rows: i32, shard: i32): i32 {
  const blocks = (rows + BLOCK - 1) / BLOCK;
  return min(rows, <i32>((<i64>blocks * shard) / crewSize()) * BLOCK);
}

function addByTables<T>(job: Job, shard: i32): void {
  const end = shareOf(job.rows, shard + 1);
  const block = job.blocks + <usize>(BLOCK * job.usedCount) * <usize>shard;
  for (let first = shareOf(job.rows, shard); first < end; first += BLOCK) {
    const count = min(BLOCK, job.rows - first);
    layOut(job, first, count, block);
    for (let t = job.from; t < job.to; t++) addTables<T>(job, treeAt(job, t), first, count, block);
  }
}

/** Copies a block's bins of the features used, one column after another; rows past the end are all bin 0. */
function layOut(job: Job, first: i32, count: i32, block: usize): void {
  const rowStep = <usize>job.rowStep;
  for (let u = 0; u < job.usedCount; u++) {
    let from = job.bins + <usize>first * rowStep + <usize>load<i32>(job.used + ((<usize>u) << 2)) * <usize>job.featureStep;
    const to = block + <usize>(BLOCK * u);
    if (rowStep == 1) memory.copy(to, from, count);
    else {
      for (let row = 0; row < count; row++, from += rowStep) store<u8>(to + <usize>row, load<u8>(from));
    }
    if (count < BLOCK) memory.fill(to + <usize>count, 0, BLOCK - count);
  }
}

function addTables<T>(job: Job, tree: Tree, first: i32, count: i32, block: usize): void {
  const slots = tree.slots;
  const size = 256 * sizeof<T>();
  const shift: usize = sizeof<T>() == 4 ? 2 : 3;
  const places = tree.places;
  const ranks = tree.ranks;
  for (let row = 0; row < count; row += 8) {
    let m0: T = ~(<T>0);
    let m1 = m0;
    let m2 = m0;
    let m3 = m0;
    let m4 = m0;
    let m5 = m0;
    let m6 = m0;
    let m7 = m0;
    let table = tree.packed;
    for (let slot = 0; slot < slots; slot++, table += size) {
      const bins = block + <usize>row + <usize>load<i32>(places + ((<usize>slot) << 2)) * BLOCK;
      m0 &= load<T>(table + ((<usize>load<u8>(bins)) << shift));
      m1 &= load<T>(table + ((<usize>load<u8>(bins, 1)) << shift));
      m2 &= load<T>(table + ((<usize>load<u8>(bins, 2)) << shift));
      m3 &= load<T>(table + ((<usize>load<u8>(bins, 3)) << shift));
      m4 &= load<T>(table + ((<usize>load<u8>(bins, 4)) << shift));
      m5 &= load<T>(table + ((<usize>load<u8>(bins, 5)) << shift));
      m6 &= load<T>(table + ((<usize>load<u8>(bins, 6)) << shift));
      m7 &= load<T>(table + ((<usize>load<u8>(bins, 7)) << shift));
    }
    const left = count - row;
    const at = first + row;
    put(job, tree, at, load<i32>(ranks + ((<usize>ctz(m0)) << 2)));
    if (left > 1) put(job, tree, at + 1, load<i32>(ranks + ((<usize>ctz(m1)) << 2)));
    if (left > 2) put(job, tree, at + 2, load<i32>(ranks + ((<usize>ctz(m2)) << 2)));
    if (left > 3) put(job, tree, at + 3, load<i32>(ranks + ((<usize>ctz(m3)) << 2)));
    if (left > 4) put(job, tree, at + 4, load<i32>(ranks + ((<usize>ctz(m4)) << 2)));
    if (left > 5) put(job, tree, at + 5, load<i32>(ranks + ((<usize>ctz(m5)) << 2)));
    if (left > 6) put(job, tree, at + 6, load<i32>(ranks + ((<usize>ctz(m6)) << 2)));
    if (left > 7) put(job, tree, at + 7, load<i32>(ranks + ((<usize>ctz(m7)) << 2)));
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
  const width = <usize>job.width;
  const from = tree.outputs + ((<usize>leaf * width) << 3);
  if (width == 1) store<f64>(to, load<f64>(to) + load<f64>(from));
  else if (width == 2) {
    if (ASC_FEATURE_SIMD) v128.store(to, f64x2.add(v128.load(to), v128.load(from)));
    else {
      store<f64>(to, load<f64>(to) + load<f64>(from));
      store<f64>(to, load<f64>(to, 8) + load<f64>(from, 8), 8);
    }
  } else {
    for (let k: usize = 0; k < width << 3; k += 8) store<f64>(to + k, load<f64>(to + k) + load<f64>(from + k));
  }
}

function addLargeShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  const from = shareOf(job.rows, shard);
  const end = shareOf(job.rows, shard + 1);
  // One tree at a time over all rows: it stays in the cache.
  for (let t = job.from; t < job.to; t++) {
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
  const width = <usize>job.rowStep;
  const split = tree.split;
  let row = from;
  for (; row + 8 <= end; row += 8) {
    const r0 = job.bins + <usize>row * width;
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
    const at = job.bins + <usize>row * width;
    let k: u32 = 0;
    for (let n = step(nodes, at, k); n != k; n = step(nodes, at, k)) k = n;
    put(job, tree, row, load<i32>(split + ((<usize>k) << 2)));
  }
}

/** Large trees with cuts by sets of categories. */
function walkSets(job: Job, tree: Tree, from: i32, end: i32): void {
  const width = <usize>job.rowStep;
  for (let row = from; row < end; row++) {
    const at = job.bins + <usize>row * width;
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
