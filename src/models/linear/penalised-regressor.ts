/**
 * What lasso and elastic net share.
 */
import { choiceOption, numberOption } from "../model.js";
import { warnNotConverged } from "../warn.js";
import { coordinateDescent } from "./coordinate-descent.js";
import { LINEAR_DEFAULTS, type LinearOptions, type LinearSolution, LinearRegressor } from "./linear-regressor.js";
import type { NormalEquations } from "./normal-equations.js";

export interface PenalisedOptions extends LinearOptions {
  /** Strength of the penalty, 0 or more. Default 1. */
  alpha?: number;
  /** Most rounds over the coefficients. Default 1000. */
  maxIter?: number;
  /** Stop when the objective is within this share of the squared target of its least value. Default 1e-4. */
  tol?: number;
  /** Only coefficients of 0 or more. Default false. */
  positive?: boolean;
}

/** A linear regression with a penalty on absolute coefficients. */
export abstract class PenalisedRegressor<Options extends PenalisedOptions> extends LinearRegressor<Options> {
  protected penaltyDefaults(): Required<PenalisedOptions> {
    return { alpha: 1, maxIter: 1000, tol: 1e-4, positive: false, ...LINEAR_DEFAULTS };
  }

  protected checkPenalty(options: Required<PenalisedOptions>): void {
    numberOption("alpha", options.alpha, { least: 0, most: Number.MAX_VALUE });
    numberOption("maxIter", options.maxIter, { least: 1, whole: true });
    numberOption("tol", options.tol, { least: 0 });
    choiceOption("positive", options.positive, [true, false]);
    this.checkLinear(options);
  }

  protected solve({ width, gram, right, targetSquares, total }: NormalEquations, params: Record<string, unknown>): LinearSolution {
    const { alpha, maxIter, tol, positive, l1Ratio = 1 } = params as unknown as Required<PenalisedOptions> & { l1Ratio?: number };
    for (let a = 0; a < width; a++) for (let b = 0; b < a; b++) gram[b * width + a] = gram[a * width + b];
    const problem = { gram, right, targetSquares, l1: alpha * l1Ratio * total, l2: alpha * (1 - l1Ratio) * total, positive };
    const { coefficients, iterations, gap, converged } = coordinateDescent(problem, maxIter, tol);
    if (!converged) warnNotConverged(this.name, iterations, "raise maxIter, tol or alpha");
    return { coefficients, learned: { iterations, gap, converged } };
  }
}
