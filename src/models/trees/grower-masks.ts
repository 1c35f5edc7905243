/**
 * Which features a tree and its nodes may use: drawn outside the kernels, so that every engine sees the same draw.
 */
import type { RandomStream } from "../../random/index.js";
import type { GrowerOptions } from "./grower.js";

export interface FeatureMasks {
  /** A byte per feature for the whole tree; null when all are in. */
  readonly tree: Uint8Array | null;
  /**
   * A byte per feature for one node after another: node 0 is the root, and the k-th split makes nodes 2k - 1 and 2k. In
   * symmetric growth row d is for all nodes of depth d. Null when nodes draw nothing.
   */
  readonly nodes: Uint8Array | null;
}

/** Draws the masks of one tree. */
export function drawMasks(features: number, options: GrowerOptions, random: RandomStream): FeatureMasks {
  const { featureFraction, featureFractionByNode, maxLeaves } = options;
  const all = Array.from({ length: features }, (_, f) => f);
  const inTree = featureFraction < 1 ? sample(all, featureFraction, random) : all;
  const tree = featureFraction < 1 ? new Uint8Array(features) : null;
  if (tree !== null) for (const f of inTree) tree[f] = 1;
  if (!(featureFractionByNode < 1)) return { tree, nodes: null };
  const nodes = new Uint8Array(features * (2 * maxLeaves - 1));
  for (let node = 0; node < 2 * maxLeaves - 1; node++) {
    for (const f of sample(inTree, featureFractionByNode, random)) nodes[node * features + f] = 1;
  }
  return { tree, nodes };
}

function sample(from: readonly number[], fraction: number, random: RandomStream): number[] {
  const count = Math.max(1, Math.round(from.length * fraction));
  return Array.from(random.choice(from.length, count), (place) => from[place]);
}
