/**
 * Trees in ONNX.
 *
 * `TreeEnsemble` (ai.onnx.ml 5) takes and gives doubles, so thresholds need no rounding and sums lose nothing, and asks for
 * membership in sets; but its leaves add to one score each. Leaves of several shares go to `TreeEnsembleRegressor`
 * (ai.onnx.ml 3), which compares doubles and gives float32: exact to 6e-8 for shares.
 */
import { IN_SET, MISSING_LEFT, NOT_IN_SET, type TreeArrays } from "../foreign/tree-arrays.js";
import { MISSING_BIN } from "../trees/bins.js";
import type { FeatureBins } from "../trees/bins.js";
import { type Tree, splitBin, splitFeature, splitMissingLeft } from "../trees/tree.js";
import type { Graph } from "./graph.js";
import { ML } from "./graph.js";

/** What is asked at a node that is no leaf. */
export interface Cut {
  readonly feature: number;
  readonly missingLeft: boolean;
  /** `value <= threshold` goes left, unless the question is whether it is in `set`. */
  readonly threshold: number;
  readonly set: readonly number[] | null;
  /** True when those in the set go right. */
  readonly setRight?: boolean;
}

/** A tree in the order "node, its left side, its right side", whatever it comes from. */
export interface OnnxTree {
  readonly nodes: number;
  /** The right child; 0 for a leaf. */
  right(node: number): number;
  cut(node: number): Cut;
  /** What a leaf adds to score `target`. */
  leaf(node: number, target: number): number;
}

const LESS_OR_EQUAL = 0;
const MEMBER = 6;

/** Trees that add to one score each: `targetOf(t)`. The sums are [rows, targets], doubles. */
export function treeSums(graph: Graph, matrix: string, trees: readonly OnnxTree[], targets: number, targetOf: (tree: number) => number): string {
  const feature: number[] = [];
  const mode: number[] = [];
  const split: number[] = [];
  const yes: number[] = [];
  const yesLeaf: number[] = [];
  const no: number[] = [];
  const noLeaf: number[] = [];
  const missingYes: number[] = [];
  const members: number[] = [];
  const roots: number[] = [];
  const leafTarget: number[] = [];
  const leafValue: number[] = [];
  trees.forEach((tree, t) => {
    const target = targetOf(t);
    const place = new Int32Array(tree.nodes);
    let inner = feature.length;
    let leaves = leafTarget.length;
    for (let node = 0; node < tree.nodes; node++) place[node] = tree.right(node) === 0 ? leaves++ : inner++;
    roots.push(feature.length);
    const link = (child: number, to: number[], isLeaf: number[]): void => {
      to.push(place[child]);
      isLeaf.push(tree.right(child) === 0 ? 1 : 0);
    };
    for (let node = 0; node < tree.nodes; node++) {
      const right = tree.right(node);
      if (right === 0) {
        leafTarget.push(target);
        leafValue.push(tree.leaf(node, target));
        // A tree that is one leaf: a node whose sides are both that leaf.
        if (tree.nodes > 1) continue;
      }
      const cut: Cut = right === 0 ? { feature: 0, missingLeft: false, threshold: 0, set: null } : tree.cut(node);
      feature.push(cut.feature);
      mode.push(cut.set === null ? LESS_OR_EQUAL : MEMBER);
      split.push(cut.set === null ? cut.threshold : 0);
      missingYes.push(cut.missingLeft !== (cut.setRight === true) ? 1 : 0);
      if (cut.set !== null) members.push(...cut.set, NaN);
      const sides = right === 0 ? [node, node] : cut.setRight === true ? [right, node + 1] : [node + 1, right];
      link(sides[0], yes, yesLeaf);
      link(sides[1], no, noLeaf);
    }
  });
  graph.requireMl(5);
  const doubles = (values: readonly number[]) => ({ tensor: { type: "double", dims: [values.length], values } as const });
  return graph.node("TreeEnsemble", [matrix], {
    n_targets: { int: targets },
    aggregate_function: { int: 1 },
    post_transform: { int: 0 },
    tree_roots: { ints: roots },
    nodes_featureids: { ints: feature },
    nodes_modes: { tensor: { type: "uint8", dims: [mode.length], values: mode } },
    nodes_splits: doubles(split),
    nodes_truenodeids: { ints: yes },
    nodes_trueleafs: { ints: yesLeaf },
    nodes_falsenodeids: { ints: no },
    nodes_falseleafs: { ints: noLeaf },
    nodes_missing_value_tracks_true: { ints: missingYes },
    leaf_targetids: { ints: leafTarget },
    leaf_weights: doubles(leafValue),
    ...(members.length > 0 ? { membership_values: doubles(members) } : {}),
  }, ML);
}

/** Trees whose leaves add to every score: [rows, targets], float32. Cuts by sets go to `treeSums`, a copy a score. */
export function treeShares(graph: Graph, matrix: string, trees: readonly OnnxTree[], targets: number): string {
  const hasSet = trees.some((tree) => Array.from({ length: tree.nodes }, (_, node) => node).some((node) => tree.right(node) !== 0 && tree.cut(node).set !== null));
  if (targets === 1 || hasSet) return treeSums(graph, matrix, trees.flatMap((tree) => new Array<OnnxTree>(targets).fill(tree)), targets, (t) => t % targets);
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const feature: number[] = [];
  const mode: string[] = [];
  const split: number[] = [];
  const yes: number[] = [];
  const no: number[] = [];
  const missingYes: number[] = [];
  const targetTree: number[] = [];
  const targetNode: number[] = [];
  const target: number[] = [];
  const weight: number[] = [];
  trees.forEach((tree, t) => {
    for (let node = 0; node < tree.nodes; node++) {
      const right = tree.right(node);
      const cut = right === 0 ? null : tree.cut(node);
      treeIds.push(t);
      nodeIds.push(node);
      feature.push(cut?.feature ?? 0);
      mode.push(cut === null ? "LEAF" : "BRANCH_LEQ");
      split.push(cut?.threshold ?? 0);
      yes.push(cut === null ? 0 : node + 1);
      no.push(cut === null ? 0 : right);
      missingYes.push(cut?.missingLeft ? 1 : 0);
      for (let k = 0; cut === null && k < targets; k++) {
        targetTree.push(t);
        targetNode.push(node);
        target.push(k);
        weight.push(tree.leaf(node, k));
      }
    }
  });
  const doubles = (values: readonly number[]) => ({ tensor: { type: "double", dims: [values.length], values } as const });
  return graph.node("TreeEnsembleRegressor", [matrix], {
    n_targets: { int: targets },
    aggregate_function: { text: "SUM" },
    post_transform: { text: "NONE" },
    nodes_treeids: { ints: treeIds },
    nodes_nodeids: { ints: nodeIds },
    nodes_featureids: { ints: feature },
    nodes_modes: { texts: mode },
    nodes_values_as_tensor: doubles(split),
    nodes_truenodeids: { ints: yes },
    nodes_falsenodeids: { ints: no },
    nodes_missing_value_tracks_true: { ints: missingYes },
    target_treeids: { ints: targetTree },
    target_nodeids: { ints: targetNode },
    target_ids: { ints: target },
    target_weights_as_tensor: doubles(weight),
  }, ML);
}

/** A tree grown on bins, asked on the values behind them: numbers, and the bin's number of a category. */
export function binnedTree(tree: Tree, bins: readonly FeatureBins[], leaf: (leaf: number, target: number) => number): OnnxTree {
  const { right, split } = tree;
  const sets = tree.sets ?? null;
  return {
    nodes: right.length,
    right: (node) => right[node],
    cut: (node) => {
      const feature = splitFeature(split[node]);
      const set = sets === null ? -1 : sets.setOf[node];
      if (set >= 0) {
        const inSet = (bin: number): boolean => ((sets!.words[8 * set + (bin >> 5)] >>> (bin & 31)) & 1) === 1;
        return { feature, missingLeft: inSet(MISSING_BIN), threshold: 0, set: Array.from({ length: MISSING_BIN }, (_, bin) => bin).filter(inSet) };
      }
      const bin = splitBin(split[node]);
      const own = bins[feature];
      // The last bin has no upper edge: all that is not missing goes left.
      return { feature, missingLeft: splitMissingLeft(split[node]), threshold: own.kind === "category" ? bin : own.edges[bin] ?? Infinity, set: null };
    },
    leaf: (node, target) => leaf(split[node], target),
  };
}

/** A tree of another library; its leaves are multiplied by `factor`. */
export function foreignTree(trees: TreeArrays, tree: number, factor: number): OnnxTree {
  const root = trees.roots[tree];
  const end = tree + 1 < trees.roots.length ? trees.roots[tree + 1] : trees.right.length;
  const { right, feature, rule, value, setStarts, setWords } = trees;
  return {
    nodes: end - root,
    right: (node) => (right[root + node] === 0 ? 0 : right[root + node] - root),
    cut: (node) => {
      const at = root + node;
      const cut = { feature: feature[at], missingLeft: (rule[at] & MISSING_LEFT) !== 0 };
      if ((rule[at] & (IN_SET | NOT_IN_SET)) === 0) return { ...cut, threshold: value[at], set: null };
      const set: number[] = [];
      const start = setStarts[value[at]];
      for (let word = start; word < setStarts[value[at] + 1]; word++) {
        for (let bit = 0; bit < 32; bit++) if (((setWords[word] >>> bit) & 1) === 1) set.push(32 * (word - start) + bit);
      }
      return { ...cut, threshold: 0, set, setRight: (rule[at] & NOT_IN_SET) !== 0 };
    },
    leaf: (node) => value[root + node] * factor,
  };
}
