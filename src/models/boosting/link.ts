/**
 * From raw scores to predictions.
 */
import { logistic, softmax } from "./class-objectives.js";
import type { LinkName } from "./objective.js";

export const LINKS: readonly LinkName[] = ["identity", "exp", "logistic", "softmax"];

/** Raw scores, `outputs` numbers a row, into predictions in place. */
export function applyLink(link: LinkName, scores: Float64Array, outputs: number): Float64Array {
  if (link === "exp") for (let i = 0; i < scores.length; i++) scores[i] = Math.exp(scores[i]);
  else if (link === "logistic") for (let i = 0; i < scores.length; i++) scores[i] = logistic(scores[i]);
  else if (link === "softmax") for (let at = 0; at < scores.length; at += outputs) softmax(scores.subarray(at, at + outputs));
  return scores;
}
