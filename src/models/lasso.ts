/**
 * Lasso: a quantity as a weighted sum of a few of the features.
 */
import { type PenalisedOptions, PenalisedRegressor } from "./linear/penalised-regressor.js";

export type LassoOptions = PenalisedOptions;

/**
 * Linear regression with a penalty on absolute coefficients: those of features that add little become exactly 0, so the
 * model names the features it uses.
 *
 * When it misleads: of features that go together it keeps one, and another sample of rows may keep another; coefficients are pulled
 * towards 0, the large ones too; they depend on the scale of the columns (hence the scaling).
 *
 * Minimises `mean squared error / 2 + alpha * sum of absolute coefficients` by coordinate descent, as scikit-learn's Lasso
 * does; `preprocess: "none"` gives its coefficients.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and a target that is missing in some rows or no number.
 *
 * Source: R. Tibshirani, "Regression shrinkage and selection via the lasso" (1996).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3, 4], noise: [1, 0, 0, 1], price: [10, 20, 30, 40] });
 * const model = new Lasso({ alpha: 1 }).fit(table, { target: "price" });
 * model.coefficients[1]; // 0
 */
export class Lasso extends PenalisedRegressor<LassoOptions> {
  readonly name = "Lasso";

  protected defaults(): LassoOptions {
    return this.penaltyDefaults();
  }

  protected resolve(options: Required<LassoOptions>): Record<string, unknown> {
    this.checkPenalty(options);
    return { ...options };
  }
}
