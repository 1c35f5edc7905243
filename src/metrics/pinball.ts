/**
 * Pinball loss: the error of a predicted quantile.
 */
import { RunlabError } from "../errors.js";
import { numberMetric } from "./define.js";
import { type WeightOption, totalWeight } from "./inputs.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

/** Options of `pinball`. */
export interface PinballOptions extends WeightOption {
  /** The quantile that is predicted, between 0 and 1. Default 0.5, the median. */
  alpha?: number;
}

export const pinballMetric = numberMetric<Pick<PinballOptions, "alpha">>({
  name: "pinball",
  summary: "mean error of a predicted quantile",
  greaterIsBetter: false,
  perfect: 0,
  options: { alpha: true },
  of({ truth, predicted, weights }, { alpha = 0.5 }) {
    if (typeof alpha !== "number" || !(alpha > 0 && alpha < 1)) throw new RunlabError("alpha lies between 0 and 1", { received: alpha, allowed: "such as 0.9 for the 90 % quantile" });
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      const miss = truth[i] - predicted[i];
      const error = miss >= 0 ? alpha * miss : (alpha - 1) * miss;
      sum += weights === null ? error : weights[i] * error;
    }
    return { value: sum / totalWeight(weights, truth.length), details: { alpha } };
  },
});

/**
 * The pinball (quantile) loss: predictions too low cost `alpha` a unit, predictions too high 1 - `alpha`. Least for the
 * `alpha` quantile of what can come. With 0.5 it is half of `mae`.
 *
 * When it misleads: a small loss does not say that the share of rows below the prediction is `alpha`; count them too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, or `alpha` is not between 0 and 1.
 *
 * Source: R. Koenker and G. Bassett (1978).
 *
 * @example
 * pinball([1, 2, 3], [0, 2, 4], { alpha: 0.9 }); // 0.3333333333333333
 */
export function pinball(truth: Values, predicted: Values, options: PinballOptions = {}): number {
  return announced(pinballMetric, truth, predicted, options);
}
