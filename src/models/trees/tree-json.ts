/**
 * Trees as JSON data. The order of nodes says where children are, so a node needs its cut alone: a fully grown tree
 * of 50,000 leaves takes about a third of a megabyte.
 */
import { RunlabError } from "../../errors.js";
import { packTrees, unpackTrees } from "./packed-trees.js";
import { packArray, unpackArray } from "../typed-json.js";
import { type CategorySets, MOST_FEATURES, type Tree, packSplit, splitBin, splitFeature, splitMissingLeft } from "./tree.js";

/** The JSON form of a tree. `inner` has a bit per node, lowest first: 1 for a cut, 0 for a leaf. */
interface TreeJson {
  nodes: number;
  inner: unknown;
  /** Per cut, in the order of nodes. */
  feature: unknown;
  bin: unknown;
  /** A bit per cut. */
  missingLeft: unknown;
  /** Absent when no cut is by a set of categories. */
  sets?: {
    /** A bit per cut: 1 where it is by a set. */
    cuts: unknown;
    /** Eight words a set, in the order of those cuts. */
    words: unknown;
  };
  /** Per leaf, in the order of nodes: its place in `leaves`. */
  leaf: unknown;
  leaves: unknown;
  channels: number;
}

export function treeToJson(tree: Tree): TreeJson {
  const { right, split } = tree;
  const nodes = right.length;
  const cuts = (nodes - 1) / 2;
  const inner = new Uint8Array((nodes + 7) >> 3);
  const feature = new Uint16Array(cuts);
  const bin = new Uint8Array(cuts);
  const missingLeft = new Uint8Array((cuts + 7) >> 3);
  const leaf = new Uint32Array(nodes - cuts);
  let c = 0;
  let l = 0;
  for (let node = 0; node < nodes; node++) {
    if (right[node] === 0) {
      leaf[l++] = split[node];
      continue;
    }
    inner[node >> 3] |= 1 << (node & 7);
    feature[c] = splitFeature(split[node]);
    bin[c] = splitBin(split[node]);
    if (splitMissingLeft(split[node])) missingLeft[c >> 3] |= 1 << (c & 7);
    c++;
  }
  const entries = tree.leaves.length / tree.channels;
  const features = feature.reduce((most, f) => Math.max(most, f), 0) + 1;
  return {
    nodes,
    inner: packArray(inner),
    feature: packArray(features <= 256 ? Uint8Array.from(feature) : feature),
    bin: packArray(bin),
    missingLeft: packArray(missingLeft),
    leaf: packArray(entries <= 256 ? Uint8Array.from(leaf) : entries <= 65536 ? Uint16Array.from(leaf) : leaf),
    leaves: packArray(tree.leaves),
    channels: tree.channels,
    ...setsToJson(tree),
  };
}

function setsToJson({ right, sets }: Tree): Pick<TreeJson, "sets"> {
  if (sets === null || sets === undefined || !sets.setOf.some((set) => set >= 0)) return {};
  const { setOf, words } = sets;
  const cuts = new Uint8Array(((right.length - 1) / 2 + 7) >> 3);
  const kept: number[] = [];
  for (let node = 0, c = 0; node < right.length; node++) {
    if (right[node] === 0) continue;
    if (setOf[node] >= 0) {
      cuts[c >> 3] |= 1 << (c & 7);
      kept.push(...words.subarray(8 * setOf[node], 8 * setOf[node] + 8));
    }
    c++;
  }
  return { sets: { cuts: packArray(cuts), words: packArray(Uint32Array.from(kept)) } };
}

function setsFromJson(json: TreeJson["sets"], right: Int32Array): CategorySets | null {
  if (json === undefined || json === null) return null;
  const cuts = unpackArray(json.cuts, "uint8", "a tree's sets of categories");
  const words = unpackArray(json.words, "uint32", "a tree's sets of categories");
  const setOf = new Int32Array(right.length).fill(-1);
  let c = 0;
  let sets = 0;
  for (let node = 0; node < right.length; node++) {
    if (right[node] === 0) continue;
    if (((cuts[c >> 3] ?? 0) >> (c & 7)) & 1) setOf[node] = sets++;
    c++;
  }
  if (cuts.length !== (c + 7) >> 3 || words.length !== 8 * sets) throw damaged("its sets of categories do not fit its cuts");
  return { setOf, words };
}

/**
 * The tree again.
 *
 * @throws RunlabError when the data is no tree on `features` features whose leaves hold `channels` numbers.
 */
export function treeFromJson(json: unknown, features: number, channels: number): Tree {
  const data = (json ?? {}) as Partial<TreeJson>;
  const nodes = data.nodes ?? 0;
  if (!Number.isInteger(nodes) || nodes < 1 || nodes % 2 === 0) throw damaged(`a tree has ${String(nodes)} nodes`);
  const cuts = (nodes - 1) / 2;
  const inner = unpackArray(data.inner, "uint8", "a tree's shape");
  const feature = unpackWhole(data.feature, "the features of a tree's cuts");
  const bin = unpackArray(data.bin, "uint8", "the bins of a tree's cuts");
  const missingLeft = unpackArray(data.missingLeft, "uint8", "a tree's missing values");
  const leaf = unpackWhole(data.leaf, "a tree's leaves");
  const leaves = unpackArray(data.leaves, "float64", "what a tree's leaves hold");
  if (inner.length !== (nodes + 7) >> 3 || feature.length !== cuts || bin.length !== cuts || leaf.length !== nodes - cuts || missingLeft.length !== (cuts + 7) >> 3) {
    throw damaged("the parts of a tree do not fit each other");
  }
  if (data.channels !== channels || leaves.length % channels !== 0) throw damaged("a tree's leaves have another shape");
  const right = new Int32Array(nodes);
  const split = new Int32Array(nodes);
  const open: number[] = [];
  let c = 0;
  let l = 0;
  for (let node = 0; node < nodes; node++) {
    if ((inner[node >> 3] >> (node & 7)) & 1) {
      if (c === cuts || feature[c] >= Math.min(features, MOST_FEATURES)) throw damaged("a tree's cut names a feature that the model does not have");
      split[node] = packSplit(feature[c], bin[c], ((missingLeft[c >> 3] >> (c & 7)) & 1) === 1);
      open.push(node);
      c++;
      continue;
    }
    if (l === leaf.length || leaf[l] * channels >= leaves.length) throw damaged("a tree has a leaf too many");
    split[node] = leaf[l++];
    // A finished left side makes the next node its parent's right child.
    const parent = open.pop();
    if (parent === undefined) {
      if (node !== nodes - 1) throw damaged("a tree ends before its last node");
    } else if (node + 1 < nodes) right[parent] = node + 1;
    else throw damaged("a tree lacks a right side");
  }
  const sets = setsFromJson(data.sets, right);
  return { right, split, leaves, channels, ...(sets === null ? {} : { sets }) };
}

function unpackWhole(packed: unknown, what: string): Uint8Array | Uint16Array | Uint32Array {
  const type = (packed as { type?: unknown } | undefined)?.type;
  return unpackArray(packed, type === "uint8" || type === "uint16" ? type : "uint32", what);
}

function damaged(how: string): RunlabError {
  return new RunlabError(`the model file is damaged: ${how}`);
}

/** Trees in few bytes; see `packed-trees`. */
interface PackedTrees {
  packing: "range";
  count: number;
  base64: string;
}

/** Packing takes about a microsecond a cut: larger forests are written tree by tree, in twice the bytes and a tenth of the time. */
const MOST_NODES_TO_PACK = 2_000_000;

/** The trees of a forest as JSON data. `classes` is 0 for a quantity. */
export function treesToJson(trees: readonly Tree[], features: number, classes: number): PackedTrees | TreeJson[] {
  const nodes = trees.reduce((sum, tree) => sum + tree.right.length, 0);
  if (nodes > MOST_NODES_TO_PACK) return trees.map(treeToJson);
  return { packing: "range", count: trees.length, base64: Buffer.from(packTrees(trees, { features, classes })).toString("base64") };
}

/**
 * The trees again, also from documents that hold each tree by itself.
 *
 * @throws RunlabError when the data is no trees on `features` features.
 */
export function treesFromJson(json: unknown, features: number, classes: number): Tree[] {
  if (Array.isArray(json) && json.length > 0) return json.map((tree) => treeFromJson(tree, features, classes === 0 ? 2 : classes));
  const { packing, count, base64 } = (json ?? {}) as Partial<PackedTrees>;
  if (packing !== "range" || typeof count !== "number" || !Number.isInteger(count) || count < 1 || typeof base64 !== "string") throw damaged("it has no trees");
  return unpackTrees(Buffer.from(base64, "base64"), count, { features, classes });
}
