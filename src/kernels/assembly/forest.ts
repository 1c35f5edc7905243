// Whole trees of a forest, grown without a step through JavaScript: what src/models/trees/grow.ts does, to the bit.
//
// Every row of the table is a record of a few bytes: what it adds to a histogram, then its bins. A tree takes the
// records it has drawn and moves them whole, from one buffer to the other, so that the rows of a node are always side by
// side and are read as a stream. Sums are whole numbers, so the order of rows, which a division turns about, is of no
// account. Where rows are wide a record holds the address of the bins instead of the bins.
//
// Threads take one tree after another; a tree's draws come from a stream of its own.
import { crewSize, fork } from "./crew";
import { STREAM_BYTES, drawBelow, drawLimit, nextWord, seedStream } from "./philox";

export { serve, setCrew } from "./crew";

const MISSING: i32 = 255;
const BINS: usize = 256;

// What a record begins with and a histogram adds up, as a type that the compiler tells apart by its size.
/** 4 bytes: weight, and the class of two in the top bit. A bin holds both classes' weights in one 64-bit word. */
type Pair = u8;
/** 16 bytes: target times weight; weight, with 1 above for counting. A bin is their sum. */
type Sums = u16;
/** 16 bytes: the weights of two classes, 64 bits each. */
type Wide = u32;
/** 16 bytes: the weights of two classes, 32 bits each; 1 for counting. */
type Counted = u64;
/** 16 bytes: weight, class. A bin holds 64 bits a class, then the count where there is one. */
type Many = f64;

const PAIR: i32 = 0;
const SUMS: i32 = 1;
const WIDE: i32 = 2;
const COUNTED: i32 = 3;
const MANY: i32 = 4;

// Where a record's bins are.
type Inside = u8;
type Elsewhere = u16;

// How many features a pass over rows adds up.
type One = u8;
type Two = u16;
type Three = u32;
type Four = u64;

/** Nodes of fewer rows note which bins they touch instead of looking at all of them. */
const ROWS_TO_LOOK_AT_ALL: i32 = 128;
/** From this many rows on a node's histograms of all features are kept for its children. */
const ROWS_TO_SUBTRACT: i32 = 512;

/** What to grow; the order of fields is that of src/models/trees/forest-kernel.ts. */
// @ts-ignore: decorator
@unmanaged
class Job {
  leastGain: f64;
  records: usize;
  rows: i32;
  features: i32;
  stride: i32;
  binsAt: i32;
  kind: i32;
  elsewhere: i32;
  channels: i32;
  counted: i32;
  bootstrap: i32;
  draws: i32;
  maxDepth: i32;
  minSplit: i32;
  minLeaf: i32;
  tried: i32;
  binsInUse: usize;
  keys: usize;
  trees: i32;
  next: i32;
  rooms: usize;
  results: usize;
  arena: usize;
  arenaBytes: u32;
  arenaUsed: u32;
  cutPoints: usize;
}

/** Where a thread works. */
// @ts-ignore: decorator
@unmanaged
class Room {
  times: usize;
  near: usize;
  far: usize;
  histograms: usize;
  compact: usize;
  places: usize;
  stack: usize;
  right: usize;
  split: usize;
  gains: usize;
  order: usize;
  limits: usize;
  sums: usize;
  left: usize;
  trial: usize;
  leaves: usize;
  leafTable: usize;
  words: usize;
  pool: usize;
  leafRoom: i32;
  tableRoom: i32;
  slots: i32;
  slotBytes: i32;
  free: usize;
}
const ROOM_BYTES: usize = 96;

/** What became of a tree. */
// @ts-ignore: decorator
@unmanaged
class Result {
  /** 1 when done, 2 when a room was too small. */
  status: i32;
  nodes: i32;
  leaves: i32;
  at: u32;
}

// The best cut of the node in hand.
let gain: f64 = 0;
let feature: i32 = -1;
let bin: i32 = 0;
let missingLeft: bool = false;
let left0: f64 = 0;
let left1: f64 = 0;

// The node in hand.
let sum0: f64 = 0;
let sum1: f64 = 0;
let weight: f64 = 0;
let rows: i32 = 0;

/** Bytes of a thread's room for random numbers. */
export function streamBytes(): i32 {
  return STREAM_BYTES;
}

/** Grows the trees of a job, as many as its arena has room for. */
export function growTrees(job: usize): void {
  fork(growShard, job);
}

function growShard(argument: usize, shard: i32): void {
  const job = changetype<Job>(argument);
  const room = changetype<Room>(<usize>job.rooms + ROOM_BYTES * <usize>shard);
  for (;;) {
    const tree = takeNext(argument + offsetof<Job>("next"));
    if (tree >= job.trees) return;
    growOne(job, room, tree);
  }
}

function takeNext(at: usize): i32 {
  if (ASC_FEATURE_THREADS) return atomic.add<i32>(at, 1);
  const value = load<i32>(at);
  store<i32>(at, value + 1);
  return value;
}

function takeRoom(at: usize, bytes: u32): u32 {
  if (ASC_FEATURE_THREADS) return atomic.add<u32>(at, bytes);
  const value = load<u32>(at);
  store<u32>(at, value + bytes);
  return value;
}

function growOne(job: Job, room: Room, tree: i32): void {
  seedStream(<usize>job.keys + ((<usize>tree) << 4), room.words);
  drawTimes(job, room);
  if (job.elsewhere == 0) {
    if (job.kind == PAIR) finish(job, room, tree, grow<Pair, Inside>(job, room));
    else if (job.kind == SUMS) finish(job, room, tree, grow<Sums, Inside>(job, room));
    else if (job.kind == WIDE) finish(job, room, tree, grow<Wide, Inside>(job, room));
    else if (job.kind == COUNTED) finish(job, room, tree, grow<Counted, Inside>(job, room));
    else finish(job, room, tree, grow<Many, Inside>(job, room));
  } else {
    if (job.kind == PAIR) finish(job, room, tree, grow<Pair, Elsewhere>(job, room));
    else if (job.kind == SUMS) finish(job, room, tree, grow<Sums, Elsewhere>(job, room));
    else if (job.kind == WIDE) finish(job, room, tree, grow<Wide, Elsewhere>(job, room));
    else if (job.kind == COUNTED) finish(job, room, tree, grow<Counted, Elsewhere>(job, room));
    else finish(job, room, tree, grow<Many, Elsewhere>(job, room));
  }
}

/** Copies a tree to the arena, where JavaScript fetches it. */
function finish(job: Job, room: Room, tree: i32, nodes: i32): void {
  const result = changetype<Result>(<usize>job.results + offsetof<Result>() * <usize>tree);
  result.nodes = nodes;
  result.leaves = leafCount;
  if (nodes == 0) {
    result.status = 2;
    return;
  }
  const nodeBytes = (<u32>nodes) << 2;
  const leafBytes = ((<u32>leafCount) * <u32>job.channels) << 3;
  const gainBytes = (<u32>job.features) << 3;
  const bytes = leafBytes + gainBytes + 2 * nodeBytes;
  const at = takeRoom(changetype<usize>(job) + offsetof<Job>("arenaUsed"), (bytes + 7) & ~7);
  if (at + bytes > job.arenaBytes || at > job.arenaBytes) {
    result.status = 2;
    return;
  }
  let to = <usize>job.arena + <usize>at;
  result.at = <u32>to;
  memory.copy(to, room.leaves, leafBytes);
  to += leafBytes;
  memory.copy(to, room.gains, gainBytes);
  to += gainBytes;
  memory.copy(to, room.right, nodeBytes);
  to += nodeBytes;
  memory.copy(to, room.split, nodeBytes);
  result.status = 1;
}

/** How often each row is drawn. More than 255 times, with as many draws as rows, has a chance below 1e-500. */
function drawTimes(job: Job, room: Room): void {
  const times = <usize>room.times;
  const count = <u32>job.rows;
  if (!job.bootstrap) {
    memory.fill(times, 1, count);
    return;
  }
  memory.fill(times, 0, count);
  const limit = drawLimit(count);
  for (let i = 0; i < job.draws; i++) {
    const at = times + <usize>drawBelow(count, limit);
    store<u8>(at, load<u8>(at) + 1);
  }
}

// @ts-ignore: decorator
@inline
function entryBytes<K>(job: Job): usize {
  if (isFloat<K>()) return (<usize>(job.channels + job.counted)) << 3;
  return sizeof<K>() == 1 ? 8 : 16;
}

/** The address of a record's bins. */
// @ts-ignore: decorator
@inline
function binsOf<A>(record: usize, binsAt: usize): usize {
  return sizeof<A>() == 1 ? record + binsAt : <usize>load<u32>(record + binsAt);
}

/** Copies the drawn rows' records, each with its weight times how often it was drawn, adds them up, and says where they end. */
function takeRecords<K>(job: Job, room: Room): usize {
  const times = <usize>room.times;
  const stride = <usize>job.stride;
  let from = <usize>job.records;
  let to = <usize>room.near;
  let total0: i64 = 0;
  let total1: i64 = 0;
  const sums = <usize>room.sums;
  memory.fill(sums, 0, (<usize>(job.channels + 1)) << 3);
  let count = 0;
  for (let row = 0; row < job.rows; row++, from += stride) {
    const drawn = <i64>load<u8>(times + <usize>row);
    if (drawn == 0) continue;
    copyRecord(from, to, stride);
    if (isFloat<K>()) {
      const own = load<i64>(to) * drawn;
      if (own == 0) continue;
      store<i64>(to, own);
      const sum = sums + ((<usize>load<i32>(to, 8)) << 3);
      store<f64>(sum, load<f64>(sum) + <f64>own);
    } else if (sizeof<K>() == 1) {
      const word = load<u32>(to);
      const own = (word & 0x7fffffff) * <u32>drawn;
      if (own == 0) continue;
      store<u32>(to, own | (word & 0x80000000));
      if (word >> 31) total1 += own;
      else total0 += own;
    } else {
      const first = load<i64>(to) * drawn;
      let second = load<i64>(to, 8);
      if (sizeof<K>() == 2) {
        second *= drawn;
        if (second == 0) continue;
        total0 += first;
        total1 += second;
        second |= 1 << 32;
      } else if (sizeof<K>() == 4) {
        second *= drawn;
        if ((first | second) == 0) continue;
        total0 += first;
        total1 += second;
      } else {
        if (first == 0) continue;
        total0 += first & 0xffffffff;
        total1 += first >> 32;
      }
      store<i64>(to, first);
      store<i64>(to, second, 8);
    }
    to += stride;
    count++;
  }
  rows = count;
  if (!isFloat<K>()) {
    store<f64>(sums, <f64>total0);
    store<f64>(sums, <f64>total1, 8);
  }
  return to;
}

// @ts-ignore: decorator
@inline
function copyRecord(from: usize, to: usize, stride: usize): void {
  for (let at: usize = 0; at < stride; at += 16) {
    if (ASC_FEATURE_SIMD) v128.store(to + at, v128.load(from + at));
    else {
      store<u64>(to + at, load<u64>(from + at));
      store<u64>(to + at, load<u64>(from + at, 8), 8);
    }
  }
}

/** Grows a tree and returns its nodes, or 0 when there is no room for its leaves. */
function grow<K, A>(job: Job, room: Room): i32 {
  const stride = <usize>job.stride;
  const binsAt = <usize>job.binsAt;
  const features = job.features;
  const channels: usize = isFloat<K>() ? <usize>job.channels : 2;
  const entry: usize = 32 + (channels << 3);
  const turnTo = room.far - room.near;
  const far = <usize>room.far;
  const right = <usize>room.right;
  const split = <usize>room.split;
  const gains = <usize>room.gains;
  const order = <usize>room.order;
  const limits = <usize>room.limits;
  const sums = <usize>room.sums;
  const base = <usize>room.stack;
  const allFeatures = job.tried >= features && job.cutPoints == 0;
  memory.fill(gains, 0, (<usize>features) << 3);
  for (let f = 0; f < features; f++) {
    store<i32>(order + ((<usize>f) << 2), f);
    store<u64>(limits + ((<usize>f) << 3), drawLimit(f + 1));
  }
  startLeaves(room);
  openSlots(room);

  let stack = base;
  const end = takeRecords<K>(job, room);
  let nodes = 0;
  store<u32>(stack, room.near);
  store<u32>(stack, <u32>end, 4);
  store<i32>(stack, 0, 8);
  store<i32>(stack, -1, 12);
  store<i32>(stack, -1, 16);
  memory.copy(stack + 32, sums, channels << 3);
  stack += entry;
  let least: f64 = 0;
  while (stack > base) {
    stack -= entry;
    const from = <usize>load<u32>(stack);
    const to = <usize>load<u32>(stack, 4);
    const depth = load<i32>(stack, 8);
    const parent = load<i32>(stack, 12);
    let slot = load<i32>(stack, 16);
    const node = nodes++;
    if (parent >= 0) store<i32>(right + ((<usize>parent) << 2), node);
    for (let c: usize = 0; c < channels << 3; c += 8) store<f64>(sums + c, load<f64>(stack + c, 32));
    rows = <i32>((to - from) / stride);
    weigh<K>(job, sums);
    if (node == 0) least = job.leastGain * weight;
    let isLeaf = rows < 2 || depth >= job.maxDepth || rows < job.minSplit || rows < 2 * job.minLeaf;
    if (!isLeaf) isLeaf = isPure<K>(job, sums, from, to, stride);
    if (!isLeaf) {
      feature = -1;
      gain = -Infinity;
      if (allFeatures) {
        if (slot < 0 && rows >= ROWS_TO_SUBTRACT) {
          slot = takeSlot(room);
          if (slot >= 0) addAll<K, A>(job, room, slot, from, to);
        }
        if (slot >= 0) lookAtSlot<K>(job, room, slot);
        else lookAtAll<K, A>(job, room, from, to);
      } else {
        let left = features;
        // Random cuts are drawn in turn with their features.
        const first = job.cutPoints != 0 ? 0 : min(job.tried, features);
        for (let i = 0; i < first; i++) left = drawFeature(order, limits, left);
        // Drawn features stand behind `left`, the first one last.
        lookAtDrawn<K, A>(job, room, order, features - 1, first, from, to);
        while (left > 0 && (feature < 0 || features - left < job.tried)) {
          left = drawFeature(order, limits, left);
          lookAtDrawn<K, A>(job, room, order, left, 1, from, to);
        }
      }
      isLeaf = feature < 0 || (least > 0 && gain - purity<K>(job, sums) < least);
    }
    if (isLeaf) {
      if (slot >= 0) freeSlot(room, slot);
      store<i32>(right + ((<usize>node) << 2), 0);
      const leaf = addLeaf<K>(job, room, sums);
      if (leaf < 0) return 0;
      store<i32>(split + ((<usize>node) << 2), leaf);
      continue;
    }
    const cut = feature;
    store<i32>(split + ((<usize>node) << 2), (cut << 9) | (bin << 1) | (missingLeft ? 1 : 0));
    const gained = gains + ((<usize>cut) << 3);
    store<f64>(gained, load<f64>(gained) + (gain - purity<K>(job, sums)));
    if (!isFloat<K>() && sizeof<K>() != 2 && slot < 0) {
      // Two pure sides are leaves whatever their rows: these need not be divided.
      const right0 = sum0 - left0;
      const right1 = sum1 - left1;
      if ((left0 == 0 || left1 == 0) && (right0 == 0 || right1 == 0)) {
        store<f64>(sums, left0);
        store<f64>(sums, left1, 8);
        const leftLeaf = addLeaf<K>(job, room, sums);
        store<f64>(sums, right0);
        store<f64>(sums, right1, 8);
        const rightLeaf = addLeaf<K>(job, room, sums);
        if (leftLeaf < 0 || rightLeaf < 0) return 0;
        store<i32>(right + ((<usize>node) << 2), node + 2);
        store<i32>(right + ((<usize>node) << 2), 0, 4);
        store<i32>(right + ((<usize>node) << 2), 0, 8);
        store<i32>(split + ((<usize>node) << 2), leftLeaf, 4);
        store<i32>(split + ((<usize>node) << 2), rightLeaf, 8);
        nodes += 2;
        continue;
      }
    }
    const low = from >= far ? from - turnTo : from + turnTo;
    const high = from >= far ? to - turnTo : to + turnTo;
    const middle = divide<A>(from, to, low, high, stride, binsAt, cut, bin, missingLeft);
    let leftSlot = -1;
    let rightSlot = -1;
    if (slot >= 0) {
      const leftRows = <i32>((middle - low) / stride);
      const rightRows = rows - leftRows;
      const leftIsSmaller = leftRows <= rightRows;
      const other = max(leftRows, rightRows) >= ROWS_TO_SUBTRACT ? takeSlot(room) : -1;
      if (other < 0) freeSlot(room, slot);
      else {
        if (leftIsSmaller) addAll<K, A>(job, room, other, low, middle);
        else addAll<K, A>(job, room, other, middle, high);
        subtractSlot(room, slot, other);
        leftSlot = leftIsSmaller ? other : slot;
        rightSlot = leftIsSmaller ? slot : other;
        if (min(leftRows, rightRows) < ROWS_TO_SUBTRACT) {
          freeSlot(room, other);
          if (leftIsSmaller) leftSlot = -1;
          else rightSlot = -1;
        }
      }
    }
    store<u32>(stack, <u32>middle);
    store<u32>(stack, <u32>high, 4);
    store<i32>(stack, depth + 1, 8);
    store<i32>(stack, node, 12);
    store<i32>(stack, rightSlot, 16);
    store<u32>(stack + entry, <u32>low);
    store<u32>(stack + entry, <u32>middle, 4);
    store<i32>(stack + entry, depth + 1, 8);
    store<i32>(stack + entry, -1, 12);
    store<i32>(stack + entry, leftSlot, 16);
    if (isFloat<K>()) {
      for (let c: usize = 0; c < channels << 3; c += 8) {
        const own = load<f64>(room.left + c);
        store<f64>(stack + c, load<f64>(sums + c) - own, 32);
        store<f64>(stack + entry + c, own, 32);
      }
    } else {
      store<f64>(stack, sum0 - left0, 32);
      store<f64>(stack, sum1 - left1, 40);
      store<f64>(stack + entry, left0, 32);
      store<f64>(stack + entry, left1, 40);
    }
    stack += 2 * entry;
  }
  return nodes;
}

/** Brings the node's sums to hand. */
// @ts-ignore: decorator
@inline
function weigh<K>(job: Job, sums: usize): void {
  if (isFloat<K>()) {
    let total: f64 = 0;
    for (let k = 0; k < job.channels; k++) total += load<f64>(sums + ((<usize>k) << 3));
    weight = total;
  } else {
    sum0 = load<f64>(sums);
    sum1 = load<f64>(sums, 8);
    weight = sizeof<K>() == 2 ? sum1 : sum0 + sum1;
  }
}

// @ts-ignore: decorator
@inline
function isPure<K>(job: Job, sums: usize, from: usize, to: usize, stride: usize): bool {
  if (isFloat<K>()) {
    for (let k = 0; k < job.channels; k++) if (load<f64>(sums + ((<usize>k) << 3)) == weight) return true;
    return false;
  }
  if (sizeof<K>() != 2) return sum0 == weight || sum1 == weight;
  const value = load<i64>(from) / <i64>load<u32>(from, 8);
  for (let at = from + stride; at < to; at += stride) {
    if (load<i64>(at) != value * <i64>load<u32>(at, 8)) return false;
  }
  return true;
}

/** The gain formula for the node left whole. */
function purity<K>(job: Job, sums: usize): f64 {
  if (isFloat<K>()) {
    let squares: f64 = 0;
    for (let k = 0; k < job.channels; k++) {
      const own = load<f64>(sums + ((<usize>k) << 3));
      squares += own * own;
    }
    return squares / weight;
  }
  return sizeof<K>() == 2 ? (sum0 * sum0) / weight : (sum0 * sum0 + sum1 * sum1) / weight;
}

/** Draws a feature of the first `left`, puts it behind them and returns how many are left. */
// @ts-ignore: decorator
@inline
function drawFeature(order: usize, limits: usize, left: i32): i32 {
  const place = order + ((<usize>drawBelow(left, load<u64>(limits + ((<usize>(left - 1)) << 3)))) << 2);
  const last = order + ((<usize>(left - 1)) << 2);
  const drawn = load<i32>(place);
  store<i32>(place, load<i32>(last));
  store<i32>(last, drawn);
  return left - 1;
}

/** Tries `count` features, the first at `order[at]`, the next before it. */
function lookAtDrawn<K, A>(job: Job, room: Room, order: usize, at: i32, count: i32, from: usize, to: usize): void {
  let place = order + ((<usize>at) << 2);
  if (job.cutPoints != 0) {
    for (let i = 0; i < count; i++, place -= 4) lookAtRandom<K, A>(job, room, load<i32>(place), from, to);
    return;
  }
  if (rows < ROWS_TO_LOOK_AT_ALL) {
    for (let i = 0; i < count; i++, place -= 4) lookSparsely<K, A>(job, room, load<i32>(place), from, to);
    return;
  }
  const size = BINS * entryBytes<K>(job);
  while (count > 0) {
    const f0 = load<i32>(place);
    const f1 = count > 1 ? load<i32>(place - 4) : 0;
    const f2 = count > 2 ? load<i32>(place - 8) : 0;
    const f3 = count > 3 ? load<i32>(place - 12) : 0;
    addSome<K, A>(job, room.histograms, size, min(4, count), f0, f1, f2, f3, from, to);
    look<K>(job, room, room.histograms, f0, true);
    if (count > 1) look<K>(job, room, room.histograms + size, f1, true);
    if (count > 2) look<K>(job, room, room.histograms + 2 * size, f2, true);
    if (count > 3) look<K>(job, room, room.histograms + 3 * size, f3, true);
    count -= 4;
    place -= 16;
  }
}

/** Tries all features in their order. */
function lookAtAll<K, A>(job: Job, room: Room, from: usize, to: usize): void {
  const features = job.features;
  if (rows < ROWS_TO_LOOK_AT_ALL) {
    for (let f = 0; f < features; f++) lookSparsely<K, A>(job, room, f, from, to);
    return;
  }
  const size = BINS * entryBytes<K>(job);
  for (let f = 0; f < features; f += 4) {
    const some = min(4, features - f);
    addSome<K, A>(job, room.histograms, size, some, f, f + 1, f + 2, f + 3, from, to);
    for (let i = 0; i < some; i++) look<K>(job, room, room.histograms + <usize>i * size, f + i, true);
  }
}

/** Adds rows to the histograms of one to four features, `size` bytes each. */
function addSome<K, A>(job: Job, at: usize, size: usize, some: i32, f0: i32, f1: i32, f2: i32, f3: i32, from: usize, to: usize): void {
  if (some == 4) addRows<K, A, Four>(job, at, size, f0, f1, f2, f3, from, to);
  else if (some == 3) addRows<K, A, Three>(job, at, size, f0, f1, f2, f3, from, to);
  else if (some == 2) addRows<K, A, Two>(job, at, size, f0, f1, f2, f3, from, to);
  else addRows<K, A, One>(job, at, size, f0, f1, f2, f3, from, to);
}

function addRows<K, A, N>(job: Job, h0: usize, size: usize, f0: usize, f1: usize, f2: usize, f3: usize, from: usize, to: usize): void {
  const stride = <usize>job.stride;
  const binsAt = <usize>job.binsAt;
  const h1 = h0 + size;
  const h2 = h1 + size;
  const h3 = h2 + size;
  const wide = entryBytes<K>(job);
  for (let at = from; at < to; at += stride) {
    const bins = binsOf<A>(at, binsAt);
    if (isFloat<K>()) {
      const own = load<i64>(at);
      const place = (<usize>load<u32>(at, 8)) << 3;
      const counted = job.counted;
      addOne(h0 + <usize>load<u8>(bins + f0) * wide, place, own, counted, wide);
      if (sizeof<N>() > 1) addOne(h1 + <usize>load<u8>(bins + f1) * wide, place, own, counted, wide);
      if (sizeof<N>() > 2) addOne(h2 + <usize>load<u8>(bins + f2) * wide, place, own, counted, wide);
      if (sizeof<N>() > 4) addOne(h3 + <usize>load<u8>(bins + f3) * wide, place, own, counted, wide);
    } else if (sizeof<K>() == 1) {
      const own = pairOf(load<u32>(at));
      addPair(h0 + ((<usize>load<u8>(bins + f0)) << 3), own);
      if (sizeof<N>() > 1) addPair(h1 + ((<usize>load<u8>(bins + f1)) << 3), own);
      if (sizeof<N>() > 2) addPair(h2 + ((<usize>load<u8>(bins + f2)) << 3), own);
      if (sizeof<N>() > 4) addPair(h3 + ((<usize>load<u8>(bins + f3)) << 3), own);
    } else {
      addBoth(h0 + ((<usize>load<u8>(bins + f0)) << 4), at);
      if (sizeof<N>() > 1) addBoth(h1 + ((<usize>load<u8>(bins + f1)) << 4), at);
      if (sizeof<N>() > 2) addBoth(h2 + ((<usize>load<u8>(bins + f2)) << 4), at);
      if (sizeof<N>() > 4) addBoth(h3 + ((<usize>load<u8>(bins + f3)) << 4), at);
    }
  }
}

// @ts-ignore: decorator
@inline
function pairOf(word: u32): u64 {
  return (<u64>(word & 0x7fffffff)) << (((word >> 31) << 5) as u64);
}

// @ts-ignore: decorator
@inline
function addPair(at: usize, own: u64): void {
  store<u64>(at, load<u64>(at) + own);
}

// @ts-ignore: decorator
@inline
function addBoth(at: usize, record: usize): void {
  if (ASC_FEATURE_SIMD) v128.store(at, i64x2.add(v128.load(at), v128.load(record)));
  else {
    store<i64>(at, load<i64>(at) + load<i64>(record));
    store<i64>(at, load<i64>(at, 8) + load<i64>(record, 8), 8);
  }
}

// @ts-ignore: decorator
@inline
function addOne(at: usize, place: usize, own: i64, counted: i32, wide: usize): void {
  store<i64>(at + place, load<i64>(at + place) + own);
  if (counted) store<i64>(at + wide - 8, load<i64>(at + wide - 8) + 1);
}

/** Tries a feature in a small node: only the bins that its rows touch are looked at. */
function lookSparsely<K, A>(job: Job, room: Room, f: i32, from: usize, to: usize): void {
  const stride = <usize>job.stride;
  const binsAt = <usize>job.binsAt;
  const at = <usize>room.histograms;
  const wide = entryBytes<K>(job);
  let m0: u64 = 0;
  let m1: u64 = 0;
  let m2: u64 = 0;
  let m3: u64 = 0;
  for (let record = from; record < to; record += stride) {
    const b = <usize>load<u8>(binsOf<A>(record, binsAt) + <usize>f);
    if (isFloat<K>()) addOne(at + b * wide, (<usize>load<u32>(record, 8)) << 3, load<i64>(record), job.counted, wide);
    else if (sizeof<K>() == 1) addPair(at + (b << 3), pairOf(load<u32>(record)));
    else addBoth(at + (b << 4), record);
    const bit = (<u64>1) << (b & 63);
    const word = b >> 6;
    m0 |= word == 0 ? bit : 0;
    m1 |= word == 1 ? bit : 0;
    m2 |= word == 2 ? bit : 0;
    m3 |= word == 3 ? bit : 0;
  }
  let to1 = <usize>room.compact;
  let places = <usize>room.places;
  const first = places;
  for (let word = 0; word < 4; word++) {
    let bits = word == 0 ? m0 : word == 1 ? m1 : word == 2 ? m2 : m3;
    while (bits) {
      const b = ((<usize>word) << 6) + <usize>ctz(bits);
      bits &= bits - 1;
      takeEntry<K>(at + b * wide, to1, wide);
      store<i32>(places, <i32>b);
      to1 += wide;
      places += 4;
    }
  }
  const count = <i32>((places - first) >> 2);
  if (count < 2) return;
  scan<K>(job, room, f, count);
}

/** Tries one cut of a feature, drawn evenly between the least and the largest value in the node. */
function lookAtRandom<K, A>(job: Job, room: Room, f: i32, from: usize, to: usize): void {
  const stride = <usize>job.stride;
  const binsAt = <usize>job.binsAt;
  const wide = entryBytes<K>(job);
  const compact = <usize>room.compact;
  const places = <usize>room.places;
  let least = MISSING;
  let most = -1;
  let missing = false;
  for (let record = from; record < to; record += stride) {
    const b = <i32>load<u8>(binsOf<A>(record, binsAt) + <usize>f);
    if (b == MISSING) missing = true;
    else {
      least = min(least, b);
      most = max(most, b);
    }
  }
  if (most < 0 || (least == most && !missing)) return;
  const cut = least == most ? least : cutBetween(<usize>job.cutPoints + ((<usize>f) << 11), least, most);
  const values = least == most ? 1 : 2;
  memory.fill(compact, 0, 3 * wide);
  for (let record = from; record < to; record += stride) {
    const b = <i32>load<u8>(binsOf<A>(record, binsAt) + <usize>f);
    const place = compact + <usize>(b == MISSING ? values : b <= cut ? 0 : 1) * wide;
    if (isFloat<K>()) addOne(place, (<usize>load<u32>(record, 8)) << 3, load<i64>(record), job.counted, wide);
    else if (sizeof<K>() == 1) addPair(place, pairOf(load<u32>(record)));
    else addBoth(place, record);
  }
  store<i32>(places, cut);
  store<i32>(places, cut + 1, 4);
  if (missing) store<i32>(places + ((<usize>values) << 2), MISSING);
  scan<K>(job, room, f, missing ? values + 1 : values);
}

/** The last bin below a value drawn between those of two bins. */
function cutBetween(points: usize, least: i32, most: i32): i32 {
  const low = load<f64>(points + ((<usize>least) << 3));
  const high = load<f64>(points + ((<usize>most) << 3));
  const value = low + ((<f64>nextWord() + 0.5) / 4294967296.0) * (high - low);
  let cut = least;
  while (cut + 1 < most && load<f64>(points + ((<usize>(cut + 1)) << 3)) <= value) cut++;
  return cut;
}

/** Moves a bin's sums to `to` and leaves the bin empty. */
// @ts-ignore: decorator
@inline
function takeEntry<K>(from: usize, to: usize, wide: usize): void {
  if (isFloat<K>()) {
    for (let at: usize = 0; at < wide; at += 8) {
      store<i64>(to + at, load<i64>(from + at));
      store<i64>(from + at, 0);
    }
  } else if (sizeof<K>() == 1) {
    store<u64>(to, load<u64>(from));
    store<u64>(from, 0);
  } else {
    store<i64>(to, load<i64>(from));
    store<i64>(to, load<i64>(from, 8), 8);
    store<i64>(from, 0);
    store<i64>(from, 0, 8);
  }
}

/** Tries a feature whose histogram is at `at`; the bins that hold rows are put side by side first. */
function look<K>(job: Job, room: Room, at: usize, f: i32, clear: bool): void {
  const inUse = load<i32>(<usize>job.binsInUse + ((<usize>f) << 2));
  const wide = entryBytes<K>(job);
  let to = <usize>room.compact;
  let places = <usize>room.places;
  const first = places;
  for (let b = 0; b <= inUse; b++) {
    const own = b == inUse ? MISSING : b;
    const from = at + <usize>own * wide;
    let held: bool;
    if (isFloat<K>()) {
      let any: i64 = 0;
      for (let c: usize = 0; c < wide; c += 8) {
        const one = load<i64>(from + c);
        any |= one;
        store<i64>(to + c, one);
        if (clear) store<i64>(from + c, 0);
      }
      held = any != 0;
    } else if (sizeof<K>() == 1) {
      const one = load<u64>(from);
      store<u64>(to, one);
      if (clear) store<u64>(from, 0);
      held = one != 0;
    } else {
      const one = load<i64>(from);
      const two = load<i64>(from, 8);
      store<i64>(to, one);
      store<i64>(to, two, 8);
      if (clear) {
        store<i64>(from, 0);
        store<i64>(from, 0, 8);
      }
      held = (one | two) != 0;
    }
    store<i32>(places, own);
    to += held ? wide : 0;
    places += held ? 4 : 0;
  }
  const count = <i32>((places - first) >> 2);
  if (count < 2) return;
  scan<K>(job, room, f, count);
}

/** Tries every cut between the `count` bins laid out in the room, missing values on the right, then on the left. */
function scan<K>(job: Job, room: Room, f: i32, count: i32): void {
  const places = <usize>room.places;
  const missing = load<i32>(places + ((<usize>(count - 1)) << 2)) == MISSING;
  const values = missing ? count - 1 : count;
  scanOnce<K>(job, room, f, values, missing, false);
  if (missing) scanOnce<K>(job, room, f, values, true, true);
}

function scanOnce<K>(job: Job, room: Room, f: i32, values: i32, missing: bool, toLeft: bool): void {
  const cuts = missing && !toLeft ? values : values - 1;
  if (cuts <= 0) return;
  let at: i32;
  if (isFloat<K>()) at = scanMany(job, room, values, cuts, toLeft);
  else if (sizeof<K>() == 1) at = scanPairs(room.compact, values, cuts, toLeft);
  else if (sizeof<K>() == 2) at = scanSums(room.compact, values, cuts, toLeft, job.minLeaf);
  else if (sizeof<K>() == 4) at = scanWide(room.compact, values, cuts, toLeft);
  else at = scanCounted(room.compact, values, cuts, toLeft, job.minLeaf);
  if (at < 0) return;
  feature = f;
  const place = <usize>room.places + ((<usize>at) << 2);
  // Half-way between the neighbours that the node has, as for values: rows to come may fall between them.
  bin = at + 1 < values ? (load<i32>(place) + load<i32>(place, 4)) >> 1 : load<i32>(<usize>job.binsInUse + ((<usize>f) << 2)) - 1;
  missingLeft = toLeft;
  // Never seen here: a missing value goes with the majority.
  if (!missing) missingLeft = 2 * leftWeight<K>(job, room) >= weight;
}

// @ts-ignore: decorator
@inline
function leftWeight<K>(job: Job, room: Room): f64 {
  if (isFloat<K>()) {
    let total: f64 = 0;
    for (let k = 0; k < job.channels; k++) total += load<f64>(room.left + ((<usize>k) << 3));
    return total;
  }
  return sizeof<K>() == 2 ? left1 : left0 + left1;
}

/** The gain of a cut of two classes. The lanes do what the scalars do, and in their order. */
// @ts-ignore: decorator
@inline
function pairGain(l0: f64, l1: f64): f64 {
  const r0 = sum0 - l0;
  const r1 = sum1 - l1;
  return (l0 * l0 + l1 * l1) / (l0 + l1) + (r0 * r0 + r1 * r1) / (weight - (l0 + l1));
}

function scanPairs(compact: usize, values: i32, cuts: i32, toLeft: bool): i32 {
  let held: u64 = toLeft ? load<u64>(compact + ((<usize>values) << 3)) : 0;
  let best = gain;
  let bestAt = -1;
  let bestHeld: u64 = 0;
  if (ASC_FEATURE_SIMD) {
    const total = f64x2.replace_lane(f64x2.splat(sum0), 1, sum1);
    for (let i = 0; i < cuts; i++) {
      held += load<u64>(compact + ((<usize>i) << 3));
      const left = f64x2.convert_low_i32x4_u(i64x2.splat(held));
      const right = f64x2.sub(total, left);
      const leftSquares = f64x2.mul(left, left);
      const rightSquares = f64x2.mul(right, right);
      const squares = f64x2.add(v128.shuffle<f64>(leftSquares, rightSquares, 0, 2), v128.shuffle<f64>(leftSquares, rightSquares, 1, 3));
      const weights = f64x2.add(v128.shuffle<f64>(left, right, 0, 2), v128.shuffle<f64>(left, right, 1, 3));
      const both = f64x2.div(squares, weights);
      const found = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
      if (found > best) {
        best = found;
        bestAt = i;
        bestHeld = held;
      }
    }
  } else {
    for (let i = 0; i < cuts; i++) {
      held += load<u64>(compact + ((<usize>i) << 3));
      const found = pairGain(<f64>(<u32>held), <f64>(<u32>(held >> 32)));
      if (found > best) {
        best = found;
        bestAt = i;
        bestHeld = held;
      }
    }
  }
  if (bestAt < 0) return -1;
  gain = best;
  left0 = <f64>(<u32>bestHeld);
  left1 = <f64>(<u32>(bestHeld >> 32));
  return bestAt;
}

function scanCounted(compact: usize, values: i32, cuts: i32, toLeft: bool, least: i32): i32 {
  let held: u64 = toLeft ? load<u64>(compact + ((<usize>values) << 4)) : 0;
  let count: i64 = toLeft ? load<i64>(compact + ((<usize>values) << 4), 8) : 0;
  let best = gain;
  let bestAt = -1;
  for (let i = 0; i < cuts; i++) {
    held += load<u64>(compact + ((<usize>i) << 4));
    count += load<i64>(compact + ((<usize>i) << 4), 8);
    if (count < <i64>least) continue;
    if (<i64>rows - count < <i64>least) break;
    const l0 = <f64>(<u32>held);
    const l1 = <f64>(<u32>(held >> 32));
    const found = pairGain(l0, l1);
    if (found > best) {
      best = found;
      bestAt = i;
      left0 = l0;
      left1 = l1;
    }
  }
  if (bestAt >= 0) gain = best;
  return bestAt;
}

function scanWide(compact: usize, values: i32, cuts: i32, toLeft: bool): i32 {
  let held0: i64 = toLeft ? load<i64>(compact + ((<usize>values) << 4)) : 0;
  let held1: i64 = toLeft ? load<i64>(compact + ((<usize>values) << 4), 8) : 0;
  let best = gain;
  let bestAt = -1;
  for (let i = 0; i < cuts; i++) {
    held0 += load<i64>(compact + ((<usize>i) << 4));
    held1 += load<i64>(compact + ((<usize>i) << 4), 8);
    const l0 = <f64>held0;
    const l1 = <f64>held1;
    const found = pairGain(l0, l1);
    if (found > best) {
      best = found;
      bestAt = i;
      left0 = l0;
      left1 = l1;
    }
  }
  if (bestAt >= 0) gain = best;
  return bestAt;
}

function scanSums(compact: usize, values: i32, cuts: i32, toLeft: bool, least: i32): i32 {
  let held0: i64 = toLeft ? load<i64>(compact + ((<usize>values) << 4)) : 0;
  let held1: i64 = toLeft ? load<i64>(compact + ((<usize>values) << 4), 8) : 0;
  const sum = sum0;
  const total = sum1;
  let best = gain;
  let bestAt = -1;
  for (let i = 0; i < cuts; i++) {
    held0 += load<i64>(compact + ((<usize>i) << 4));
    held1 += load<i64>(compact + ((<usize>i) << 4), 8);
    if (least > 1) {
      const count = <i32>(held1 >> 32);
      if (count < least) continue;
      if (rows - count < least) break;
    }
    const leftSum = <f64>held0;
    const leftWeight = <f64>(<u32>held1);
    const rightSum = sum - leftSum;
    let found: f64;
    if (ASC_FEATURE_SIMD) {
      const sums = f64x2.replace_lane(f64x2.splat(leftSum), 1, rightSum);
      const weights = f64x2.replace_lane(f64x2.splat(leftWeight), 1, total - leftWeight);
      const both = f64x2.div(f64x2.mul(sums, sums), weights);
      found = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    } else {
      found = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / (total - leftWeight);
    }
    if (found > best) {
      best = found;
      bestAt = i;
      left0 = leftSum;
      left1 = leftWeight;
    }
  }
  if (bestAt >= 0) gain = best;
  return bestAt;
}

function scanMany(job: Job, room: Room, values: i32, cuts: i32, toLeft: bool): i32 {
  const classes = (<usize>job.channels) << 3;
  const wide = classes + ((<usize>job.counted) << 3);
  const trial = <usize>room.trial;
  const sums = <usize>room.sums;
  const compact = <usize>room.compact;
  const least = <f64>job.minLeaf;
  for (let c: usize = 0; c < wide; c += 8) {
    store<f64>(trial + c, toLeft ? <f64>load<i64>(compact + <usize>values * wide + c) : 0);
  }
  let best = gain;
  let bestAt = -1;
  for (let i = 0; i < cuts; i++) {
    const at = compact + <usize>i * wide;
    if (job.counted) {
      const count = load<f64>(trial + classes) + <f64>load<i64>(at + classes);
      store<f64>(trial + classes, count);
      if (<f64>rows - count < least) break;
      if (count < least) {
        for (let c: usize = 0; c < classes; c += 8) store<f64>(trial + c, load<f64>(trial + c) + <f64>load<i64>(at + c));
        continue;
      }
    }
    let leftTotal: f64 = 0;
    let leftSquares: f64 = 0;
    let rightSquares: f64 = 0;
    for (let c: usize = 0; c < classes; c += 8) {
      const mine = load<f64>(trial + c) + <f64>load<i64>(at + c);
      store<f64>(trial + c, mine);
      const other = load<f64>(sums + c) - mine;
      leftTotal += mine;
      leftSquares += mine * mine;
      rightSquares += other * other;
    }
    const found = leftSquares / leftTotal + rightSquares / (weight - leftTotal);
    if (found > best) {
      best = found;
      bestAt = i;
      memory.copy(room.left, trial, classes);
    }
  }
  if (bestAt >= 0) gain = best;
  return bestAt;
}

/**
 * Divides a node's records between the two ends of the other buffer and returns where the right side begins. Which side
 * a row takes is as good as a coin toss, so each is written to both ends and only one of them moves on.
 */
function divide<A>(from: usize, to: usize, low: usize, high: usize, stride: usize, binsAt: usize, f: usize, most: i32, missing: bool): usize {
  // Turned by one, the missing bin 255 becomes 0 and goes left with the small bins.
  const turn: u32 = missing ? 1 : 0;
  const bound = <u32>most + turn;
  let left = low;
  let right = high - stride;
  if (ASC_FEATURE_SIMD) {
    if (stride == 16) {
      for (let at = from; at < to; at += 16) {
        const goes = <usize>(((<u32>load<u8>(binsOf<A>(at, binsAt) + f) + turn) & 255) <= bound);
        const record = v128.load(at);
        v128.store(left, record);
        v128.store(right, record);
        left += goes << 4;
        right -= (1 - goes) << 4;
      }
      return left;
    }
    if (stride == 32) {
      for (let at = from; at < to; at += 32) {
        const goes = <usize>(((<u32>load<u8>(binsOf<A>(at, binsAt) + f) + turn) & 255) <= bound);
        const record = v128.load(at);
        const more = v128.load(at, 16);
        v128.store(left, record);
        v128.store(left, more, 16);
        v128.store(right, record);
        v128.store(right, more, 16);
        left += goes << 5;
        right -= (1 - goes) << 5;
      }
      return left;
    }
  }
  for (let at = from; at < to; at += stride) {
    const goes = <usize>(((<u32>load<u8>(binsOf<A>(at, binsAt) + f) + turn) & 255) <= bound);
    copyRecord(at, left, stride);
    copyRecord(at, right, stride);
    left += goes * stride;
    right -= (1 - goes) * stride;
  }
  return left;
}

// Histograms of all features, kept for the subtraction: slots of equal size, the free ones on a stack.
let freeSlots: i32 = 0;

function openSlots(room: Room): void {
  freeSlots = room.slots;
  for (let i = 0; i < room.slots; i++) store<i32>(room.free + ((<usize>i) << 2), i);
}

function takeSlot(room: Room): i32 {
  if (freeSlots == 0) return -1;
  freeSlots--;
  return load<i32>(room.free + ((<usize>freeSlots) << 2));
}

function freeSlot(room: Room, slot: i32): void {
  store<i32>(room.free + ((<usize>freeSlots) << 2), slot);
  freeSlots++;
}

// @ts-ignore: decorator
@inline
function slotAt(room: Room, slot: i32): usize {
  return <usize>room.pool + <usize>slot * <usize>room.slotBytes;
}

function addAll<K, A>(job: Job, room: Room, slot: i32, from: usize, to: usize): void {
  const size = BINS * entryBytes<K>(job);
  const at = slotAt(room, slot);
  memory.fill(at, 0, room.slotBytes);
  for (let f = 0; f < job.features; f += 4) {
    addSome<K, A>(job, at + <usize>f * size, size, min(4, job.features - f), f, f + 1, f + 2, f + 3, from, to);
  }
}

function subtractSlot(room: Room, parent: i32, child: i32): void {
  const mine = slotAt(room, parent);
  const other = slotAt(room, child);
  for (let at: usize = 0; at < <usize>room.slotBytes; at += 16) {
    if (ASC_FEATURE_SIMD) v128.store(mine + at, i64x2.sub(v128.load(mine + at), v128.load(other + at)));
    else {
      store<i64>(mine + at, load<i64>(mine + at) - load<i64>(other + at));
      store<i64>(mine + at, load<i64>(mine + at, 8) - load<i64>(other + at, 8), 8);
    }
  }
}

function lookAtSlot<K>(job: Job, room: Room, slot: i32): void {
  const size = BINS * entryBytes<K>(job);
  const at = slotAt(room, slot);
  for (let f = 0; f < job.features; f++) look<K>(job, room, at + <usize>f * size, f, false);
}

// Leaves that hold the same share an entry, found by a table of places that grows with them.
let leafCount: i32 = 0;
let tableSize: i32 = 0;

function startLeaves(room: Room): void {
  leafCount = 0;
  tableSize = 256;
  memory.fill(room.leafTable, 0, 1024);
}

// @ts-ignore: decorator
@inline
function hashOf(sums: usize, channels: usize): u32 {
  let hash: u64 = 0;
  for (let c: usize = 0; c < channels << 3; c += 8) {
    hash = (hash ^ load<u64>(sums + c)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return <u32>(hash >> 32) ^ <u32>hash;
}

/** The place of the leaf with these sums; -1 when there is no room for it. */
function addLeaf<K>(job: Job, room: Room, sums: usize): i32 {
  const channels: usize = isFloat<K>() ? <usize>job.channels : 2;
  const table = <usize>room.leafTable;
  const leaves = <usize>room.leaves;
  const bytes = channels << 3;
  let slot = hashOf(sums, channels) & <u32>(tableSize - 1);
  for (;;) {
    const held = load<i32>(table + ((<usize>slot) << 2));
    if (held == 0) break;
    const leaf = leaves + ((<usize>(held - 1) * channels) << 3);
    let c: usize = 0;
    while (c < bytes && load<f64>(leaf + c) == load<f64>(sums + c)) c += 8;
    if (c == bytes) return held - 1;
    slot = (slot + 1) & <u32>(tableSize - 1);
  }
  if (leafCount == room.leafRoom) return -1;
  const to = leaves + ((<usize>leafCount * channels) << 3);
  for (let c: usize = 0; c < bytes; c += 8) store<f64>(to + c, load<f64>(sums + c));
  leafCount++;
  store<i32>(table + ((<usize>slot) << 2), leafCount);
  if (2 * leafCount > tableSize && 2 * tableSize <= room.tableRoom) {
    tableSize *= 2;
    memory.fill(table, 0, (<usize>tableSize) << 2);
    for (let leaf = 0; leaf < leafCount; leaf++) {
      let at = hashOf(leaves + ((<usize>leaf * channels) << 3), channels) & <u32>(tableSize - 1);
      while (load<i32>(table + ((<usize>at) << 2)) != 0) at = (at + 1) & <u32>(tableSize - 1);
      store<i32>(table + ((<usize>at) << 2), leaf + 1);
    }
  }
  return leafCount - 1;
}
