/**
 * The order of categories by what they say of the target.
 */
import type { CategoryTarget } from "./bins.js";

/** Rounds of the power iteration: far more than the order needs to settle. */
const ROUNDS = 50;

/**
 * The codes that occur, in the order of their mean target or of the first principal component of their class shares;
 * equal ones keep the order of their codes.
 */
export function orderCategories(codes: Int32Array, categories: number, target: CategoryTarget): { order: number[]; rows: Float64Array } {
  const rows = new Float64Array(categories);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) rows[codes[i]]++;
  const score = target.kind === "sums" ? means(codes, categories, target.values, target.weights) : classScores(codes, categories, target);
  const order: number[] = [];
  for (let code = 0; code < categories; code++) if (rows[code] > 0) order.push(code);
  order.sort((a, b) => score[a] - score[b] || a - b);
  return { order, rows };
}

function means(codes: Int32Array, categories: number, values: Float64Array, weights: Float64Array): Float64Array {
  const sums = new Float64Array(categories);
  const totals = new Float64Array(categories);
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] < 0) continue;
    sums[codes[i]] += weights[i] * values[i];
    totals[codes[i]] += weights[i];
  }
  for (let code = 0; code < categories; code++) sums[code] = totals[code] > 0 ? sums[code] / totals[code] : 0;
  return sums;
}

function classScores(codes: Int32Array, categories: number, target: CategoryTarget & { kind: "classes" }): Float64Array {
  const { labels, classes, weights } = target;
  const shares = new Float64Array(categories * classes);
  const totals = new Float64Array(categories);
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] < 0) continue;
    shares[codes[i] * classes + labels[i]] += weights[i];
    totals[codes[i]] += weights[i];
  }
  for (let code = 0; code < categories; code++) {
    for (let k = 0; k < classes; k++) shares[code * classes + k] /= totals[code] > 0 ? totals[code] : 1;
  }
  if (classes === 2) return Float64Array.from({ length: categories }, (_, code) => shares[2 * code + 1]);
  const axis = principalAxis(shares, totals, categories, classes);
  return Float64Array.from({ length: categories }, (_, code) => {
    let score = 0;
    for (let k = 0; k < classes; k++) score += shares[code * classes + k] * axis[k];
    return score;
  });
}

/** The direction in which the categories' class shares differ most, by power iteration on their covariance. */
function principalAxis(shares: Float64Array, totals: Float64Array, categories: number, classes: number): Float64Array {
  let all = 0;
  const mean = new Float64Array(classes);
  for (let code = 0; code < categories; code++) {
    all += totals[code];
    for (let k = 0; k < classes; k++) mean[k] += totals[code] * shares[code * classes + k];
  }
  for (let k = 0; k < classes; k++) mean[k] /= all > 0 ? all : 1;
  const covariance = new Float64Array(classes * classes);
  for (let code = 0; code < categories; code++) {
    for (let k = 0; k < classes; k++) {
      const a = totals[code] * (shares[code * classes + k] - mean[k]);
      for (let l = 0; l < classes; l++) covariance[k * classes + l] += a * (shares[code * classes + l] - mean[l]);
    }
  }
  // Start from the covariance's longest row: never orthogonal to the axis unless all is zero.
  let start = 0;
  let longest = -1;
  for (let k = 0; k < classes; k++) {
    if (covariance[k * classes + k] > longest) {
      longest = covariance[k * classes + k];
      start = k;
    }
  }
  let axis = covariance.slice(start * classes, (start + 1) * classes);
  for (let round = 0; round < ROUNDS; round++) {
    let length = 0;
    for (const value of axis) length += value * value;
    length = Math.sqrt(length);
    if (length === 0) return axis;
    const next = new Float64Array(classes);
    for (let k = 0; k < classes; k++) {
      for (let l = 0; l < classes; l++) next[k] += covariance[k * classes + l] * (axis[l] / length);
    }
    axis = next;
  }
  return axis;
}
