/**
 * Models without a target as ONNX.
 */
import { recipeFromJson } from "../linear/design.js";
import { unpackArray } from "../typed-json.js";
import type { Conversion } from "./conversion.js";
import type { Graph } from "./graph.js";
import { designMatrix } from "./linear-converters.js";
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
