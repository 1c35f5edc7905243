/**
 * A metric as a judge of models: what searches, cross-validation and early stopping choose by.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { checkOptions } from "../table/check-options.js";
import { requireColumn } from "../table/names.js";
import { type Label, codesOf, sortLabels } from "./labels.js";
import type { Metric, MetricValue, Probabilities, RawRows } from "./metric.js";
import { metricByName } from "./table.js";

/** What a scorer asks of a fitted model; every model and pipeline has it. */
export interface Scorable {
  readonly name: string;
  readonly classes?: readonly unknown[];
  predict(data: any): unknown;
  predictProba?(data: any): unknown;
}

/** Rows that know what is to be predicted. */
export interface ScoredRows {
  readonly table: Table;
  readonly target: string;
}

/** A metric with its options, ready to judge. */
export interface Scorer {
  readonly name: string;
  readonly higherIsBetter: boolean;
  readonly metric: Metric;
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * The value for a fitted model on a part.
   *
   * @throws RunlabError when the model cannot give what the metric needs, and as the metric.
   */
  score(model: Scorable, part: ScoredRows, weights?: ArrayLike<number>): number;
  /** As `score`, for predictions that are there already. */
  of(predictions: Predictions, part: ScoredRows, weights?: ArrayLike<number>): MetricValue;
  /** The value for rows that are in numbers already: for every step of a learning curve. Checks nothing but options. */
  raw(rows: RawRows): number;
}

/** What a model said of a part, predicted once for all metrics. */
export interface Predictions {
  /** Labels or quantities. */
  readonly values: ArrayLike<unknown>;
  /** Null when the model gives none. */
  readonly probabilities: Probabilities | null;
  readonly model: string;
}

/** Predicts a part once; probabilities where the model gives them. */
export function predictionsOf(model: Scorable, part: ScoredRows): Predictions {
  if (typeof model.predictProba !== "function" || model.classes === undefined) return { values: model.predict(part) as ArrayLike<unknown>, probabilities: null, model: model.name };
  const probabilities = model.predictProba(part) as Probabilities;
  return { values: likeliest(probabilities), probabilities, model: model.name };
}

/** The most probable class of each row; of equally probable ones the first, as `predict` gives it. */
function likeliest({ classes, values }: Probabilities): Label[] {
  const width = classes.length;
  const labels = new Array<Label>(values.length / width);
  for (let row = 0; row < labels.length; row++) {
    let best = 0;
    for (let c = 1; c < width; c++) if (values[row * width + c] > values[row * width + best]) best = c;
    labels[row] = classes[best];
  }
  return labels;
}

/**
 * The judge of that name.
 *
 * @param name a metric of `METRICS` that compares predictions with a truth.
 * @param options the metric's own, such as `{ average: "macro" }`.
 *
 * @throws RunlabError for a name or an option that does not exist, and for metrics of clusters.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * const part = partOf(table, { target: "kind" });
 * const model = new DummyClassifier().fit(part);
 * scorer("accuracy").score(model, part); // 0.5
 * scorer("rmse").higherIsBetter; // false
 * scorer("rmse").raw({ truth: Float64Array.of(1, 2), predicted: Float64Array.of(1, 4), classes: 0, weights: null }); // 1.4142135623730951
 */
export function scorer(name: string, options: Readonly<Record<string, unknown>> = {}): Scorer {
  const metric = metricByName(name);
  if (metric.raw === null) throw new RunlabError("this metric judges groups, not a model's predictions", { received: name, allowed: "a metric of classification, regression or ranking" });
  checkOptions(name, options as Record<string, unknown>, metric.options as Record<string, true>);
  const raw = metric.raw;
  const of = (predictions: Predictions, { table, target }: ScoredRows, weights?: ArrayLike<number>): MetricValue => {
    const truth = requireColumn(table, target, "target");
    const given = { ...options, ...(weights === undefined ? {} : { weights }) };
    if (metric.predictions === "scores") {
      if (predictions.probabilities === null) throw new RunlabError(`${name} needs probabilities, and ${predictions.model} gives none`, { allowed: "a classifier, or a metric of labels" });
      return metric.compute(truth, predictions.probabilities, given);
    }
    if (metric.predictions === "labels" && predictions.probabilities !== null && options["labels"] === undefined) {
      return metric.compute(truth, predictions.values, { ...given, labels: allClasses(predictions.probabilities.classes, codesOf(truth, target).levels) });
    }
    return metric.compute(truth, predictions.values, given);
  };
  return {
    name,
    higherIsBetter: metric.greaterIsBetter,
    metric,
    options,
    of,
    score: (model, part, weights) => of(predictionsOf(model, part), part, weights).value,
    raw: (rows) => raw(rows, options),
  };
}

/** Classes that the model knows, and those that it never saw: a row of a new class is a mistake, not an error. */
function allClasses(known: readonly Label[], found: readonly Label[]): Label[] {
  return sortLabels([...new Set([...known, ...found])]);
}

/**
 * The metrics that are shown when none are chosen, the main one first.
 *
 * @example
 * defaultMetrics("regression"); // ["rmse", "mae", "r2"]
 */
export function defaultMetrics(task: "classification" | "regression"): string[] {
  return task === "classification" ? ["accuracy", "f1", "rocAuc", "logLoss"] : ["rmse", "mae", "r2"];
}

/**
 * The metric that a learning curve follows and early stopping watches when none is chosen.
 *
 * @example
 * lossMetric("classification"); // "logLoss"
 */
export function lossMetric(task: "classification" | "regression"): string {
  return task === "classification" ? "logLoss" : "rmse";
}
