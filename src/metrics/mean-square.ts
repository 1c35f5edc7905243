/**
 * The mean of squared differences, which MSE and RMSE share.
 */
import type { NumberRows } from "./inputs.js";
import { totalWeight } from "./inputs.js";

/** Four sums side by side: one would wait for each addition before the next. */
export function meanSquare({ truth, predicted, weights }: NumberRows): number {
  const rows = truth.length;
  if (weights === null) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    const whole = rows - (rows % 4);
    for (let i = 0; i < whole; i += 4) {
      const first = truth[i] - predicted[i];
      const second = truth[i + 1] - predicted[i + 1];
      const third = truth[i + 2] - predicted[i + 2];
      const fourth = truth[i + 3] - predicted[i + 3];
      a += first * first;
      b += second * second;
      c += third * third;
      d += fourth * fourth;
    }
    for (let i = whole; i < rows; i++) a += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
    return (a + b + (c + d)) / rows;
  }
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += weights[i] * (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
  return sum / totalWeight(weights, rows);
}
