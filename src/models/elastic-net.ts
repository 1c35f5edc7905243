/**
 * Elastic net: a quantity as a weighted sum of the features, with a penalty that leaves out those of no use.
 */
import { type PenalisedOptions, PenalisedRegressor } from "./linear/penalised-regressor.js";
import { numberOption } from "./estimator.js";

export interface ElasticNetOptions extends PenalisedOptions {
  /** Share of the penalty that is on absolute coefficients, from 0 (ridge) to 1 (lasso). Default 0.5. */
  l1Ratio?: number;
}

/**
 * Linear regression with a penalty on absolute and on squared coefficients: like `Lasso` it leaves features out, like
 * `RidgeRegression` it shares the weight among those that go together instead of picking one.
 *
 * When it misleads: as `Lasso`. With an `l1Ratio` near 0 it converges slowly; take `RidgeRegression` for 0.
 *
 * Minimises `mean squared error / 2 + alpha * (l1Ratio * sum of absolute coefficients + (1 - l1Ratio) / 2 * sum of squared
 * ones)` by coordinate descent, as scikit-learn's ElasticNet does; `preprocess: "none"` gives its coefficients.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and a target that is missing in some rows or no number.
 *
 * Source: H. Zou and T. Hastie, "Regularization and variable selection via the elastic net" (2005).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3, 4], noise: [1, 0, 0, 1], price: [10, 20, 30, 40] });
 * const model = new ElasticNet({ alpha: 1 }).fit(table, { target: "price" });
 * model.coefficients[1]; // 0
 */
export class ElasticNet extends PenalisedRegressor<ElasticNetOptions> {
  readonly name = "ElasticNet";

  protected defaults(): ElasticNetOptions {
    return { ...this.penaltyDefaults(), l1Ratio: 0.5 };
  }

  protected resolve(options: Required<ElasticNetOptions>): Record<string, unknown> {
    numberOption("l1Ratio", options.l1Ratio, { least: 0, most: 1 });
    this.checkPenalty(options);
    return { ...options };
  }
}
