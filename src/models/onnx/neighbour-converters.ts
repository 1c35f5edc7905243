/**
 * Nearest neighbours as ONNX: the training rows travel in the file, and every row is measured against all of them.
 */
import { recipeFromJson } from "../linear/design.js";
import { unpackArray } from "../typed-json.js";
import type { Conversion } from "./conversion.js";
import { cast } from "./frame.js";
import type { Graph } from "./graph.js";
import { designMatrix } from "./linear-converters.js";
import { classOutputs, numberOutput } from "./outputs.js";

export function nearestClassifier(conversion: Conversion): void {
  const { frame: { graph }, state, classes } = conversion;
  const labels = unpackArray(state["labels"], "int32", "the labels");
  const votes = new Float64Array(labels.length * classes.length);
  labels.forEach((label, row) => (votes[row * classes.length + label] = 1));
  classOutputs(graph, nearestMean(conversion, votes, classes.length), classes);
}

export function nearestRegressor(conversion: Conversion): void {
  numberOutput(conversion.frame.graph, nearestMean(conversion, unpackArray(conversion.state["targets"], "float64", "the targets"), 1));
}

/** The weighted mean, over the neighbours of each row, of what each training row says: [rows, width]. */
function nearestMean({ frame, state, params }: Conversion, says: Float64Array, width: number): string {
  const { graph } = frame;
  const recipe = recipeFromJson(state["design"]);
  const { rows, columns, values, order } = state["search"] as { rows: number; columns: number; values: unknown; order: unknown };
  const wanted = Math.min(params["nNeighbors"] as number, rows);
  const kept = inOrder(unpackArray(values, "float64", "the rows"), unpackArray(order, "int32", "their order"), columns);
  const squares = squaredDistances(graph, designMatrix(frame, recipe), kept, rows, columns);
  // Nearest first; of equally near ones the one that comes first in training.
  const [nearest, places] = graph.nodes("TopK", [squares, graph.ints([wanted])], 2, { axis: { int: 1 }, largest: { int: 0 }, sorted: { int: 1 } });
  const said = graph.node("Gather", [graph.constant({ type: "double", dims: [rows, width], values: says }), places], { axis: { int: 0 } });
  const weights = graph.node("Unsqueeze", [params["weights"] === "distance" ? inverse(graph, graph.node("Sqrt", [nearest])) : ones(graph, nearest), graph.ints([2])]);
  const sum = graph.node("ReduceSum", [graph.node("Mul", [said, weights]), graph.ints([1])], { keepdims: { int: 0 } });
  return graph.node("Div", [sum, graph.node("ReduceSum", [weights, graph.ints([1])], { keepdims: { int: 0 } })]);
}

/** Column after column, each in the order of the training rows again. */
function inOrder(values: Float64Array, order: Int32Array, columns: number): Float64Array {
  const rows = order.length;
  const out = new Float64Array(values.length);
  for (let c = 0; c < columns; c++) for (let i = 0; i < rows; i++) out[c * rows + order[i]] = values[c * rows + i];
  return out;
}

/** [rows, points], one column of the points after another: memory does not grow with the columns. */
function squaredDistances(graph: Graph, matrix: string, points: Float64Array, count: number, columns: number): string {
  let sum: string | null = null;
  for (let c = 0; c < columns; c++) {
    const own = graph.node("Gather", [matrix, graph.ints([c])], { axis: { int: 1 } });
    const difference = graph.node("Sub", [own, graph.row(points.subarray(c * count, (c + 1) * count))]);
    const square = graph.node("Mul", [difference, difference]);
    sum = sum === null ? square : graph.node("Add", [sum, square]);
  }
  return sum!;
}

function ones(graph: Graph, like: string): string {
  return graph.node("Expand", [graph.row([1]), graph.node("Shape", [like])]);
}

/** 1 / distance; where some are 0, these count 1 and the others nothing. */
function inverse(graph: Graph, distances: string): string {
  const zero = graph.node("Equal", [distances, graph.number(0)]);
  const exact = cast(graph, zero, "double");
  const any = graph.node("Greater", [graph.node("ReduceSum", [exact, graph.ints([1])], { keepdims: { int: 1 } }), graph.number(0)]);
  return graph.node("Where", [any, exact, graph.node("Div", [graph.number(1), distances])]);
}
