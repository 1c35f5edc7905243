/**
 * What a fitted forest is, whichever engine grew it: its bins and its trees, growing, predicting, and both as JSON.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { stream } from "../random/index.js";
import type { TrainingData } from "./estimator.js";
import type { FeatureSpec } from "./features.js";
import type { RandomForestOptions } from "./forest-options.js";
import { featuresTried, rowsDrawn } from "./forest-options.js";
import { type TeachingForest, growTeachingForest, predictTeachingForest, teachingForestFromJson, teachingForestToJson } from "./ml-random-forest.js";
import { fitProgress } from "./progress.js";
import { binsFromJson, binsToJson } from "./trees/bins-json.js";
import type { CategoryTarget, FeatureBins } from "./trees/bins.js";
import { intoBins, learnBins } from "./trees/columns.js";
import { cutPoints } from "./trees/cut-points.js";
import { type Forest, type ForestTarget, growForest, outOfBag, predictForest, prunedForest } from "./trees/forest.js";
import { treesFromJson, treesToJson } from "./trees/tree-json.js";
import { packArray, unpackArray } from "./typed-json.js";

export interface ForestModel {
  readonly bins: readonly FeatureBins[];
  readonly forest: { readonly engine: "runlab"; readonly grown: Forest } | { readonly engine: "ml-random-forest"; readonly grown: TeachingForest };
}

/** Where a feature is cut: at the best place, or at one drawn at random. */
export type Cuts = "best" | "random";

/** A forest with what its trees say of the rows they did not draw: null where that was not asked for. */
export interface FittedForest {
  readonly model: ForestModel;
  /** As from `predictModel`; NaN for a row that every tree has drawn. */
  readonly outOfBag: Float64Array | null;
}

/** Fits a forest. `name` is the estimator's, for the random stream and for progress. */
export function fitForest(name: string, training: TrainingData, target: ForestTarget, options: Required<RandomForestOptions>, cuts: Cuts, weighted: boolean): FittedForest {
  const { table, features, weights } = training;
  const orderBy: CategoryTarget = { ...target, weights };
  const { bins, binned } = learnBins(table, features, orderBy, options.maxBins);
  if (options.engine === "ml-random-forest") {
    if (options.oobScore) throw new RunlabError('engine "ml-random-forest" keeps no rows that a tree did not draw', { received: "oobScore: true", allowed: 'engine "runlab", the default' });
    return { model: { bins, forest: { engine: options.engine, grown: growTeachingForest(binned, target, options, weighted) } }, outOfBag: null };
  }
  const forestOptions = {
    trees: options.nEstimators,
    bootstrap: options.bootstrap,
    draws: rowsDrawn(options.maxSamples, binned.rows),
    nJobs: options.nJobs,
    minImpurityDecrease: options.minImpurityDecrease,
    maxDepth: options.maxDepth ?? Infinity,
    minSamplesSplit: options.minSamplesSplit,
    minSamplesLeaf: options.minSamplesLeaf,
    maxFeatures: featuresTried(options.maxFeatures, features.length),
    classes: target.kind === "classes" ? target.classes : 0,
    cutPoints: cuts === "random" ? cutPoints(bins) : null,
  };
  const random = stream(name, options.seed);
  const whole = growForest(binned, target, weights, forestOptions, random, fitProgress(`fitting ${name}`, options.nEstimators));
  const grown = prunedForest(whole, features.length, options.maxLeafNodes, options.ccpAlpha);
  return { model: { bins, forest: { engine: "runlab", grown } }, outOfBag: options.oobScore ? outOfBag(grown, binned, forestOptions, random) : null };
}

/** Class shares, or the quantity, of each row. */
export function predictModel(model: ForestModel, table: Table, features: readonly FeatureSpec[], nJobs: number | null = null): Float64Array {
  const binned = intoBins(table, features, model.bins);
  return model.forest.engine === "runlab" ? predictForest(model.forest.grown, binned, nJobs) : predictTeachingForest(model.forest.grown, binned);
}

/** Importance by feature name, largest first. */
export function importancesOf(model: ForestModel, features: readonly FeatureSpec[]): { feature: string; importance: number }[] {
  if (model.forest.engine !== "runlab") throw new RunlabError('engine "ml-random-forest" keeps no importances', { allowed: 'engine "runlab", the default' });
  const { importances } = model.forest.grown;
  return features
    .map((feature, f) => ({ feature: feature.name, importance: importances[f] }))
    .sort((a, b) => b.importance - a.importance);
}

export function forestToJson(model: ForestModel): Record<string, unknown> {
  const { engine, grown } = model.forest;
  const bins = model.bins.map(binsToJson);
  if (engine === "ml-random-forest") return { engine, bins, forest: teachingForestToJson(grown) };
  return { engine, bins, importances: packArray(grown.importances), trees: treesToJson(grown.trees, bins.length, grown.classes) };
}

/** @throws RunlabError when the data is no forest on these features. */
export function forestFromJson(state: Record<string, unknown>, features: readonly FeatureSpec[], classes: number): ForestModel {
  const { engine, bins } = state;
  if (!Array.isArray(bins) || bins.length !== features.length) throw new RunlabError("the model file is damaged: it has no bins for its features");
  const read = bins.map(binsFromJson);
  if (engine === "ml-random-forest") return { bins: read, forest: { engine, grown: teachingForestFromJson(state["forest"], classes) } };
  if (engine !== "runlab") throw new RunlabError("the model file is damaged: it has no trees");
  const grown: Forest = {
    classes,
    importances: unpackArray(state["importances"], "float64", "the importances"),
    trees: treesFromJson(state["trees"], features.length, classes),
  };
  if (grown.importances.length !== features.length) throw new RunlabError("the model file is damaged: it has no importances for its features");
  return { bins: read, forest: { engine, grown } };
}
