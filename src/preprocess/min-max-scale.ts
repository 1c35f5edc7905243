/**
 * Numbers brought into a range.
 */
import { RunlabError } from "../errors.js";
import { NumberTransformer } from "./number-transformer.js";
import type { LearnedColumn } from "./number-transformer.js";
import { isNumber } from "./shape.js";

/** Options of `minMaxScale`. */
export interface MinMaxScaleOptions {
  /** Where the least and the greatest value of the training rows go. Default [0, 1]. */
  featureRange?: readonly [number, number];
  /** Values beyond those of the training rows go to the ends of the range instead of beyond. Default false. */
  clip?: boolean;
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface RangedColumn extends LearnedColumn {
  readonly scale: number;
  readonly shift: number;
}

/**
 * Numbers into a range, by the least and greatest of the training rows: see `minMaxScale`.
 *
 * Semantics of scikit-learn's MinMaxScaler: a column that does not vary goes to the lower end.
 */
export class MinMaxScaler extends NumberTransformer<RangedColumn> {
  readonly type = "minMaxScale";
  override readonly options: MinMaxScaleOptions;
  protected readonly shape = { scale: isNumber, shift: isNumber };

  constructor(options: MinMaxScaleOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { featureRange = [0, 1], clip = false, columns = null } = this.options;
    return { featureRange, clip, columns };
  }

  protected override checkChoices(): void {
    const { featureRange: range = [0, 1] } = this.options;
    if (!(Array.isArray(range) && range.length === 2 && range.every(Number.isFinite) && range[0] < range[1])) {
      throw new RunlabError("featureRange is two numbers, the lower first", { received: String(range), allowed: "such as [0, 1]" });
    }
  }

  protected learnColumn(values: Float64Array): Omit<RangedColumn, "name"> {
    const { featureRange: [low, high] = [0, 1] } = this.options;
    let least = Infinity;
    let greatest = -Infinity;
    for (let i = 0; i < values.length; i++) {
      if (values[i] < least) least = values[i];
      if (values[i] > greatest) greatest = values[i];
    }
    const range = greatest - least;
    const scale = (high - low) / (range < 10 * Number.EPSILON ? 1 : range);
    return { scale, shift: low - least * scale + 0 };
  }

  protected changeColumn(values: Float64Array, { scale, shift }: RangedColumn, out: Float64Array): void {
    for (let i = 0; i < values.length; i++) out[i] = values[i] * scale + shift;
    const { featureRange: [low, high] = [0, 1], clip = false } = this.options;
    if (!clip) return;
    for (let i = 0; i < out.length; i++) {
      if (out[i] < low) out[i] = low;
      else if (out[i] > high) out[i] = high;
    }
  }
}

/**
 * A step that brings number columns into a range, 0 to 1 if none is given.
 *
 * When it misleads: one far outlier presses all other rows together; new rows may lie outside the range, unless `clip`
 * hides that.
 *
 * @example
 * const table = tableFromColumns({ a: [10, 20, 30] });
 * [...minMaxScale().fitTransform(table).getChild("a")!]; // [0, 0.5, 1]
 */
export function minMaxScale(options: MinMaxScaleOptions = {}): MinMaxScaler {
  return new MinMaxScaler(options);
}
