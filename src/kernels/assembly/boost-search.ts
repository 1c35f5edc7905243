// The best cut of a leaf. What counts as better, and which of equal cuts stays, is written down in
// models/trees/grower-search.ts; this does the same steps in the same order.
import {
  ALLOWED, CAT_LAMBDA, CAT_ROWS, CAT_SMOOTH, FEATURES, FEATURE_AT, FEATURE_BINS, FEATURE_BYTES, FEATURE_CATEGORIES,
  FEATURE_DIRECTION, FEATURE_JOINED, FEATURE_MISSING, FEATURE_TABLE, GENERAL, GROUPS, GROUP_LIVE, GROUP_MASKS,
  GROUP_ROWS, GROWTH, JOINTS, JOINT_TABLE, LAMBDA, LAMBDA_L1, LEAF_BYTES, LEAF_TABLE, LEAST_GAIN, LEAST_HESSIAN,
  LEAST_ROWS, LEVEL_SCORES, MARGINS, MARGIN_BYTES, MOST_CATEGORIES, MOST_DELTA, MOST_ONE_HOT, NODE_MASKS, ORDER, TREE_MASK,
} from "../boost-layout";

// A leaf, LEAF_BYTES bytes.
export const NODE: usize = 0;
export const DEPTH: usize = 4;
export const COUNT: usize = 8;
export const HISTOGRAM: usize = 12;
export const TOTAL: usize = 16;
export const LOW: usize = 24;
export const HIGH: usize = 32;
export const WEIGHT: usize = 40;
// Its best cut; the feature is -1 when there is none.
export const CUT_FEATURE: usize = 48;
export const CUT_BIN: usize = 52;
export const CUT_MISSING: usize = 56;
export const CUT_SET: usize = 60;
export const CUT_LEFT: usize = 64;
export const CUT_SCORE: usize = 72;
export const CUT_GAIN: usize = 80;
export const CUT_WEIGHT: usize = 88;
export const CUT_WORDS: usize = 96;

const NOISE: f64 = 1.0 / 1099511627776.0;
/** Sizes of the room for sorting: keys, then bins, for 256 categories. */
const ORDER_BINS: usize = 2048;

@inline export function gradientOf(sum: i64): f64 {
  return <f64>(<i32>(sum >> 32));
}

@inline export function hessianOf(sum: i64): f64 {
  return <f64>(<u32>sum);
}

@inline export function leafAt(P: usize, leaf: i32): usize {
  return <usize>load<u32>(P, LEAF_TABLE) + <usize>leaf * <usize>LEAF_BYTES;
}

/** Hessian that each side of a cut must have. */
export function leastHessian(P: usize, leaf: usize): f64 {
  const byRows = (load<f64>(P, LEAST_ROWS) * hessianOf(load<i64>(leaf, TOTAL))) / <f64>load<i32>(leaf, COUNT);
  return max<f64>(1, max<f64>(load<f64>(P, LEAST_HESSIAN), ceil<f64>(byRows)));
}

export function divisible(P: usize, leaf: usize): bool {
  return load<i32>(leaf, COUNT) > 1 && hessianOf(load<i64>(leaf, TOTAL)) >= 2 * leastHessian(P, leaf);
}

@inline function pull(P: usize, gradient: f64): f64 {
  const size = abs<f64>(gradient) - load<f64>(P, LAMBDA_L1);
  return size <= 0 ? 0 : gradient < 0 ? -size : size;
}

/** The value of a leaf in units. */
export function valueOf(P: usize, gradient: f64, hessian: f64, lambda: f64, low: f64, high: f64): f64 {
  const weight = hessian + lambda;
  if (!(weight > 0)) return 0;
  const most = load<f64>(P, MOST_DELTA);
  const free = -pull(P, gradient) / weight;
  return min<f64>(max<f64>(min<f64>(max<f64>(free, -most), most), low), high);
}

function sideScore(P: usize, gradient: f64, hessian: f64, lambda: f64, low: f64, high: f64): f64 {
  const force = pull(P, gradient);
  const value = valueOf(P, gradient, hessian, lambda, low, high);
  return -(2 * force * value + (hessian + lambda) * value * value);
}

function nodeScore(P: usize, leaf: usize): f64 {
  const total = load<i64>(leaf, TOTAL);
  const gradient = gradientOf(total);
  const hessian = hessianOf(total);
  const lambda = load<f64>(leaf, WEIGHT);
  if (load<i32>(P, GENERAL) == 0) return (gradient * gradient) / (hessian + lambda);
  return sideScore(P, gradient, hessian, lambda, load<f64>(leaf, LOW), load<f64>(leaf, HIGH));
}

// The search that is going on: each thread has its own instance, and so its own.
let bestScore: f64 = 0;
let leaf: usize = 0;
let total: i64 = 0;
let least: f64 = 0;

@inline function take(feature: i32, bin: i32, missingLeft: bool, isSet: bool, left: i64, score: f64, lambda: f64): void {
  store<i32>(leaf, feature, CUT_FEATURE);
  store<i32>(leaf, bin, CUT_BIN);
  store<i32>(leaf, <i32>missingLeft, CUT_MISSING);
  store<i32>(leaf, <i32>isSet, CUT_SET);
  store<i64>(leaf, left, CUT_LEFT);
  store<f64>(leaf, lambda, CUT_WEIGHT);
  bestScore = score;
}

/** Finds the best cut of a leaf in its histogram and writes it into the leaf. */
export function search(P: usize, shard: i32, which: usize, histogram: usize): void {
  store<i32>(which, -1, CUT_FEATURE);
  if (!divisible(P, which)) return;
  leaf = which;
  total = load<i64>(leaf, TOTAL);
  least = leastHessian(P, leaf);
  const before = nodeScore(P, leaf);
  bestScore = before + abs<f64>(before) * NOISE + load<f64>(P, LEAST_GAIN);
  const margins = <usize>load<u32>(P, MARGINS) + <usize>shard * <usize>load<u32>(P, MARGIN_BYTES);
  if (load<i32>(P, JOINTS) > 0) separate(P, histogram, margins);
  const allowed = allowedFeatures(P, shard, load<i32>(leaf, NODE));
  const general = load<i32>(P, GENERAL) != 0;
  const features = load<i32>(P, FEATURES);
  let info = <usize>load<u32>(P, FEATURE_TABLE);
  for (let f = 0; f < features; f++, info += FEATURE_BYTES) {
    if (allowed != 0 && load<u8>(allowed + f) == 0) continue;
    const at = (load<i32>(info, FEATURE_JOINED) != 0 ? margins : histogram) + <usize>load<u32>(info, FEATURE_AT);
    const bins = load<i32>(info, FEATURE_BINS);
    if (load<i32>(info, FEATURE_CATEGORIES) != 0) {
      lookAtSets(P, shard, f, info, at, bins);
      continue;
    }
    const missing = load<i32>(info, FEATURE_MISSING) != 0 ? load<i64>(at + (<usize>bins << 3)) : 0;
    if (general) {
      const direction = load<i32>(info, FEATURE_DIRECTION);
      scanGeneral(P, f, at, bins, direction, missing, false);
      if (missing != 0) scanGeneral(P, f, at, bins, direction, missing, true);
    } else {
      const lambda = load<f64>(P, LAMBDA);
      scan(f, at, bins, lambda, missing, false);
      if (missing != 0) scan(f, at, bins, lambda, missing, true);
    }
  }
  store<f64>(leaf, bestScore, CUT_SCORE);
  store<f64>(leaf, bestScore - before, CUT_GAIN);
}

function scan(feature: i32, at: usize, bins: i32, lambda: f64, missing: i64, missingLeft: bool): void {
  const from = at;
  const end = at + (<usize>bins << 3);
  const all = total;
  const least32 = <u32>least;
  const allHessian = <u32>all;
  const allGradient = gradientOf(all);
  const allWeight = <f64>allHessian + lambda;
  let best = bestScore;
  let left: i64 = missingLeft ? missing : 0;
  let bestLeft: i64 = 0;
  let bestAt: usize = 0;
  for (; at < end; at += 8) {
    const cell = load<i64>(at);
    if (cell == 0) continue;
    left += cell;
    const h = <u32>left;
    if (h < least32) continue;
    if (allHessian - h < least32) break;
    const gl = <f64>(<i32>(left >> 32));
    const gr = allGradient - gl;
    const wl = <f64>h + lambda;
    const wr = <f64>(allHessian - h) + lambda;
    const top = gl * gl * wr + gr * gr * wl;
    const bottom = wl * wr;
    if (top > best * bottom) {
      best = top / bottom;
      bestLeft = left;
      bestAt = at;
    }
  }
  if (bestAt == 0) return;
  const toLeft = missing != 0 ? missingLeft : 2 * hessianOf(bestLeft) >= hessianOf(all);
  take(feature, <i32>((bestAt - from) >> 3), toLeft, false, bestLeft, best, lambda);
}

/** Says whether a cut is better, and its score by `score`. */
let score: f64 = 0;
@inline function better(P: usize, direction: i32, left: i64, lambda: f64): bool {
  const gl = gradientOf(left);
  const hl = hessianOf(left);
  const gr = gradientOf(total) - gl;
  const hr = hessianOf(total) - hl;
  if (load<i32>(P, GENERAL) == 0) {
    const wl = hl + lambda;
    const wr = hr + lambda;
    const top = gl * gl * wr + gr * gr * wl;
    const bottom = wl * wr;
    if (!(top > bestScore * bottom)) return false;
    score = top / bottom;
    return true;
  }
  const low = load<f64>(leaf, LOW);
  const high = load<f64>(leaf, HIGH);
  if (direction != 0) {
    const vl = valueOf(P, gl, hl, lambda, low, high);
    const vr = valueOf(P, gr, hr, lambda, low, high);
    if (direction > 0 ? vl > vr : vl < vr) return false;
  }
  score = sideScore(P, gl, hl, lambda, low, high) + sideScore(P, gr, hr, lambda, low, high);
  return score > bestScore;
}

function scanGeneral(P: usize, feature: i32, at: usize, bins: i32, direction: i32, missing: i64, missingLeft: bool): void {
  const lambda = load<f64>(P, LAMBDA);
  let left: i64 = missingLeft ? missing : 0;
  for (let bin = 0; bin < bins; bin++, at += 8) {
    const cell = load<i64>(at);
    if (cell == 0) continue;
    left += cell;
    const hl = hessianOf(left);
    if (hl < least) continue;
    if (hessianOf(total) - hl < least) break;
    if (!better(P, direction, left, lambda)) continue;
    take(feature, bin, missing != 0 ? missingLeft : 2 * hl >= hessianOf(total), false, left, score, lambda);
  }
}

/** The bin as trees name it: the one behind the last is that of missing values. */
@inline function binOf(slot: i32, bins: i32): i32 {
  return slot == bins ? 255 : slot;
}

function lookAtSets(P: usize, shard: i32, feature: i32, info: usize, at: usize, bins: i32): void {
  const slots = bins + load<i32>(info, FEATURE_MISSING);
  const plain = load<f64>(P, LAMBDA);
  if (load<i32>(P, GROWTH) == 2 || bins <= load<i32>(P, MOST_ONE_HOT)) {
    for (let slot = 0; slot < slots; slot++) {
      const cell = load<i64>(at + (<usize>slot << 3));
      if (cell == 0) continue;
      const h = hessianOf(cell);
      if (h < least || hessianOf(total) - h < least) continue;
      if (!better(P, 0, cell, plain)) continue;
      clearSet();
      addToSet(binOf(slot, bins));
      take(feature, 0, slot == bins, true, cell, score, plain);
    }
    return;
  }
  const rows = <f64>load<i32>(leaf, COUNT);
  const hessian = hessianOf(total);
  const catRows = load<f64>(P, CAT_ROWS);
  const smooth = load<f64>(P, CAT_SMOOTH);
  const groupRows = load<f64>(P, GROUP_ROWS);
  const keys = <usize>load<u32>(P, ORDER) + <usize>shard * 4096;
  const order = keys + ORDER_BINS;
  let used = 0;
  for (let slot = 0; slot < slots; slot++) {
    const cell = load<i64>(at + (<usize>slot << 3));
    if (cell == 0) continue;
    const h = hessianOf(cell);
    if ((h * rows) / hessian < catRows) continue;
    const key = gradientOf(cell) / (h + smooth);
    // Into its place among those before it.
    let place = used++;
    while (place > 0 && load<f64>(keys + (<usize>(place - 1) << 3)) > key) {
      store<f64>(keys + (<usize>place << 3), load<f64>(keys + (<usize>(place - 1) << 3)));
      store<i32>(order + (<usize>place << 2), load<i32>(order + (<usize>(place - 1) << 2)));
      place--;
    }
    store<f64>(keys + (<usize>place << 3), key);
    store<i32>(order + (<usize>place << 2), slot);
  }
  const lambda = plain + load<f64>(P, CAT_LAMBDA);
  const most = min<i32>(load<i32>(P, MOST_CATEGORIES), (used + 1) >> 1);
  for (let backwards = 0; backwards < 2; backwards++) {
    let left: i64 = 0;
    let group: f64 = 0;
    for (let i = 0; i < most; i++) {
      const slot = load<i32>(order + (<usize>(backwards != 0 ? used - 1 - i : i) << 2));
      const cell = load<i64>(at + (<usize>slot << 3));
      left += cell;
      const hl = hessianOf(left);
      group += hessianOf(cell);
      if (hl < least) continue;
      const hr = hessian - hl;
      if (hr < least || (hr * rows) / hessian < groupRows) break;
      if ((group * rows) / hessian < groupRows) continue;
      group = 0;
      if (!better(P, 0, left, lambda)) continue;
      clearSet();
      let missingLeft = false;
      for (let j = 0; j <= i; j++) {
        const member = binOf(load<i32>(order + (<usize>(backwards != 0 ? used - 1 - j : j) << 2)), bins);
        addToSet(member);
        if (member == 255) missingLeft = true;
      }
      take(feature, 0, missingLeft, true, left, score, lambda);
    }
  }
}

@inline function clearSet(): void {
  memory.fill(leaf + CUT_WORDS, 0, 32);
}

@inline function addToSet(bin: i32): void {
  const word = leaf + CUT_WORDS + (<usize>(bin >> 5) << 2);
  store<u32>(word, load<u32>(word) | ((<u32>1) << (bin & 31)));
}

/** Histograms of joined features by themselves: each cell of theirs is a sum over the cells of the joint one. */
export function separate(P: usize, histogram: usize, margins: usize): void {
  memory.fill(margins, 0, <usize>load<u32>(P, MARGIN_BYTES));
  let joint = <usize>load<u32>(P, JOINT_TABLE);
  for (let j = load<i32>(P, JOINTS); j > 0; j--, joint += 16) {
    const at = histogram + <usize>load<u32>(joint);
    const cells = load<i32>(joint, 4);
    const members = load<i32>(joint, 8);
    // Per member: where its margin begins, then the bin of every joint cell.
    let member = <usize>load<u32>(joint, 12);
    for (let m = 0; m < members; m++, member += 260) {
      const to = margins + <usize>load<u32>(member);
      for (let c = 0; c < cells; c++) {
        const sum = load<i64>(at + (<usize>c << 3));
        const cell = to + (<usize>load<u8>(member + <usize>c, 4) << 3);
        store<i64>(cell, load<i64>(cell) + sum);
      }
    }
  }
}

/** A byte per feature, 1 when the node may use it; 0 when there is no rule. */
function allowedFeatures(P: usize, shard: i32, row: i32): usize {
  const tree = <usize>load<u32>(P, TREE_MASK);
  const nodes = <usize>load<u32>(P, NODE_MASKS);
  const groups = load<i32>(P, GROUPS);
  if (tree == 0 && nodes == 0 && groups == 0) return 0;
  const features = load<i32>(P, FEATURES);
  const allowed = <usize>load<u32>(P, ALLOWED) + <usize>shard * <usize>features;
  if (groups == 0) memory.fill(allowed, 1, features);
  else {
    memory.fill(allowed, 0, features);
    const number = <i32>((leaf - <usize>load<u32>(P, LEAF_TABLE)) / <usize>LEAF_BYTES);
    const live = <usize>load<u32>(P, GROUP_LIVE) + <usize>number * <usize>groups;
    for (let g = 0; g < groups; g++) {
      if (load<u8>(live + g) == 0) continue;
      const mask = <usize>load<u32>(P, GROUP_MASKS) + <usize>g * <usize>features;
      for (let f = 0; f < features; f++) store<u8>(allowed + f, load<u8>(allowed + f) | load<u8>(mask + f));
    }
  }
  if (tree != 0) for (let f = 0; f < features; f++) store<u8>(allowed + f, load<u8>(allowed + f) & load<u8>(tree + f));
  if (nodes != 0) {
    const mask = nodes + <usize>row * <usize>features;
    for (let f = 0; f < features; f++) store<u8>(allowed + f, load<u8>(allowed + f) & load<u8>(mask + f));
  }
  return allowed;
}

// Symmetric growth: one cut for all leaves of a level.

/** Adds what each cut gains for a leaf to the level's scores; returns the size of what the leaf has by itself. */
export function addLevelScores(P: usize, which: usize, histogram: usize): f64 {
  leaf = which;
  if (load<i32>(leaf, COUNT) == 0) return 0;
  const before = nodeScore(P, leaf);
  if (!divisible(P, leaf)) return abs<f64>(before);
  total = load<i64>(leaf, TOTAL);
  least = leastHessian(P, leaf);
  const margins = <usize>load<u32>(P, MARGINS);
  if (load<i32>(P, JOINTS) > 0) separate(P, histogram, margins);
  const allowed = allowedFeatures(P, 0, load<i32>(leaf, DEPTH));
  const features = load<i32>(P, FEATURES);
  const hessian = hessianOf(total);
  let info = <usize>load<u32>(P, FEATURE_TABLE);
  for (let f = 0; f < features; f++, info += FEATURE_BYTES) {
    if (allowed != 0 && load<u8>(allowed + f) == 0) continue;
    const at = (load<i32>(info, FEATURE_JOINED) != 0 ? margins : histogram) + <usize>load<u32>(info, FEATURE_AT);
    const bins = load<i32>(info, FEATURE_BINS);
    const isSet = load<i32>(info, FEATURE_CATEGORIES) != 0;
    const hasMissing = load<i32>(info, FEATURE_MISSING) != 0;
    const scores = <usize>load<u32>(P, LEVEL_SCORES) + (<usize>f << 12);
    if (isSet) {
      const slots = bins + <i32>hasMissing;
      for (let slot = 0; slot < slots; slot++) {
        const cell = load<i64>(at + (<usize>slot << 3));
        const h = hessianOf(cell);
        if (h < least || hessian - h < least) continue;
        addScore(scores, binOf(slot, bins), bothSides(P, info, cell) - before);
      }
      continue;
    }
    const sides = hasMissing ? 2 : 1;
    for (let side = 0; side < sides; side++) {
      let left: i64 = side == 1 ? load<i64>(at + (<usize>bins << 3)) : 0;
      for (let bin = 0; bin < bins; bin++) {
        left += load<i64>(at + (<usize>bin << 3));
        const h = hessianOf(left);
        if (h < least || hessian - h < least) continue;
        addScore(scores, 256 * side + bin, bothSides(P, info, left) - before);
      }
    }
  }
  return abs<f64>(before);
}

@inline function addScore(scores: usize, place: i32, gain: f64): void {
  const at = scores + (<usize>place << 3);
  store<f64>(at, load<f64>(at) + gain);
}

function bothSides(P: usize, info: usize, left: i64): f64 {
  const lambda = load<f64>(P, LAMBDA);
  const gl = gradientOf(left);
  const hl = hessianOf(left);
  const gr = gradientOf(total) - gl;
  const hr = hessianOf(total) - hl;
  if (load<i32>(P, GENERAL) == 0) return (gl * gl) / (hl + lambda) + (gr * gr) / (hr + lambda);
  const low = load<f64>(leaf, LOW);
  const high = load<f64>(leaf, HIGH);
  const direction = load<i32>(info, FEATURE_DIRECTION);
  if (direction != 0) {
    const vl = valueOf(P, gl, hl, lambda, low, high);
    const vr = valueOf(P, gr, hr, lambda, low, high);
    if (direction > 0 ? vl > vr : vl < vr) return -Infinity;
  }
  return sideScore(P, gl, hl, lambda, low, high) + sideScore(P, gr, hr, lambda, low, high);
}

/** The place of the level's best cut: feature times 512, 256 for missing on the left, bin; -1 when none gains enough. */
export function bestOfLevel(P: usize, leastGain: f64): i32 {
  const features = load<i32>(P, FEATURES);
  const scores = <usize>load<u32>(P, LEVEL_SCORES);
  let best = leastGain;
  let place = -1;
  for (let i = 0; i < 512 * features; i++) {
    const gain = load<f64>(scores + (<usize>i << 3));
    if (gain > best) {
      best = gain;
      place = i;
    }
  }
  return place;
}

/** Writes the level's cut into a leaf, with the sums of its left side in this leaf. */
export function takeLevelCut(P: usize, which: usize, histogram: usize, feature: i32, bin: i32, missingLeft: bool): void {
  leaf = which;
  total = load<i64>(leaf, TOTAL);
  const info = <usize>load<u32>(P, FEATURE_TABLE) + <usize>feature * <usize>FEATURE_BYTES;
  const isSet = load<i32>(info, FEATURE_CATEGORIES) != 0;
  const left = levelSide(P, histogram, feature, bin, isSet ? false : missingLeft);
  let gain: f64 = 0;
  const hl = hessianOf(left);
  if (divisible(P, leaf)) {
    least = leastHessian(P, leaf);
    if (hl >= least && hessianOf(total) - hl >= least) gain = bothSides(P, info, left) - nodeScore(P, leaf);
  }
  if (isSet) {
    clearSet();
    addToSet(bin);
  }
  take(feature, isSet ? 0 : bin, missingLeft, isSet, left, 0, load<f64>(leaf, WEIGHT));
  store<f64>(leaf, gain, CUT_GAIN);
}

/** What goes left in one leaf. */
export function levelSide(P: usize, histogram: usize, feature: i32, bin: i32, missingLeft: bool): i64 {
  const info = <usize>load<u32>(P, FEATURE_TABLE) + <usize>feature * <usize>FEATURE_BYTES;
  let from = histogram;
  if (load<i32>(info, FEATURE_JOINED) != 0) {
    from = <usize>load<u32>(P, MARGINS);
    separate(P, histogram, from);
  }
  const at = from + <usize>load<u32>(info, FEATURE_AT);
  const bins = load<i32>(info, FEATURE_BINS);
  if (load<i32>(info, FEATURE_CATEGORIES) != 0) return load<i64>(at + (<usize>(bin == 255 ? bins : bin) << 3));
  let left: i64 = missingLeft && load<i32>(info, FEATURE_MISSING) != 0 ? load<i64>(at + (<usize>bins << 3)) : 0;
  for (let b = 0; b <= bin; b++) left += load<i64>(at + (<usize>b << 3));
  return left;
}
