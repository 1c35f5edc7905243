/**
 * The nodes of a tree in the order in which growth made them, and the finished tree from them.
 */
import type { GrownTree } from "./grower.js";
import { packSplit } from "./tree.js";

/** Node 0 is the root; a split makes two nodes at the end, the left one first. */
export interface GrowthNodes {
  readonly count: number;
  /** The left child; the right one follows it. 0 for a leaf. */
  readonly child: Int32Array;
  readonly feature: Int32Array;
  /** The last bin on the left; 0 for a set. */
  readonly bin: Int32Array;
  readonly missingLeft: Int32Array;
  /** Place of the node's set in `sets`, or -1. */
  readonly set: Int32Array;
  /** Eight words a set. */
  readonly sets: Uint32Array;
  readonly rows: Int32Array;
  readonly cover: Float64Array;
  readonly gain: Float64Array;
  readonly value: Float64Array;
}

/** A tree whose nodes stand in the order "node, left side, right side", and the place of each growth node's leaf. */
export function assembleTree(nodes: GrowthNodes): { tree: GrownTree; leafOf: Int32Array } {
  const { count } = nodes;
  const right = new Int32Array(count);
  const split = new Int32Array(count);
  const cover = new Float64Array(count);
  const gain = new Float64Array(count);
  const counts = new Int32Array(count);
  const leaves = new Float64Array((count + 1) / 2);
  const leafOf = new Int32Array(count).fill(-1);
  const setOf = new Int32Array(count).fill(-1);
  const words: number[] = [];
  // Nodes still to be placed, and the node whose right child each is (-1 for none).
  const open = [0];
  const parents = [-1];
  let leaf = 0;
  for (let at = 0; at < count; at++) {
    const node = open.pop()!;
    const parent = parents.pop()!;
    if (parent >= 0) right[parent] = at;
    cover[at] = nodes.cover[node];
    counts[at] = nodes.rows[node];
    const child = nodes.child[node];
    if (child === 0) {
      leafOf[node] = leaf;
      leaves[leaf] = nodes.value[node];
      split[at] = leaf++;
      continue;
    }
    gain[at] = nodes.gain[node];
    split[at] = packSplit(nodes.feature[node], nodes.bin[node], nodes.missingLeft[node] === 1);
    const set = nodes.set[node];
    if (set >= 0) {
      setOf[at] = words.length / 8;
      for (let w = 0; w < 8; w++) words.push(nodes.sets[8 * set + w]);
    }
    open.push(child + 1, child);
    parents.push(at, -1);
  }
  const sets = words.length > 0 ? { setOf, words: Uint32Array.from(words) } : null;
  return { tree: { right, split, leaves, channels: 1, sets, cover, gain, counts }, leafOf };
}
