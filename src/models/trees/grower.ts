/**
 * Growing one regression tree after another on the same binned rows: the contract between boosting and its engine.
 *
 * A boosting loop writes derivatives of its loss (or names one of the built-in kernels), asks for a tree, adds it to the
 * scores, and so on. Gradients and hessians are summed as whole numbers with a power-of-two scale, which is exact in any
 * order: the same bits at any number of threads, in every build of the kernels, and in the TypeScript reference.
 */
import type { RandomStream } from "../../random/index.js";
import type { BoostBins } from "./boost-bins.js";
import { boundOptions } from "./grower-request.js";
import { openWasmGrower } from "./grower-wasm.js";
import type { Tree } from "./tree.js";

/**
 * "leafwise": always split the leaf that gains most (LightGBM). "depthwise": level by level (XGBoost). "symmetric": one
 * split for all nodes of a level (CatBoost); such trees have 2^depth leaves.
 */
export type Growth = "leafwise" | "depthwise" | "symmetric";

export interface GrowerOptions {
  readonly growth: Growth;
  /** Most leaves of a tree. "symmetric" growth is bounded by `maxDepth` and by this. */
  readonly maxLeaves: number;
  /** Most cuts from the root to a leaf; Infinity for no bound. */
  readonly maxDepth: number;
  /**
   * Fewest rows of a leaf. Counted by the leaf's share of the hessians of its parent, as LightGBM does: exact where
   * all hessians are equal, close elsewhere.
   */
  readonly minChildSamples: number;
  /** Smallest sum of hessians of a leaf. */
  readonly minChildWeight: number;
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  /** A cut must gain more than this. */
  readonly minSplitGain: number;
  /** Largest size of a leaf's value before shrinkage; 0 for no bound. */
  readonly maxDeltaStep: number;
  /** Share of features drawn for each tree. */
  readonly featureFraction: number;
  /** Share of the tree's features drawn for each node. */
  readonly featureFractionByNode: number;
  /** Per feature 1 (predictions must not fall as it rises), -1 or 0; null for none. Of categories only 0 is allowed. */
  readonly monotone: Int8Array | null;
  /** Groups of features that may meet on a path from the root; a feature in no group is not used. Null for no rule. */
  readonly interactions: readonly (readonly number[])[] | null;
  /** Smooths the mean gradient by which a node's categories are put in order. */
  readonly catSmooth: number;
  /** Added to `lambdaL2` in splits by sets of categories. */
  readonly catL2: number;
  /** Most categories on the smaller side of a split by a set. */
  readonly maxCatThreshold: number;
  /** Up to this many categories, a split takes one against the rest. */
  readonly maxCatToOneHot: number;
  /** Fewest rows that a step through the ordered categories adds. */
  readonly minDataPerGroup: number;
  /** Scores per row: 1, or the number of classes. */
  readonly outputs: number;
  readonly threads: number;
}

/** LightGBM's defaults. */
export const GROWER_DEFAULTS: GrowerOptions = {
  growth: "leafwise",
  maxLeaves: 31,
  maxDepth: Infinity,
  minChildSamples: 20,
  minChildWeight: 1e-3,
  lambdaL1: 0,
  lambdaL2: 0,
  minSplitGain: 0,
  maxDeltaStep: 0,
  featureFraction: 1,
  featureFractionByNode: 1,
  monotone: null,
  interactions: null,
  catSmooth: 10,
  catL2: 10,
  maxCatThreshold: 32,
  maxCatToOneHot: 4,
  minDataPerGroup: 100,
  outputs: 1,
  threads: 1,
};

/** Objectives whose derivatives the engine may compute by itself. */
export type GradientKernel = "squared" | "absolute" | "huber" | "quantile" | "poisson" | "gamma" | "tweedie" | "fair" | "logistic" | "softmax";

/**
 * A tree as grown. `channels` is 1; `leaves` holds each leaf's value before shrinkage, an entry a leaf in the order of
 * nodes, and may be written to (renewed, shrunk) by whoever asked for the tree.
 *
 * `split` of an inner node is packed as in `Tree`, with the last bin on the left of a cut by a number. A split by a set
 * of categories has its bins in `sets` and bin 0 in `split`.
 */
export interface GrownTree extends Tree {
  /** Per node the sum of hessians. */
  readonly cover: Float64Array;
  /** Per node what its cut gains; 0 for a leaf. */
  readonly gain: Float64Array;
  /** Per node the rows in it, of those the tree was grown on. */
  readonly counts: Int32Array;
}

export interface GrowRequest {
  /** Which output's gradients. */
  readonly output: number;
  /** Rows to grow on, ascending, each once; null for all. */
  readonly rows: Uint32Array | null;
  /** Draws features; not used when both fractions are 1. */
  readonly random: RandomStream;
}

export interface TreeGrower {
  readonly rows: number;
  readonly features: number;
  readonly outputs: number;
  /**
   * Raw scores: output k of row i at `k * rows + i`. Zero at first; the boosting loop may write its initial scores.
   *
   * Ask anew each time: asking finishes whatever the engine has put off, and a view may be detached by later growth.
   */
  readonly scores: Float32Array;
  /** Derivatives of the loss by the scores, laid out like them; asked for, they are what was last filled in. */
  readonly gradients: Float32Array;
  /** Second derivatives, none negative. */
  readonly hessians: Float32Array;
  /** What the built-in kernels compare scores with; weights default to 1. Copied. */
  setTarget(target: ArrayLike<number>, weights: ArrayLike<number> | null): void;
  /**
   * Sets the gradients and hessians of all outputs by a built-in kernel; the work may be put off until they are needed.
   * The parameter is the objective's own (Huber's delta, the quantile, Poisson's widening, Tweedie's power, Fair's scale, softmax's factor).
   *
   * @returns false, having done nothing, when the engine has no such kernel: then write `gradients` and `hessians`.
   */
  fillGradients(kernel: GradientKernel, parameter: number): boolean;
  /** Draws a share of the rows to grow on, ascending, by the first numbers of a stream of its own. */
  drawShare(share: number, random: RandomStream): Uint32Array;
  /**
   * Draws the rows with the largest derivatives and some of the others, whose derivatives it makes larger for that
   * (`drawByGradient` of row-sampling.ts), by the first numbers of a stream of its own.
   */
  drawByGradient(topRate: number, otherRate: number, random: RandomStream): Uint32Array;
  /** Grows a tree on the gradients as they are. */
  grow(request: GrowRequest): GrownTree;
  /** Per row the leaf of the last tree it fell in (a place in `leaves`); -1 for rows that the tree was not grown on. */
  leafOfRow(): Int32Array;
  /**
   * Puts into the leaves of the last tree the quantile of target less score of the rows it was grown on; one output,
   * weights do not count. A leaf without rows keeps its value.
   */
  renewLeaves(tree: GrownTree, quantile: number): void;
  /** Adds `factor` times the tree's values to an output's scores, for all rows. Fastest for the tree grown last. */
  addToScores(tree: GrownTree, output: number, factor: number): void;
  /** Frees the memory, the bins' included. */
  close(): void;
}

/**
 * Makes a grower on binned rows (`boostBins`); `close` it in a `finally`. `test/models/trees/grower.test.ts` shows its use.
 */
export function openGrower(bins: BoostBins, options: GrowerOptions): TreeGrower {
  return openWasmGrower(bins, boundOptions(options, bins.rows));
}
