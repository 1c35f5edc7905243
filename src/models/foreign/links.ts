/**
 * From the sum of leaves to what is predicted, rounded as the source rounds it.
 */
import { cExp, cExpSingle } from "./c-exp.js";

/**
 * How a score becomes a prediction. LightGBM computes in float64, XGBoost ("single" here) in float32.
 *
 * - "identity": the score itself;
 * - "square": its square with its sign (LightGBM's `reg_sqrt`);
 * - "exp": counts and positive quantities;
 * - "sigmoid": the probability of the second class, or a quantity from 0 to 1;
 * - "log1pExp": LightGBM's `cross_entropy_lambda`;
 * - "step": 1 above a score of 0 (XGBoost's `binary:hinge`);
 * - "softmax", "sigmoids": a probability for each class; those of "sigmoids" (`multiclassova`) need not add up to 1.
 */
export const LINKS = ["identity", "square", "exp", "sigmoid", "log1pExp", "step", "softmax", "sigmoids"] as const;
export type Link = (typeof LINKS)[number];

/** Turns scores into predictions, in place. `slope` is LightGBM's `sigmoid`. */
export function applyLink(link: Link, slope: number, scores: Float64Array, width: number, single: boolean): void {
  const n = scores.length;
  switch (link) {
    case "identity":
      return;
    case "square":
      for (let i = 0; i < n; i++) scores[i] = Math.sign(scores[i]) * scores[i] * scores[i];
      return;
    case "exp":
      for (let i = 0; i < n; i++) scores[i] = single ? cExpSingle(scores[i]) : cExp(scores[i]);
      return;
    case "sigmoid":
    case "sigmoids":
      if (single) for (let i = 0; i < n; i++) scores[i] = singleSigmoid(scores[i]);
      else for (let i = 0; i < n; i++) scores[i] = 1 / (1 + cExp(-slope * scores[i]));
      return;
    case "log1pExp":
      for (let i = 0; i < n; i++) scores[i] = Math.log1p(cExp(scores[i]));
      return;
    case "step":
      for (let i = 0; i < n; i++) scores[i] = scores[i] > 0 ? 1 : 0;
      return;
    case "softmax":
      for (let at = 0; at < n; at += width) softmax(scores, at, width, single);
  }
}

/** XGBoost keeps e^-x from overflowing. */
const LARGEST_EXPONENT = Math.fround(88.7);

function singleSigmoid(x: number): number {
  const exp = cExpSingle(Math.min(-x, LARGEST_EXPONENT));
  return Math.fround(1 / Math.fround(exp + 1));
}

function softmax(scores: Float64Array, at: number, width: number, single: boolean): void {
  let top = scores[at];
  for (let k = 1; k < width; k++) if (scores[at + k] > top) top = scores[at + k];
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const exp = single ? cExpSingle(Math.fround(scores[at + k] - top)) : cExp(scores[at + k] - top);
    scores[at + k] = exp;
    sum += exp;
  }
  if (single) sum = Math.fround(sum);
  for (let k = 0; k < width; k++) scores[at + k] = single ? Math.fround(scores[at + k] / sum) : scores[at + k] / sum;
}
