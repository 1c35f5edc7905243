// Boosted trees: whole trees are grown in here, one call each, on as many threads as the crew has.
//
// Each thread owns a fixed range of rows, so the index array is never shared; per split there is one fork, which sorts
// the rows of the leaf to its sides and adds up the histogram of the smaller side, and a second one for the two
// searches when they are long. Small leaves are done by the caller alone.
import { crewSize, fork } from "./crew";
import { addListed, addRows, addWords, subtractWords } from "./boost-histogram";
import {
  ADD_LEAVES, BLOCKS, BLOCK_TABLE, COLUMNS, FACTOR, FEATURES, FEATURE_BYTES, FEATURE_CATEGORIES, FEATURE_DIRECTION,
  FEATURE_MISSING, FEATURE_TABLE, FREE, GRADIENTS, GRADIENT_SCALE, GRADIENT_SUM, GROUPS, GROUP_LIVE, GROUP_MASKS,
  GROWTH, HESSIANS, HESSIAN_SCALE, HESSIAN_SUM, HISTOGRAM_BYTES, INDEX, KERNEL, LAMBDA, LARGEST_GRADIENT,
  LARGEST_HESSIAN, LEAF_COUNT, LEAF_VALUES, LEAST_GAIN, LEAVES, LEVEL_SCORES, LISTED, LISTED_ROWS, MOST_DEPTH, MOST_LEAVES,
  NODE_REALS, NODE_STEP, NODE_WORDS, OUTPUTS, PACKED, POOL, POOL_SLOTS, RANGES, RANGE_BYTES, ROWS, SCORES, SEARCH_A,
  SEARCH_B, SETS, SIDES, SPARE, SPLIT_BIN, SPLIT_FEATURE, SPLIT_KIND, SPLIT_LEAF, SPLIT_NEW, SPLIT_SIDE, SPLIT_TO, SUMS,
  TARGET, THREAD_HISTOGRAMS, WALK_BLOCK, WALK_COUNT, WALK_NODES, WALK_OUT, WALK_ROOM, WALK_ROOM_BYTES, WEIGHTS, WITH_HISTOGRAM, WORK, WORTH_SEARCH, WORTH_SPLIT,
  WORTH_SWEEP
} from "../boost-layout";
import {
  derive, deriveSoftmax, findLargest, gradientSum, hessianSum, largestGradient, largestHessian, packedSum, quantize,
} from "./boost-gradients";
import { byTable, byTableInOrder, byThreshold, byThresholdInOrder } from "./boost-partition";
import {
  COUNT, CUT_BIN, CUT_FEATURE, CUT_GAIN, CUT_LEFT, CUT_MISSING, CUT_SET, CUT_WEIGHT, CUT_WORDS, DEPTH, HIGH, HISTOGRAM, LOW,
  NODE, TOTAL, WEIGHT, addLevelScores, bestOfLevel, divisible, gradientOf, hessianOf, leafAt, levelSide, search,
  takeLevelCut, valueOf,
} from "./boost-search";

export { serve, setCrew } from "./crew";
export { leafQuantiles } from "./boost-quantile";
export { drawByGradient, drawShare } from "./boost-sampling";
export { countNumbers, mapNumbers, sortNumbers } from "./boost-binning";

const NOISE: f64 = 1.0 / 1099511627776.0;
/** Rows of a sweep whose derivatives are still in the cache when they are added up. */
const CHUNK: i32 = 2048;
/** Bytes per thread of what a sweep adds up: sizes of gradients, hessians, packed. */
const SUM_BYTES: usize = 64;

@inline function word(P: usize, at: usize): usize {
  return <usize>load<u32>(P + at);
}

/** First row of a thread's range: a multiple of 64, so that threads do not write to one cache line. */
function firstRow(rows: i32, shard: i32): i32 {
  const shards = crewSize();
  if (shard >= shards) return rows;
  return <i32>((<i64>rows * shard) / shards) & ~63;
}

@inline function rangeAt(P: usize, shard: i32, leaf: i32): usize {
  return word(P, RANGES) + <usize>shard * word(P, RANGE_BYTES) + (<usize>leaf << 3);
}

/** The histogram that a thread adds to: the first thread's goes where the sum is wanted. */
@inline function threadHistogram(P: usize, shard: i32, to: usize): usize {
  return shard == 0 ? to : word(P, THREAD_HISTOGRAMS) + <usize>(shard - 1) * word(P, HISTOGRAM_BYTES);
}

// ---- A sweep over all rows: leaf values into scores, scores into derivatives, derivatives into the root's histogram.

/**
 * Reads scores (or the arrays) and writes the packed derivatives and their sums. With a histogram, also the root's.
 */
export function sweep(P: usize): void {
  const large = load<i32>(P, ROWS) >= load<i32>(P, WORTH_SWEEP);
  if (large) fork(sweepShard, P);
  else for (let s = 0; s < crewSize(); s++) sweepShard(P, s);
  let sizes: i64 = 0;
  let hessians: i64 = 0;
  for (let s = 0; s < crewSize(); s++) {
    const at = word(P, SUMS) + <usize>s * SUM_BYTES;
    sizes += load<i64>(at);
    hessians += load<i64>(at, 8);
  }
  store<f64>(P, <f64>sizes, GRADIENT_SUM);
  store<f64>(P, <f64>hessians, HESSIAN_SUM);
  store<i32>(P, 0, ADD_LEAVES);
}

function sweepShard(P: usize, shard: i32): void {
  const rows = load<i32>(P, ROWS);
  const from = firstRow(rows, shard);
  const to = firstRow(rows, shard + 1);
  if (load<i32>(P, ADD_LEAVES) != 0) addLeavesOf(P, shard);
  const kernel = load<i32>(P, KERNEL);
  const scores = word(P, SCORES);
  const target = word(P, TARGET);
  const weights = word(P, WEIGHTS);
  const gradients = word(P, GRADIENTS);
  const hessians = word(P, HESSIANS);
  const packed = word(P, PACKED);
  const gradientScale = <f32>load<f64>(P, GRADIENT_SCALE);
  const hessianScale = <f32>load<f64>(P, HESSIAN_SCALE);
  const withHistogram = load<i32>(P, WITH_HISTOGRAM) != 0;
  const histogram = threadHistogram(P, shard, word(P, POOL));
  if (withHistogram) memory.fill(histogram, 0, word(P, HISTOGRAM_BYTES));
  const blocks = load<i32>(P, BLOCKS);
  let sizes: i64 = 0;
  let hess: i64 = 0;
  let both: i64 = 0;
  for (let at = from; at < to; at += CHUNK) {
    const end = min<i32>(at + CHUNK, to);
    quantize(kernel, at, end, scores, target, weights, gradients, hessians, packed, gradientScale, hessianScale);
    sizes += gradientSum;
    hess += hessianSum;
    both += packedSum;
    if (!withHistogram) continue;
    let block = word(P, BLOCK_TABLE);
    for (let b = 0; b < blocks; b++, block += 16) {
      addRows(load<i32>(block), <usize>load<u32>(block, 8), packed, at, end, histogram + <usize>load<u32>(block, 12), <usize>load<u32>(block, 4));
    }
  }
  const sums = word(P, SUMS) + <usize>shard * SUM_BYTES;
  store<i64>(sums, sizes);
  store<i64>(sums, hess, 8);
  store<i64>(sums, both, 16);
}

/** Adds the leaf values of the last tree to the scores of the rows it was grown on. */
export function addLeaves(P: usize): void {
  if (load<i32>(P, ROWS) >= load<i32>(P, WORTH_SWEEP)) fork(addLeavesOf, P);
  else for (let s = 0; s < crewSize(); s++) addLeavesOf(P, s);
  store<i32>(P, 0, ADD_LEAVES);
}

function addLeavesOf(P: usize, shard: i32): void {
  const index = word(P, INDEX);
  const scores = word(P, SCORES);
  const values = word(P, LEAF_VALUES);
  const leaves = load<i32>(P, LEAVES);
  if (leaves == 1 && load<i32>(P, LISTED) == 0) {
    // A tree without cuts never listed its rows.
    const value = load<f32>(values);
    const rows = load<i32>(P, ROWS);
    for (let i = firstRow(rows, shard); i < firstRow(rows, shard + 1); i++) addTo(scores + (<usize>i << 2), value);
    return;
  }
  for (let leaf = 0; leaf < leaves; leaf++) {
    const range = rangeAt(P, shard, leaf);
    let at = index + (<usize>load<i32>(range) << 2);
    const end = at + (<usize>load<i32>(range, 4) << 2);
    const value = load<f32>(values + (<usize>leaf << 2));
    for (; at < end; at += 4) addTo(scores + (<usize>load<u32>(at) << 2), value);
  }
}

@inline function addTo(at: usize, value: f32): void {
  store<f32>(at, load<f32>(at) + value);
}

/** Per row the leaf it is in; rows that the tree was not grown on keep what is there. */
export function writeLeaves(P: usize, out: usize): void {
  const index = word(P, INDEX);
  const leaves = load<i32>(P, LEAVES);
  if (leaves == 1 && load<i32>(P, LISTED) == 0) {
    memory.fill(out, 0, <usize>load<i32>(P, ROWS) << 2);
    return;
  }
  for (let s = 0; s < crewSize(); s++) {
    for (let leaf = 0; leaf < leaves; leaf++) {
      const range = rangeAt(P, s, leaf);
      const from = load<i32>(range);
      const to = from + load<i32>(range, 4);
      for (let i = from; i < to; i++) store<i32>(out + (<usize>load<u32>(index + (<usize>i << 2)) << 2), leaf);
    }
  }
}

/** The largest derivatives, for a first guess at the scales. */
export function measure(P: usize): void {
  findLargest(load<i32>(P, KERNEL), 0, load<i32>(P, ROWS), word(P, SCORES), word(P, TARGET), word(P, WEIGHTS), word(P, GRADIENTS), word(P, HESSIANS));
  store<f64>(P, <f64>largestGradient, LARGEST_GRADIENT);
  store<f64>(P, <f64>largestHessian, LARGEST_HESSIAN);
}

/** Writes the arrays of derivatives by the kernel. */
export function fill(P: usize): void {
  if (load<i32>(P, ROWS) >= load<i32>(P, WORTH_SWEEP)) fork(fillShard, P);
  else for (let s = 0; s < crewSize(); s++) fillShard(P, s);
}

function fillShard(P: usize, shard: i32): void {
  const rows = load<i32>(P, ROWS);
  const from = firstRow(rows, shard);
  const to = firstRow(rows, shard + 1);
  const kernel = load<i32>(P, KERNEL);
  if (kernel == 3) {
    deriveSoftmax(<f32>load<f64>(P, FACTOR), load<i32>(P, OUTPUTS), rows, from, to, word(P, SCORES), word(P, TARGET), word(P, WEIGHTS), word(P, GRADIENTS), word(P, HESSIANS));
  } else {
    derive(kernel, load<f64>(P, FACTOR), from, to, word(P, SCORES), word(P, TARGET), word(P, WEIGHTS), word(P, GRADIENTS), word(P, HESSIANS));
  }
}

// ---- Growth.

let nodeCount: i32 = 0;
let setCount: i32 = 0;
let freeSlots: i32 = 0;

/** Grows a tree on the packed derivatives; returns its nodes. */
export function grow(P: usize): i32 {
  nodeCount = 0;
  setCount = 0;
  openPool(P);
  const root = leafAt(P, 0);
  const histogram = takeSlot(P);
  store<u32>(root, <u32>histogram, HISTOGRAM);
  store<i32>(root, 0, DEPTH);
  store<f64>(root, -Infinity, LOW);
  store<f64>(root, Infinity, HIGH);
  store<f64>(root, load<f64>(P, LAMBDA), WEIGHT);
  store<i32>(root, -1, CUT_FEATURE);
  const groups = load<i32>(P, GROUPS);
  if (groups != 0) memory.fill(word(P, GROUP_LIVE), 1, groups);
  beginRanges(P);
  sumRoot(P, root, histogram);
  addNode(P, root);
  store<i32>(P, 1, LEAF_COUNT);
  if (load<i32>(P, GROWTH) == 2) growLevels(P);
  else growLeaves(P);
  store<i32>(P, load<i32>(P, LEAF_COUNT), LEAVES);
  return nodeCount;
}

function openPool(P: usize): void {
  freeSlots = load<i32>(P, POOL_SLOTS);
  const bytes = word(P, HISTOGRAM_BYTES);
  // The first slot comes off the top: a sweep has left the root's histogram in it.
  for (let i = 0; i < freeSlots; i++) {
    store<u32>(word(P, FREE) + (<usize>(freeSlots - 1 - i) << 2), <u32>(word(P, POOL) + <usize>i * bytes));
  }
}

function takeSlot(P: usize): usize {
  if (freeSlots == 0) return 0;
  freeSlots--;
  return <usize>load<u32>(word(P, FREE) + (<usize>freeSlots << 2));
}

function giveSlot(P: usize, slot: usize): void {
  if (slot == 0) return;
  store<u32>(word(P, FREE) + (<usize>freeSlots << 2), <u32>slot);
  freeSlots++;
}

/** The whole table, or the listed rows, to the threads. */
function beginRanges(P: usize): void {
  const listed = load<i32>(P, LISTED) != 0;
  const rows = listed ? load<i32>(P, LISTED_ROWS) : load<i32>(P, ROWS);
  for (let s = 0; s < crewSize(); s++) {
    const from = firstRow(rows, s);
    store<i32>(rangeAt(P, s, 0), from);
    store<i32>(rangeAt(P, s, 0), firstRow(rows, s + 1) - from, 4);
  }
}

function sumRoot(P: usize, root: usize, histogram: usize): void {
  const listed = load<i32>(P, LISTED) != 0;
  let sum: i64 = 0;
  if (listed) {
    store<u32>(P, <u32>histogram, SPLIT_TO);
    if (load<i32>(P, LISTED_ROWS) >= load<i32>(P, WORTH_SWEEP)) fork(sumListed, P);
    else for (let s = 0; s < crewSize(); s++) sumListed(P, s);
  } else if (load<i32>(P, WITH_HISTOGRAM) == 0) {
    unreachable();
  }
  for (let s = 0; s < crewSize(); s++) {
    sum += load<i64>(word(P, SUMS) + <usize>s * SUM_BYTES, 16);
    if (s > 0) addWords(histogram, threadHistogram(P, s, 0), word(P, HISTOGRAM_BYTES));
  }
  store<i64>(root, sum, TOTAL);
  store<i32>(root, listed ? load<i32>(P, LISTED_ROWS) : load<i32>(P, ROWS), COUNT);
}

function sumListed(P: usize, shard: i32): void {
  const histogram = threadHistogram(P, shard, word(P, SPLIT_TO));
  memory.fill(histogram, 0, word(P, HISTOGRAM_BYTES));
  const range = rangeAt(P, shard, 0);
  const from = load<i32>(range);
  const to = from + load<i32>(range, 4);
  addHistogram(P, from, to, histogram);
  const index = word(P, INDEX);
  const packed = word(P, PACKED);
  let sum: i64 = 0;
  for (let i = from; i < to; i++) sum += load<i64>(packed + (<usize>load<u32>(index + (<usize>i << 2)) << 3));
  store<i64>(word(P, SUMS) + <usize>shard * SUM_BYTES, sum, 16);
}

/** Adds the rows at these places of the index to a histogram. */
function addHistogram(P: usize, from: i32, to: i32, histogram: usize): void {
  const packed = word(P, PACKED);
  const index = word(P, INDEX);
  let block = word(P, BLOCK_TABLE);
  for (let b = load<i32>(P, BLOCKS); b > 0; b--, block += 16) {
    addListed(load<i32>(block), <usize>load<u32>(block, 8), packed, index, from, to, histogram + <usize>load<u32>(block, 12), <usize>load<u32>(block, 4));
  }
}

@inline function nodeWord(P: usize, list: usize, node: i32): usize {
  return word(P, NODE_WORDS) + ((list * word(P, NODE_STEP) + <usize>node) << 2);
}

@inline function nodeReal(P: usize, list: usize, node: i32): usize {
  return word(P, NODE_REALS) + ((list * word(P, NODE_STEP) + <usize>node) << 3);
}

/** Writes a leaf into the lists of nodes: child, feature, bin, missing left, set, rows, leaf; cover, gain, value. */
function addNode(P: usize, leaf: usize): void {
  const node = nodeCount++;
  store<i32>(leaf, node, NODE);
  const total = load<i64>(leaf, TOTAL);
  store<i32>(nodeWord(P, 0, node), 0);
  store<i32>(nodeWord(P, 1, node), 0);
  store<i32>(nodeWord(P, 2, node), 0);
  store<i32>(nodeWord(P, 3, node), 0);
  store<i32>(nodeWord(P, 4, node), -1);
  store<i32>(nodeWord(P, 5, node), load<i32>(leaf, COUNT));
  store<i32>(nodeWord(P, 6, node), <i32>((leaf - leafAt(P, 0)) / 128));
  const gradientScale = load<f64>(P, GRADIENT_SCALE);
  const hessianScale = load<f64>(P, HESSIAN_SCALE);
  store<f64>(nodeReal(P, 0, node), hessianOf(total) / hessianScale);
  store<f64>(nodeReal(P, 1, node), 0);
  const value = valueOf(P, gradientOf(total), hessianOf(total), load<f64>(leaf, WEIGHT), load<f64>(leaf, LOW), load<f64>(leaf, HIGH));
  store<f64>(nodeReal(P, 2, node), value * (hessianScale / gradientScale));
}

function growLeaves(P: usize): void {
  const mostLeaves = load<i32>(P, MOST_LEAVES);
  const byDepth = load<i32>(P, GROWTH) == 1;
  const root = leafAt(P, 0);
  if (mostLeaves > 1 && load<i32>(P, MOST_DEPTH) > 0) {
    search(P, 0, root, <usize>load<u32>(root, HISTOGRAM));
  }
  if (load<i32>(root, CUT_FEATURE) < 0) return;
  for (let leaves = 1; leaves < mostLeaves; leaves++) {
    let next = -1;
    let bestGain: f64 = 0;
    let bestDepth = 0;
    let leaf = leafAt(P, 0);
    for (let i = 0; i < leaves; i++, leaf += 128) {
      if (load<i32>(leaf, CUT_FEATURE) < 0) continue;
      const gain = load<f64>(leaf, CUT_GAIN);
      const depth = load<i32>(leaf, DEPTH);
      if (next < 0 || (byDepth && depth != bestDepth ? depth < bestDepth : gain > bestGain)) {
        next = i;
        bestGain = gain;
        bestDepth = depth;
      }
    }
    if (next < 0) return;
    splitLeaf(P, next, leaves, leaves + 1 < mostLeaves, false);
    store<i32>(P, leaves + 1, LEAF_COUNT);
  }
}

/**
 * Splits a leaf by its cut: the left side keeps its number, the right one is leaf `added`. With `onward`, the sides are
 * searched for cuts of their own; with `always`, both get a histogram and none is searched.
 */
function splitLeaf(P: usize, number: i32, added: i32, onward: bool, always: bool): void {
  const left = leafAt(P, number);
  const right = leafAt(P, added);
  const histogram = <usize>load<u32>(left, HISTOGRAM);
  noteCut(P, left);
  const rows = load<i32>(left, COUNT);
  const deeper = always || (onward && load<i32>(left, DEPTH) + 1 < load<i32>(P, MOST_DEPTH));
  const leftSum = load<i64>(left, CUT_LEFT);
  const total = load<i64>(left, TOTAL);
  const smallSide = hessianOf(leftSum) < hessianOf(total - leftSum) ? 0 : 1;
  store<i32>(P, number, SPLIT_LEAF);
  store<i32>(P, added, SPLIT_NEW);
  const together = rows >= load<i32>(P, WORTH_SPLIT) && crewSize() > 1;
  let small: usize = 0;
  if (together) {
    small = deeper ? takeSlot(P) : 0;
    if (deeper && small == 0) small = word(P, WORK);
    store<i32>(P, deeper ? smallSide : 2, SPLIT_SIDE);
    store<u32>(P, <u32>small, SPLIT_TO);
    fork(splitShard, P);
    if (deeper) {
      for (let s = 1; s < crewSize(); s++) addWords(small, threadHistogram(P, s, 0), word(P, HISTOGRAM_BYTES));
    }
  } else {
    store<i32>(P, 2, SPLIT_SIDE);
    for (let s = 0; s < crewSize(); s++) splitShard(P, s);
  }
  let leftRows = 0;
  for (let s = 0; s < crewSize(); s++) leftRows += load<i32>(rangeAt(P, s, number), 4);
  divide(P, left, right, number, added, leftRows, total, leftSum);
  const first = nodeCount;
  store<i32>(nodeWord(P, 0, load<i32>(left, NODE)), first);
  addNode(P, left);
  addNode(P, right);
  store<i32>(left, -1, CUT_FEATURE);
  store<i32>(right, -1, CUT_FEATURE);
  store<u32>(left, 0, HISTOGRAM);
  store<u32>(right, 0, HISTOGRAM);
  const lookLeft = deeper && (always || divisible(P, left));
  const lookRight = deeper && (always || divisible(P, right));
  if (!lookLeft && !lookRight) {
    giveSlot(P, histogram);
    if (small != word(P, WORK)) giveSlot(P, small);
    return;
  }
  const smallLeaf = smallSide == 0 ? left : right;
  const largeLeaf = smallSide == 0 ? right : left;
  const lookSmall = smallSide == 0 ? lookLeft : lookRight;
  const lookLarge = smallSide == 0 ? lookRight : lookLeft;
  const smallNumber = smallSide == 0 ? number : added;
  const largeNumber = smallSide == 0 ? added : number;
  if (small == 0) {
    small = takeSlot(P);
    if (small == 0) small = word(P, WORK);
    fillHistogram(P, smallNumber, small);
  }
  const bytes = word(P, HISTOGRAM_BYTES);
  if (histogram != 0 && small != word(P, WORK)) {
    if (lookLarge) subtractWords(histogram, small, bytes);
    store<u32>(smallLeaf, <u32>small, HISTOGRAM);
    store<u32>(largeLeaf, <u32>histogram, HISTOGRAM);
    if (!always) searchBoth(P, lookSmall ? smallNumber : -1, lookLarge ? largeNumber : -1);
  } else {
    // The pool is empty: histograms are made when they are needed, and not kept.
    if (!always && lookSmall) search(P, 0, smallLeaf, small);
    if (histogram != 0) {
      if (lookLarge) {
        subtractWords(histogram, small, bytes);
        store<u32>(largeLeaf, <u32>histogram, HISTOGRAM);
        if (!always) search(P, 0, largeLeaf, histogram);
      } else giveSlot(P, histogram);
    } else {
      if (small != word(P, WORK)) store<u32>(smallLeaf, <u32>small, HISTOGRAM);
      if (lookLarge && !always) {
        fillHistogram(P, largeNumber, word(P, WORK));
        search(P, 0, largeLeaf, word(P, WORK));
      }
    }
  }
  if (always) return;
  dropUnused(P, left);
  dropUnused(P, right);
}

/** A leaf without a cut needs its histogram no more. */
function dropUnused(P: usize, leaf: usize): void {
  if (load<i32>(leaf, CUT_FEATURE) >= 0) return;
  giveSlot(P, <usize>load<u32>(leaf, HISTOGRAM));
  store<u32>(leaf, 0, HISTOGRAM);
}

function fillHistogram(P: usize, number: i32, histogram: usize): void {
  memory.fill(histogram, 0, word(P, HISTOGRAM_BYTES));
  for (let s = 0; s < crewSize(); s++) {
    const range = rangeAt(P, s, number);
    const from = load<i32>(range);
    addHistogram(P, from, from + load<i32>(range, 4), histogram);
  }
}

function searchBoth(P: usize, a: i32, b: i32): void {
  store<i32>(P, a, SEARCH_A);
  store<i32>(P, b, SEARCH_B);
  if (a >= 0 && b >= 0 && crewSize() > 1 && load<i32>(P, HISTOGRAM_BYTES) >= load<i32>(P, WORTH_SEARCH)) {
    fork(searchShard, P);
    return;
  }
  searchShard(P, 0);
  if (crewSize() > 1) searchShard(P, 1);
  else searchOne(P, 0, b);
}

function searchShard(P: usize, shard: i32): void {
  if (shard == 0) searchOne(P, 0, load<i32>(P, SEARCH_A));
  else if (shard == 1) searchOne(P, 1, load<i32>(P, SEARCH_B));
}

function searchOne(P: usize, shard: i32, number: i32): void {
  if (number < 0) return;
  const leaf = leafAt(P, number);
  search(P, shard, leaf, <usize>load<u32>(leaf, HISTOGRAM));
}

/** Writes the cut of a leaf into its node, and the tables by which its rows are divided. */
function noteCut(P: usize, leaf: usize): void {
  const node = load<i32>(leaf, NODE);
  const gradientScale = load<f64>(P, GRADIENT_SCALE);
  const feature = load<i32>(leaf, CUT_FEATURE);
  const bin = load<i32>(leaf, CUT_BIN);
  const missingLeft = load<i32>(leaf, CUT_MISSING);
  const isSet = load<i32>(leaf, CUT_SET) != 0;
  store<i32>(nodeWord(P, 1, node), feature);
  store<i32>(nodeWord(P, 2, node), bin);
  store<i32>(nodeWord(P, 3, node), missingLeft);
  store<f64>(nodeReal(P, 1, node), (load<f64>(leaf, CUT_GAIN) * load<f64>(P, HESSIAN_SCALE)) / (gradientScale * gradientScale));
  store<i32>(P, feature, SPLIT_FEATURE);
  store<i32>(P, bin, SPLIT_BIN);
  const info = word(P, FEATURE_TABLE) + <usize>feature * FEATURE_BYTES;
  const table = isSet || (missingLeft != 0 && load<i32>(info, FEATURE_MISSING) != 0);
  store<i32>(P, <i32>table, SPLIT_KIND);
  if (isSet) {
    store<i32>(nodeWord(P, 4, node), setCount);
    memory.copy(word(P, SETS) + (<usize>setCount << 5), leaf + CUT_WORDS, 32);
    setCount++;
  }
  if (!table) return;
  const sides = word(P, SIDES);
  for (let b = 0; b < 256; b++) {
    let side = b <= bin || (b == 255 && missingLeft != 0) ? 1 : 0;
    if (isSet) side = (load<u32>(leaf + CUT_WORDS + (<usize>(b >> 5) << 2)) >> (b & 31)) & 1;
    store<u8>(sides + <usize>b, <u8>side);
  }
}

function splitShard(P: usize, shard: i32): void {
  const number = load<i32>(P, SPLIT_LEAF);
  const added = load<i32>(P, SPLIT_NEW);
  const range = rangeAt(P, shard, number);
  const from = load<i32>(range);
  const rows = load<i32>(range, 4);
  const index = word(P, INDEX);
  const column = word(P, COLUMNS) + <usize>load<i32>(P, SPLIT_FEATURE) * <usize>load<i32>(P, ROWS);
  const listed = added > 1 || load<i32>(P, LISTED) != 0;
  const all = load<i32>(P, LISTED) != 0 ? load<i32>(P, LISTED_ROWS) : load<i32>(P, ROWS);
  const spare = word(P, SPARE) + (<usize>firstRow(all, shard) << 2);
  let left: i32;
  if (load<i32>(P, SPLIT_KIND) == 0) {
    const bin = load<i32>(P, SPLIT_BIN);
    left = listed ? byThreshold(index, from, rows, column, bin, spare) : byThresholdInOrder(index, from, rows, column, bin, spare);
  } else {
    const sides = word(P, SIDES);
    left = listed ? byTable(index, from, rows, column, sides, spare) : byTableInOrder(index, from, rows, column, sides, spare);
  }
  store<i32>(range, left, 4);
  const other = rangeAt(P, shard, added);
  store<i32>(other, from + left);
  store<i32>(other, rows - left, 4);
  const side = load<i32>(P, SPLIT_SIDE);
  if (side == 2) return;
  const histogram = threadHistogram(P, shard, word(P, SPLIT_TO));
  memory.fill(histogram, 0, word(P, HISTOGRAM_BYTES));
  addHistogram(P, side == 0 ? from : from + left, side == 0 ? from + left : from + rows, histogram);
}

/** Makes the two sides out of a leaf; the left one takes its place. */
function divide(P: usize, left: usize, right: usize, number: i32, added: i32, leftRows: i32, total: i64, leftSum: i64): void {
  const rows = load<i32>(left, COUNT);
  const depth = load<i32>(left, DEPTH) + 1;
  const weight = load<f64>(left, CUT_WEIGHT);
  const low = load<f64>(left, LOW);
  const high = load<f64>(left, HIGH);
  const rightSum = total - leftSum;
  const feature = load<i32>(left, CUT_FEATURE);
  const direction = load<i32>(word(P, FEATURE_TABLE) + <usize>feature * FEATURE_BYTES, FEATURE_DIRECTION);
  store<i32>(left, leftRows, COUNT);
  store<i32>(right, rows - leftRows, COUNT);
  store<i32>(left, depth, DEPTH);
  store<i32>(right, depth, DEPTH);
  store<i64>(left, leftSum, TOTAL);
  store<i64>(right, rightSum, TOTAL);
  store<f64>(left, weight, WEIGHT);
  store<f64>(right, weight, WEIGHT);
  store<f64>(right, low, LOW);
  store<f64>(right, high, HIGH);
  if (direction != 0) {
    // Both sides may move up to the middle of their values and no further.
    const middle = (valueOf(P, gradientOf(leftSum), hessianOf(leftSum), weight, low, high) + valueOf(P, gradientOf(rightSum), hessianOf(rightSum), weight, low, high)) / 2;
    store<f64>(direction > 0 ? left : right, middle, HIGH);
    store<f64>(direction > 0 ? right : left, middle, LOW);
  }
  const groups = load<i32>(P, GROUPS);
  if (groups == 0) return;
  const mine = word(P, GROUP_LIVE) + <usize>number * <usize>groups;
  const other = word(P, GROUP_LIVE) + <usize>added * <usize>groups;
  const features = load<i32>(P, FEATURES);
  for (let g = 0; g < groups; g++) {
    const live = load<u8>(mine + g) & load<u8>(word(P, GROUP_MASKS) + <usize>g * <usize>features + <usize>feature);
    store<u8>(mine + g, live);
    store<u8>(other + g, live);
  }
}

// ---- Symmetric growth: one cut for all leaves of a level. Leaves stand in the order of their level: the leaf at place
// i of `order` has its sides at places 2i and 2i + 1.

function growLevels(P: usize): void {
  const mostLeaves = load<i32>(P, MOST_LEAVES);
  const mostDepth = load<i32>(P, MOST_DEPTH);
  const features = load<i32>(P, FEATURES);
  let leaves = 1;
  store<i32>(levelOrder(P), 0);
  for (let depth = 0; depth < mostDepth && 2 * leaves <= mostLeaves; depth++) {
    memory.fill(word(P, LEVEL_SCORES), 0, <usize>features << 12);
    let before: f64 = 0;
    for (let i = 0; i < leaves; i++) before += addLevelScores(P, leafAt(P, levelLeaf(P, i)), levelHistogram(P, levelLeaf(P, i)));
    const place = bestOfLevel(P, before * NOISE + load<f64>(P, LEAST_GAIN));
    if (place < 0) return;
    const feature = place >> 9;
    const bin = place & 255;
    const info = word(P, FEATURE_TABLE) + <usize>feature * FEATURE_BYTES;
    let missingLeft = (place & 256) != 0;
    if (load<i32>(info, FEATURE_CATEGORIES) != 0) missingLeft = bin == 255;
    else if (load<i32>(info, FEATURE_MISSING) == 0) {
      let hessian: f64 = 0;
      let total: f64 = 0;
      for (let i = 0; i < leaves; i++) {
        const number = levelLeaf(P, i);
        hessian += hessianOf(levelSide(P, levelHistogram(P, number), feature, bin, false));
        total += hessianOf(load<i64>(leafAt(P, number), TOTAL));
      }
      missingLeft = 2 * hessian >= total;
    }
    const onward = depth + 1 < mostDepth && 4 * leaves <= mostLeaves;
    for (let i = 0; i < leaves; i++) {
      const number = levelLeaf(P, i);
      takeLevelCut(P, leafAt(P, number), levelHistogram(P, number), feature, bin, missingLeft);
    }
    // Numbers of a level's leaves: 0 and `leaves` for the sides of leaf 0, and so on; noted for the next level.
    const order = levelOrder(P);
    for (let i = leaves - 1; i >= 0; i--) {
      const number = load<i32>(order + (<usize>i << 2));
      store<i32>(order + (<usize>(2 * i) << 2), number);
      store<i32>(order + (<usize>(2 * i + 1) << 2), leaves + i);
    }
    for (let i = 0; i < leaves; i++) {
      splitLeaf(P, load<i32>(order + (<usize>(2 * i) << 2)), leaves + i, onward, onward);
    }
    leaves *= 2;
    store<i32>(P, leaves, LEAF_COUNT);
  }
}

/** The leaves' numbers stand behind the scores of the level. */
@inline function levelOrder(P: usize): usize {
  return word(P, LEVEL_SCORES) + (word(P, FEATURES) << 12);
}

@inline function levelLeaf(P: usize, i: i32): i32 {
  return load<i32>(levelOrder(P) + (<usize>i << 2));
}

function levelHistogram(P: usize, number: i32): usize {
  const kept = <usize>load<u32>(leafAt(P, number), HISTOGRAM);
  if (kept != 0) return kept;
  fillHistogram(P, number, word(P, WORK));
  return word(P, WORK);
}

// ---- Rows down any tree.

/** Adds `FACTOR` rounded leaf values of a tree to the scores of all rows. Nodes: 8 words each, see `models/trees/grower-wasm.ts`. */
export function walk(P: usize): void {
  if (load<i32>(P, ROWS) >= load<i32>(P, WORTH_SWEEP)) fork(walkShard, P);
  else for (let s = 0; s < crewSize(); s++) walkShard(P, s);
}

/**
 * Sorts a block of rows to the leaves, node after node, as growth does: without a branch on the data, in the nearest
 * cache. A node's right side waits in a stack until its left side is through, which is the order of the nodes.
 */
function walkShard(P: usize, shard: i32): void {
  const rows = load<i32>(P, ROWS);
  const count = load<i32>(P, WALK_COUNT);
  const out = word(P, WALK_OUT);
  const columns = word(P, COLUMNS);
  const room = word(P, WALK_ROOM) + <usize>shard * word(P, WALK_ROOM_BYTES);
  const spare = room + (WALK_BLOCK << 2);
  const waiting = spare + (WALK_BLOCK << 2);
  const to = firstRow(rows, shard + 1);
  for (let first = firstRow(rows, shard); first < to; first += WALK_BLOCK) {
    let from = 0;
    let left = min<i32>(WALK_BLOCK, to - first);
    for (let i = 0; i < left; i++) store<u32>(room + (<usize>i << 2), <u32>(first + i));
    let stack = waiting;
    // A node: 1 for a leaf, 2 for a table of sides; then a leaf's value, or offset of the column and bin or table.
    let node = word(P, WALK_NODES);
    for (let n = 0; n < count; n++, node += 16) {
      const kind = load<i32>(node);
      if (kind == 1) {
        const value = load<f32>(node, 4);
        for (let at = room + (<usize>from << 2), end = at + (<usize>left << 2); at < end; at += 4) addTo(out + (<usize>load<u32>(at) << 2), value);
        if (n + 1 == count) break;
        stack -= 8;
        from = load<i32>(stack);
        left = load<i32>(stack, 4);
        continue;
      }
      const column = columns + <usize>load<u32>(node, 4);
      const all = left;
      left = kind == 2 ? byTable(room, from, all, column, <usize>load<u32>(node, 8), spare) : byThreshold(room, from, all, column, load<i32>(node, 8), spare);
      store<i32>(stack, from + left);
      store<i32>(stack, all - left, 4);
      stack += 8;
    }
  }
}

// ---- Rows into blocks of groups, a row after another.

/** Writes the groups of a block: `count` columns of the table, each with its factor, their sum a group's cell. */
export function packGroup(columns: usize, count: i32, members: usize, rows: i32, out: usize, step: i32, from: i32): void {
  // A member, 12 bytes: offset of its column, cell of missing values, factor.
  for (let m = 0; m < count; m++) {
    const column = columns + <usize>load<u32>(members);
    const missing = load<i32>(members, 4);
    const factor = load<i32>(members, 8);
    members += 12;
    let at = out + <usize>from * <usize>step;
    for (let row = from; row < rows; row++, at += step) {
      const bin = <i32>load<u8>(column + <usize>row);
      const cell = (bin == 255 ? missing : bin) * factor;
      store<u8>(at, <u8>(m == 0 ? cell : cell + <i32>load<u8>(at)));
    }
  }
}

// ---- Rows in another order.

/** Bytes of rows in the order given. */
export function gatherBytes(from: usize, order: usize, rows: i32, to: usize): void {
  for (let i = 0; i < rows; i++) store<u8>(to + <usize>i, load<u8>(from + <usize>load<u32>(order + (<usize>i << 2))));
}

/** 32-bit words of rows in the order given. */
export function gatherWords(from: usize, order: usize, rows: i32, to: usize): void {
  for (let i = 0; i < rows; i++) store<u32>(to + (<usize>i << 2), load<u32>(from + (<usize>load<u32>(order + (<usize>i << 2)) << 2)));
}
