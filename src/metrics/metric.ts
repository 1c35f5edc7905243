/**
 * What a metric is: a row of the table of metrics.
 */
import { announce } from "../observe/index.js";

/** A column of values to compare: an array, a typed array or an Arrow vector. */
export type Values<T = string | number | boolean | bigint | null> = ArrayLike<T> | Float64Array | Float32Array | Int32Array | BigInt64Array | VectorLike;

/** What a metric needs of an Arrow vector. */
export interface VectorLike {
  readonly length: number;
  readonly type: unknown;
  get(index: number): unknown;
}

/** Predicted probabilities: one row a sample, one column a class, in the order of `classes`. */
export interface Probabilities {
  classes: readonly (string | number | boolean)[];
  /** Row-major: the probability of class c for sample i is `values[i * classes.length + c]`. */
  values: Float64Array;
}

/**
 * What the predictions are:
 * - labels: the class itself;
 * - numbers: a quantity;
 * - scores: the probability (or any score) of the positive class, or `Probabilities`.
 */
export type PredictionKind = "labels" | "numbers" | "scores";

/** A row of the table of metrics. */
export interface Metric {
  name: string;
  /** One line for lists and help. */
  summary: string;
  task: "classification" | "regression";
  predictions: PredictionKind;
  greaterIsBetter: boolean;
  /** The value of a prediction without a fault. */
  perfect: number;
  /**
   * The value, and what was implied in computing it (averaging, positive class). Announces nothing.
   *
   * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
   */
  compute(truth: any, predicted: any, options?: any): MetricValue;
}

export interface MetricValue {
  value: number;
  details: Record<string, unknown>;
}

/** Computes a metric called in the user's own code, and announces it to the run. */
export function announced(metric: Metric, truth: unknown, predicted: unknown, options: object = {}): number {
  const { value, details } = metric.compute(truth, predicted, options);
  announce({ type: "metric", name: metric.name, value, source: "function", greaterIsBetter: metric.greaterIsBetter, details });
  return value;
}
