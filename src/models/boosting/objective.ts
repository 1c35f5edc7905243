/**
 * What boosting makes small: the contract of an objective.
 *
 * Each round asks for the first and second derivative of the loss by the raw score of every row; the trees then fit
 * one Newton step (Friedman, "Greedy function approximation", 2001; Chen and Guestrin, "XGBoost", 2016). Formulas,
 * initial scores and renewed leaves are LightGBM's, so that the same settings mean the same model.
 */

/** Rows that an objective is computed on. Scores and derivatives of output k begin at `k * count`. */
export interface ObjectiveRows {
  readonly count: number;
  /** A quantity, the place of a label among the classes, or a grade of relevance. */
  readonly target: Float64Array;
  /** Null when every row counts the same. */
  readonly weights: Float64Array | null;
  /** First row of each group of a ranking, and the number of rows at the end; null when rows stand alone. */
  readonly groups: Uint32Array | null;
}

/** Derivatives of the loss by the raw score, one of each a row and output, weights included. */
export type GradientFunction = (rows: ObjectiveRows, scores: Float32Array, gradients: Float32Array, hessians: Float32Array) => void;

/**
 * How raw scores become predictions: as they are, by the exponential, by the logistic function, or by softmax over the
 * outputs.
 */
export type LinkName = "identity" | "exp" | "logistic" | "softmax";

/** An objective with its parameters in place. */
export interface Objective {
  readonly name: string;
  /** Raw scores a row, which is also the number of trees a round. */
  readonly outputs: number;
  readonly link: LinkName;
  /**
   * True when only the difference of score and target matters. Targets are then taken less their initial score, in
   * double precision, so that a large common offset costs no digits.
   */
  readonly shifts: boolean;
  /** True when every second derivative is the row's weight. */
  readonly constantHessian: boolean;
  /** Of the loss per row when no other is asked for: a name in the table of losses. */
  readonly loss: string;
  /** When set, a grown leaf takes the quantile of its rows' residuals instead of the Newton step. */
  readonly leafQuantile: LeafQuantile | null;
  /** Kernel of the grower that computes the same derivatives, with its parameter; null for none. */
  readonly kernel: { readonly name: KernelName; readonly parameter: number } | null;
  /** @throws RunlabError when the target cannot be learned by this objective. */
  check(rows: ObjectiveRows, name: string): void;
  /** The best constant raw scores, one an output. */
  initialScores(rows: ObjectiveRows): Float64Array;
  readonly gradients: GradientFunction;
}

/** Objectives whose derivatives the grower's own kernels compute. */
export type KernelName = "squared" | "absolute" | "huber" | "quantile" | "poisson" | "gamma" | "tweedie" | "fair" | "logistic" | "softmax";

/** Which quantile of the residuals a leaf takes, and by which weights. */
export interface LeafQuantile {
  readonly quantile: number;
  /** The weight of each row; null when all are the same. */
  weights(rows: ObjectiveRows): Float64Array | null;
}
