/**
 * Objectives for a quantity.
 */
import { RunlabError } from "../../errors.js";
import { quantileOf, weightedQuantileOf } from "./quantile.js";
import type { GradientFunction, LeafQuantile, Objective, ObjectiveRows } from "./objective.js";

/** What the objectives take besides the rows. */
export interface ObjectiveParameters {
  /** Where Huber's loss turns straight, or the quantile of "quantile". */
  readonly alpha: number;
  /** The scale of Fair's loss. */
  readonly fairC: number;
  /** Between 1 (Poisson) and 2 (Gamma). */
  readonly tweedieVariancePower: number;
  /** Widens the second derivative of "poisson" by its exponential, against steps that are too long. */
  readonly poissonMaxDeltaStep: number;
}

const common = { outputs: 1, link: "identity", shifts: true, constantHessian: true, leafQuantile: null } as const;

/** Mean squared error. */
export function squaredObjective(): Objective {
  return {
    ...common,
    name: "squared",
    loss: "rmse",
    kernel: { name: "squared", parameter: 0 },
    check: () => {},
    initialScores: (rows) => Float64Array.of(weightedMean(rows)),
    gradients: derivatives((difference) => difference, () => 1),
  };
}

/** Mean absolute error: the trees move the median. */
export function absoluteObjective(): Objective {
  return {
    ...common,
    name: "absolute",
    loss: "mae",
    leafQuantile: { quantile: 0.5, weights: (rows) => rows.weights },
    kernel: { name: "absolute", parameter: 0 },
    check: () => {},
    initialScores: (rows) => Float64Array.of(weightedQuantile(rows, 0.5, rows.weights)),
    gradients: derivatives(Math.sign, () => 1),
  };
}

/** Squared error within `alpha` of the target, straight beyond: Huber's loss. */
export function huberObjective({ alpha }: ObjectiveParameters): Objective {
  return {
    ...common,
    name: "huber",
    loss: "huber",
    kernel: { name: "huber", parameter: alpha },
    check: () => {},
    initialScores: (rows) => Float64Array.of(weightedMean(rows)),
    gradients: derivatives((difference) => Math.max(-alpha, Math.min(alpha, difference)), () => 1),
  };
}

/** A loss that grows ever more slowly with the error: Fair's. */
export function fairObjective({ fairC: c }: ObjectiveParameters): Objective {
  return {
    ...common,
    name: "fair",
    loss: "fair",
    constantHessian: false,
    kernel: { name: "fair", parameter: c },
    check: () => {},
    initialScores: (rows) => Float64Array.of(weightedMean(rows)),
    gradients: derivatives(
      (difference) => (c * difference) / (Math.abs(difference) + c),
      (difference) => {
        const size = Math.abs(difference) + c;
        return (c * c) / (size * size);
      },
    ),
  };
}

/** The loss whose minimum is the quantile `alpha`. */
export function quantileObjective({ alpha }: ObjectiveParameters): Objective {
  const leafQuantile: LeafQuantile = { quantile: alpha, weights: (rows) => rows.weights };
  return {
    ...common,
    name: "quantile",
    loss: "pinball",
    leafQuantile,
    kernel: { name: "quantile", parameter: alpha },
    check: () => {
      if (!(alpha > 0 && alpha < 1)) throw new RunlabError('alpha of objective "quantile" lies between 0 and 1', { received: alpha, allowed: "such as 0.9" });
    },
    initialScores: (rows) => Float64Array.of(weightedQuantile(rows, alpha, rows.weights)),
    gradients: derivatives((difference) => (difference >= 0 ? 1 - alpha : -alpha), () => 1),
  };
}

/** Absolute error as a share of the target; targets between -1 and 1 count as 1. */
export function relativeObjective(): Objective {
  const shares = (rows: ObjectiveRows): Float64Array => rows.target.map((value, i) => (rows.weights?.[i] ?? 1) / Math.max(1, Math.abs(value)));
  return {
    ...common,
    name: "mape",
    loss: "flooredMape",
    // The weight of a row comes from its target, which shifting would change.
    shifts: false,
    leafQuantile: { quantile: 0.5, weights: shares },
    kernel: null,
    check: () => {},
    initialScores: (rows) => Float64Array.of(weightedQuantile(rows, 0.5, shares(rows))),
    gradients: ({ count, target, weights }, scores, gradients, hessians) => {
      for (let i = 0; i < count; i++) {
        const weight = weights === null ? 1 : weights[i];
        gradients[i] = (Math.sign(scores[i] - target[i]) * weight) / Math.max(1, Math.abs(target[i]));
        hessians[i] = weight;
      }
    },
  };
}

/** Counts: the log of the mean is a sum of trees (Poisson deviance). */
export function poissonObjective({ poissonMaxDeltaStep }: ObjectiveParameters): Objective {
  const widened = Math.exp(poissonMaxDeltaStep);
  return {
    ...common,
    name: "poisson",
    link: "exp",
    shifts: false,
    constantHessian: false,
    loss: "meanPoissonDeviance",
    kernel: { name: "poisson", parameter: widened },
    check: checkRange("poisson", (value) => value >= 0, "of 0 and above"),
    initialScores: (rows) => Float64Array.of(Math.log(weightedMean(rows))),
    gradients: ({ count, target, weights }, scores, gradients, hessians) => {
      for (let i = 0; i < count; i++) {
        const weight = weights === null ? 1 : weights[i];
        const mean = Math.exp(scores[i]);
        gradients[i] = (mean - target[i]) * weight;
        hessians[i] = mean * widened * weight;
      }
    },
  };
}

/** Positive quantities whose spread grows with their mean, such as amounts (Gamma deviance). */
export function gammaObjective(): Objective {
  return {
    ...common,
    name: "gamma",
    link: "exp",
    shifts: false,
    constantHessian: false,
    loss: "meanGammaDeviance",
    kernel: { name: "gamma", parameter: 0 },
    check: checkRange("gamma", (value) => value > 0, "above 0"),
    initialScores: (rows) => Float64Array.of(Math.log(weightedMean(rows))),
    gradients: ({ count, target, weights }, scores, gradients, hessians) => {
      for (let i = 0; i < count; i++) {
        const weight = weights === null ? 1 : weights[i];
        const ratio = target[i] * Math.exp(-scores[i]);
        gradients[i] = (1 - ratio) * weight;
        hessians[i] = ratio * weight;
      }
    },
  };
}

/** Quantities that are often 0 and else positive, such as claims (Tweedie deviance). */
export function tweedieObjective({ tweedieVariancePower: power }: ObjectiveParameters): Objective {
  return {
    ...common,
    name: "tweedie",
    link: "exp",
    shifts: false,
    constantHessian: false,
    loss: "meanTweedieDeviance",
    kernel: { name: "tweedie", parameter: power },
    check: (rows, name) => {
      if (!(power >= 1 && power < 2)) throw new RunlabError("tweedieVariancePower lies from 1 (Poisson) to below 2 (Gamma)", { received: power, allowed: "such as 1.5" });
      checkRange("tweedie", (value) => value >= 0, "of 0 and above")(rows, name);
    },
    initialScores: (rows) => Float64Array.of(Math.log(weightedMean(rows))),
    gradients: ({ count, target, weights }, scores, gradients, hessians) => {
      for (let i = 0; i < count; i++) {
        const weight = weights === null ? 1 : weights[i];
        const scaled = target[i] * Math.exp((1 - power) * scores[i]);
        const mean = Math.exp((2 - power) * scores[i]);
        gradients[i] = (mean - scaled) * weight;
        hessians[i] = ((2 - power) * mean - (1 - power) * scaled) * weight;
      }
    },
  };
}

/** Derivatives that depend on score less target alone. */
function derivatives(first: (difference: number) => number, second: (difference: number) => number): GradientFunction {
  return ({ count, target, weights }, scores, gradients, hessians) => {
    for (let i = 0; i < count; i++) {
      const difference = scores[i] - target[i];
      const weight = weights === null ? 1 : weights[i];
      gradients[i] = first(difference) * weight;
      hessians[i] = second(difference) * weight;
    }
  };
}

function checkRange(objective: string, fits: (value: number) => boolean, range: string): Objective["check"] {
  return ({ target }, name) => {
    let sum = 0;
    let outside = 0;
    for (let i = 0; i < target.length; i++) {
      sum += target[i];
      if (!fits(target[i])) outside++;
    }
    if (outside > 0) throw new RunlabError(`objective "${objective}" takes targets ${range}; ${JSON.stringify(name)} is not in ${outside} of ${target.length} rows`, { allowed: 'objective "squared", or rows and a target that fit' });
    if (sum === 0) throw new RunlabError(`objective "${objective}" needs a target above 0 somewhere; ${JSON.stringify(name)} is 0 in every row`);
  };
}

/** The mean target, about the first target so that a large offset costs no digits. */
function weightedMean({ count, target, weights }: ObjectiveRows): number {
  const from = target[0];
  let sum = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights === null ? 1 : weights[i];
    sum += weight * (target[i] - from);
    total += weight;
  }
  return from + sum / total;
}

function weightedQuantile({ target }: ObjectiveRows, quantile: number, weights: Float64Array | null): number {
  return weights === null ? quantileOf(target.slice(), quantile) : weightedQuantileOf(target, weights, quantile);
}
