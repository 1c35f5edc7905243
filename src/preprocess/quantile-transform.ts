/**
 * Numbers by their place among the others.
 */
import { RunlabError } from "../errors.js";
import { normalQuantile } from "./normal-quantile.js";
import { NumberTransformer } from "./number-transformer.js";
import type { LearnedColumn } from "./number-transformer.js";
import { presentValues, quantileOfSorted } from "./order-statistics.js";
import { isNumber, listOf } from "./shape.js";
import { sortNumbers } from "./sort-numbers.js";

/** Options of `quantileTransform`. */
export interface QuantileTransformOptions {
  /** How many points of the distribution are kept; at most one a training row. Default 1000. */
  nQuantiles?: number;
  /** "uniform" spreads values evenly from 0 to 1, "normal" as the bell curve. Default "uniform". */
  outputDistribution?: "uniform" | "normal";
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface RankedColumn extends LearnedColumn {
  /** Values at evenly spaced shares of the training rows, ascending. */
  readonly quantiles: readonly number[];
}

const DISTRIBUTIONS = ["uniform", "normal"];
/** Nearer to an end than this counts as the end, so that the bell curve stays finite. */
const NEAR = 1e-7;
const LOWEST = normalQuantile(NEAR - Number.EPSILON);
const HIGHEST = normalQuantile(1 - (NEAR - Number.EPSILON));

/**
 * Numbers by their place among the training rows: see `quantileTransform`.
 *
 * Semantics of scikit-learn's QuantileTransformer, with all rows rather than 10,000 drawn ones.
 */
export class QuantileTransformer extends NumberTransformer<RankedColumn> {
  readonly type = "quantileTransform";
  override readonly options: QuantileTransformOptions;
  protected readonly shape = { quantiles: (value: unknown) => listOf(isNumber)(value) && (value as number[]).length > 0 };

  constructor(options: QuantileTransformOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { nQuantiles = 1000, outputDistribution = "uniform", columns = null } = this.options;
    return { nQuantiles, outputDistribution, columns };
  }

  protected override checkChoices(): void {
    const { nQuantiles = 1000, outputDistribution = "uniform" } = this.options;
    if (!Number.isInteger(nQuantiles) || nQuantiles < 1) throw new RunlabError("nQuantiles is a whole number, 1 or more", { received: nQuantiles });
    if (!DISTRIBUTIONS.includes(outputDistribution)) throw new RunlabError("quantileTransform knows no such outputDistribution", { received: outputDistribution, allowed: DISTRIBUTIONS.join(", ") });
  }

  protected learnColumn(values: Float64Array): Omit<RankedColumn, "name"> {
    const count = Math.min(this.options.nQuantiles ?? 1000, values.length);
    const sorted = sortNumbers(presentValues(values));
    const quantiles = Array.from({ length: count }, (_, i) => quantileOfSorted(sorted, shareAt(i, count) * 100 / 100));
    // Rounding must not make them descend.
    for (let i = 1; i < count; i++) if (quantiles[i] < quantiles[i - 1]) quantiles[i] = quantiles[i - 1];
    return { quantiles };
  }

  protected changeColumn(values: Float64Array, { quantiles }: RankedColumn, out: Float64Array): void {
    const normal = this.options.outputDistribution === "normal";
    const known = Float64Array.from(quantiles);
    const last = known.length - 1;
    const cells = new Cells(known);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value !== value) {
        out[i] = NaN;
        continue;
      }
      const atStart = normal ? value - NEAR < known[0] : value <= known[0];
      const atEnd = normal ? value + NEAR > known[last] : value >= known[last];
      const share = atStart ? 0 : atEnd ? 1 : shareOf(value, known, cells.firstNotBelow(value));
      out[i] = normal ? Math.min(HIGHEST, Math.max(LOWEST, normalQuantile(share))) : share;
    }
  }
}

/** Point number i of `count`, evenly from 0 to 1. */
function shareAt(i: number, count: number): number {
  return count === 1 ? 0 : i === count - 1 ? 1 : i * (1 / (count - 1));
}

/**
 * Where to look among sorted values: their range is cut into cells of equal width, and each knows the first value that
 * may lie in it. Most searches then have one or two values to look at instead of ten.
 */
class Cells {
  readonly #sorted: Float64Array;
  readonly #starts: Uint32Array;
  readonly #scale: number;

  constructor(sorted: Float64Array) {
    const cells = 4 * sorted.length;
    this.#sorted = sorted;
    this.#scale = cells / (sorted[sorted.length - 1] - sorted[0]);
    this.#starts = new Uint32Array(cells + 2).fill(sorted.length);
    for (let i = sorted.length - 1; i >= 0; i--) this.#starts[this.#cellOf(sorted[i])] = i;
    for (let cell = cells; cell >= 0; cell--) if (this.#starts[cell] > this.#starts[cell + 1]) this.#starts[cell] = this.#starts[cell + 1];
  }

  /** The same rounding for values and searches, so that the order of cells is that of values. */
  #cellOf(value: number): number {
    const cell = (value - this.#sorted[0]) * this.#scale;
    // NaN, of a column that does not vary, counts as 0.
    return cell > 0 ? Math.min(this.#starts.length - 2, Math.floor(cell)) : 0;
  }

  /** The place of the first value that is not below the one sought. */
  firstNotBelow(value: number): number {
    const cell = this.#cellOf(value);
    let low = this.#starts[cell];
    let high = this.#starts[cell + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The share of rows below a value that lies inside: on a straight line between points, in the middle of equal points.
 * `low` is the place of the first point that is not below it.
 */
function shareOf(value: number, quantiles: Float64Array, low: number): number {
  const count = quantiles.length;
  if (quantiles[low] === value) {
    let end = low;
    while (end + 1 < count && quantiles[end + 1] === value) end++;
    return 0.5 * (shareAt(end, count) + shareAt(low, count));
  }
  const below = shareAt(low - 1, count);
  const above = shareAt(low, count);
  const slope = (above - below) / (quantiles[low] - quantiles[low - 1]);
  // From both ends, as in the reference: the mean of two roundings.
  return 0.5 * (slope * (value - quantiles[low - 1]) + below - (slope * (quantiles[low] - value) - above));
}

/**
 * A step that replaces each number by the share of training rows below it, or by the value that a normal variable
 * would have there. Order is kept, distances are not; outliers lose their reach.
 *
 * When it misleads: correlations and distances between columns change; values beyond those of the training rows all
 * become the end.
 *
 * @example
 * const table = tableFromColumns({ a: [1, 10, 100, 1000, 10000] });
 * [...quantileTransform().fitTransform(table).getChild("a")!]; // [0, 0.25, 0.5, 0.75, 1]
 */
export function quantileTransform(options: QuantileTransformOptions = {}): QuantileTransformer {
  return new QuantileTransformer(options);
}
