/**
 * What an ONNX model gives out, named as skl2onnx names it.
 */
import type { Label } from "../../metrics/index.js";
import { cast } from "./frame.js";
import type { Graph, TensorType } from "./graph.js";

/** Outputs "label" and "probabilities" [rows, classes]. Of equally probable classes the first is the label, as in `predict`. */
export function classOutputs(graph: Graph, probabilities: string, classes: readonly Label[]): void {
  labelOutput(graph, graph.node("ArgMax", [probabilities], { axis: { int: 1 }, keepdims: { int: 0 } }), classes);
  graph.output(probabilities, { name: "probabilities", type: "double", dims: ["rows", classes.length] });
}

/** Output "label" [rows], from places among the labels. */
export function labelOutput(graph: Graph, places: string, labels: readonly Label[]): void {
  const type: TensorType = labels.every((label) => typeof label === "string") ? "string"
    : labels.every((label) => typeof label === "boolean") ? "bool"
      : labels.every((label) => Number.isSafeInteger(label)) ? "int64" : "double";
  const constant = graph.constant({ type, dims: [labels.length], values: type === "string" ? (labels as string[]) : labels.map(Number) });
  graph.output(graph.node("Gather", [constant, places], { axis: { int: 0 } }), { name: "label", type, dims: ["rows"] });
}

/** Output "variable" [rows, width]: what a regressor predicts, or what a decomposition makes of the columns. */
export function numberOutput(graph: Graph, values: string, width = 1): void {
  graph.output(values, { name: "variable", type: "double", dims: ["rows", width] });
}

/** Output "scores" [rows, width]. */
export function scoresOutput(graph: Graph, scores: string, width: number): void {
  graph.output(scores, { name: "scores", type: "double", dims: ["rows", width] });
}

/** The probabilities of two classes from that of the second, [rows, 1]. */
export function bothClasses(graph: Graph, second: string): string {
  return graph.node("Concat", [graph.node("Sub", [graph.number(1), second]), second], { axis: { int: 1 } });
}

/** Probabilities that are the same in every row. */
export function constantRows(graph: Graph, like: string, values: readonly number[]): string {
  // A row of zeros for each row of the input, whatever that holds.
  const rows = graph.node("Shape", [like], { start: { int: 0 }, end: { int: 1 } });
  const shape = graph.node("Concat", [rows, graph.ints([1])], { axis: { int: 0 } });
  return graph.node("Expand", [graph.row(values), shape]);
}

/** float32 to double; a double stays. */
export function asDouble(graph: Graph, tensor: string): string {
  return cast(graph, tensor, "double");
}
