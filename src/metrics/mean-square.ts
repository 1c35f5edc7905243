/**
 * The mean of squared differences, which MSE and RMSE share.
 */
import type { NumberRows } from "./inputs.js";
import { totalWeight } from "./inputs.js";

export function meanSquare({ truth, predicted, weights }: NumberRows): number {
  let sum = 0;
  if (weights === null) for (let i = 0; i < truth.length; i++) sum += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
  else for (let i = 0; i < truth.length; i++) sum += weights[i] * (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
  return sum / totalWeight(weights, truth.length);
}
