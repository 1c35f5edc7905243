/**
 * The models to beat as ONNX: they take the columns and look at none of them.
 */
import type { Conversion } from "./conversion.js";
import type { Frame } from "./frame.js";
import type { FeatureSpec } from "../features.js";
import { classOutputs, constantRows, numberOutput } from "./outputs.js";

export function dummyClassifier({ frame, state, features, classes }: Conversion): void {
  classOutputs(frame.graph, constantRows(frame.graph, anyColumn(frame, features), state["shares"] as number[]), classes);
}

export function dummyRegressor({ frame, state, features }: Conversion): void {
  numberOutput(frame.graph, constantRows(frame.graph, anyColumn(frame, features), [state["mean"] as number]));
}

/** A column that tells how many rows there are. */
function anyColumn(frame: Frame, features: readonly FeatureSpec[]): string {
  const number = features.find((feature) => feature.kind !== "category");
  return number === undefined ? frame.codes(features[0].name, [], [], 0, 0) : frame.numbers([number.name]);
}
