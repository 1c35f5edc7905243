/**
 * Linear models as ONNX: columns as their recipe makes them, times coefficients.
 */
import { type Encoding, type DesignRecipe, recipeFromJson } from "../linear/design.js";
import { unpackArray } from "../typed-json.js";
import type { Conversion } from "./conversion.js";
import { type Frame, filled, joined, oneHotOf } from "./frame.js";
import { bothClasses, classOutputs, numberOutput } from "./outputs.js";

/**
 * The matrix [rows, columns] that a recipe makes of a table.
 *
 * @param change what becomes of numbers that are filled in and scaled.
 */
export function designMatrix(frame: Frame, recipe: DesignRecipe, change: (block: string) => string = (block) => block): string {
  const { graph } = frame;
  const parts: string[] = [];
  let numbers: (Encoding & { kind: "number" })[] = [];
  const close = (): void => {
    if (numbers.length === 0) return;
    let block = frame.numbers(numbers.map((each) => each.name));
    if (numbers.some((each) => each.fill !== null)) block = filled(graph, block, numbers.map((each) => each.fill ?? NaN));
    if (numbers.some((each) => each.mean !== 0)) block = graph.node("Sub", [block, graph.row(numbers.map((each) => each.mean))]);
    if (numbers.some((each) => each.scale !== 1)) block = graph.node("Div", [block, graph.row(numbers.map((each) => each.scale))]);
    parts.push(change(block));
    numbers = [];
  };
  for (const encoding of recipe.encodings) {
    if (encoding.kind === "number") {
      numbers.push(encoding);
      continue;
    }
    close();
    const { name, levels, missing } = encoding;
    const width = levels.length + (missing ? 1 : 0);
    if (width === 0) continue;
    // A category that did not occur in training sets no column, as in `applyDesign`.
    const none = missing ? levels.length : -1;
    parts.push(oneHotOf(graph, frame.codes(name, levels, levels.map((_, i) => i), none, -1), width));
  }
  close();
  return joined(graph, parts);
}

export function linearRegression({ frame, state }: Conversion): void {
  const coefficients = unpackArray(state["coefficients"], "float64", "the coefficients");
  numberOutput(frame.graph, weightedSums(frame, recipeFromJson(state["design"]), coefficients, [state["intercept"] as number]));
}

export function logisticRegression({ frame, state, classes }: Conversion): void {
  const { graph } = frame;
  const recipe = recipeFromJson(state["design"]);
  const parameters = unpackArray(state["parameters"], "float64", "the coefficients");
  const width = recipe.columns.length;
  const vectors = parameters.length / (width + 1);
  const coefficients = new Float64Array(width * vectors);
  const intercepts: number[] = [];
  for (let k = 0; k < vectors; k++) {
    for (let j = 0; j < width; j++) coefficients[j * vectors + k] = parameters[k * (width + 1) + j];
    intercepts.push(parameters[k * (width + 1) + width]);
  }
  const scores = weightedSums(frame, recipe, coefficients, intercepts);
  classOutputs(graph, vectors === 1 ? bothClasses(graph, graph.node("Sigmoid", [scores])) : graph.node("Softmax", [scores], { axis: { int: 1 } }), classes);
}

/** Coefficients are row-major, one row a column of the design. */
function weightedSums(frame: Frame, recipe: DesignRecipe, coefficients: Float64Array, intercepts: readonly number[]): string {
  const { graph } = frame;
  const matrix = graph.constant({ type: "double", dims: [recipe.columns.length, intercepts.length], values: coefficients });
  return graph.node("Add", [graph.node("MatMul", [designMatrix(frame, recipe), matrix]), graph.row(intercepts)]);
}
