/**
 * A fitted tree as plain data and as text, in the words of its table.
 */
import type { FeatureSpec } from "./features.js";
import { type FeatureBins, MISSING_BIN } from "./trees/bins.js";
import { goesLeft } from "./trees/predict.js";
import { nodeSums, nodeWeights } from "./trees/prune.js";
import { type Tree, splitBin, splitFeature, splitMissingLeft } from "./trees/tree.js";

/** A node of a tree, with all that is below it. */
export interface TreeNode {
  /** Weight of the rows of `fit` that came here: their number, when weights are 1. */
  readonly weight: number;
  /** What a leaf here predicts: the share of each class by its name, or the mean. */
  readonly value: Readonly<Record<string, number>> | number;
  /** Null for a leaf. */
  readonly cut: TreeCut | null;
}

/** A question to a row, and what follows. */
export interface TreeCut {
  readonly feature: string;
  /** Of numbers, booleans (0 and 1) and times (milliseconds): rows with at most this go left. */
  readonly atMost?: number;
  /** Of categories: rows with one of these go left. */
  readonly oneOf?: readonly string[];
  readonly missing: "left" | "right";
  readonly left: TreeNode;
  readonly right: TreeNode;
}

/** The tree as nested data. `classes` are the labels, or null for a quantity. */
export function treeOutline(tree: Tree, bins: readonly FeatureBins[], features: readonly FeatureSpec[], classes: readonly unknown[] | null): TreeNode {
  const count = classes === null ? 0 : classes.length;
  const sums = nodeSums(tree);
  const weights = nodeWeights(tree, count, sums);
  const { channels } = tree;
  // From the last node back, so that children are there before their parents, however deep the tree.
  const outlines = new Array<TreeNode>(tree.right.length);
  for (let node = tree.right.length - 1; node >= 0; node--) {
    const weight = weights[node];
    const own = sums.subarray(node * channels, (node + 1) * channels);
    const value = classes === null ? own[0] / weight : Object.fromEntries(classes.map((label, k) => [String(label), own[k] / weight]));
    if (tree.right[node] === 0) {
      outlines[node] = { weight, value, cut: null };
      continue;
    }
    const cut = tree.split[node];
    const feature = splitFeature(cut);
    const { name, categories } = features[feature];
    const own1 = bins[feature];
    const question = own1.kind === "number"
      ? { atMost: splitBin(cut) < own1.edges.length ? own1.edges[splitBin(cut)] : Infinity }
      : { oneOf: categories!.filter((_, code) => own1.binOfCode[code] !== MISSING_BIN && goesLeft(cut, own1.binOfCode[code], tree.sets ?? null, node)) };
    outlines[node] = { weight, value, cut: { feature: name, ...question, missing: splitMissingLeft(cut) ? "left" : "right", left: outlines[node + 1], right: outlines[tree.right[node]] } };
  }
  return outlines[0];
}

/** The tree as indented lines, one a question's answer and one a leaf. */
export function treeText(root: TreeNode, target: string): string {
  const lines: string[] = [];
  const open: { text: string; node: TreeNode; depth: number }[] = [{ text: "", node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { text, node, depth } = next;
    if (text !== "") lines.push("  ".repeat(depth - 1) + text);
    if (node.cut === null) {
      lines.push(`${"  ".repeat(depth)}${target}: ${valueText(node.value)} (${numberText(node.weight)} rows)`);
      continue;
    }
    const { cut } = node;
    const [left, right] = cut.oneOf !== undefined
      ? [`${cut.feature} is ${cut.oneOf.join(" or ") || "none of the known"}`, `${cut.feature} is another`]
      : cut.atMost === Infinity ? [`${cut.feature} is there`, `${cut.feature} is not`]
      : [`${cut.feature} <= ${numberText(cut.atMost!)}`, `${cut.feature} > ${numberText(cut.atMost!)}`];
    const or = " or missing";
    open.push({ text: right + (cut.missing === "right" && cut.atMost !== Infinity ? or : ""), node: cut.right, depth: depth + 1 });
    open.push({ text: left + (cut.missing === "left" ? or : ""), node: cut.left, depth: depth + 1 });
  }
  return lines.join("\n");
}

function valueText(value: TreeNode["value"]): string {
  if (typeof value === "number") return numberText(value);
  const shares = Object.entries(value).filter(([, share]) => share > 0).sort((a, b) => b[1] - a[1]);
  return shares.length === 1 ? shares[0][0] : shares.map(([label, share]) => `${label} ${numberText(100 * share)} %`).join(", ");
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(6)));
}
