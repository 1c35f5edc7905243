/**
 * The table of estimators: loading, help and the contract suite come from it. To add one: its file, its row here.
 */
import { RunlabError } from "../errors.js";
import { pipelineFromJSON } from "../preprocess/index.js";
import type { Pipeline, PipelineJSON, PipelineModel } from "../preprocess/index.js";
import type { Task } from "../split/index.js";
import { nearest } from "../table/nearest.js";
import { DecisionTreeClassifier } from "./decision-tree-classifier.js";
import { DecisionTreeRegressor } from "./decision-tree-regressor.js";
import { BernoulliNB } from "./bernoulli-nb.js";
import { CategoricalNB } from "./categorical-nb.js";
import { DummyClassifier } from "./dummy-classifier.js";
import { DummyRegressor } from "./dummy-regressor.js";
import { ElasticNet } from "./elastic-net.js";
import type { Estimator } from "./estimator.js";
import { ExtraTreesClassifier } from "./extra-trees-classifier.js";
import { ExtraTreesRegressor } from "./extra-trees-regressor.js";
import { FOREIGN_ESTIMATORS } from "./foreign/table.js";
import { GradientBoostingClassifier } from "./gradient-boosting-classifier.js";
import { GradientBoostingRanker } from "./gradient-boosting-ranker.js";
import { GradientBoostingRegressor } from "./gradient-boosting-regressor.js";
import { GaussianNB } from "./gaussian-nb.js";
import { IsolationForest } from "./isolation-forest.js";
import { KMeans } from "./k-means.js";
import { KNeighborsClassifier } from "./k-neighbors-classifier.js";
import { KNeighborsRegressor } from "./k-neighbors-regressor.js";
import { Lasso } from "./lasso.js";
import { LinearRegression } from "./linear-regression.js";
import { LogisticRegression } from "./logistic-regression.js";
import { MODEL_FORMAT_VERSION, type Model, type ModelDocument, type ModelTask, type UnsupervisedTask } from "./model.js";
import { MultinomialNB } from "./multinomial-nb.js";
import { PCA } from "./pca.js";
import { RandomForestClassifier } from "./random-forest-classifier.js";
import { RandomForestRegressor } from "./random-forest-regressor.js";
import { RidgeRegression } from "./ridge-regression.js";
import type { Unsupervised } from "./unsupervised.js";

/** What every row of the table says. */
interface Row<Task extends ModelTask, Kind> {
  /** Name of the class, as in `import { … } from "runlab"` and in model files. */
  readonly name: string;
  readonly task: Task;
  /** One line for lists and help. */
  readonly summary: string;
  /** True when another seed gives another model. */
  readonly stochastic: boolean;
  /** False when `fit` refuses weights. Default true. */
  readonly weights?: boolean;
  /** Set when not any numbers will do: "counts" are 0 or more. */
  readonly numbers?: "counts";
  create(options?: object): Kind;
}

/** A row for a model that learns a target. */
export type SupervisedRow = Row<Task, Estimator>;

/** A row for a model without a target: "clustering", "decomposition" or "anomaly". */
export type UnsupervisedRow = Row<UnsupervisedTask, Unsupervised>;

/** A row for a model that learns an order within groups. */
export type RankingRow = Row<"ranking", Estimator>;

/** A row of the table of estimators; its `task` tells which kind. */
export type EstimatorRow = SupervisedRow | RankingRow | UnsupervisedRow;

/** True for a model that learns a label or a quantity. */
export function isSupervised(row: EstimatorRow): row is SupervisedRow {
  return row.task === "classification" || row.task === "regression";
}

/** Every estimator, in the order lists show them. */
export const ESTIMATORS: readonly EstimatorRow[] = [
  { name: "RandomForestClassifier", task: "classification", summary: "many randomised trees, averaged", stochastic: true, create: (options = {}) => new RandomForestClassifier(options) },
  { name: "ExtraTreesClassifier", task: "classification", summary: "many trees with cuts drawn at random, averaged", stochastic: true, create: (options = {}) => new ExtraTreesClassifier(options) },
  { name: "DecisionTreeClassifier", task: "classification", summary: "one tree of questions, to be read", stochastic: false, create: (options = {}) => new DecisionTreeClassifier(options) },
  { name: "GradientBoostingClassifier", task: "classification", summary: "trees that each correct the ones before", stochastic: false, create: (options = {}) => new GradientBoostingClassifier(options) },
  { name: "LogisticRegression", task: "classification", summary: "probabilities from a weighted sum", stochastic: false, create: (options = {}) => new LogisticRegression(options) },
  { name: "KNeighborsClassifier", task: "classification", summary: "the most common class among the nearest rows", stochastic: false, weights: false, create: (options = {}) => new KNeighborsClassifier(options) },
  { name: "GaussianNB", task: "classification", summary: "normal distributions a class, columns apart", stochastic: false, create: (options = {}) => new GaussianNB(options) },
  { name: "MultinomialNB", task: "classification", summary: "shares of counts a class", stochastic: false, numbers: "counts", create: (options = {}) => new MultinomialNB(options) },
  { name: "BernoulliNB", task: "classification", summary: "yes or no a class, columns apart", stochastic: false, create: (options = {}) => new BernoulliNB(options) },
  { name: "CategoricalNB", task: "classification", summary: "how common each category is a class", stochastic: false, create: (options = {}) => new CategoricalNB(options) },
  { name: "DummyClassifier", task: "classification", summary: "always the most frequent class: what to beat", stochastic: false, create: (options = {}) => new DummyClassifier(options) },
  { name: "RandomForestRegressor", task: "regression", summary: "many randomised trees, averaged", stochastic: true, create: (options = {}) => new RandomForestRegressor(options) },
  { name: "ExtraTreesRegressor", task: "regression", summary: "many trees with cuts drawn at random, averaged", stochastic: true, create: (options = {}) => new ExtraTreesRegressor(options) },
  { name: "DecisionTreeRegressor", task: "regression", summary: "one tree of questions, to be read", stochastic: false, create: (options = {}) => new DecisionTreeRegressor(options) },
  { name: "GradientBoostingRegressor", task: "regression", summary: "trees that each correct the ones before", stochastic: false, create: (options = {}) => new GradientBoostingRegressor(options) },
  { name: "LinearRegression", task: "regression", summary: "a weighted sum with the least squared error", stochastic: false, create: (options = {}) => new LinearRegression(options) },
  { name: "Lasso", task: "regression", summary: "a weighted sum of a few of the features", stochastic: false, create: (options = {}) => new Lasso(options) },
  { name: "ElasticNet", task: "regression", summary: "between lasso and ridge", stochastic: false, create: (options = {}) => new ElasticNet(options) },
  { name: "RidgeRegression", task: "regression", summary: "a weighted sum with a penalty on the weights", stochastic: false, create: (options = {}) => new RidgeRegression(options) },
  { name: "KNeighborsRegressor", task: "regression", summary: "the mean of the nearest rows", stochastic: false, weights: false, create: (options = {}) => new KNeighborsRegressor(options) },
  { name: "DummyRegressor", task: "regression", summary: "always the mean: what to beat", stochastic: false, create: (options = {}) => new DummyRegressor(options) },
  { name: "GradientBoostingRanker", task: "ranking", summary: "an order within groups, by trees that each correct the ones before", stochastic: false, create: (options = {}) => new GradientBoostingRanker(options) },
  { name: "IsolationForest", task: "anomaly", summary: "rows that random cuts soon leave alone", stochastic: true, weights: false, create: (options = {}) => new IsolationForest(options) },
  { name: "KMeans", task: "clustering", summary: "groups of rows around centres", stochastic: true, create: (options = {}) => new KMeans(options) },
  { name: "PCA", task: "decomposition", summary: "many columns as few that carry most of their variance", stochastic: false, weights: false, create: (options = {}) => new PCA(options) },
];

/**
 * The estimator of that name.
 *
 * @throws RunlabError with the names there are.
 *
 * @example
 * estimatorByName("DummyRegressor").task; // "regression"
 */
export function estimatorByName(name: string): EstimatorRow {
  const row = ESTIMATORS.find((each) => each.name === name);
  if (row !== undefined) return row;
  const names = ESTIMATORS.map((each) => each.name);
  const near = nearest(name, names, 1);
  throw new RunlabError("there is no such estimator", { received: name, allowed: near.length > 0 ? `did you mean ${near[0]}?` : names.join(", ") });
}

/**
 * A fitted model, or a fitted pipeline with its model, from what its `toJSON` gave. Reads data and runs none of it.
 * The type is that of a model with a target, unless the caller names another: `fromJSON<KMeans>(…)`.
 *
 * @throws RunlabError for something that is no model, a newer format, an estimator that is not known, or damaged parts.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2], price: [10, 20] });
 * const model = new DummyRegressor().fit(table, { target: "price" });
 * fromJSON(JSON.parse(JSON.stringify(model))).predict(table)[0]; // 15
 */
export function fromJSON<Kind = Estimator | Pipeline<PipelineModel & Estimator>>(document: unknown): Kind {
  if (isRecord(document) && document.format === "runlab.pipeline") return pipelineFromJSON(document as unknown as PipelineJSON, estimatorFromJSON as (json: unknown) => PipelineModel & Estimator) as Kind;
  return estimatorFromJSON(document) as Kind;
}

function estimatorFromJSON(document: unknown): Model {
  const data = (typeof document === "object" && document !== null ? document : {}) as Partial<ModelDocument>;
  if (data.format !== "runlab.model") throw new RunlabError("this is not a runlab model", { received: data.format === undefined ? "data without a format" : data.format, allowed: 'format "runlab.model"' });
  if (typeof data.version !== "number" || data.version > MODEL_FORMAT_VERSION) {
    throw new RunlabError("the model was written by a newer runlab", { received: `format version ${String(data.version)}`, allowed: `up to ${MODEL_FORMAT_VERSION}; update runlab` });
  }
  const row = FOREIGN_ESTIMATORS.find((each) => each.name === data.estimator) ?? estimatorByName(String(data.estimator));
  const whole = Array.isArray(data.features) && data.features.every(isFeature) && Array.isArray(data.ids)
    && (isSupervised(row) || row.task === "ranking" ? typeof data.target === "string" : data.target === null) && typeof data.rows === "number"
    && isRecord(data.params) && isRecord(data.options) && isRecord(data.state);
  if (!whole) throw new RunlabError(`the model file is damaged: a part of ${row.name} is missing`);
  return (row.create(data.options) as Model).restore(data as ModelDocument);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFeature(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, kind, categories } = value;
  if (typeof name !== "string") return false;
  if (kind === "category") return Array.isArray(categories) && categories.every((each) => typeof each === "string");
  return kind === "number" || kind === "boolean" || kind === "time";
}
