/**
 * The deviance of the Tweedie family, which the Poisson, Gamma and Tweedie metrics share.
 */
import { RunlabError } from "../errors.js";
import { type NumberRows, totalWeight } from "./inputs.js";

/** x to a power, by functions whose bits are the same everywhere. */
const power = (x: number, p: number): number => (x === 0 ? (p === 0 ? 1 : 0) : Math.exp(p * Math.log(x)));

/** y log(y / p), which is 0 at y = 0. */
const logTerm = (y: number, p: number): number => (y === 0 ? 0 : y * Math.log(y / p));

/**
 * The weighted mean deviance.
 *
 * @throws RunlabError for values that no distribution of that power has.
 */
export function tweedieDeviance({ truth, predicted, weights }: NumberRows, p: number): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    const y = truth[i];
    const mean = predicted[i];
    checkRange(y, mean, p, i);
    const deviance = deviation(y, mean, p);
    sum += weights === null ? deviance : weights[i] * deviance;
  }
  return sum / totalWeight(weights, truth.length);
}

function deviation(y: number, mean: number, p: number): number {
  if (p === 0) return (y - mean) * (y - mean);
  if (p === 1) return 2 * (logTerm(y, mean) - y + mean);
  if (p === 2) return 2 * (Math.log(mean / y) + y / mean - 1);
  return 2 * (power(Math.max(y, 0), 2 - p) / ((1 - p) * (2 - p)) - (y * power(mean, 1 - p)) / (1 - p) + power(mean, 2 - p) / (2 - p));
}

function checkRange(y: number, mean: number, p: number, row: number): void {
  if (p === 0) return;
  if (!(mean > 0)) throw new RunlabError("a deviance needs predictions above 0", { received: `${mean} in row ${row}` });
  if (p >= 1 && p < 2 && y < 0) throw new RunlabError("this deviance needs a truth of 0 or more", { received: `${y} in row ${row}` });
  if (p >= 2 && !(y > 0)) throw new RunlabError("this deviance needs a truth above 0", { received: `${y} in row ${row}` });
}
