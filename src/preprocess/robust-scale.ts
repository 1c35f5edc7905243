/**
 * Numbers brought to one scale that outliers do not move.
 */
import { RunlabError } from "../errors.js";
import { normalQuantile } from "./normal-quantile.js";
import { NumberTransformer } from "./number-transformer.js";
import type { LearnedColumn } from "./number-transformer.js";
import { presentValues, quantileOf } from "./order-statistics.js";
import { isNumber } from "./shape.js";

/** Options of `robustScale`. */
export interface RobustScaleOptions {
  /** Subtract the median. Default true. */
  withCentering?: boolean;
  /** Divide by the range between two quantiles. Default true. */
  withScaling?: boolean;
  /** Those quantiles, in percent. Default [25, 75]: the interquartile range. */
  quantileRange?: readonly [number, number];
  /** Divide by the range so that a normal column gets a standard deviation of 1. Default false. */
  unitVariance?: boolean;
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface RobustColumn extends LearnedColumn {
  readonly centre: number;
  readonly scale: number;
}

/**
 * Median 0 and interquartile range 1, by what the training rows say: see `robustScale`.
 *
 * Semantics of scikit-learn's RobustScaler: quantiles lie on straight lines between values; a range of 0 divides by 1.
 */
export class RobustScaler extends NumberTransformer<RobustColumn> {
  readonly type = "robustScale";
  override readonly options: RobustScaleOptions;
  protected readonly shape = { centre: isNumber, scale: isNumber };

  constructor(options: RobustScaleOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { withCentering = true, withScaling = true, quantileRange = [25, 75], unitVariance = false, columns = null } = this.options;
    return { withCentering, withScaling, quantileRange, unitVariance, columns };
  }

  protected override checkChoices(): void {
    const { quantileRange: range = [25, 75] } = this.options;
    if (!(Array.isArray(range) && range.length === 2 && range[0] >= 0 && range[0] < range[1] && range[1] <= 100)) {
      throw new RunlabError("quantileRange is two percentages, the lower first", { received: String(range), allowed: "such as [25, 75]" });
    }
  }

  protected learnColumn(values: Float64Array): Omit<RobustColumn, "name"> {
    const { quantileRange: [low, high] = [25, 75], unitVariance = false } = this.options;
    const present = presentValues(values);
    const centre = quantileOf(present, 0.5);
    const range = quantileOf(present, high / 100) - quantileOf(present, low / 100);
    const scale = range < 10 * Number.EPSILON ? 1 : range;
    return { centre, scale: unitVariance ? scale / (normalQuantile(high / 100) - normalQuantile(low / 100)) : scale };
  }

  protected changeColumn(values: Float64Array, { centre, scale }: RobustColumn, out: Float64Array): void {
    const { withCentering = true, withScaling = true } = this.options;
    const shift = withCentering ? centre : 0;
    const divisor = withScaling ? scale : 1;
    for (let i = 0; i < values.length; i++) out[i] = (values[i] - shift) / divisor;
  }
}

/**
 * A step that shifts number columns to median 0 and divides them by their interquartile range, so that a few far
 * outliers do not set the scale of all rows.
 *
 * When it misleads: outliers stay as far out as they were; a column that is mostly one value has a range of 0 and is
 * not scaled at all.
 *
 * @example
 * const table = tableFromColumns({ a: [1, 2, 3, 4, 1000] });
 * [...robustScale().fitTransform(table).getChild("a")!]; // [-1, -0.5, 0, 0.5, 498.5]
 */
export function robustScale(options: RobustScaleOptions = {}): RobustScaler {
  return new RobustScaler(options);
}
