/**
 * Ridge regression: a quantity as a weighted sum of the features, with a penalty on the weights.
 */
import { RunlabError } from "../errors.js";
import { numberOption } from "./estimator.js";
import { LINEAR_DEFAULTS, type LinearOptions, type LinearSolution, LinearRegressor } from "./linear/linear-regressor.js";
import { leastSquares } from "./linear/least-squares.js";
import type { NormalEquations } from "./linear/normal-equations.js";
import { SymmetricSolver } from "./linear/solve.js";

export interface RidgeRegressionOptions extends LinearOptions {
  /** Strength of the penalty, 0 or more. 0 is ordinary least squares. Default 1. */
  alpha?: number;
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
export class RidgeRegression extends LinearRegressor<RidgeRegressionOptions> {
  readonly name = "RidgeRegression";

  protected defaults(): RidgeRegressionOptions {
    return { alpha: 1, ...LINEAR_DEFAULTS };
  }

  protected resolve(options: Required<RidgeRegressionOptions>): Record<string, unknown> {
    numberOption("alpha", options.alpha, { least: 0, most: Number.MAX_VALUE });
    this.checkLinear(options);
    return { ...options };
  }

  protected solve({ width, gram, right, memory }: NormalEquations, params: Record<string, unknown>): LinearSolution {
    const alpha = params["alpha"] as number;
    for (let j = 0; j < width; j++) gram[j * width + j] += alpha;
    if (alpha === 0) {
      const { coefficients, rank } = leastSquares(gram, right);
      if (rank === width) return { coefficients };
    }
    const solver = new SymmetricSolver(memory, width);
    const coefficients = alpha > 0 && solver.factor(gram) ? solver.solve(right) : null;
    if (coefficients === null) {
      throw new RunlabError("without a penalty there is no single best line: some columns determine others", { received: `alpha ${alpha}`, allowed: "alpha above 0, such as 1e-6, fewer columns, or LinearRegression" });
    }
    return { coefficients };
  }
}
