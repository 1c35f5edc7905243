/**
 * How well a model does on rows that it has not seen, and everything a run keeps of it.
 */
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { METRICS, type Label, type Metric, type Probabilities, classCounts, confusionMatrix } from "../metrics/index.js";
import { positiveClass } from "../metrics/inputs.js";
import { announce, observed } from "../observe/index.js";
import { confusionMatrixPlot, residualPlot } from "../plots/index.js";
import { type Part, isPart } from "../split/index.js";
import { checkOptions, labelsOf, missingIn, numbersOf, requireColumn, select, vectorOf } from "../table/index.js";
import { Evaluation, type JudgedTask } from "./evaluation.js";
import { holdoutTable } from "./holdout-table.js";
import { inputSchema } from "./input-schema.js";
import { predictionList } from "./prediction-list.js";

/** What `evaluate` asks of a model: every estimator has it, and so has a pipeline. */
export interface Evaluable {
  readonly name: string;
  readonly task: JudgedTask;
  /** Of a ranking, the column that says which rows belong together. */
  readonly group?: string;
  /** What is known since `fit`. */
  readonly fitted: { readonly target: string; readonly ids?: readonly string[] };
  readonly featureNames: readonly string[];
  /** What a category that was not seen counts as. Default "missing". */
  readonly unknownCategories?: string;
  predict(data: Part | Table): ArrayLike<unknown>;
  predictProba?(data: Part | Table): Probabilities;
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** The column that holds the truth. Default: the one the model was fitted on. */
  target?: string;
  /** The positive class of two. Default: true, 1, or the later of the two in order. */
  positive?: Label;
}

const OPTIONS: Record<keyof EvaluateOptions, true> = { target: true, positive: true };

/** Which metrics are reported, the main one first. */
const REPORTED: Record<JudgedTask, readonly string[]> = {
  classification: ["accuracy", "f1", "rocAuc", "logLoss"],
  regression: ["rmse", "mae", "r2"],
  ranking: ["ndcg"],
};

/**
 * Predicts the rows of `test` and reports how well: accuracy, F1 (of the positive class of two, else the mean over
 * classes), ROC-AUC (two classes) and log loss; or RMSE, MAE and R2; or, for an order within groups, NDCG. A run keeps the metrics with sample sizes and class balance, the
 * confusion matrix or a plot of residuals, a table of all predictions, the same as a short list in CSV,
 * the rows as the model got them (features and ids, no target), and the schema that the model expects.
 *
 * When it misleads: rows that the model was fitted on, or near copies of them, flatter it; a metric on few rows is
 * mostly luck (with 100 rows an accuracy of 0.9 is good to about 0.06 either way); accuracy says little when one class is rare.
 *
 * @param test a part made by `split`, or a table that holds the features and the target.
 *
 * @returns an `Evaluation`: a cell that ends in `evaluate(model, test)` shows it as a table.
 *
 * @throws RunlabError for an option that does not exist, when the model has not been fitted, columns are missing, there are no rows, or the truth is missing in
 * some of them.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * const model = new RandomForestClassifier({ nEstimators: 10, seed: 42 }).fit(table, { target: "kind" });
 * evaluate(model, table).metrics.accuracy; // 1
 */
export function evaluate(model: Evaluable, test: Part | Table, options: EvaluateOptions = {}): Evaluation {
  if (typeof model?.predict !== "function") throw new RunlabError("evaluate takes a fitted model and the rows to predict", { received: model === undefined ? "nothing" : typeof model, allowed: "evaluate(model, test)" });
  checkOptions("evaluate", options, OPTIONS);
  const target = options.target ?? model.fitted.target;
  if (test === undefined || test === null) throw new RunlabError("evaluate needs rows to predict", { received: String(test), allowed: "evaluate(model, test)" });
  const table = isPart(test) ? test.table : test;
  const truth = requireColumn(table, target, "target");
  if (table.numRows === 0) throw new RunlabError("evaluate needs at least one row", { received: "a table without rows" });
  const missing = missingIn(truth);
  if (missing !== null) {
    throw new RunlabError(`a prediction without a truth cannot be judged; ${JSON.stringify(target)} is missing in ${missing.reduce((sum, each) => sum + each, 0)} of ${table.numRows} rows`);
  }
  const rows = isPart(test) ? test.rows : null;
  const ids = (model.fitted.ids ?? []).filter((id) => table.getChild(id) !== null);
  const evaluation = model.task === "classification"
    ? classification(model, table, truth, rows, target, ids, options)
    : model.task === "ranking"
      ? ranking(model, table, truth, rows, target, ids)
      : regression(model, table, truth, rows, target, ids);
  announce({ type: "schema", schema: { ...inputSchema(table, model.featureNames, model.fitted.ids ?? [], target, model.unknownCategories ?? "missing") } });
  return evaluation;
}

function classification(model: Evaluable, table: Table, truth: Vector, rows: Uint32Array | null, target: string, ids: readonly string[], options: EvaluateOptions): Evaluation {
  const probabilities = typeof model.predictProba === "function" ? model.predictProba(table) : null;
  const predicted = (probabilities === null ? model.predict(table) : likeliest(probabilities)) as Label[];
  const seen = (probabilities?.classes ?? []) as readonly Label[];
  const occurring = labelsOf(truth, target).levels;
  const strange = probabilities === null ? [] : occurring.filter((label) => !seen.includes(label));
  const labels = probabilities === null ? undefined : [...seen, ...strange];
  const balance = classCounts(truth);
  const notes: string[] = [];
  if (strange.length > 0) notes.push(`${strange.map(String).slice(0, 5).join(", ")}: not among the classes the model was fitted on; no log loss or ROC-AUC`);
  const details = { rows: table.numRows, classBalance: Object.fromEntries(balance.map(({ label, count }) => [String(label), count])) };
  const metrics = report("classification", details, (metric) => {
    if (metric.name === "rocAuc" && seen.length !== 2) return null;
    if (metric.predictions === "scores") {
      if (probabilities === null || strange.length > 0) return null;
      if (metric.name === "rocAuc" && occurring.length < 2) {
        notes.push("only one class occurs: no ROC-AUC");
        return null;
      }
      return metric.compute(truth, probabilities, { positive: options.positive });
    }
    if (metric.name === "f1" && (labels ?? occurring).length === 2) return metric.compute(truth, predicted, { labels, positive: options.positive });
    return metric.compute(truth, predicted, metric.name === "f1" ? { labels, average: "macro" } : { labels });
  });
  const confusion = confusionMatrix(truth, predicted, { labels });
  if (observed()) {
    announce({ type: "plot", name: "confusion_matrix", spec: { ...confusionMatrixPlot(confusion) } });
    const positive = seen.length === 2 && (options.positive === undefined || seen.includes(options.positive)) ? positiveClass(seen, options.positive) : null;
    announceTables({ model, table, rows, truth, predicted, probabilities, positive, residuals: null, ids, target });
  }
  return new Evaluation({ model: model.name, task: "classification", target, rows: table.numRows, ...metrics, confusion, classBalance: balance, notes });
}

function regression(model: Evaluable, table: Table, truth: Vector, rows: Uint32Array | null, target: string, ids: readonly string[]): Evaluation {
  const predicted = model.predict(table) as Float64Array;
  const actual = numbersOf(truth, target);
  const notes: string[] = [];
  const metrics = report("regression", { rows: table.numRows }, (metric) => {
    if (metric.name === "r2" && actual.length < 2) {
      notes.push("R2 needs two rows or more");
      return null;
    }
    return metric.compute(actual, predicted, {});
  });
  if (observed()) {
    const residuals = actual.map((value, i) => value - predicted[i]);
    announce({ type: "plot", name: "residuals", spec: { ...residualPlot(actual, predicted) } });
    announceTables({ model, table, rows, truth, predicted, probabilities: null, positive: null, residuals, ids, target });
  }
  return new Evaluation({ model: model.name, task: "regression", target, rows: table.numRows, ...metrics, confusion: null, classBalance: null, notes });
}

function ranking(model: Evaluable, table: Table, truth: Vector, rows: Uint32Array | null, target: string, ids: readonly string[]): Evaluation {
  const groups = requireColumn(table, model.group ?? "", "group column");
  const predicted = model.predict(table) as Float64Array;
  const metrics = report("ranking", { rows: table.numRows, group: model.group }, (metric) => metric.compute(numbersOf(truth, target), predicted, { groups, gain: "exponential" }));
  if (observed()) announceTables({ model, table, rows, truth, predicted, probabilities: null, positive: null, residuals: null, ids, target });
  return new Evaluation({ model: model.name, task: "ranking", target, rows: table.numRows, ...metrics, confusion: null, classBalance: null, notes: [] });
}

/** What was predicted of which rows. */
interface Predictions {
  readonly model: Evaluable;
  readonly table: Table;
  readonly rows: Uint32Array | null;
  readonly truth: Vector;
  readonly predicted: Label[] | Float64Array;
  readonly probabilities: Probabilities | null;
  readonly positive: number | null;
  readonly residuals: Float64Array | null;
  readonly ids: readonly string[];
  readonly target: string;
}

/** The predictions in full and as a list, and the rows as the model got them. */
function announceTables({ model, table, rows, truth, predicted, probabilities, positive, residuals, ids, target }: Predictions): void {
  const row = vectorOf(rows ?? Uint32Array.from({ length: table.numRows }, (_, i) => i), "row");
  const prediction = vectorOf(predicted as Float64Array, "prediction");
  const features = model.featureNames;
  announce({ type: "table", name: "holdout_predictions", table: holdoutTable({ table, row, truth, prediction, probabilities, residuals, ids, features }) });
  announce({ type: "table", name: "holdout_input", table: select(table, [...ids, ...features]) });
  announce({ type: "table", name: "predictions", format: "csv", table: predictionList({ table, row, truth, prediction, predicted, probabilities, positive, target }) });
}

/** Computes and announces the metrics of a task, in order; null leaves one out. */
function report(task: JudgedTask, details: Record<string, unknown>, compute: (metric: Metric) => { value: number; details: Record<string, unknown> } | null): { metrics: Record<string, number>; greaterIsBetter: Record<string, boolean> } {
  const metrics: Record<string, number> = {};
  const greaterIsBetter: Record<string, boolean> = {};
  for (const name of REPORTED[task]) {
    const metric = METRICS.find((each) => each.name === name)!;
    const found = compute(metric);
    if (found === null) continue;
    metrics[name] = found.value;
    greaterIsBetter[name] = metric.greaterIsBetter;
    announce({ type: "metric", name, value: found.value, source: "evaluate", greaterIsBetter: metric.greaterIsBetter, details: { ...found.details, ...details } });
  }
  return { metrics, greaterIsBetter };
}

/** The most probable class of each row, as `predict` gives it, without predicting twice. */
function likeliest({ classes, values }: Probabilities): Label[] {
  const width = classes.length;
  return Array.from({ length: values.length / width }, (_, row) => {
    let best = 0;
    for (let k = 1; k < width; k++) if (values[row * width + k] > values[row * width + best]) best = k;
    return classes[best];
  });
}
