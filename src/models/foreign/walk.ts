/**
 * Rows down the trees of `TreeArrays`.
 */
import { IN_SET, MISSING_LEFT, type TreeArrays, ZERO_IS_MISSING } from "./tree-arrays.js";

/** Rows that are walked down one tree before the next: their values and the tree share the processor's cache. */
const ROWS_AT_ONCE = 256;
/** Values of a block at most, for tables of very many columns. */
const MOST_BLOCK = 1 << 20;

/** Scores to add to, one row after another: in float32 every sum is rounded as the source rounds it. */
export type Scores = Float64Array | Float32Array;

/** What a value is compared as. */
export interface WalkRules {
  /** Values are rounded to float32 first. */
  readonly single: boolean;
  /** Categories from here on are looked up in a set: LightGBM cuts off decimals first, so that -0.5 is 0. */
  readonly leastCategory: number;
  /** What each tree's leaves are multiplied by, if anything. */
  readonly factors: Float64Array | null;
}

/** LightGBM's bound for what counts as zero. */
const NEARLY_ZERO = Math.fround(1e-35);

/**
 * Adds to `out` what each tree's leaf says of each row, tree by tree in their order.
 *
 * @param columns one array a feature, NaN where a value is missing.
 * @param width scores a row.
 */
export function addTrees(trees: TreeArrays, columns: readonly ArrayLike<number>[], rows: number, width: number, out: Scores, rules: WalkRules): void {
  const features = columns.length;
  const atOnce = Math.max(1, Math.min(ROWS_AT_ONCE, Math.floor(MOST_BLOCK / Math.max(1, features))));
  const block = rules.single ? new Float32Array(atOnce * features) : new Float64Array(atOnce * features);
  const leaves = new Int32Array(atOnce);
  const plain = trees.rule.every((rule) => rule <= MISSING_LEFT);
  for (let from = 0; from < rows; from += atOnce) {
    const count = Math.min(atOnce, rows - from);
    for (let f = 0; f < features; f++) {
      const column = columns[f];
      for (let i = 0, at = f; i < count; i++, at += features) block[at] = column[from + i];
    }
    for (let t = 0; t < trees.roots.length; t++) {
      if (plain) findPlain(trees, trees.roots[t], block, features, count, leaves);
      else find(trees, trees.roots[t], block, features, count, leaves, rules.leastCategory);
      addLeaves(trees.value, leaves, count, out, from * width + trees.outputs[t], width, rules.factors === null ? 1 : rules.factors[t]);
    }
  }
}

function addLeaves(value: Float64Array, leaves: Int32Array, count: number, out: Scores, start: number, width: number, factor: number): void {
  if (factor === 1) for (let i = 0, at = start; i < count; i++, at += width) out[at] += value[leaves[i]];
  else if (out instanceof Float32Array) for (let i = 0, at = start; i < count; i++, at += width) out[at] += Math.fround(value[leaves[i]] * factor);
  else for (let i = 0, at = start; i < count; i++, at += width) out[at] += value[leaves[i]] * factor;
}

/** The walk where every cut is a threshold. */
function findPlain(trees: TreeArrays, root: number, block: Scores, features: number, count: number, leaves: Int32Array): void {
  const { right, feature, rule, value } = trees;
  for (let i = 0; i < count; i++) {
    const base = i * features;
    let node = root;
    let next = right[node];
    while (next !== 0) {
      const x = block[base + feature[node]];
      node = x <= value[node] || (x !== x && rule[node] !== 0) ? node + 1 : next;
      next = right[node];
    }
    leaves[i] = node;
  }
}

function find(trees: TreeArrays, root: number, block: Scores, features: number, count: number, leaves: Int32Array, leastCategory: number): void {
  const { right, feature, rule, value } = trees;
  for (let i = 0; i < count; i++) {
    const base = i * features;
    let node = root;
    let next = right[node];
    while (next !== 0) {
      const x = block[base + feature[node]];
      const how = rule[node];
      let left: boolean;
      if (x !== x) left = (how & MISSING_LEFT) !== 0;
      else if (how <= MISSING_LEFT) left = x <= value[node];
      else if ((how & ZERO_IS_MISSING) !== 0) left = x >= -NEARLY_ZERO && x <= NEARLY_ZERO ? (how & MISSING_LEFT) !== 0 : x <= value[node];
      else left = inSet(trees, value[node], x, leastCategory) === ((how & IN_SET) !== 0);
      node = left ? node + 1 : next;
      next = right[node];
    }
    leaves[i] = node;
  }
}

function inSet(trees: TreeArrays, set: number, x: number, leastCategory: number): boolean {
  const { setStarts, setWords } = trees;
  if (!(x > leastCategory && x < 2147483648)) return false;
  const category = Math.trunc(x);
  const word = setStarts[set] + (category >>> 5);
  return word < setStarts[set + 1] && ((setWords[word] >>> (category & 31)) & 1) === 1;
}

