/**
 * Numbers divided by the largest of them.
 */
import { NumberTransformer } from "./number-transformer.js";
import type { LearnedColumn } from "./number-transformer.js";
import { isNumber } from "./shape.js";

/** Options of `maxAbsScale`. */
export interface MaxAbsScaleOptions {
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface DividedColumn extends LearnedColumn {
  readonly scale: number;
}

/**
 * Numbers between -1 and 1, by the training row farthest from 0: see `maxAbsScale`.
 *
 * Semantics of scikit-learn's MaxAbsScaler: a column of zeros is divided by 1.
 */
export class MaxAbsScaler extends NumberTransformer<DividedColumn> {
  readonly type = "maxAbsScale";
  override readonly options: MaxAbsScaleOptions;
  protected readonly shape = { scale: isNumber };

  constructor(options: MaxAbsScaleOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    return { columns: this.options.columns ?? null };
  }

  protected learnColumn(values: Float64Array): Omit<DividedColumn, "name"> {
    let greatest = 0;
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]);
      if (size > greatest) greatest = size;
    }
    return { scale: greatest < 10 * Number.EPSILON ? 1 : greatest };
  }

  protected changeColumn(values: Float64Array, { scale }: DividedColumn, out: Float64Array): void {
    for (let i = 0; i < values.length; i++) out[i] = values[i] / scale;
  }
}

/**
 * A step that divides number columns by their value farthest from 0: they then lie between -1 and 1, and 0 stays 0.
 *
 * When it misleads: one far outlier presses all other rows towards 0.
 *
 * @example
 * const table = tableFromColumns({ a: [1, -4, 2] });
 * [...maxAbsScale().fitTransform(table).getChild("a")!]; // [0.25, -1, 0.5]
 */
export function maxAbsScale(options: MaxAbsScaleOptions = {}): MaxAbsScaler {
  return new MaxAbsScaler(options);
}
