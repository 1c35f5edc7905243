/**
 * Forests, boosting and trees of other libraries as ONNX.
 */
import { RunlabError } from "../../errors.js";
import { modelFromJson } from "../boosting/boosted-model.js";
import type { Segment } from "../boosting/ensemble.js";
import type { FeatureSpec } from "../features.js";
import { forestFromJson } from "../forest-model.js";
import { type ForeignModel, foreignFromJson } from "../foreign/foreign-model.js";
import { ZERO_IS_MISSING } from "../foreign/tree-arrays.js";
import { type FeatureBins, MISSING_BIN } from "../trees/bins.js";
import { leafOutputs } from "../trees/predict.js";
import type { Conversion } from "./conversion.js";
import { type Frame, cast, joined } from "./frame.js";
import { asDouble, bothClasses, classOutputs, numberOutput } from "./outputs.js";
import { binnedTree, foreignTree, treeShares, treeSums } from "./trees.js";

/** Features as a model on bins compares them: numbers as they are, categories as the number of their bin. */
function binnedMatrix(frame: Frame, features: readonly FeatureSpec[], bins: readonly FeatureBins[]): string {
  return besideNumbers(frame, features, (feature, f) => {
    const own = bins[f];
    if (own.kind === "number") return null;
    const numbers = Array.from(own.binOfCode, (bin) => (bin === MISSING_BIN ? NaN : bin));
    return [frame.codes(feature.name, feature.categories!, numbers, NaN, NaN)];
  });
}

/** Columns in the order of the features: what `made` says, and numbers as they are where it says nothing. */
export function besideNumbers(frame: Frame, features: readonly FeatureSpec[], made: (feature: FeatureSpec, f: number) => string[] | null): string {
  const parts: string[] = [];
  let plain: string[] = [];
  const close = (): void => {
    if (plain.length > 0) parts.push(frame.numbers(plain));
    plain = [];
  };
  features.forEach((feature, f) => {
    const columns = made(feature, f);
    if (columns === null) plain.push(feature.name);
    else {
      close();
      parts.push(...columns);
    }
  });
  close();
  return joined(frame.graph, parts);
}

export function forestClassifier(conversion: Conversion): void {
  classOutputs(conversion.frame.graph, forestShares(conversion, conversion.classes.length), conversion.classes);
}

export function forestRegressor(conversion: Conversion): void {
  numberOutput(conversion.frame.graph, forestShares(conversion, 0));
}

/** The means over all trees: of class shares, or of the target. */
function forestShares({ frame, state, features }: Conversion, classes: number): string {
  const { bins, forest } = forestFromJson(state, features, classes);
  if (forest.engine !== "runlab") throw new RunlabError('a forest of engine "ml-random-forest" cannot be written as ONNX', { allowed: 'engine "runlab", the default' });
  const { trees } = forest.grown;
  const matrix = binnedMatrix(frame, features, bins);
  const width = classes === 0 ? 1 : classes;
  // Of two classes the second one's share says both.
  const only = classes === 2 ? 1 : 0;
  const asked = trees.map((tree) => {
    const outputs = leafOutputs(tree, classes);
    return binnedTree(tree, bins, (leaf, target) => outputs[leaf * width + (width === 2 ? only : target)] / trees.length);
  });
  const { graph } = frame;
  if (width === 2) return bothClasses(graph, treeSums(graph, matrix, asked, 1, () => 0));
  return asDouble(graph, treeShares(graph, matrix, asked, width));
}

export function boostingClassifier({ frame, state, features, classes }: Conversion): void {
  const { graph } = frame;
  const { scores, link, outputs } = boostedScores(frame, state, features);
  const predicted = linked(frame, scores, link);
  classOutputs(graph, outputs === 1 ? bothClasses(graph, predicted) : predicted, classes);
}

export function boostingRegressor({ frame, state, features }: Conversion): void {
  const { scores, link } = boostedScores(frame, state, features);
  numberOutput(frame.graph, linked(frame, scores, link));
}

/** A ranker's scores. */
export const boostingRanker = boostingRegressor;

function boostedScores(frame: Frame, state: Record<string, unknown>, features: readonly FeatureSpec[]): { scores: string; link: string; outputs: number } {
  const { graph } = frame;
  const { base, segments, link, outputs } = modelFromJson(state, features, null).ensemble;
  let scores = graph.row(base);
  for (const segment of segments) {
    if (segment.trees.length === 0) continue;
    const trees = segment.trees.map((tree) => binnedTree(tree, segment.bins, (leaf) => tree.leaves[leaf]));
    scores = graph.node("Add", [scores, treeSums(graph, segmentMatrix(frame, segment), trees, outputs, (t) => t % outputs)]);
  }
  return { scores, link, outputs };
}

/** The columns of a segment: bins of categories, or their mean targets, one column a target. */
function segmentMatrix(frame: Frame, { features, encoding, bins }: Segment): string {
  let column = 0;
  return besideNumbers(frame, features, (feature, f) => {
    const means = encoding.means[f];
    if (means !== null) {
      column += means.columns;
      const categories = feature.categories!;
      return Array.from({ length: means.columns }, (_, c) => frame.codes(feature.name, categories, means.means.subarray(c * categories.length, (c + 1) * categories.length), NaN, NaN));
    }
    const own = bins[column++];
    if (own.kind === "number") return null;
    return [frame.codes(feature.name, feature.categories!, Array.from(own.binOfCode, (bin) => (bin === MISSING_BIN ? NaN : bin)), NaN, NaN)];
  });
}

function linked(frame: Frame, scores: string, link: string): string {
  const { graph } = frame;
  switch (link) {
    case "exp": return graph.node("Exp", [scores]);
    case "logistic": return graph.node("Sigmoid", [scores]);
    case "softmax": return graph.node("Softmax", [scores], { axis: { int: 1 } });
    default: return scores;
  }
}

/** LightGBM's bound for what counts as zero. */
const NEARLY_ZERO = Math.fround(1e-35);

export function foreignClassifier({ frame, state, features, classes }: Conversion): void {
  const model = foreignFromJson(state, features.length);
  const predicted = foreignLinked(frame, model, foreignScores(frame, model, features));
  classOutputs(frame.graph, model.outputs === 1 ? bothClasses(frame.graph, predicted) : predicted, classes);
}

export function foreignRegressor({ frame, state, features }: Conversion): void {
  const model = foreignFromJson(state, features.length);
  numberOutput(frame.graph, foreignLinked(frame, model, foreignScores(frame, model, features)));
}

/** XGBoost's are its own up to the rounding of float32 sums; here they are doubles. */
function foreignScores(frame: Frame, model: ForeignModel, features: readonly FeatureSpec[]): string {
  const { graph } = frame;
  const { trees, factors, outputs, start, categories, weights } = model;
  let matrix = besideNumbers(frame, features, (feature, f) => {
    const names = categories[f];
    return names === null ? null : [frame.codes(feature.name, names, names.map((_, code) => code), NaN, NaN)];
  });
  if (model.source === "XGBoost") matrix = cast(graph, cast(graph, matrix, "float"), "double");
  let scores = graph.row(start);
  if (weights !== null) {
    const there = graph.node("Where", [graph.node("IsNaN", [matrix]), graph.number(0), matrix]);
    scores = graph.node("Add", [scores, graph.node("MatMul", [there, graph.constant({ type: "double", dims: [features.length, outputs], values: weights })])]);
  }
  if (trees.roots.length > 0) {
    const asked = Array.from(trees.roots, (_, t) => foreignTree(trees, t, factors === null ? 1 : factors[t]));
    scores = graph.node("Add", [scores, treeSums(graph, zerosMissing(frame, model, matrix, features.length), asked, outputs, (t) => trees.outputs[t])]);
  }
  return model.average === 1 ? scores : graph.node("Div", [scores, graph.number(model.average)]);
}

/** Zeros as NaN in the features where they count as missing. */
function zerosMissing({ graph }: Frame, { trees }: ForeignModel, matrix: string, features: number): string {
  const bound = new Float64Array(features).fill(-1);
  for (let node = 0; node < trees.rule.length; node++) if ((trees.rule[node] & ZERO_IS_MISSING) !== 0) bound[trees.feature[node]] = NEARLY_ZERO;
  if (bound.every((each) => each < 0)) return matrix;
  const zero = graph.node("LessOrEqual", [graph.node("Abs", [matrix]), graph.row(bound)]);
  return graph.node("Where", [zero, graph.number(NaN), matrix]);
}

function foreignLinked({ graph }: Frame, { link, slope }: ForeignModel, scores: string): string {
  const steep = (): string => (slope === 1 ? scores : graph.node("Mul", [scores, graph.number(slope)]));
  switch (link) {
    case "square": return graph.node("Mul", [graph.node("Sign", [scores]), graph.node("Mul", [scores, scores])]);
    case "exp": return graph.node("Exp", [scores]);
    case "sigmoid":
    case "sigmoids": return graph.node("Sigmoid", [steep()]);
    // log(1 + e^x), which does not overflow.
    case "log1pExp": return graph.node("Add", [graph.node("Max", [scores, graph.number(0)]), graph.node("Log", [graph.node("Add", [graph.number(1), graph.node("Exp", [graph.node("Neg", [graph.node("Abs", [scores])])])])])]);
    case "step": return cast(graph, graph.node("Greater", [scores, graph.number(0)]), "double");
    case "softmax": return graph.node("Softmax", [scores], { axis: { int: 1 } });
    default: return scores;
  }
}
