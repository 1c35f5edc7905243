/**
 * What a metric is: a row of the table of metrics.
 */
import { announce } from "../observe/index.js";
import { checkOptions } from "../table/check-options.js";

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
 * - labels: the class (or the cluster) itself;
 * - numbers: a quantity (or, for a ranking, a score to sort by);
 * - scores: the probability (or any score) of the positive class, or `Probabilities`.
 */
export type PredictionKind = "labels" | "numbers" | "scores";

/**
 * What is judged:
 * - classification, regression: predictions against the truth;
 * - ranking: an order against how relevant each row is;
 * - clustering: groups, against other groups or against the points that were grouped.
 */
export type MetricTask = "classification" | "regression" | "ranking" | "clustering";

/** Rows as a learning loop holds them: nothing is looked up, copied or announced. */
export interface RawRows {
  /** Codes 0 to `classes` - 1, or quantities. */
  truth: Int32Array | Float64Array | Float32Array | Uint8Array;
  /**
   * Quantities; or probabilities, `classes` a row. For two classes one a row, of class 1, is enough.
   */
  predicted: Float64Array;
  /** How many classes there are; 0 for quantities. */
  classes: number;
  /** How much each row counts; null when all count the same. */
  weights: Float64Array | null;
}

/** A row of the table of metrics. */
export interface Metric {
  name: string;
  /** One line for lists and help. */
  summary: string;
  task: MetricTask;
  predictions: PredictionKind;
  /** What the first argument of `compute` is: true values, or the points that were grouped. */
  against: "truth" | "points";
  greaterIsBetter: boolean;
  /** The value of a prediction without a fault; null when there is no such value. */
  perfect: number | null;
  /** The options it has, as keys; any other is refused. */
  options: Readonly<Record<string, true>>;
  /**
   * The value, and what was implied in computing it (averaging, positive class). Announces nothing.
   *
   * @throws RunlabError for an option that does not exist, when lengths differ, there is nothing to compare, a value is
   * missing, or weights are negative or all 0.
   */
  compute(truth: any, predicted: any, options?: any): MetricValue;
  /**
   * The same value from rows that are in numbers already, for loops that compute it at every step; null where there is
   * none. The numbers themselves are not checked.
   */
  raw: ((rows: RawRows, options?: any) => number) | null;
}

export interface MetricValue {
  value: number;
  details: Record<string, unknown>;
}

/** A metric that refuses options it does not have. */
export function checked(metric: Metric): Metric {
  return {
    ...metric,
    compute(truth: unknown, predicted: unknown, options: object = {}) {
      checkOptions(metric.name, options, metric.options as Record<keyof typeof options, true>);
      return metric.compute(truth, predicted, options);
    },
  };
}

/** Computes a metric called in the user's own code, and announces it to the run. */
export function announced(metric: Metric, truth: unknown, predicted: unknown, options: object = {}): number {
  const { value, details } = metric.compute(truth, predicted, options);
  announce({ type: "metric", name: metric.name, value, source: "function", greaterIsBetter: metric.greaterIsBetter, details });
  return value;
}
