/**
 * Rows down trees: sums of what their leaves predict, and the leaves themselves.
 */
import type { BinnedTable } from "./binned-table.js";
import { MISSING_BIN } from "./bins.js";
import { runTrees } from "./predict-kernel.js";
import { type CategorySets, type Tree, splitBin, splitFeature, splitMissingLeft } from "./tree.js";

/** Trees whose leaves are to be added up. */
export interface TreeSums {
  readonly trees: readonly Tree[];
  /**
   * For each tree `width` numbers a leaf: what it adds. Tree i's entry for leaf l begins at `outputs[i][l * width]`. A function is
   * asked for one tree after another, so that not all need be held at once.
   */
  readonly outputs: readonly Float64Array[] | ((tree: number) => Float64Array);
  readonly width: number;
  /** Numbers a row of the result has; default `width`. */
  readonly columns?: number;
  /** Per tree the column of the result that its first number is added to; default 0. */
  readonly column?: Int32Array;
}

/** Up to this many rows times trees the kernel is not worth the way there. */
const WORK_FOR_KERNEL = 4_000;

/**
 * Adds to `out`, `columns` numbers a row, what the leaves of all trees predict.
 *
 * Guarantee: each number is the sum in the order of the trees, in 64-bit floats, on top of what `out` held: the same bits
 * at any number of threads, and when trees are added a few at a time (as a staged prediction does).
 *
 * @param nJobs threads; null for all cores.
 * @param engine "kernel": WebAssembly; "reference": plain TypeScript, the same bits; default: whichever is sooner done.
 */
export function addTrees(sums: TreeSums, table: BinnedTable, out: Float64Array, nJobs: number | null = null, engine: "kernel" | "reference" | null = null): void {
  const { trees, outputs, width } = sums;
  if (trees.length === 0 || table.rows === 0) return;
  const columns = sums.columns ?? width;
  const outputsOf = typeof outputs === "function" ? outputs : (tree: number): Float64Array => outputs[tree];
  if ((engine ?? (table.rows * trees.length <= WORK_FOR_KERNEL ? "reference" : "kernel")) === "kernel") {
    runTrees({ trees, outputs: outputsOf, width, column: sums.column ?? null }, table, out, columns, nJobs);
    return;
  }
  for (let t = 0; t < trees.length; t++) addTree(trees[t], outputsOf(t), width, table, out, columns, sums.column === undefined ? 0 : sums.column[t]);
}

/**
 * Adds one tree to `out`, from column `column` of `columns` on, `width` numbers a row.
 *
 * One tree at a time over all rows, so that the tree stays in the cache.
 */
export function addTree(tree: Tree, outputs: Float64Array, width: number, table: BinnedTable, out: Float64Array, columns = width, column = 0): void {
  for (let row = 0; row < table.rows; row++) {
    const leaf = leafOf(tree, table, row) * width;
    for (let k = 0; k < width; k++) out[row * columns + column + k] += outputs[leaf + k];
  }
}

/** For each row and tree the number of the leaf the row ends in, `trees.length` a row. */
export function leafIndices(trees: readonly Tree[], table: BinnedTable, nJobs: number | null = null, engine: "kernel" | "reference" | null = null): Int32Array {
  const out = new Int32Array(table.rows * trees.length);
  if (out.length === 0) return out;
  if ((engine ?? (out.length <= WORK_FOR_KERNEL ? "reference" : "kernel")) === "kernel") {
    runTrees({ trees, outputs: null, width: 1, column: null }, table, out, trees.length, nJobs);
    return out;
  }
  for (let t = 0; t < trees.length; t++) {
    for (let row = 0; row < table.rows; row++) out[row * trees.length + t] = leafOf(trees[t], table, row);
  }
  return out;
}

/** The nodes that a row passes on its way down a tree, the root first, the leaf last. */
export function decisionPath(tree: Tree, table: BinnedTable, row: number): number[] {
  const path = [0];
  for (let node = 0; tree.right[node] !== 0; path.push(node)) {
    const cut = tree.split[node];
    const bin = table.bins[row * table.rowStep + splitFeature(cut) * table.featureStep];
    node = goesLeft(cut, bin, tree.sets ?? null, node) ? node + 1 : tree.right[node];
  }
  return path;
}

/** The leaf of one row, as its place among the tree's leaves. */
export function leafOf(tree: Tree, table: BinnedTable, row: number): number {
  const { right, split } = tree;
  const { bins, rowStep, featureStep } = table;
  const sets = tree.sets ?? null;
  const offset = row * rowStep;
  let node = 0;
  let next = right[0];
  while (next !== 0) {
    const cut = split[node];
    const bin = bins[offset + splitFeature(cut) * featureStep];
    node = goesLeft(cut, bin, sets, node) ? node + 1 : next;
    next = right[node];
  }
  return split[node];
}

/** Whether a value in that bin goes left at that node, whose packed cut is `cut`. */
export function goesLeft(cut: number, bin: number, sets: CategorySets | null, node: number): boolean {
  const set = sets === null ? -1 : sets.setOf[node];
  if (set >= 0) return ((sets!.words[8 * set + (bin >> 5)] >>> (bin & 31)) & 1) === 1;
  return bin === MISSING_BIN ? splitMissingLeft(cut) : bin <= splitBin(cut);
}

/** What each leaf of a forest's tree predicts: the share of each class, or the mean target. */
export function leafOutputs(tree: Tree, classes: number): Float64Array {
  const { leaves, channels } = tree;
  const count = leaves.length / channels;
  const width = classes === 0 ? 1 : classes;
  const outputs = new Float64Array(count * width);
  for (let leaf = 0; leaf < count; leaf++) {
    const at = leaf * channels;
    if (classes === 0) {
      outputs[leaf] = leaves[at] / leaves[at + 1];
      continue;
    }
    let weight = 0;
    for (let k = 0; k < classes; k++) weight += leaves[at + k];
    for (let k = 0; k < classes; k++) outputs[leaf * width + k] = leaves[at + k] / weight;
  }
  return outputs;
}
