/**
 * Rows down a tree.
 */
import type { BinnedTable } from "./binned-table.js";
import type { Tree } from "./tree.js";

/**
 * Adds to `out`, `width` numbers a row, what the row's leaf predicts: entry `leaf` of `outputs`.
 *
 * One tree at a time over all rows, so that the tree stays in the cache.
 */
export function addTree(tree: Tree, outputs: Float64Array, width: number, table: BinnedTable, out: Float64Array): void {
  const { right, split } = tree;
  const { bins, rowStep, featureStep, rows } = table;
  for (let row = 0; row < rows; row++) {
    const offset = row * rowStep;
    let node = 0;
    let next = right[0];
    while (next !== 0) {
      const cut = split[node];
      const turn = cut & 1;
      const bin = (bins[offset + (cut >> 9) * featureStep] + turn) & 255;
      node = bin <= ((cut >> 1) & 255) + turn ? node + 1 : next;
      next = right[node];
    }
    const leaf = split[node] * width;
    for (let k = 0; k < width; k++) out[row * width + k] += outputs[leaf + k];
  }
}

/** What each leaf predicts: the share of each class, or the mean target. */
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
