/**
 * Models without a target as ONNX.
 */
import { averagePathLength, isolationTreesFromJson } from "../isolation-forest-tree.js";
import type { IsolationTree } from "../isolation-forest-tree.js";
import { recipeFromJson } from "../linear/design.js";
import { unpackArray } from "../typed-json.js";
import type { Conversion } from "./conversion.js";
import type { Graph } from "./graph.js";
import { designMatrix } from "./linear-converters.js";
import { besideNumbers } from "./tree-converters.js";
import { type OnnxTree, treeSums } from "./trees.js";
import { labelOutput, numberOutput, scoresOutput } from "./outputs.js";

/** Outputs the number of each row's group, and as "scores" its distance to each centre. */
export function kMeans({ frame, state }: Conversion): void {
  const { graph } = frame;
  const recipe = recipeFromJson(state["design"]);
  const centers = unpackArray(state["centers"], "float64", "the centres");
  const width = recipe.columns.length;
  const count = centers.length / width;
  const squares = squaredDistances(graph, designMatrix(frame, recipe), centers, count, width);
  const nearest = graph.node("ArgMin", [squares], { axis: { int: 1 }, keepdims: { int: 0 } });
  labelOutput(graph, nearest, Array.from({ length: count }, (_, k) => k));
  scoresOutput(graph, graph.node("Sqrt", [squares]), count);
}

/** Of rows [rows, width] to each of `count` points, [rows, count]; by differences, so that near points keep their digits. */
export function squaredDistances(graph: Graph, matrix: string, points: ArrayLike<number>, count: number, width: number): string {
  const rows = graph.node("Unsqueeze", [matrix, graph.ints([1])]);
  const differences = graph.node("Sub", [rows, graph.constant({ type: "double", dims: [1, count, width], values: points })]);
  return graph.node("ReduceSum", [graph.node("Mul", [differences, differences]), graph.ints([2])], { keepdims: { int: 0 } });
}

/** Outputs the components, [rows, components]. */
export function pca({ frame, state, params }: Conversion): void {
  const { graph } = frame;
  const recipe = recipeFromJson(state["design"]);
  const mean = unpackArray(state["mean"], "float64", "the means");
  const components = unpackArray(state["components"], "float64", "the components");
  const variance = unpackArray(state["variance"], "float64", "the variances");
  const width = recipe.columns.length;
  const count = variance.length;
  const turned = Float64Array.from({ length: width * count }, (_, at) => components[(at % count) * width + Math.floor(at / count)]);
  const centred = graph.node("Sub", [designMatrix(frame, recipe), graph.row(mean)]);
  let scores = graph.node("MatMul", [centred, graph.constant({ type: "double", dims: [width, count], values: turned })]);
  if (params["whiten"] === true) scores = graph.node("Div", [scores, graph.row(Float64Array.from(variance, (each) => Math.max(Math.sqrt(each), Number.EPSILON)))]);
  numberOutput(graph, scores, count);
}

/** Outputs -1 for an anomaly and 1 for any other row, and as "scores" what `decisionFunction` gives. */
export function isolationForest({ frame, state, features }: Conversion): void {
  const { graph } = frame;
  const rules = state["rules"] as readonly unknown[];
  const trees = isolationTreesFromJson(state["trees"], features.length);
  const matrix = besideNumbers(frame, features, (feature, f) => {
    if (rules[f] === null) return null;
    return [frame.codes(feature.name, feature.categories!, unpackArray(rules[f], "float64", "the order of categories"), NaN, NaN)];
  });
  const lengths = treeSums(graph, matrix, trees.map(isolationTree), 1, () => 0);
  const usual = trees.length * averagePathLength(state["samples"] as number);
  const scores = usual === 0
    ? graph.node("Sub", [graph.node("Mul", [lengths, graph.number(0)]), graph.number(1)])
    : graph.node("Neg", [graph.node("Exp", [graph.node("Mul", [lengths, graph.number(-Math.LN2 / usual)])])]);
  const decision = graph.node("Sub", [scores, graph.number(state["offset"] as number)]);
  const usualRow = graph.node("Cast", [graph.node("GreaterOrEqual", [decision, graph.number(0)])], { to: { int: 7 } });
  labelOutput(graph, graph.node("Squeeze", [usualRow, graph.ints([1])]), [-1, 1]);
  scoresOutput(graph, decision, 1);
}

/** A tree whose leaves hold the length of the path to them. */
function isolationTree({ feature, threshold, missingLeft, right, rows }: IsolationTree): OnnxTree {
  const depth = new Int32Array(feature.length);
  for (let node = 0; node < depth.length; node++) {
    if (feature[node] < 0) continue;
    depth[node + 1] = depth[node] + 1;
    depth[right[node]] = depth[node] + 1;
  }
  return {
    nodes: feature.length,
    right: (node) => (feature[node] < 0 ? 0 : right[node]),
    cut: (node) => ({ feature: feature[node], missingLeft: missingLeft[node] === 1, threshold: threshold[node], set: null }),
    leaf: (node) => depth[node] + averagePathLength(rows[node]),
  };
}
