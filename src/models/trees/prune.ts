/**
 * Smaller trees out of grown ones: a bound on leaves, and cost-complexity pruning.
 *
 * A node's cut depends on its rows alone, so growing the best node first up to so many leaves gives the top of the tree
 * that is grown to the end: both are the same work done in another order.
 */
import { LeafPalette } from "./leaf-palette.js";
import { type Tree, splitFeature } from "./tree.js";

/** What every node's rows add up to, `tree.channels` numbers each. */
export function nodeSums(tree: Tree): Float64Array {
  const { right, split, leaves, channels } = tree;
  const sums = new Float64Array(right.length * channels);
  for (let node = right.length - 1; node >= 0; node--) {
    for (let c = 0; c < channels; c++) {
      sums[node * channels + c] = right[node] === 0
        ? leaves[split[node] * channels + c]
        : sums[(node + 1) * channels + c] + sums[right[node] * channels + c];
    }
  }
  return sums;
}

/** Per node the weight of its rows. `classes` is 0 for a quantity. */
export function nodeWeights(tree: Tree, classes: number, sums = nodeSums(tree)): Float64Array {
  const { channels } = tree;
  return Float64Array.from(tree.right, (_, node) => {
    if (classes === 0) return sums[node * channels + 1];
    let weight = 0;
    for (let k = 0; k < classes; k++) weight += sums[node * channels + k];
    return weight;
  });
}

/** Per node the sum of squares over the weight: what a cut raises by as much as it takes from impurity times weight. */
function purities(tree: Tree, classes: number): Float64Array {
  const sums = nodeSums(tree);
  const weights = nodeWeights(tree, classes, sums);
  return weights.map((weight, node) => {
    const at = node * tree.channels;
    if (classes === 0) return (sums[at] * sums[at]) / weight;
    let squares = 0;
    for (let k = 0; k < classes; k++) squares += sums[at + k] * sums[at + k];
    return squares / weight;
  });
}

/** Per feature what its cuts gain. */
export function featureGains(tree: Tree, classes: number, features: number): Float64Array {
  const gains = new Float64Array(features);
  const purity = purities(tree, classes);
  for (let node = 0; node < tree.right.length; node++) {
    if (tree.right[node] > 0) gains[splitFeature(tree.split[node])] += purity[node + 1] + purity[tree.right[node]] - purity[node];
  }
  return gains;
}

/** The tree with at most so many leaves that growing the node with the largest gain first would give. */
export function limitLeaves(tree: Tree, classes: number, most: number): Tree {
  const purity = purities(tree, classes);
  const gain = (node: number): number => (tree.right[node] === 0 ? -Infinity : purity[node + 1] + purity[tree.right[node]] - purity[node]);
  const kept = new Uint8Array(tree.right.length);
  const open = [0];
  for (let leaves = 1; leaves < most; leaves++) {
    let best = 0;
    for (let i = 1; i < open.length; i++) if (gain(open[i]) > gain(open[best])) best = i;
    const node = open[best];
    if (gain(node) === -Infinity) break;
    kept[node] = 1;
    open[best] = node + 1;
    open.push(tree.right[node]);
  }
  return withCuts(tree, kept);
}

/**
 * Minimal cost-complexity pruning (Breiman et al. 1984, chapter 3): the smallest of the subtrees that minimise impurity, as
 * a share of all weight, plus `alpha` a leaf. One pass from the leaves up finds it.
 */
export function pruneByCost(tree: Tree, classes: number, alpha: number): Tree {
  const { right } = tree;
  const purity = purities(tree, classes);
  const total = nodeWeights(tree, classes)[0];
  const kept = new Uint8Array(right.length);
  const cost = new Float64Array(right.length);
  for (let node = right.length - 1; node >= 0; node--) {
    cost[node] = alpha - purity[node] / total;
    if (right[node] === 0) continue;
    const branch = cost[node + 1] + cost[right[node]];
    if (branch >= cost[node]) continue;
    cost[node] = branch;
    kept[node] = 1;
  }
  return withCuts(tree, kept);
}

/** The tree whose cuts are those of the nodes marked; what was below the others is one leaf. */
function withCuts(tree: Tree, kept: Uint8Array): Tree {
  const { channels } = tree;
  const sums = nodeSums(tree);
  const palette = new LeafPalette(channels);
  const right: number[] = [];
  const split: number[] = [];
  const open: { node: number; parent: number }[] = [{ node: 0, parent: -1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent } = next;
    const id = right.length;
    if (parent >= 0) right[parent] = id;
    right.push(0);
    if (tree.right[node] === 0 || kept[node] === 0) {
      split.push(palette.add(sums.subarray(node * channels, (node + 1) * channels)));
      continue;
    }
    split.push(tree.split[node]);
    open.push({ node: tree.right[node], parent: id }, { node: node + 1, parent: -1 });
  }
  return { right: Int32Array.from(right), split: Int32Array.from(split), leaves: palette.leaves(), channels };
}
