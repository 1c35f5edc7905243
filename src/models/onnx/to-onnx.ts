/**
 * Models and pipelines as ONNX files, for runtimes in other languages, browsers and services.
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { RunlabError } from "../../errors.js";
import type { Label } from "../../metrics/index.js";
import type { TransformerJSON } from "../../preprocess/index.js";
import { checkOptions } from "../../table/index.js";
import type { ModelDocument } from "../model.js";
import { Frame } from "./frame.js";
import { Graph } from "./graph.js";
import { MODEL_CONVERTERS } from "./model-converters.js";
import { convertStep } from "./step-converters.js";

/** Options of `toOnnx`. */
export interface OnnxOptions {
  /** "columns", the default: an input a column, by its name, [rows, 1]. "matrix": one input "X" [rows, features], where all columns are numbers. */
  inputs?: "columns" | "matrix";
  /** The type of inputs of numbers, booleans and times. Default "double", which gives this library's predictions; "float" rounds what comes in. */
  numbers?: "double" | "float";
  /** Another type for single columns: "int64" for whole numbers that are never missing. */
  types?: Readonly<Record<string, "double" | "float" | "int64">>;
  /** The name of the graph. Default: that of the model's class. */
  name?: string;
}

const OPTIONS: Record<keyof OnnxOptions, true> = { inputs: true, numbers: true, types: true, name: true };

/** A fitted model or pipeline: whatever gives its document. */
export interface OnnxSource {
  readonly name: string;
  toJSON(): unknown;
}

/**
 * A fitted model or pipeline as an ONNX file: every model and every step of this package.
 *
 * Inputs are columns by name: numbers, booleans (0 and 1) and times (milliseconds since 1970) as doubles, NaN where missing;
 * categories as strings, empty where missing. A column that plays no part has no input. Outputs are named as skl2onnx
 * names them: "label" and "probabilities" of a classifier, "variable" of a regressor and of a decomposition, "label" and
 * "scores" of a clustering and of an anomaly detector.
 *
 * Predictions differ from `predict` by rounding only, below 1e-6 and mostly below 1e-12: thresholds and sums are doubles.
 * It takes a runtime that knows opset 18 and, for trees, opset 5 of ai.onnx.ml: onnxruntime 1.20 (2024) or later.
 *
 * When it misleads: what this library refuses with an error (an unknown category under `unknown: "error"`, an infinite number in a
 * linear model) is computed with; a text that is empty counts as missing.
 *
 * @throws RunlabError for a model that is not fitted, and for what ONNX cannot say, with the reason.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3], price: [10, 20, 30] });
 * const bytes = toOnnx(new RidgeRegression().fit(table, { target: "price" }));
 * bytes.length > 100; // true
 */
export function toOnnx(model: OnnxSource, options: OnnxOptions = {}): Uint8Array {
  checkOptions("toOnnx", options, OPTIONS);
  const { inputs = "columns", numbers = "double", types = {}, name } = options;
  if (inputs !== "columns" && inputs !== "matrix") throw new RunlabError("toOnnx: inputs is not one of the known ones", { received: inputs, allowed: '"columns", "matrix"' });
  if (numbers !== "double" && numbers !== "float") throw new RunlabError("toOnnx: numbers is not one of the known types", { received: numbers, allowed: '"double", "float"' });
  for (const type of Object.values(types)) if (!["double", "float", "int64"].includes(type)) throw new RunlabError("toOnnx: types has an unknown type", { received: type, allowed: '"double", "float", "int64"' });
  if (name !== undefined && typeof name !== "string") throw new RunlabError("toOnnx: name is a text", { received: name });
  if (typeof model !== "object" || model === null || typeof model.toJSON !== "function") throw new RunlabError("toOnnx takes a fitted model or pipeline", { received: typeof model });
  const document = model.toJSON() as { format?: unknown };
  const graph = new Graph();
  const chosen = { inputs, numbers, types };
  if (document.format === "runlab.pipeline") {
    const { steps, features, model: last } = document as { steps: TransformerJSON[]; features: string[]; model: ModelDocument };
    const frame = new Frame(graph, features, chosen);
    for (const step of steps) convertStep(frame, step);
    convertModel(frame, last);
  } else if (document.format === "runlab.model") {
    const fitted = document as ModelDocument;
    convertModel(new Frame(graph, fitted.features.map((feature) => feature.name), chosen), fitted);
  } else throw new RunlabError("toOnnx takes a fitted model or pipeline", { received: model.name ?? typeof model });
  return graph.done(name ?? model.name, { name: "runlab", version: "1", about: `${model.name}, fitted by runlab` });
}

/**
 * Writes a fitted model or pipeline as an ONNX file: see `toOnnx`. The file appears whole or not at all.
 *
 * @throws RunlabError as `toOnnx` does, and when the file cannot be written.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3], price: [10, 20, 30] });
 * await writeOnnx(new RidgeRegression().fit(table, { target: "price" }), "data/prices.onnx");
 */
export async function writeOnnx(model: OnnxSource, file: string, options: OnnxOptions = {}): Promise<void> {
  if (typeof file !== "string" || file === "") throw new RunlabError("writeOnnx takes the path of a file", { received: file });
  const bytes = toOnnx(model, options);
  const partial = `${file}.${process.pid}.part`;
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    await writeFile(partial, bytes);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw new RunlabError(`the file ${file} cannot be written`, { received: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
}

function convertModel(frame: Frame, document: ModelDocument): void {
  const converter = Object.hasOwn(MODEL_CONVERTERS, document.estimator) ? MODEL_CONVERTERS[document.estimator] : undefined;
  if (typeof converter !== "function") throw new RunlabError(`${document.estimator} cannot be written as ONNX`, { received: converter?.reason ?? "it has no converter" });
  const state = document.state as Record<string, unknown>;
  converter({ frame, state, params: document.params, features: document.features, classes: (state["classes"] ?? []) as Label[] });
}
