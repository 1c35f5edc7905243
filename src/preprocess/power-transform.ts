/**
 * Numbers made more like a normal distribution.
 */
import { RunlabError } from "../errors.js";
import { maximise } from "./maximise.js";
import { NumberTransformer } from "./number-transformer.js";
import type { LearnedColumn } from "./number-transformer.js";
import { presentValues } from "./order-statistics.js";
import { momentsOf } from "./scale.js";
import { isNumber } from "./shape.js";

/** Options of `powerTransform`. */
export interface PowerTransformOptions {
  /** "yeo-johnson" takes any number, "box-cox" only those above 0. Default "yeo-johnson". */
  method?: "yeo-johnson" | "box-cox";
  /** Bring the result to mean 0 and standard deviation 1. Default true. */
  standardize?: boolean;
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface PoweredColumn extends LearnedColumn {
  readonly lambda: number;
  readonly mean: number;
  readonly scale: number;
}

const METHODS = ["yeo-johnson", "box-cox"];
/** The exponent is sought between minus and plus this. */
const LIMIT = 1000;
/** Of more rows than twice this, so many say first where to look: a search over all of them then takes few steps. */
const SAMPLE = 8192;

/**
 * Numbers raised to a power that makes them most like a normal distribution: see `powerTransform`.
 *
 * Semantics of scikit-learn's PowerTransformer: the exponent of greatest likelihood for each column; a column that does
 * not vary is left as it is. Box and Cox, "An analysis of transformations" (1964); Yeo and Johnson, "A new family of
 * power transformations" (2000).
 */
export class PowerTransformer extends NumberTransformer<PoweredColumn> {
  readonly type = "powerTransform";
  override readonly options: PowerTransformOptions;
  protected readonly shape = { lambda: isNumber, mean: isNumber, scale: isNumber };

  constructor(options: PowerTransformOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { method = "yeo-johnson", standardize = true, columns = null } = this.options;
    return { method, standardize, columns };
  }

  protected override checkChoices(): void {
    const { method = "yeo-johnson" } = this.options;
    if (!METHODS.includes(method)) throw new RunlabError("powerTransform knows no such method", { received: method, allowed: METHODS.join(", ") });
  }

  protected learnColumn(values: Float64Array, name: string): Omit<PoweredColumn, "name"> {
    const { method = "yeo-johnson", standardize = true } = this.options;
    const present = presentValues(values);
    if (method === "box-cox") refuseNotPositive(values, name);
    const lambda = momentsOf(present).varies ? likeliest(present, method === "box-cox" ? boxCoxLikelihood : yeoJohnsonLikelihood) : 1;
    const raised = new Float64Array(present.length);
    raise(present, method, lambda, raised);
    if (!raised.every(Number.isFinite)) throw new RunlabError(`powerTransform finds no finite power for column ${JSON.stringify(name)}`, { received: `lambda ${lambda}`, allowed: "scale before it, or quantileTransform" });
    const { mean, scale } = standardize ? momentsOf(raised) : { mean: 0, scale: 1 };
    return { lambda, mean, scale };
  }

  protected changeColumn(values: Float64Array, { lambda, mean, scale, name }: PoweredColumn, out: Float64Array): void {
    const { method = "yeo-johnson" } = this.options;
    if (method === "box-cox") refuseNotPositive(values, name);
    raise(values, method, lambda, out);
    for (let i = 0; i < out.length; i++) out[i] = (out[i] - mean) / scale;
  }
}

function refuseNotPositive(values: Float64Array, name: string): void {
  const row = values.findIndex((value) => value <= 0);
  if (row >= 0) throw new RunlabError(`box-cox takes numbers above 0; column ${JSON.stringify(name)} has another in row ${row}`, { received: values[row], allowed: 'method "yeo-johnson"' });
}

/** (x^lambda - 1) / lambda, of x for Box-Cox and of 1 + |x| for Yeo-Johnson, where values below 0 take 2 - lambda. */
function raise(values: Float64Array, method: string, lambda: number, out: Float64Array): void {
  if (method === "box-cox") {
    for (let i = 0; i < values.length; i++) out[i] = lambda === 0 ? Math.log(values[i]) : Math.expm1(lambda * Math.log(values[i])) / lambda;
    return;
  }
  const other = 2 - lambda;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const log = Math.log1p(Math.abs(value));
    if (value >= 0) out[i] = lambda === 0 ? log : Math.expm1(lambda * log) / lambda;
    else out[i] = other === 0 ? -log : -Math.expm1(other * log) / other;
  }
}

/** Log of the variance of `values` times e^(2 lift); minus infinity when they do not vary. */
function spreadLog(values: Float64Array, lift: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) * (values[i] - mean);
  return Math.log(squares / values.length) + 2 * lift;
}

/** The exponent under which the values, raised, are most likely to come from a normal distribution. */
function likeliest(values: Float64Array, likelihoodOf: (values: Float64Array) => (lambda: number) => number): number {
  const likelihood = likelihoodOf(values);
  if (values.length <= 2 * SAMPLE) return maximise(likelihood, -2, 2, LIMIT);
  const step = Math.floor(values.length / SAMPLE);
  const sample = Float64Array.from({ length: SAMPLE }, (_, i) => values[i * step]);
  if (!momentsOf(sample).varies) return maximise(likelihood, -2, 2, LIMIT);
  const near = maximise(likelihoodOf(sample), -2, 2, LIMIT);
  return maximise(likelihood, near - 0.02, near + 0.02, LIMIT);
}

function boxCoxLikelihood(values: Float64Array): (lambda: number) => number {
  const logs = values.map(Math.log);
  let sum = 0;
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < logs.length; i++) {
    sum += logs[i];
    least = Math.min(least, logs[i]);
    greatest = Math.max(greatest, logs[i]);
  }
  const raised = new Float64Array(logs.length);
  return (lambda) => {
    // e^(lambda log x - lift) keeps to the range of floats for any lambda; the variance is put right afterwards.
    const lift = lambda >= 0 ? lambda * greatest : lambda * least;
    if (lambda === 0) raised.set(logs);
    else for (let i = 0; i < logs.length; i++) raised[i] = Math.expm1(lambda * logs[i] - lift) / lambda;
    return (lambda - 1) * sum - (logs.length / 2) * spreadLog(raised, lambda === 0 ? 0 : lift);
  };
}

function yeoJohnsonLikelihood(values: Float64Array): (lambda: number) => number {
  const logs = values.map((value) => (value >= 0 ? Math.log1p(value) : -Math.log1p(-value)));
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += logs[i];
  const raised = new Float64Array(values.length);
  return (lambda) => {
    const other = 2 - lambda;
    for (let i = 0; i < logs.length; i++) {
      const log = logs[i];
      if (log >= 0) raised[i] = lambda === 0 ? log : Math.expm1(lambda * log) / lambda;
      else raised[i] = other === 0 ? log : -Math.expm1(-other * log) / other;
    }
    return (lambda - 1) * sum - (values.length / 2) * spreadLog(raised, 0);
  };
}

/**
 * A step that raises number columns to the power under which they look most like a normal distribution, and scales
 * them. It makes skewed columns, such as prices and counts, fit for linear models.
 *
 * When it misleads: columns with two hills stay so; the power is sensitive to outliers.
 *
 * @throws RunlabError from `fit` and `transform` for numbers that are not above 0 under "box-cox".
 *
 * @example
 * const table = tableFromColumns({ price: [1, 2, 4, 8] });
 * const scaled = powerTransform({ method: "box-cox" }).fitTransform(table);
 * [...scaled.getChild("price")!].map((value) => Math.round(value * 100) / 100); // [-1.34, -0.45, 0.45, 1.34]
 */
export function powerTransform(options: PowerTransformOptions = {}): PowerTransformer {
  return new PowerTransformer(options);
}
