/**
 * Linear regression: a quantity as a weighted sum of the features.
 */
import { LINEAR_DEFAULTS, type LinearOptions, type LinearSolution, LinearRegressor } from "./linear/linear-regressor.js";
import { leastSquares } from "./linear/least-squares.js";
import type { NormalEquations } from "./linear/normal-equations.js";

export type LinearRegressionOptions = LinearOptions;

/**
 * Ordinary least squares: the weighted sum of the features with the smallest squared error. Quick, without anything to
 * tune, and each coefficient can be read: what a step of one standard deviation adds to the target.
 *
 * When it misleads: it sees straight lines only; a few rows far out can turn the line; with features that go together
 * single coefficients mean little, and with about as many columns as rows it learns the rows by heart: take
 * `RidgeRegression` or `Lasso` then.
 *
 * Where columns determine one another (every category of a column beside a constant term, to begin with) many sets of coefficients fit
 * equally well; of these it takes the one with the smallest sum of squares, as scikit-learn's LinearRegression does, whose
 * coefficients `preprocess: "none"` gives. `params.rank` counts the columns that are independent.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and a target that is missing in some rows or no number.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3], price: [10, 20, 30] });
 * new LinearRegression().fit(table, { target: "price" }).predict(tableFromColumns({ size: [4] }))[0]; // about 40
 */
export class LinearRegression extends LinearRegressor<LinearRegressionOptions> {
  readonly name = "LinearRegression";

  protected defaults(): LinearRegressionOptions {
    return { ...LINEAR_DEFAULTS };
  }

  protected resolve(options: Required<LinearRegressionOptions>): Record<string, unknown> {
    this.checkLinear(options);
    return { ...options };
  }

  protected solve({ gram, right }: NormalEquations): LinearSolution {
    const { coefficients, rank } = leastSquares(gram, right);
    return { coefficients, learned: { rank } };
  }
}
