/**
 * Ridge regression: a quantity as a weighted sum of the features, with a penalty on the weights.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { type Fitted, type TrainingData, choiceOption, numberOption } from "./estimator.js";
import { type DesignRecipe, type Preprocess, addProducts, addScores, addColumns, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps } from "./linear/design.js";
import { solveSymmetric } from "./linear/solve.js";
import { Regressor } from "./regressor.js";
import type { NumberTarget } from "./target.js";
import { packArray, unpackArray } from "./typed-json.js";

export interface RidgeRegressionOptions {
  /** Strength of the penalty, 0 or more. 0 is ordinary least squares. Default 1. */
  alpha?: number;
  /** Learn a constant term, which is not penalised. Default true. */
  fitIntercept?: boolean;
  /** As for `LogisticRegression`. Default "auto". */
  preprocess?: Preprocess;
}

/**
 * Linear regression with a penalty on the squared coefficients. Quick, exact, and each coefficient can be read: what a step of
 * one standard deviation adds to the target.
 *
 * When it misleads: it sees straight lines only; a few rows far out can turn the line; with features that go together single
 * coefficients mean little; because of the penalty coefficients depend on the scale of the columns (hence the scaling).
 *
 * Minimises `sum of squared errors + alpha * sum of squared coefficients`, as scikit-learn's Ridge does, in closed form by
 * Cholesky; `preprocess: "none"` gives its coefficients.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, a target that is missing in some rows or no number, and for
 * `alpha: 0` when columns determine one another.
 *
 * Source: A. E. Hoerl and R. W. Kennard, "Ridge regression", Technometrics 12 (1970).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3], price: [10, 20, 30] });
 * new RidgeRegression({ alpha: 0 }).fit(table, { target: "price" }).predict(tableFromColumns({ size: [4] }))[0]; // about 40
 */
export class RidgeRegression extends Regressor<RidgeRegressionOptions> {
  readonly name = "RidgeRegression";
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #recipe: DesignRecipe | null = null;
  #coefficients: Float64Array = new Float64Array(0);
  #intercept = 0;

  /** Names of the columns that the coefficients belong to, such as `island_Dream`. */
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

  protected defaults(): RidgeRegressionOptions {
    return { alpha: 1, fitIntercept: true, preprocess: "auto" };
  }

  protected resolve(options: Required<RidgeRegressionOptions>): Record<string, unknown> {
    numberOption("alpha", options.alpha, { least: 0 });
    choiceOption("fitIntercept", options.fitIntercept, [true, false]);
    choiceOption("preprocess", options.preprocess, ["auto", "none"]);
    return { ...options };
  }

  protected learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<RidgeRegressionOptions>;
    const { recipe, design } = learnDesign(training.table, training.features, options.preprocess);
    const { weights } = training;
    const { width, rows, denseColumns } = design;
    const d = denseColumns.length;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const means = new Float64Array(width);
    let targetMean = 0;
    if (options.fitIntercept) {
      addColumns(design, weights, 0, means);
      for (let j = 0; j < width; j++) means[j] /= total;
      for (let i = 0; i < rows; i++) targetMean += weights[i] * target.values[i];
      targetMean /= total;
    }
    // Dense columns are centred before their products are summed: afterwards large means would have eaten the digits.
    const centered = { ...design, dense: design.dense.slice() };
    for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) centered.dense[i * d + j] -= means[denseColumns[j]];
    const left = new Float64Array(width).fill(0);
    if (options.fitIntercept) addColumns(centered, weights, 0, left);
    const products = new Float64Array((width + 1) * (width + 1));
    addProducts(centered, weights, products);
    const matrix = new Float64Array(width * width);
    for (let a = 0; a < width; a++) {
      for (let b = 0; b <= a; b++) matrix[a * width + b] = products[a * (width + 1) + b] - (left[a] * left[b]) / total;
      matrix[a * width + a] += options.alpha;
    }
    const right = new Float64Array(width);
    addColumns(centered, target.values.map((value, i) => weights[i] * (value - targetMean)), 0, right);
    const solved = solveSymmetric(matrix, right);
    if (solved === null) {
      throw new RunlabError("without a penalty there is no single best line: some columns determine others", { received: `alpha ${options.alpha}`, allowed: "alpha above 0, such as 1e-6, or fewer columns" });
    }
    let intercept = targetMean;
    for (let j = 0; j < width; j++) intercept -= solved[j] * means[j];
    this.#recipe = recipe;
    this.#coefficients = solved;
    this.#intercept = options.fitIntercept ? intercept : 0;
    return { steps: recordSteps(recipe), ignoredColumns: recipe.ignored };
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
