/**
 * Options that both decision trees share, checked.
 */
import { RunlabError } from "../errors.js";
import { currentSeed } from "../random/index.js";
import { choiceOption, numberOption } from "./estimator.js";
import { type ForestOptions, type MaxFeatures, type RandomForestOptions, featuresTried } from "./forest-options.js";
import { MOST_BINS } from "./trees/bins.js";

/** Options of both decision trees. */
export interface DecisionTreeOptions extends Pick<ForestOptions, "maxDepth" | "minSamplesLeaf" | "minSamplesSplit" | "minImpurityDecrease" | "maxLeafNodes" | "ccpAlpha" | "maxBins" | "seed"> {
  /** Features looked at by each node: as for forests. Default "all". */
  maxFeatures?: MaxFeatures;
  /** "best", the default: the best of all cuts. "random": the best of one random cut a feature. */
  splitter?: "best" | "random";
}

export const DECISION_TREE_DEFAULTS = {
  maxDepth: null, minSamplesLeaf: 1, minSamplesSplit: 2, maxFeatures: "all", splitter: "best",
  minImpurityDecrease: 0, maxLeafNodes: null, ccpAlpha: 0, maxBins: 255, seed: undefined,
} satisfies DecisionTreeOptions;

/** Checks the options of a tree and gives the seed its value. */
export function resolveDecisionTree<O extends Required<DecisionTreeOptions>>(options: O): O & { seed: number } {
  if (options.maxDepth !== null) numberOption("maxDepth", options.maxDepth, { least: 1, whole: true });
  numberOption("minSamplesLeaf", options.minSamplesLeaf, { least: 1, whole: true });
  numberOption("minSamplesSplit", options.minSamplesSplit, { least: 2, whole: true });
  numberOption("minImpurityDecrease", options.minImpurityDecrease, { least: 0 });
  if (options.maxLeafNodes !== null) numberOption("maxLeafNodes", options.maxLeafNodes, { least: 2, whole: true });
  numberOption("ccpAlpha", options.ccpAlpha, { least: 0 });
  numberOption("maxBins", options.maxBins, { least: 2, most: MOST_BINS, whole: true });
  choiceOption("splitter", options.splitter, ["best", "random"]);
  featuresTried(options.maxFeatures, 1);
  const seed = options.seed ?? currentSeed();
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RunlabError("a seed is a whole number", { received: seed, allowed: "0 to 9007199254740991, such as 42" });
  return { ...options, seed };
}

/** The forest that is the tree: one, on all rows. */
export function asForest(options: Required<DecisionTreeOptions>): Required<RandomForestOptions> {
  const { splitter: _splitter, ...shared } = options;
  return { ...shared, nEstimators: 1, bootstrap: false, maxSamples: null, oobScore: false, nJobs: 1, engine: "runlab" };
}
