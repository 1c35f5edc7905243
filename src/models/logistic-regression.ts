/**
 * Logistic regression: probabilities from a weighted sum of the features.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { coresToUse, leaseMemory } from "../kernels/index.js";
import { Classifier } from "./classifier.js";
import { type Fitted, type TrainingData, choiceOption, numberOption } from "./estimator.js";
import { type DesignRecipe, type Preprocess, addScores, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps } from "./linear/design.js";
import { DesignMemory } from "./linear/design-memory.js";
import { LogisticLoss } from "./linear/logistic-loss.js";
import { type Steps, minimise } from "./linear/minimise.js";
import { minimisePenalised } from "./linear/proximal-newton.js";
import { SymmetricSolver } from "./linear/solve.js";
import { fitProgress } from "./progress.js";
import type { ClassTarget } from "./target.js";
import { packArray, unpackArray } from "./typed-json.js";
import { warnNotConverged } from "./warn.js";
import type { ClassWeight } from "./weights.js";

export interface LogisticRegressionOptions {
  /** Inverse strength of the penalty, above 0: smaller pulls coefficients closer to 0. Default 1. */
  C?: number;
  /**
   * "l2", the default, penalises half the sum of squared coefficients; "l1" the sum of absolute ones, which leaves features of no use
   * out; "elasticnet" both, by `l1Ratio`; null nothing.
   */
  penalty?: "l2" | "l1" | "elasticnet" | null;
  /** For "elasticnet": the share that is on absolute coefficients, from 0 to 1. */
  l1Ratio?: number | null;
  /** Most iterations. Default 200. */
  maxIter?: number;
  /** Stop when no slope of the mean loss is larger. Default 1e-8: the coefficients are then exact to about eight digits. */
  tol?: number;
  /** Learn a constant term, which is not penalised. Default true. */
  fitIntercept?: boolean;
  /** "balanced", or a factor for each class by its name. Default null. */
  classWeight?: ClassWeight;
  /**
   * "auto", the default: missing numbers become the median, numbers are scaled to mean 0 and standard deviation 1 (columns of 0
   * and 1 are not), categories become columns of 0 and 1, times count as numbers. "none": numeric columns as they are.
   */
  preprocess?: Preprocess;
  /** Threads; null, the default, takes all cores. The result does not depend on it. */
  nJobs?: number | null;
}

/**
 * Logistic regression for two classes or more (multinomial). Quick, and each coefficient can be read: what a
 * step of one standard deviation adds to the log odds.
 *
 * When it misleads: it sees straight lines only, so a bend or an interaction has to be given as a column; with features that go
 * together single coefficients mean little; because of the penalty coefficients depend on the scale of the columns (hence
 * the scaling). `params.converged` is false when `maxIter` was too small, as on classes that can be told
 * apart perfectly without a penalty.
 *
 * Minimises `C * (sum of log losses) + half the sum of squared coefficients`, as scikit-learn's LogisticRegression
 * does; `preprocess: "none"` gives its coefficients. Newton's method where its few steps are cheaper than the many of
 * L-BFGS; with a penalty on absolute coefficients, coordinate descent within Newton's steps.
 * Categories that were not seen in `fit` set no column.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, a target that is missing in some rows or has one class.
 *
 * Source: D. R. Cox, "The regression analysis of binary sequences" (1958); Nocedal and Wright (2006).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * const model = new LogisticRegression().fit(table, { target: "kind" });
 * model.predict(tableFromColumns({ size: [0, 10] })); // ["small", "big"]
 */
export class LogisticRegression extends Classifier<LogisticRegressionOptions> {
  readonly name = "LogisticRegression";
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #recipe: DesignRecipe | null = null;
  /** Vector after vector: coefficients, then the intercept. */
  #parameters: Float64Array = new Float64Array(0);

  /** Names of the columns that the coefficients belong to, such as `island=Dream`. */
  get columns(): readonly string[] {
    void this.fitted;
    return this.#recipe!.columns;
  }

  /** How the table becomes columns. */
  get recipe(): DesignRecipe {
    void this.fitted;
    return this.#recipe!;
  }

  /** One row a class; of two classes a single row, for the second one. */
  get coefficients(): number[][] {
    const step = this.columns.length + 1;
    return Array.from({ length: this.#parameters.length / step }, (_, k) => Array.from(this.#parameters.subarray(k * step, (k + 1) * step - 1)));
  }

  /** One a row of `coefficients`. */
  get intercepts(): number[] {
    const step = this.columns.length + 1;
    return Array.from({ length: this.#parameters.length / step }, (_, k) => this.#parameters[(k + 1) * step - 1]);
  }

  protected defaults(): LogisticRegressionOptions {
    return { C: 1, penalty: "l2", l1Ratio: null, maxIter: 200, tol: 1e-8, fitIntercept: true, classWeight: null, preprocess: "auto", nJobs: null };
  }

  protected resolve(options: Required<LogisticRegressionOptions>): Record<string, unknown> {
    numberOption("C", options.C, { above: 0 });
    choiceOption("penalty", options.penalty, ["l2", "l1", "elasticnet", null]);
    if (options.penalty === "elasticnet") numberOption("l1Ratio", options.l1Ratio, { least: 0, most: 1 });
    else if (options.l1Ratio !== null) throw new RunlabError('l1Ratio belongs to penalty "elasticnet"', { received: `penalty ${String(options.penalty)}` });
    numberOption("maxIter", options.maxIter, { least: 1, whole: true });
    numberOption("tol", options.tol, { above: 0 });
    choiceOption("fitIntercept", options.fitIntercept, [true, false]);
    choiceOption("preprocess", options.preprocess, ["auto", "none"]);
    coresToUse(options.nJobs);
    return { ...options };
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<LogisticRegressionOptions>;
    const { recipe, design } = learnDesign(training.table, training.features, options.preprocess);
    const lease = leaseMemory();
    try {
      const memory = new DesignMemory(design, lease, coresToUse(options.nJobs));
      const l1Ratio = options.penalty === "l1" ? 1 : options.l1Ratio ?? 0;
      const strength = options.penalty === null ? 0 : 1 / options.C;
      const loss = new LogisticLoss(memory, target.labels, target.classes.length, training.weights, strength * (1 - l1Ratio), options.fitIntercept);
      const progress = fitProgress(`fitting ${this.name}`, options.maxIter);
      const { at, iterations, converged, method } = l1Ratio > 0
        ? minimisePenalised(loss, (strength * l1Ratio) / loss.total, options.maxIter, options.tol, progress)
        : minimise(loss, stepsFor(memory, loss), options.maxIter, options.tol, progress);
      if (!converged) warnNotConverged(this.name, iterations, "raise maxIter or tol, or lower C");
      this.#recipe = recipe;
      this.#parameters = l1Ratio > 0 ? centered(at, loss.vectors, design.width) : centered(at, loss.vectors);
      return { steps: recordSteps(recipe), ignoredColumns: recipe.ignored, method, iterations, converged };
    } finally {
      lease.release();
    }
  }

  protected probabilities(table: Table): Float64Array {
    const design = applyDesign(table, this.fitted.features, this.#recipe!);
    const { rows, width } = design;
    const step = width + 1;
    const vectors = this.#parameters.length / step;
    const scores = Array.from({ length: vectors }, (_, k) => {
      const column = new Float64Array(rows).fill(this.#parameters[k * step + width]);
      addScores(design, this.#parameters, k * step, column);
      return column;
    });
    const classes = this.classes.length;
    const out = new Float64Array(rows * classes);
    for (let i = 0; i < rows; i++) {
      if (vectors === 1) {
        const small = Math.exp(-Math.abs(scores[0][i]));
        const likelier = 1 / (1 + small);
        out[2 * i + (scores[0][i] >= 0 ? 1 : 0)] = likelier;
        out[2 * i + (scores[0][i] >= 0 ? 0 : 1)] = small / (1 + small);
        continue;
      }
      let top = -Infinity;
      for (let k = 0; k < classes; k++) if (scores[k][i] > top) top = scores[k][i];
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        out[i * classes + k] = Math.exp(scores[k][i] - top);
        sum += out[i * classes + k];
      }
      for (let k = 0; k < classes; k++) out[i * classes + k] /= sum;
    }
    return out;
  }

  protected classifierState(): Record<string, unknown> {
    return { design: recipeToJson(this.#recipe!), parameters: packArray(this.#parameters) };
  }

  protected restoreClassifier(state: Record<string, unknown>, _fitted: Fitted): void {
    const recipe = recipeFromJson(state["design"]);
    const parameters = unpackArray(state["parameters"], "float64", "the coefficients");
    const classes = (state["classes"] as unknown[]).length;
    if (parameters.length !== (recipe.columns.length + 1) * (classes === 2 ? 1 : classes)) {
      throw new RunlabError("the model file is damaged: coefficients and columns do not fit", { received: `${parameters.length} for ${recipe.columns.length} columns and ${classes} classes` });
    }
    this.#recipe = recipe;
    this.#parameters = parameters;
  }
}

/**
 * Adding the same to every class's score changes no probability: of all such sets of parameters the one whose classes
 * add up to 0, as the squared penalty demands of the coefficients anyway. A penalty on absolute ones demands another set: then
 * only the intercepts, which stand `from` there on, are free.
 */
function centered(parameters: Float64Array, vectors: number, from = 0): Float64Array {
  if (vectors === 1) return parameters;
  const step = parameters.length / vectors;
  const out = parameters.slice();
  for (let j = from; j < step; j++) {
    let sum = 0;
    for (let k = 0; k < vectors; k++) sum += parameters[k * step + j];
    for (let k = 0; k < vectors; k++) out[k * step + j] -= sum / vectors;
  }
  return out;
}

/** Iterations that each method usually takes. */
const NEWTON_STEPS = 8;
const LBFGS_STEPS = 80;
/** More parameters than this would make a matrix of hundreds of megabytes. */
const MOST_PARAMETERS = 5000;

/** Newton's method where its few costly steps are cheaper than the many cheap ones of L-BFGS. */
function stepsFor(memory: DesignMemory, loss: LogisticLoss): Steps {
  const { rows, numbers, codes, width } = memory.design;
  const entries = numbers.length + codes.length + 1;
  const { vectors, size } = loss;
  const newton = NEWTON_STEPS * (((vectors * (vectors + 1)) / 2) * rows * entries * entries / 2 + (size * size * size) / 3);
  const lbfgs = LBFGS_STEPS * rows * entries * vectors * 2;
  if (newton <= lbfgs && size <= MOST_PARAMETERS) return { method: "newton", solver: new SymmetricSolver(memory, size) };
  if (width >= MOST_PARAMETERS) return { method: "lbfgs", solver: null };
  const solver = new SymmetricSolver(memory, width + 1);
  const bound = new Float64Array((width + 1) * (width + 1));
  loss.bound(bound);
  solver.factor(bound);
  return { method: "lbfgs", solver };
}
