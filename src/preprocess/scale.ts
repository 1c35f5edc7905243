/**
 * Numbers brought to one scale.
 */
import type { Table } from "apache-arrow";
import { columnKind } from "../table/kind.js";
import { float64Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { missingIn, numbersOf } from "../table/values.js";
import { RunlabError } from "../errors.js";
import { Transformer, chosenColumns, namesGiven } from "./transformer.js";

/** Options of `scale`. */
export interface ScaleOptions {
  /** Subtract the mean. Default true. */
  withMean?: boolean;
  /** Divide by the standard deviation (of the population, n in the denominator). Default true. */
  withStd?: boolean;
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface ScaledColumn {
  name: string;
  mean: number;
  /** What is divided by: the standard deviation, or 1 for a column that does not vary. */
  scale: number;
}

/**
 * Mean 0 and standard deviation 1, by what the training rows say: see `scale`.
 *
 * Semantics of scikit-learn's StandardScaler: missing values are left out when fitting and stay missing; a column that
 * does not vary, but for rounding, is divided by 1.
 */
export class StandardScaler extends Transformer<ScaledColumn[]> {
  readonly type = "scale";
  override readonly options: ScaleOptions;

  constructor(options: ScaleOptions = {}) {
    super();
    this.options = options;
  }

  get chosen(): string[] {
    return namesGiven(this.options);
  }

  params(): Record<string, unknown> {
    const { withMean = true, withStd = true, columns = null } = this.options;
    return { withMean, withStd, columns };
  }

  protected learn(table: Table, all: readonly string[]): ScaledColumn[] {
    const suits = (name: string): boolean => columnKind(table.getChild(name)!.type) === "number" || (this.options.columns !== undefined && columnKind(table.getChild(name)!.type) === "boolean");
    return chosenColumns("scale", table, all, this.options.columns, suits).map((name) => ({ name, ...moments(numbersOf(table, name), name) }));
  }

  protected needs(state: ScaledColumn[]): string[] {
    return state.map((column) => column.name);
  }

  protected apply(table: Table, state: ScaledColumn[]): Table {
    const { withMean = true, withStd = true } = this.options;
    const replaced = new Map<string, NamedColumn[]>();
    for (const { name, mean, scale } of state) {
      const vector = table.getChild(name)!;
      const numbers = numbersOf(vector, name);
      const shift = withMean ? mean : 0;
      const divisor = withStd ? scale : 1;
      const scaled = new Float64Array(numbers.length);
      for (let i = 0; i < numbers.length; i++) scaled[i] = (numbers[i] - shift) / divisor;
      replaced.set(name, [{ name, vector: float64Vector(scaled, missingIn(vector)) }]);
    }
    return replaceColumns(table, replaced);
  }
}

/** Two passes, with the second correcting the mean: exact to the last bits also when the mean is far from 0. */
function moments(values: Float64Array, name: string): { mean: number; scale: number } {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    if (!Number.isFinite(value)) throw new RunlabError(`scale works on finite numbers; column ${JSON.stringify(name)} has none in row ${i}`, { received: value });
    sum += value;
    count++;
  }
  if (count === 0) throw new RunlabError(`column ${JSON.stringify(name)} has no value to learn from`, { allowed: "impute it with a constant, or leave it out" });
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
  return { mean: mean + 0, scale: constant || deviation < rounding ? 1 : deviation };
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
