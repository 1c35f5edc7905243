/**
 * A grown tree: flat arrays, in the order "node, its left side, its right side".
 */

/**
 * Guarantees: node 0 is the root; the left child of node i is node i + 1, the right one `right[i]`; `right[i]` is 0 for
 * a leaf. A row goes left when its bin is at most the split's, and a missing value where the split says.
 */
export interface Tree {
  readonly right: Int32Array;
  /** Of an inner node: `feature << 9 | bin << 1 | (missing goes left)`. Of a leaf: its place among `leaves`. */
  readonly split: Int32Array;
  /** What the leaves hold, `channels` numbers each; leaves that hold the same share an entry. */
  readonly leaves: Float64Array;
  /** Numbers per leaf: the weight of each class, or the sum of target times weight and the sum of weights. */
  readonly channels: number;
  /** Cuts by sets of categories; null or absent when the tree has none. */
  readonly sets?: CategorySets | null;
}

/** Which bins of a categorical feature go left, where a cut is a set and no threshold. */
export interface CategorySets {
  /** Per node the place of its set, or -1. */
  readonly setOf: Int32Array;
  /** Eight words a set: bin b goes left when bit `b & 31` of word `b >> 5` is set, bin 255 (missing) like any other. */
  readonly words: Uint32Array;
}

export const splitFeature = (split: number): number => split >> 9;
export const splitBin = (split: number): number => (split >> 1) & 255;
export const splitMissingLeft = (split: number): boolean => (split & 1) === 1;
export const packSplit = (feature: number, bin: number, missingLeft: boolean): number => (feature << 9) | (bin << 1) | (missingLeft ? 1 : 0);

/** Most features that a packed split can name. */
export const MOST_FEATURES = 1 << 22;

/** Nodes from the root to the deepest leaf, less one. */
export function treeDepth(tree: Tree): number {
  const depth = new Int32Array(tree.right.length);
  let deepest = 0;
  for (let node = 0; node < tree.right.length; node++) {
    if (depth[node] > deepest) deepest = depth[node];
    if (tree.right[node] === 0) continue;
    depth[node + 1] = depth[node] + 1;
    depth[tree.right[node]] = depth[node] + 1;
  }
  return deepest;
}

/** Leaves of a tree. */
export function leafCount(tree: Tree): number {
  return (tree.right.length + 1) / 2;
}
