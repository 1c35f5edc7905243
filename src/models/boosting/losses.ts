/**
 * How a model in training is judged where the table of metrics has nothing for its objective: LightGBM's metric of it.
 */
import type { ObjectiveParameters } from "./regression-objectives.js";

/** Rows that are judged. */
export interface JudgedRows {
  readonly count: number;
  /** A quantity, the place of a label among the classes, or a grade. */
  readonly target: Float64Array;
  /** The target again when it is a label. */
  readonly codes: Int32Array | null;
  readonly weights: Float64Array | null;
  /** First row of each group of a ranking, and the number of rows at the end. */
  readonly groups: Uint32Array | null;
}

/** The mean of a loss over all rows, from predicted quantities; less is better. */
export interface Loss {
  readonly name: string;
  of(target: number, predicted: number, parameters: ObjectiveParameters): number;
}

/** Every loss by its name. */
export const LOSSES: readonly Loss[] = [
  {
    name: "huber",
    of: (target, predicted, { alpha }) => {
      const size = Math.abs(predicted - target);
      return size <= alpha ? 0.5 * size * size : alpha * (size - 0.5 * alpha);
    },
  },
  {
    name: "fair",
    of: (target, predicted, { fairC: c }) => {
      const size = Math.abs(predicted - target);
      return c * size - c * c * Math.log1p(size / c);
    },
  },
  // Not the metric "mape", which has no floor and a target near 0 ruins.
  { name: "flooredMape", of: (target, predicted) => Math.abs(predicted - target) / Math.max(1, Math.abs(target)) },
];

/** The weighted mean of a loss. */
export function meanLoss(loss: Loss, { count, target, weights }: JudgedRows, predictions: Float64Array, parameters: ObjectiveParameters): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights === null ? 1 : weights[i];
    sum += weight * loss.of(target[i], predictions[i], parameters);
    total += weight;
  }
  return sum / total;
}
