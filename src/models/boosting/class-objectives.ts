/**
 * Objectives for labels.
 */
import type { Objective, ObjectiveRows } from "./objective.js";

/** Keeps logarithms of shares finite when weights leave a class with nothing. */
const LEAST_SHARE = 1e-15;

/** Log loss of two classes; the target is 1 for the positive one. */
export function logisticObjective(): Objective {
  return {
    name: "logistic",
    outputs: 1,
    link: "logistic",
    shifts: false,
    constantHessian: false,
    loss: "logLoss",
    leafQuantile: null,
    kernel: { name: "logistic", parameter: 0 },
    check: () => {},
    initialScores: (rows) => {
      const share = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, classShares(rows, 2)[1]));
      return Float64Array.of(Math.log(share / (1 - share)));
    },
    gradients: ({ count, target, weights }, scores, gradients, hessians) => {
      for (let i = 0; i < count; i++) {
        const weight = weights === null ? 1 : weights[i];
        const p = logistic(scores[i]);
        gradients[i] = (p - target[i]) * weight;
        hessians[i] = p * (1 - p) * weight;
      }
    },
  };
}

/** Log loss of several classes, a tree for each in every round. */
export function softmaxObjective(classes: number): Objective {
  // The second derivative of one output alone leaves out that the others move too; Friedman's factor makes up for it.
  const factor = classes / (classes - 1);
  return {
    name: "softmax",
    outputs: classes,
    link: "softmax",
    shifts: false,
    constantHessian: false,
    loss: "logLoss",
    leafQuantile: null,
    kernel: { name: "softmax", parameter: factor },
    check: () => {},
    initialScores: (rows) => classShares(rows, classes).map((share) => Math.log(Math.max(LEAST_SHARE, share))),
    gradients: ({ count, target, weights }, scores, gradients, hessians) => {
      const p = new Float64Array(classes);
      for (let i = 0; i < count; i++) {
        const weight = weights === null ? 1 : weights[i];
        for (let k = 0; k < classes; k++) p[k] = scores[k * count + i];
        softmax(p);
        for (let k = 0; k < classes; k++) {
          gradients[k * count + i] = (p[k] - (target[i] === k ? 1 : 0)) * weight;
          hessians[k * count + i] = factor * p[k] * (1 - p[k]) * weight;
        }
      }
    },
  };
}

/** Without overflow on either side. */
export function logistic(score: number): number {
  if (score >= 0) return 1 / (1 + Math.exp(-score));
  const e = Math.exp(score);
  return e / (1 + e);
}

/** Scores to shares that sum to 1, in place. */
export function softmax(scores: Float64Array): void {
  let largest = scores[0];
  for (let k = 1; k < scores.length; k++) if (scores[k] > largest) largest = scores[k];
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = Math.exp(scores[k] - largest);
    sum += scores[k];
  }
  for (let k = 0; k < scores.length; k++) scores[k] /= sum;
}

function classShares({ count, target, weights }: ObjectiveRows, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights === null ? 1 : weights[i];
    shares[target[i]] += weight;
    total += weight;
  }
  return shares.map((share) => share / total);
}
