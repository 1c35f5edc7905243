/**
 * What linear regressions share: a quantity as a weighted sum of columns, and how it is kept.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { coresToUse, leaseMemory } from "../../kernels/index.js";
import { type Fitted, type TrainingData, choiceOption } from "../estimator.js";
import { Regressor } from "../regressor.js";
import type { NumberTarget } from "../target.js";
import { packArray, unpackArray } from "../typed-json.js";
import { type DesignRecipe, type Preprocess, addScores, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps } from "./design.js";
import { type NormalEquations, normalEquations } from "./normal-equations.js";

/** Options that every linear regression has. */
export interface LinearOptions {
  /** Learn a constant term, which is not penalised. Default true. */
  fitIntercept?: boolean;
  /** As for `LogisticRegression`. Default "auto". */
  preprocess?: Preprocess;
  /** Threads; null, the default, takes all cores. The result does not depend on it. */
  nJobs?: number | null;
}

/** The defaults of `LinearOptions`. */
export const LINEAR_DEFAULTS = { fitIntercept: true, preprocess: "auto", nJobs: null } as const;

/** Products of all columns are kept: more columns than this would take gigabytes. */
const MOST_COLUMNS = 8000;

/** Coefficients, and what the record says of how they were found. */
export interface LinearSolution {
  readonly coefficients: Float64Array;
  readonly learned?: Record<string, unknown>;
}

/** A linear regression: the subclass finds the coefficients. */
export abstract class LinearRegressor<Options extends LinearOptions> extends Regressor<Options> {
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #recipe: DesignRecipe | null = null;
  #coefficients: Float64Array = new Float64Array(0);
  #intercept = 0;

  /** Names of the columns that the coefficients belong to, such as `island=Dream`. */
  get columns(): readonly string[] {
    void this.fitted;
    return this.#recipe!.columns;
  }

  get coefficients(): number[] {
    void this.fitted;
    return Array.from(this.#coefficients);
  }

  get intercept(): number {
    void this.fitted;
    return this.#intercept;
  }

  /** How the table becomes columns: what the coefficients multiply. */
  get recipe(): DesignRecipe {
    void this.fitted;
    return this.#recipe!;
  }

  /** The coefficients for these sums over the rows. */
  protected abstract solve(equations: NormalEquations, params: Record<string, unknown>): LinearSolution;

  /** Checks the options of `LinearOptions`. */
  protected checkLinear(options: Required<LinearOptions>): void {
    choiceOption("fitIntercept", options.fitIntercept, [true, false]);
    choiceOption("preprocess", options.preprocess, ["auto", "none"]);
    coresToUse(options.nJobs);
  }

  protected learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<LinearOptions>;
    const { recipe, design } = learnDesign(training.table, training.features, options.preprocess);
    if (design.width > MOST_COLUMNS) throw new RunlabError(`${this.name} takes up to ${MOST_COLUMNS} columns`, { received: `${design.width}, categories spread out`, allowed: "fewer features or categories, such as oneHot({ minFrequency: 10 }) in a pipeline" });
    const lease = leaseMemory();
    try {
      const weights = training.weighted && training.weights.some((weight) => weight !== 1) ? training.weights : null;
      const equations = normalEquations(design, target.values, weights, options.fitIntercept, lease, coresToUse(options.nJobs));
      const { coefficients, learned } = this.solve(equations, params);
      let intercept = equations.targetMean;
      for (let j = 0; j < design.width; j++) intercept -= coefficients[j] * equations.means[j];
      this.#recipe = recipe;
      this.#coefficients = coefficients;
      this.#intercept = options.fitIntercept ? intercept : 0;
      return { steps: recordSteps(recipe), ignoredColumns: recipe.ignored, ...learned };
    } finally {
      lease.release();
    }
  }

  protected quantities(table: Table): Float64Array {
    const design = applyDesign(table, this.fitted.features, this.#recipe!);
    const out = new Float64Array(design.rows).fill(this.#intercept);
    addScores(design, this.#coefficients, 0, out);
    return out;
  }

  protected regressorState(): Record<string, unknown> {
    return { design: recipeToJson(this.#recipe!), coefficients: packArray(this.#coefficients), intercept: this.#intercept };
  }

  protected restoreRegressor(state: Record<string, unknown>, _fitted: Fitted): void {
    const recipe = recipeFromJson(state["design"]);
    const coefficients = unpackArray(state["coefficients"], "float64", "the coefficients");
    const { intercept } = state;
    if (coefficients.length !== recipe.columns.length || typeof intercept !== "number") throw new RunlabError("the model file is damaged: coefficients and columns do not fit");
    this.#recipe = recipe;
    this.#coefficients = coefficients;
    this.#intercept = intercept;
  }
}
