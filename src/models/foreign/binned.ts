/**
 * Trees of another library on the bins of this one, so that the kernel that predicts with forests predicts with them too.
 *
 * The thresholds of a feature are its edges: `value <= threshold` is then a comparison of bins, without loss. A set
 * of categories is a set of bins. What does not fit a byte (a feature of over 254 thresholds or 255 categories), and zeros
 * that count as missing, is left to the plain walk.
 */
import { addTrees as addBinnedTrees } from "../trees/predict.js";
import { binTable } from "../trees/binned-table.js";
import { type FeatureBins, MISSING_BIN, type TreeColumn } from "../trees/bins.js";
import { type Tree, packSplit } from "../trees/tree.js";
import { IN_SET, MISSING_LEFT, NOT_IN_SET, type TreeArrays, ZERO_IS_MISSING } from "./tree-arrays.js";

const MOST_EDGES = 254;

/** Trees whose cuts are bins. */
export interface BinnedTrees {
  readonly bins: readonly FeatureBins[];
  readonly trees: readonly Tree[];
  readonly leaves: readonly Float64Array[];
  readonly outputs: Int32Array;
}

const known = new WeakMap<TreeArrays, BinnedTrees | null>();

/** The trees on bins, made once; null where they do not fit. */
export function binnedTrees(arrays: TreeArrays, features: number): BinnedTrees | null {
  let made = known.get(arrays);
  if (made === undefined) known.set(arrays, (made = makeBinned(arrays, features)));
  return made;
}

/** Adds to `out`, `width` scores a row, what the leaves of all trees say, in the order of the trees. */
export function addBinned({ bins, trees, leaves, outputs }: BinnedTrees, columns: readonly Float64Array[], rows: number, width: number, out: Float64Array): void {
  if (rows === 0 || trees.length === 0) return;
  const ready = columns.map((values, f): TreeColumn => {
    const own = bins[f];
    return own.kind === "number" ? { kind: "number", values } : { kind: "category", codes: codesOf(values, own.binOfCode.length), categories: own.binOfCode.length };
  });
  addBinnedTrees({ trees, outputs: leaves, width: 1, columns: width, column: outputs }, binTable(ready, bins, rows, "columns"), out);
}

/** As LightGBM reads them: decimals are cut off, and what is no category is in no set, as a missing one. */
function codesOf(values: Float64Array, categories: number): Int32Array {
  return Int32Array.from(values, (value) => (value > -1 && value < categories ? Math.trunc(value) : -1));
}

function makeBinned(arrays: TreeArrays, features: number): BinnedTrees | null {
  const bins = binsOf(arrays, features);
  if (bins === null) return null;
  const place = bins.map((own) => (own.kind === "number" ? new Map(Array.from(own.edges, (edge, bin) => [edge, bin])) : null));
  const trees: Tree[] = [];
  const leaves: Float64Array[] = [];
  const { roots, right, feature, rule, value } = arrays;
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t];
    const nodes = (t + 1 < roots.length ? roots[t + 1] : right.length) - root;
    const tree = { right: new Int32Array(nodes), split: new Int32Array(nodes), setOf: new Int32Array(nodes).fill(-1) };
    const words: number[] = [];
    const own: number[] = [];
    for (let node = 0; node < nodes; node++) {
      const at = root + node;
      if (right[at] === 0) {
        tree.split[node] = own.length;
        own.push(value[at]);
        continue;
      }
      tree.right[node] = right[at] - root;
      if ((rule[at] & IN_SET) !== 0) {
        tree.setOf[node] = words.length / 8;
        words.push(...setOfBins(arrays, value[at]));
        tree.split[node] = packSplit(feature[at], 0, false);
      } else tree.split[node] = packSplit(feature[at], place[feature[at]]!.get(value[at])!, (rule[at] & MISSING_LEFT) !== 0);
    }
    leaves.push(Float64Array.from(own));
    trees.push({ right: tree.right, split: tree.split, leaves: leaves[t], channels: 1, sets: words.length === 0 ? null : { setOf: tree.setOf, words: Uint32Array.from(words) } });
  }
  return { bins, trees, leaves, outputs: arrays.outputs };
}

/** Bins are the categories themselves; a missing one is never in a set. */
function setOfBins({ setStarts, setWords }: TreeArrays, set: number): number[] {
  return Array.from({ length: 8 }, (_, word) => {
    const at = setStarts[set] + word;
    const bits = at < setStarts[set + 1] ? setWords[at] : 0;
    return word === 7 ? bits & 0x7fffffff : bits;
  });
}

function binsOf({ right, feature, rule, value, setStarts, setWords }: TreeArrays, features: number): FeatureBins[] | null {
  const edges = Array.from({ length: features }, () => new Set<number>());
  const categories = new Int32Array(features);
  for (let node = 0; node < right.length; node++) {
    if (right[node] === 0) continue;
    const f = feature[node];
    if ((rule[node] & (ZERO_IS_MISSING | NOT_IN_SET)) !== 0) return null;
    if ((rule[node] & IN_SET) === 0) {
      // -0 and 0 are one edge.
      edges[f].add(value[node] + 0);
      if (edges[f].size > MOST_EDGES) return null;
      continue;
    }
    const [start, end] = [setStarts[value[node]], setStarts[value[node] + 1]];
    for (let word = start; word < end; word++) {
      if (setWords[word] !== 0) categories[f] = Math.max(categories[f], 32 * (word - start) + 32 - Math.clz32(setWords[word]));
    }
    if (categories[f] > MISSING_BIN) return null;
  }
  const both = edges.some((each, f) => each.size > 0 && categories[f] > 0);
  if (both) return null;
  return edges.map((each, f): FeatureBins => {
    if (categories[f] > 0) return { kind: "category", binOfCode: Uint8Array.from({ length: categories[f] }, (_, code) => code), count: categories[f] };
    return { kind: "number", edges: Float64Array.from(each).sort() };
  });
}
