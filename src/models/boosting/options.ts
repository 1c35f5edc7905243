/**
 * Options that all boosting models share, checked.
 */
import { RunlabError } from "../../errors.js";
import { currentSeed } from "../../random/index.js";
import { choiceOption, numberOption } from "../model.js";
import { MOST_BINS } from "../trees/bins.js";
import type { Growth } from "../trees/grower.js";
import { LINKS } from "./link.js";
import type { EvaluationMetric } from "./judge.js";
import type { LinkName } from "./objective.js";
import type { CustomObjective } from "./objectives.js";

/** How rounds build on one another. */
export type BoostingKind = "gbdt" | "goss" | "dart";

/** Options of every boosting model; names and defaults are those of LightGBM's scikit-learn interface, in camelCase. */
export interface GradientBoostingOptions {
  /** Rounds: one tree each, or one for each class. Default 100. */
  nEstimators?: number;
  /** What each tree counts. Smaller needs more rounds and often fits better. Default 0.1. */
  learningRate?: number;
  /** Most leaves of a tree. Default 31. */
  maxLeaves?: number;
  /** Most cuts from the root to a leaf. Default null: no bound but `maxLeaves`. */
  maxDepth?: number | null;
  /** Fewest rows of a leaf, estimated from their hessians where these differ. Default 20: lower it for tables of a few hundred rows. */
  minChildSamples?: number;
  /** Smallest sum of second derivatives in a leaf. Default 0.001. */
  minChildWeight?: number;
  /** Bins per feature, 2 to 255. Default 255. */
  maxBins?: number;
  /** Fewest rows of a bin, which a cut never divides. Default 3: lower it for a few dozen rows. */
  minDataInBin?: number;
  /**
   * Which leaf is cut next: "leafwise", always the one that gains most (LightGBM; the default); "depthwise", level by
   * level (XGBoost); "symmetric", one cut for all nodes of a level (CatBoost).
   */
  growth?: Growth;
  /** Penalty on the size of a leaf's gradient (L1). Default 0. */
  regAlpha?: number;
  /** Penalty on the square of a leaf's value (L2). Default 0. */
  regLambda?: number;
  /** A cut must gain more than this. Default 0. */
  minSplitGain?: number;
  /** Largest size of a leaf's value before `learningRate`; 0, the default, for no bound. */
  maxDeltaStep?: number;
  /** Share of the rows that a tree is grown on, drawn without replacement. Default 1. */
  subsample?: number;
  /** Draw rows anew every so many rounds. Default 1 (LightGBM's 0 would leave `subsample` without effect). */
  subsampleFreq?: number;
  /** Share of the features that a tree looks at. Default 1. */
  colsampleByTree?: number;
  /** Share of the tree's features that a node looks at. Default 1. */
  colsampleByNode?: number;
  /**
   * "gbdt", the default; "goss": rows with large gradients and a draw of the others (worth it where many columns make a tree
   * dear, since the draw costs too); "dart": each
   * round leaves out a few earlier trees, against relying on the first ones.
   */
  boosting?: BoostingKind;
  /** "goss": share of rows with the largest gradients, all kept. Default 0.2. */
  topRate?: number;
  /** "goss": share of rows drawn from the others. Default 0.1. */
  otherRate?: number;
  /** "dart": share of earlier rounds that a round leaves out. Default 0.1. */
  dropRate?: number;
  /** "dart": most rounds left out at a time. Default 50. */
  maxDrop?: number;
  /** "dart": share of rounds that leave nothing out. Default 0.5. */
  skipDrop?: number;
  /**
   * By the name of a feature: 1, predictions must not fall as it rises; -1, they must not rise; 0. Default null: none.
   */
  monotoneConstraints?: Readonly<Record<string, -1 | 0 | 1>> | null;
  /** Groups of features, by name, that may act on one another; a feature in no group is not used. Default null: all. */
  interactionConstraints?: readonly (readonly string[])[] | null;
  /**
   * "native", the default: a cut sends a set of categories to one side. "ordered": each category becomes the mean target
   * of the rows before it in a random order (CatBoost), which suits columns of very many categories.
   */
  categories?: "native" | "ordered";
  /** Smooths the mean by which categories are put in order, against rare ones. Default 10. */
  catSmooth?: number;
  /** L2 penalty besides `regLambda` in cuts by categories. Default 10. */
  catL2?: number;
  /** Most categories on the smaller side of a cut. Default 32. */
  maxCatThreshold?: number;
  /** Up to this many categories a cut takes one against the rest. Default 4. */
  maxCatToOneHot?: number;
  /** Fewest rows that a step through the ordered categories adds. Default 100. */
  minDataPerGroup?: number;
  /** Stop when no round out of this many has improved the first metric on the first validation rows. Default null: never. */
  earlyStoppingRounds?: number | null;
  /**
   * Share of the training rows (of the groups of a ranking), drawn at random, that is judged by and not learned from when
   * `fit` is given no `validation`: for early stopping within a cross-validation. Default null: none. Rows that belong
   * together, in time or otherwise, need a `validation` of their own.
   */
  validationFraction?: number | null;
  /** What validation rows are judged by: names of metrics or functions of one's own; the first decides. Default: the objective's loss. */
  evalMetric?: EvaluationMetric | readonly EvaluationMetric[] | null;
  /** For an objective of one's own: how raw scores become predictions. */
  link?: LinkName | null;
  /** Default: the seed of the run being recorded. */
  seed?: number;
  /** Threads. Default null: as many as there are processors. The model is the same bits at any number. */
  nJobs?: number | null;
}

/** Defaults that all boosting models share. */
export const BOOSTING_DEFAULTS = {
  nEstimators: 100, learningRate: 0.1, maxLeaves: 31, maxDepth: null, minChildSamples: 20, minChildWeight: 1e-3, maxBins: MOST_BINS, minDataInBin: 3,
  growth: "leafwise", regAlpha: 0, regLambda: 0, minSplitGain: 0, maxDeltaStep: 0, subsample: 1, subsampleFreq: 1, colsampleByTree: 1,
  colsampleByNode: 1, boosting: "gbdt", topRate: 0.2, otherRate: 0.1, dropRate: 0.1, maxDrop: 50, skipDrop: 0.5, monotoneConstraints: null,
  interactionConstraints: null, categories: "native", catSmooth: 10, catL2: 10, maxCatThreshold: 32, maxCatToOneHot: 4, minDataPerGroup: 100,
  earlyStoppingRounds: null, validationFraction: null, evalMetric: null, link: null, seed: undefined, nJobs: null,
} as const satisfies GradientBoostingOptions;

/** All shared options with their values. */
export type ResolvedBoosting = Required<Omit<GradientBoostingOptions, "seed">> & { readonly seed: number };

/** Most leaves that are of any use: a leaf a row of the largest table. */
const MOST_LEAVES = 1 << 16;

/** Checks what all boosting models share and gives the seed its value. */
export function resolveBoosting<O extends Required<GradientBoostingOptions>>(options: O): O & { seed: number } {
  const share = { above: 0, most: 1 };
  const rate = { least: 0, most: 1 };
  numberOption("nEstimators", options.nEstimators, { least: 1, whole: true });
  numberOption("learningRate", options.learningRate, { above: 0, most: 1e6 });
  numberOption("maxLeaves", options.maxLeaves, { least: 2, most: MOST_LEAVES, whole: true });
  if (options.maxDepth !== null) numberOption("maxDepth", options.maxDepth, { least: 1, whole: true });
  numberOption("minChildSamples", options.minChildSamples, { least: 0, whole: true });
  numberOption("minChildWeight", options.minChildWeight, { least: 0, most: Number.MAX_VALUE });
  numberOption("maxBins", options.maxBins, { least: 2, most: MOST_BINS, whole: true });
  choiceOption("growth", options.growth, ["leafwise", "depthwise", "symmetric"]);
  for (const name of ["regAlpha", "regLambda", "minSplitGain", "maxDeltaStep", "catSmooth", "catL2"] as const) numberOption(name, options[name], { least: 0, most: Number.MAX_VALUE });
  for (const name of ["subsample", "colsampleByTree", "colsampleByNode"] as const) numberOption(name, options[name], share);
  for (const name of ["topRate", "otherRate", "dropRate", "skipDrop"] as const) numberOption(name, options[name], rate);
  for (const name of ["maxDrop", "subsampleFreq", "maxCatThreshold", "maxCatToOneHot", "minDataPerGroup", "minDataInBin"] as const) numberOption(name, options[name], { least: 1, whole: true });
  choiceOption("boosting", options.boosting, ["gbdt", "goss", "dart"]);
  choiceOption("categories", options.categories, ["native", "ordered"]);
  if (options.earlyStoppingRounds !== null) numberOption("earlyStoppingRounds", options.earlyStoppingRounds, { least: 1, whole: true });
  if (options.validationFraction !== null) numberOption("validationFraction", options.validationFraction, { above: 0, most: 0.9 });
  if (options.link !== null) choiceOption("link", options.link, LINKS);
  if (options.nJobs !== null && options.nJobs !== -1) numberOption("nJobs", options.nJobs, { least: 1, whole: true });
  checkTogether(options);
  const seed = options.seed ?? currentSeed();
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RunlabError("a seed is a whole number", { received: seed, allowed: "0 to 9007199254740991, such as 42" });
  return { ...options, seed };
}

function checkTogether(options: Required<GradientBoostingOptions>): void {
  if (options.boosting === "goss") {
    if (options.topRate + options.otherRate > 1 || options.topRate === 0 || options.otherRate === 0) {
      throw new RunlabError("topRate and otherRate are shares of the rows, both above 0 and together at most 1", { received: `${options.topRate} and ${options.otherRate}`, allowed: "such as 0.2 and 0.1" });
    }
    if (options.subsample < 1) throw new RunlabError('boosting "goss" chooses the rows itself', { received: `subsample ${options.subsample}`, allowed: "subsample 1" });
  }
  if (options.boosting === "dart" && options.earlyStoppingRounds !== null) {
    throw new RunlabError('boosting "dart" changes earlier trees, so that no earlier round can be gone back to', { received: `earlyStoppingRounds ${options.earlyStoppingRounds}`, allowed: "earlyStoppingRounds null" });
  }
}

/** Options as a model's record holds them: functions by what they are for. */
export function recordedOptions(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, name === "evalMetric" ? metricNames(value) : typeof value === "function" ? "custom" : value]));
}

function metricNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(metricNames);
  return typeof value === "object" && value !== null ? (value as { name?: unknown }).name ?? "custom" : value;
}

/** The objective as the user may give it. */
export type ObjectiveOption = string | CustomObjective;
