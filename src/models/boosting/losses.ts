/**
 * How a model in training is judged, round after round: losses that need no more than one pass over the predictions.
 * Any metric of the table of metrics serves too; these are here for objectives without one there, and for speed.
 */
import { discount, gradeGain, idealGain, orderByScore } from "./lambda-rank.js";
import type { BoostingTask } from "./objectives.js";
import type { ObjectiveParameters } from "./regression-objectives.js";

/** Rows that are judged. */
export interface JudgedRows {
  readonly count: number;
  /** A quantity, the place of a label among the classes, or a grade. */
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
  readonly groups: Uint32Array | null;
}

/** A loss over all rows, from predictions: a quantity a row, or the probability of each class. */
export interface Loss {
  readonly name: string;
  readonly task: BoostingTask;
  readonly greaterIsBetter: boolean;
  compute(rows: JudgedRows, predictions: Float64Array, parameters: ObjectiveParameters): number;
}

/** Keeps the logarithm of a probability finite, as LightGBM does. */
const LEAST = 1e-15;

/** Every loss by its name. Formulas are those of LightGBM's metrics of the same objective. */
export const LOSSES: readonly Loss[] = [
  { name: "rmse", task: "regression", greaterIsBetter: false, compute: (rows, p) => Math.sqrt(mean(rows, (y, i) => (p[i] - y) * (p[i] - y))) },
  { name: "mse", task: "regression", greaterIsBetter: false, compute: (rows, p) => mean(rows, (y, i) => (p[i] - y) * (p[i] - y)) },
  { name: "mae", task: "regression", greaterIsBetter: false, compute: (rows, p) => mean(rows, (y, i) => Math.abs(p[i] - y)) },
  { name: "mape", task: "regression", greaterIsBetter: false, compute: (rows, p) => mean(rows, (y, i) => Math.abs(p[i] - y) / Math.max(1, Math.abs(y))) },
  {
    name: "huber",
    task: "regression",
    greaterIsBetter: false,
    compute: (rows, p, { alpha }) => mean(rows, (y, i) => {
      const size = Math.abs(p[i] - y);
      return size <= alpha ? 0.5 * size * size : alpha * (size - 0.5 * alpha);
    }),
  },
  {
    name: "fair",
    task: "regression",
    greaterIsBetter: false,
    compute: (rows, p, { fairC: c }) => mean(rows, (y, i) => {
      const size = Math.abs(p[i] - y);
      return c * size - c * c * Math.log1p(size / c);
    }),
  },
  { name: "pinball", task: "regression", greaterIsBetter: false, compute: (rows, p, { alpha }) => mean(rows, (y, i) => (y < p[i] ? (alpha - 1) * (y - p[i]) : alpha * (y - p[i]))) },
  { name: "poisson", task: "regression", greaterIsBetter: false, compute: (rows, p) => mean(rows, (y, i) => p[i] - y * Math.log(Math.max(1e-10, p[i]))) },
  { name: "gamma", task: "regression", greaterIsBetter: false, compute: (rows, p) => mean(rows, (y, i) => y / p[i] + Math.log(p[i])) },
  {
    name: "tweedie",
    task: "regression",
    greaterIsBetter: false,
    compute: (rows, p, { tweedieVariancePower: power }) => mean(rows, (y, i) => {
      const log = Math.log(Math.max(1e-10, p[i]));
      // Power 1 is Poisson's loss, the limit of the formula.
      const gained = power === 1 ? y * log : (y * Math.exp((1 - power) * log)) / (1 - power);
      return Math.exp((2 - power) * log) / (2 - power) - gained;
    }),
  },
  {
    name: "logLoss",
    task: "classification",
    greaterIsBetter: false,
    compute: (rows, p) => {
      const classes = p.length / rows.count;
      if (classes === 1) return mean(rows, (y, i) => -Math.log(Math.max(LEAST, y > 0 ? p[i] : 1 - p[i])));
      return mean(rows, (y, i) => -Math.log(Math.max(LEAST, p[i * classes + y])));
    },
  },
  { name: "ndcg", task: "ranking", greaterIsBetter: true, compute: (rows, p) => ndcgAt(rows, p, 5) },
];

function mean({ count, target, weights }: JudgedRows, loss: (target: number, row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights === null ? 1 : weights[i];
    sum += weight * loss(target[i], i);
    total += weight;
  }
  return sum / total;
}

/** The mean over groups of the discounted gain of their `level` best rows, as a share of the best possible. */
function ndcgAt({ target, groups }: JudgedRows, scores: Float64Array, level: number): number {
  let sum = 0;
  const count = groups!.length - 1;
  for (let g = 0; g < count; g++) {
    const from = groups![g];
    const to = groups![g + 1];
    const ideal = idealGain(target, from, to, level);
    // A group without a grade above 0 has no wrong order.
    if (ideal === 0) {
      sum += 1;
      continue;
    }
    const order = orderByScore(scores, from, to);
    let gain = 0;
    for (let place = 0; place < Math.min(level, order.length); place++) gain += discount(place) * gradeGain(target[from + order[place]]);
    sum += gain / ideal;
  }
  return sum / count;
}
