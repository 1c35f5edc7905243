/**
 * Mean Tweedie deviance: one family for normal, count and amount.
 */
import { RunlabError } from "../errors.js";
import { numberMetric } from "./define.js";
import type { WeightOption } from "./inputs.js";
import { tweedieDeviance } from "./tweedie-deviance.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

/** Options of `meanTweedieDeviance`. */
export interface TweedieOptions extends WeightOption {
  /** Variance grows as the mean to this power: 0 normal, 1 Poisson, 2 Gamma, between 1 and 2 compound; not between 0 and 1. Default 1.5. */
  power?: number;
}

export const meanTweedieDevianceMetric = numberMetric<Pick<TweedieOptions, "power">>({
  name: "meanTweedieDeviance",
  summary: "error for amounts of which many are 0",
  greaterIsBetter: false,
  perfect: 0,
  options: { power: true },
  of(rows, { power = 1.5 }) {
    if (typeof power !== "number" || !Number.isFinite(power) || (power > 0 && power < 1)) throw new RunlabError("there is no Tweedie distribution of that power", { received: power, allowed: "0 or less, 1 to 2 (such as 1.5), or more" });
    return { value: tweedieDeviance(rows, power), details: { power } };
  },
});

/**
 * The mean Tweedie deviance: 0 is the squared error, 1 Poisson, 2 Gamma, 3 inverse Gaussian; between 1 and 2 for amounts
 * that are often exactly 0, such as insurance claims. 0 is perfect.
 *
 * When it misleads: values for different powers do not compare.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, `power` lies between
 * 0 and 1, or values are not in the range of the distribution.
 *
 * Source: B. Jorgensen, "The Theory of Dispersion Models" (1997).
 *
 * @example
 * meanTweedieDeviance([2, 0, 1, 4], [0.5, 0.5, 2, 2], { power: 0 }); // 1.875
 */
export function meanTweedieDeviance(truth: Values, predicted: Values, options: TweedieOptions = {}): number {
  return announced(meanTweedieDevianceMetric, truth, predicted, options);
}
