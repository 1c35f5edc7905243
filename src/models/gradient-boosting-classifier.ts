/**
 * Trees that each correct the ones before, for a class.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Label, Probabilities } from "../metrics/index.js";
import type { Part } from "../split/index.js";
import { labelsOf } from "../table/index.js";
import { type BoostedModel, type BoostingFitOptions, type BoostingPredictOptions, iterationsOf, modelFromJson, modelToJson } from "./boosting/boosted-model.js";
import { type Ensemble, importancesOf, rawScores, stagedScores } from "./boosting/ensemble.js";
import { fitBoosting } from "./boosting/fit-boosting.js";
import type { LearningCurves } from "./boosting/learning-curves.js";
import { applyLink } from "./boosting/link.js";
import { type AllObjectiveParameters, type CustomObjective, objectiveRow } from "./boosting/objectives.js";
import { BOOSTING_DEFAULTS, type GradientBoostingOptions, type ResolvedBoosting, recordedOptions, resolveBoosting } from "./boosting/options.js";
import { Classifier } from "./classifier.js";
import type { Fitted, TrainingData } from "./estimator.js";
import { shares } from "./gradient-boosting-regressor.js";
import { numberOption } from "./model.js";
import { type ClassTarget, classTarget } from "./target.js";
import type { ClassWeight } from "./weights.js";

/** Losses of a classifier. */
export type ClassificationObjective = "logistic" | "softmax";

export interface GradientBoostingClassifierOptions extends GradientBoostingOptions {
  /**
   * The loss: "logistic" for two classes and "softmax" for more; default null, by the number of classes. Or a function
   * that gives the derivatives of a loss of one's own, for one raw score with two classes and one a class with more.
   */
  objective?: ClassificationObjective | CustomObjective | null;
  /** "balanced", or a factor for each class by its name. Default null: every row counts the same. */
  classWeight?: ClassWeight;
  /** With two classes, what rows of the second (`classes[1]`) count more in the trees. Default 1. */
  scalePosWeight?: number;
}

/**
 * Gradient boosting for classes: small trees, each fitted to what the ones before leave over. On tables it is mostly
 * the most accurate model there is. Takes categories, dates and missing values as they are; with several classes every
 * round grows a tree for each.
 *
 * When it misleads: too many rounds learn noise and make probabilities too sure, so give `fit` validation rows and
 * `earlyStoppingRounds`; `classWeight` and `scalePosWeight` move probabilities away from frequencies; on a few hundred rows
 * lower `minChildSamples`, or hardly a cut is allowed.
 *
 * The same data, options and seed give the same bits, at any number of threads. Where a run is recorded, its history gets
 * the learning curves: the loss on all validation rows, and on up to 10,000 training rows at up to 50 rounds.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, a target that is missing in some rows or has one class,
 * and validation rows that do not fit. A fit that is stopped leaves the model as it was.
 *
 * Source: J. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001);
 * options, defaults and formulas are LightGBM's (Ke et al., NIPS 2017).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * const model = new GradientBoostingClassifier({ minChildSamples: 1, minDataInBin: 1, seed: 42 }).fit(table, { target: "kind" });
 * model.predict(tableFromColumns({ size: [1, 9] })); // ["small", "big"]
 */
export class GradientBoostingClassifier extends Classifier<GradientBoostingClassifierOptions, BoostingFitOptions<GradientBoostingClassifier>> {
  readonly name = "GradientBoostingClassifier";
  #model: BoostedModel | null = null;

  /** The most probable class of each row, of equally probable ones the first; after the first `iterations` rounds when asked. */
  override predict(data: Part | Table, options: BoostingPredictOptions = {}): Label[] {
    return likeliest(this.predictProba(data, options));
  }

  /** The probability of each class for each row, in the order of `classes`; after the first `iterations` rounds when asked. */
  override predictProba(data: Part | Table, options: BoostingPredictOptions = {}): Probabilities {
    return this.#probabilities(this.predictRaw(data, options));
  }

  /** The sums of the trees before the link, one a row for two classes (log odds of the second), else one a class. */
  predictRaw(data: Part | Table, options: BoostingPredictOptions = {}): Float64Array {
    const model = this.model;
    return rawScores(model.ensemble, this.tableOf(data), iterationsOf(this.name, options, model), this.#nJobs());
  }

  /** The classes predicted after each round, one after another: for looking back at how many rounds were enough. */
  *stagedPredict(data: Part | Table): Generator<Label[]> {
    for (const probabilities of this.stagedPredictProba(data)) yield likeliest(probabilities);
  }

  /** The probabilities after each round, one after another. */
  *stagedPredictProba(data: Part | Table): Generator<Probabilities> {
    for (const scores of stagedScores(this.model.ensemble, this.tableOf(data), this.#nJobs())) yield this.#probabilities(scores.slice());
  }

  /** Round that was best on the first validation rows, counted from 1; null without validation. */
  get bestIteration(): number | null {
    return this.model.bestIteration;
  }

  /** Metrics after each round, by the name of the rows and of the metric. */
  get learningCurves(): LearningCurves {
    return this.model.curves;
  }

  /** Share of each feature in what all cuts gained, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return shares(this.importances("gain"));
  }

  /** What each feature's cuts gained in all, or how many there are, largest first. */
  importances(kind: "gain" | "split" = "gain"): { feature: string; importance: number }[] {
    return importancesOf(this.model.ensemble, this.fitted.features, kind);
  }

  /** What was learned, for explainers. */
  get model(): BoostedModel {
    void this.fitted;
    return this.#model!;
  }

  protected defaults(): GradientBoostingClassifierOptions {
    return { ...BOOSTING_DEFAULTS, objective: null, classWeight: null, scalePosWeight: 1 };
  }

  protected resolve(options: Required<GradientBoostingClassifierOptions>): Record<string, unknown> {
    numberOption("scalePosWeight", options.scalePosWeight, { above: 0, most: Number.MAX_VALUE });
    const { objective } = options;
    const named = objective === null || typeof objective === "function" ? objective : objectiveRow(objective, "classification").name;
    return { ...resolveBoosting(options), objective: named };
  }

  protected override extraFitOptions(): Record<keyof BoostingFitOptions, true> {
    return { validation: true, continueFrom: true };
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as ResolvedBoosting & Required<GradientBoostingClassifierOptions>;
    const classes = target.classes;
    const objective = options.objective ?? (classes.length === 2 ? "logistic" : "softmax");
    if (objective === "logistic" && classes.length > 2) throw new RunlabError('objective "logistic" is for two classes', { received: `${classes.length} classes`, allowed: '"softmax", or null to choose by the number of classes' });
    if (options.scalePosWeight !== 1 && classes.length > 2) throw new RunlabError("scalePosWeight is for two classes", { received: `${classes.length} classes`, allowed: "classWeight" });
    const outputs = objective === "softmax" || classes.length > 2 ? classes.length : 1;
    const parameters: AllObjectiveParameters = { alpha: 0.9, fairC: 1, tweedieVariancePower: 1.5, poissonMaxDeltaStep: 0.7, truncationLevel: 30, normalise: true, classes: classes.length };
    const { scalePosWeight } = options;
    const model = fitBoosting({
      owner: this,
      task: "classification",
      training,
      target: Float64Array.from(target.labels),
      weights: training.weights,
      gradientWeights: scalePosWeight === 1 ? null : training.weights.map((weight, i) => (target.labels[i] === 1 ? weight * scalePosWeight : weight)),
      groups: null,
      classes,
      objective,
      parameters,
      options,
      outputs,
      customLink: outputs === 1 ? "logistic" : "softmax",
      customLoss: "logLoss",
      readTarget: (table) => codesAmong(table, training.target, classes),
      arrange: null,
      ensembleIn: (other) => (other instanceof GradientBoostingClassifier ? sameClasses(other, classes) : null),
    });
    this.#model = model;
    return recordedOptions({ objective: options.objective === null ? objective : options.objective, evalMetric: options.evalMetric });
  }

  protected probabilities(table: Table): Float64Array {
    return this.predictProba(table).values;
  }

  protected classifierState(): Record<string, unknown> {
    return modelToJson(this.model);
  }

  protected restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void {
    const classes = (state["classes"] as unknown[]).length;
    const model = modelFromJson(state, fitted.features, null);
    const { outputs } = model.ensemble;
    if (outputs !== classes && !(classes === 2 && outputs === 1)) throw new RunlabError("the model file is damaged: its outputs do not fit its classes");
    this.#model = model;
  }

  /** Raw scores, used up, to a probability a class. */
  #probabilities(raw: Float64Array): Probabilities {
    const { link, outputs } = this.model.ensemble;
    const values = applyLink(link, raw, outputs);
    if (outputs > 1) return { classes: this.classes, values };
    const both = new Float64Array(2 * values.length);
    for (let i = 0; i < values.length; i++) {
      both[2 * i] = 1 - values[i];
      both[2 * i + 1] = values[i];
    }
    return { classes: this.classes, values: both };
  }

  #nJobs(): number | null {
    return this.fitted.params["nJobs"] as number | null;
  }
}

/** The labels of a table's rows as places among the classes of a fit. */
function codesAmong(table: Table, target: string, classes: readonly Label[]): Float64Array {
  const { codes, levels } = labelsOf(table, target);
  const missing = codes.reduce((count, code) => (code < 0 ? count + 1 : count), 0);
  if (missing > 0) throw new RunlabError(`target ${JSON.stringify(target)} is missing in ${missing} of ${codes.length} rows`, { allowed: "dropMissing(table, [target])" });
  const place = levels.map((level) => {
    const at = classes.indexOf(level);
    if (at < 0) throw new RunlabError(`target ${JSON.stringify(target)} holds a class that does not occur in the training rows`, { received: level, allowed: classes.map(String).slice(0, 12).join(", ") });
    return at;
  });
  return Float64Array.from(codes, (code) => place[code]);
}

function sameClasses(other: GradientBoostingClassifier, classes: readonly Label[]): Ensemble {
  const before = other.classes;
  if (before.length !== classes.length || before.some((label, i) => label !== classes[i])) {
    throw new RunlabError("continueFrom was fitted on other classes", { received: before.map(String).slice(0, 12).join(", "), allowed: classes.map(String).slice(0, 12).join(", ") });
  }
  return other.model.ensemble;
}

function likeliest({ classes, values }: Probabilities): Label[] {
  const width = classes.length;
  const labels = new Array<Label>(values.length / width);
  for (let row = 0; row < labels.length; row++) {
    let best = 0;
    for (let k = 1; k < width; k++) if (values[row * width + k] > values[row * width + best]) best = k;
    labels[row] = classes[best];
  }
  return labels;
}
