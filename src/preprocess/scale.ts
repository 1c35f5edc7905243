/**
 * Numbers brought to one scale.
 */
import { NumberTransformer } from "./number-transformer.js";
import type { LearnedColumn } from "./number-transformer.js";
import { isNumber } from "./shape.js";

/** Options of `scale`. */
export interface ScaleOptions {
  /** Subtract the mean. Default true. */
  withMean?: boolean;
  /** Divide by the standard deviation (of the population, n in the denominator). Default true. */
  withStd?: boolean;
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface ScaledColumn extends LearnedColumn {
  readonly mean: number;
  /** What is divided by: the standard deviation, or 1 for a column that does not vary. */
  readonly scale: number;
}

/**
 * Mean 0 and standard deviation 1, by what the training rows say: see `scale`.
 *
 * Semantics of scikit-learn's StandardScaler: missing values are left out when fitting and stay missing; a column that
 * does not vary, but for rounding, is divided by 1.
 */
export class StandardScaler extends NumberTransformer<ScaledColumn> {
  readonly type = "scale";
  override readonly options: ScaleOptions;
  protected readonly shape = { mean: isNumber, scale: isNumber };

  constructor(options: ScaleOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { withMean = true, withStd = true, columns = null } = this.options;
    return { withMean, withStd, columns };
  }

  protected learnColumn(values: Float64Array): Omit<ScaledColumn, "name"> {
    const { mean, scale } = momentsOf(values);
    return { mean, scale };
  }

  protected changeColumn(values: Float64Array, { mean, scale }: ScaledColumn, out: Float64Array): void {
    const { withMean = true, withStd = true } = this.options;
    const shift = withMean ? mean : 0;
    const divisor = withStd ? scale : 1;
    for (let i = 0; i < values.length; i++) out[i] = (values[i] - shift) / divisor;
  }
}

/** Two passes, with the second correcting the mean: exact to the last bits also when the mean is far from 0. */
export function momentsOf(values: Float64Array): { mean: number; scale: number; varies: boolean } {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    sum += value;
    count++;
  }
  let mean = sum / count;
  let rest = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i] - mean;
    if (difference !== difference) continue;
    rest += difference;
    squares += difference * difference;
  }
  mean += rest / count;
  const variance = Math.max(0, (squares - (rest * rest) / count) / count);
  const rounding = 10 * Number.EPSILON;
  // scikit-learn's bound for "does not vary but for rounding": n eps var + (n mean eps)^2.
  const constant = variance <= count * Number.EPSILON * variance + (count * mean * Number.EPSILON) * (count * mean * Number.EPSILON);
  const deviation = Math.sqrt(variance);
  const varies = !constant && deviation >= rounding;
  return { mean: mean + 0, scale: varies ? deviation : 1, varies };
}

/**
 * A step that shifts and scales number columns to mean 0 and standard deviation 1.
 *
 * When it misleads: one far outlier stretches the scale of all other rows.
 *
 * @example
 * const table = tableFromColumns({ a: [1, 3] });
 * [...scale().fitTransform(table).getChild("a")!]; // [-1, 1]
 */
export function scale(options: ScaleOptions = {}): StandardScaler {
  return new StandardScaler(options);
}
