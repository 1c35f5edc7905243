/**
 * Naive Bayes as ONNX: logarithms of likelihoods, added up.
 */
import { recipeFromJson } from "../linear/design.js";
import { unpackArray } from "../typed-json.js";
import type { Conversion } from "./conversion.js";
import { cast } from "./frame.js";
import type { Graph } from "./graph.js";
import { designMatrix } from "./linear-converters.js";
import { classOutputs } from "./outputs.js";

export function gaussianNB({ frame, state, classes }: Conversion): void {
  const { graph } = frame;
  const recipe = recipeFromJson(state["design"]);
  const means = unpackArray(state["means"], "float64", "the means");
  const variances = unpackArray(state["variances"], "float64", "the variances");
  const width = recipe.columns.length;
  const constants = logPriors(state).map((log, k) => {
    let constant = log;
    for (let c = 0; c < width; c++) constant -= Math.log(2 * Math.PI * variances[k * width + c]) / 2;
    return constant;
  });
  const dims = [1, classes.length, width];
  const rows = graph.node("Unsqueeze", [designMatrix(frame, recipe), graph.ints([1])]);
  const differences = graph.node("Sub", [rows, graph.constant({ type: "double", dims, values: means })]);
  const shares = graph.node("Div", [graph.node("Mul", [differences, differences]), graph.constant({ type: "double", dims, values: variances.map((variance) => 2 * variance) })]);
  const distances = graph.node("ReduceSum", [shares, graph.ints([2])], { keepdims: { int: 0 } });
  likeliest(graph, graph.node("Sub", [graph.row(constants), distances]), classes);
}

export function bernoulliNB(conversion: Conversion): void {
  const { graph } = conversion.frame;
  const limit = graph.number(conversion.params["binarize"] as number);
  countedNB(conversion, (block) => cast(graph, graph.node("Greater", [block, limit]), "double"));
}

export function multinomialNB(conversion: Conversion): void {
  countedNB(conversion);
}

function countedNB({ frame, state, classes }: Conversion, change?: (block: string) => string): void {
  const { graph } = frame;
  const recipe = recipeFromJson(state["design"]);
  const coefficients = unpackArray(state["coefficients"], "float64", "the coefficients");
  const constants = unpackArray(state["constants"], "float64", "the constants");
  const width = recipe.columns.length;
  const count = classes.length;
  const turned = Float64Array.from({ length: width * count }, (_, at) => coefficients[(at % count) * width + Math.floor(at / count)]);
  const scores = graph.node("MatMul", [designMatrix(frame, recipe, change), graph.constant({ type: "double", dims: [width, count], values: turned })]);
  likeliest(graph, graph.node("Add", [scores, graph.row(logPriors(state).map((log, k) => log + constants[k]))]), classes);
}

export function categoricalNB({ frame, state, features, classes }: Conversion): void {
  const { graph } = frame;
  const columns = state["columns"] as readonly { readonly levels: readonly (string | number)[]; readonly logs: unknown }[];
  let scores = graph.row(logPriors(state));
  columns.forEach(({ levels, logs }, f) => {
    const known = unpackArray(logs, "float64", "the likelihoods");
    // A row a level, one for missing values, and zeros for what did not occur in training.
    const table = new Float64Array((levels.length + 2) * classes.length);
    table.set(known);
    const codes = frame.levelCodes(features[f].name, levels, [...levels.keys()], levels.length, levels.length + 1, features[f].kind === "category");
    const rows = graph.node("Gather", [graph.constant({ type: "double", dims: [levels.length + 2, classes.length], values: table }), cast(graph, codes, "int64")], { axis: { int: 0 } });
    scores = graph.node("Add", [scores, graph.node("Squeeze", [rows, graph.ints([1])])]);
  });
  likeliest(graph, scores, classes);
}

function logPriors(state: Record<string, unknown>): Float64Array {
  return unpackArray(state["priors"], "float64", "the priors").map(Math.log);
}

function likeliest(graph: Graph, logs: string, classes: Conversion["classes"]): void {
  classOutputs(graph, graph.node("Softmax", [logs], { axis: { int: 1 } }), classes);
}
