/**
 * Options that all forests share, checked.
 */
import { RunlabError } from "../errors.js";
import { coresToUse } from "../kernels/index.js";
import { currentSeed } from "../random/index.js";
import { choiceOption, numberOption } from "./estimator.js";
import { MOST_BINS } from "./trees/bins.js";

/** How many features a node looks at: all, the square root or the logarithm of how many there are, a share, a number. */
export type MaxFeatures = "all" | "sqrt" | "log2" | number;

export type ForestEngine = "runlab" | "ml-random-forest";

/** Options of every forest. */
export interface ForestOptions {
  /** Trees. Default 100. More never fit worse, they only take longer. */
  nEstimators?: number;
  /** Levels below the root. Default null: until a node is pure or too small. */
  maxDepth?: number | null;
  /** Fewest rows of a leaf. Default 1. */
  minSamplesLeaf?: number;
  /** Fewest rows of a node to be cut. Default 2. */
  minSamplesSplit?: number;
  /**
   * Features looked at by each node: "all", "sqrt", "log2", a share of them (above 0, up to 1) or a number of them (2 or more).
   * Default "sqrt" for classification, 1 (all) for regression, as in scikit-learn.
   */
  maxFeatures?: MaxFeatures;
  /** Give each tree rows drawn with replacement. Default true. */
  bootstrap?: boolean;
  /** With `bootstrap`: rows drawn for each tree, as a share of them (above 0, up to 1) or a number of them (2 or more). Default null: as many as there are. */
  maxSamples?: number | null;
  /** A node is cut only when that takes at least this from the impurity, weighted by the node's share of the rows. Default 0. */
  minImpurityDecrease?: number;
  /** Bins per feature, 2 to 255. Default 255. Columns with no more different values lose nothing. */
  maxBins?: number;
  /** Most leaves of a tree; those with the largest gain are cut first. Default null: no bound. */
  maxLeafNodes?: number | null;
  /** Minimal cost-complexity pruning: branches that take less than this from the impurity for each leaf are cut off. Default 0. */
  ccpAlpha?: number;
  /** With `bootstrap`: predict each row by the trees that did not draw it, and score that as `oobScore`. Default false. */
  oobScore?: boolean;
  /** Threads. Default null: all cores. The forest does not depend on it. */
  nJobs?: number | null;
  /** Default: the seed of the run being recorded. */
  seed?: number;
}

/** Options of both random forests. */
export interface RandomForestOptions extends ForestOptions {
  /**
   * "runlab", the default, or "ml-random-forest", the npm library, for teaching on tables of up to 2,000 rows: its time
   * grows with the square of the rows, and it draws features once a tree instead of at each node.
   */
  engine?: ForestEngine;
}

/** Checks the options of a forest and gives the seed its value. */
export function resolveForest<O extends Required<ForestOptions>>(options: O): O & { seed: number } {
  numberOption("nEstimators", options.nEstimators, { least: 1, whole: true });
  if (options.maxDepth !== null) numberOption("maxDepth", options.maxDepth, { least: 1, whole: true });
  numberOption("minSamplesLeaf", options.minSamplesLeaf, { least: 1, whole: true });
  numberOption("minSamplesSplit", options.minSamplesSplit, { least: 2, whole: true });
  numberOption("maxBins", options.maxBins, { least: 2, most: MOST_BINS, whole: true });
  numberOption("minImpurityDecrease", options.minImpurityDecrease, { least: 0 });
  coresToUse(options.nJobs);
  const { engine } = options as { engine?: unknown };
  if (engine !== undefined) choiceOption("engine", engine, ["runlab", "ml-random-forest"]);
  choiceOption("bootstrap", options.bootstrap, [true, false]);
  if (options.maxLeafNodes !== null) numberOption("maxLeafNodes", options.maxLeafNodes, { least: 2, whole: true });
  numberOption("ccpAlpha", options.ccpAlpha, { least: 0 });
  choiceOption("oobScore", options.oobScore, [true, false]);
  if (options.oobScore && !options.bootstrap) throw new RunlabError("oobScore needs rows that a tree did not draw", { received: "bootstrap: false", allowed: "bootstrap: true" });
  const seed = options.seed ?? currentSeed();
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RunlabError("a seed is a whole number", { received: seed, allowed: "0 to 9007199254740991, such as 42" });
  featuresTried(options.maxFeatures, 1);
  if (options.maxSamples !== null && options.bootstrap === false) throw new RunlabError("maxSamples is for trees that draw their rows", { received: options.maxSamples, allowed: "bootstrap: true, or maxSamples: null" });
  rowsDrawn(options.maxSamples, 1);
  return { ...options, seed };
}

/** The number of features a node looks at, of `all`. */
export function featuresTried(maxFeatures: MaxFeatures, all: number): number {
  if (maxFeatures === "all") return all;
  if (maxFeatures === "sqrt") return Math.max(1, Math.floor(Math.sqrt(all)));
  if (maxFeatures === "log2") return Math.max(1, 31 - Math.clz32(all));
  if (typeof maxFeatures === "number" && maxFeatures > 0 && maxFeatures <= 1) return Math.max(1, Math.floor(maxFeatures * all));
  if (typeof maxFeatures === "number" && Number.isInteger(maxFeatures) && maxFeatures >= 2) return Math.min(all, maxFeatures);
  throw new RunlabError("maxFeatures says how many features a node looks at", { received: maxFeatures, allowed: '"all", "sqrt", "log2", a share above 0 and up to 1, or a whole number from 2' });
}

/** The number of rows that a tree draws, of `all`. */
export function rowsDrawn(maxSamples: number | null, all: number): number {
  if (maxSamples === null) return all;
  if (typeof maxSamples === "number" && maxSamples > 0 && maxSamples <= 1) return Math.max(1, Math.round(maxSamples * all));
  if (typeof maxSamples === "number" && Number.isInteger(maxSamples) && maxSamples >= 2) return Math.min(all, maxSamples);
  throw new RunlabError("maxSamples says how many rows a tree draws", { received: maxSamples, allowed: "null for as many as there are, a share above 0 and up to 1, or a whole number from 2" });
}
