/**
 * NDCG: how well a ranking puts what is relevant first.
 */
import { RunlabError } from "../errors.js";
import { type NumberRows, numberPair, rawNumbers, readWeights } from "./inputs.js";
import { codesOf } from "./labels.js";
import { type Metric, type MetricValue, type RawRows, type Values, announced, checked } from "./metric.js";
import { sortedScores } from "./sort-scores.js";

/** Options of `ndcg`. */
export interface NdcgOptions {
  /** The query that each row belongs to; each is ranked alone. Default: all rows are one ranking. */
  groups?: Values;
  /** Only the first so many places count. Default: all. */
  k?: number;
  /** What a relevance is worth: itself, as in scikit-learn, or 2^relevance - 1, as in LightGBM. Default "linear". */
  gain?: "linear" | "exponential";
  /** How much each query counts, given for each of its rows. Default 1 each. */
  weights?: Values<number>;
}

function compute(truth: Values, predicted: Values, options: NdcgOptions): MetricValue {
  const rows = numberPair(truth, predicted);
  const weights = readWeights(options.weights, truth.length);
  const { groups } = options;
  if (groups !== undefined && (typeof groups !== "object" || groups === null || groups.length !== truth.length)) throw new RunlabError("groups names the query of each row", { received: groups === null || typeof groups !== "object" ? String(groups) : `${groups.length} for ${truth.length} rows` });
  const codes = groups === undefined ? new Int32Array(truth.length) : codesOf(groups, "groups").codes;
  return of({ ...rows, weights }, codes, options);
}

function of({ truth, predicted, weights }: NumberRows, groups: Int32Array, { k = Infinity, gain = "linear" }: NdcgOptions): MetricValue {
  if (k !== Infinity && (!Number.isInteger(k) || k < 1)) throw new RunlabError("k is a whole number of places, 1 or more", { received: k });
  if (gain !== "linear" && gain !== "exponential") throw new RunlabError("there is no such gain", { received: gain, allowed: "linear, exponential" });
  const gains = new Float64Array(truth.length);
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] < 0) throw new RunlabError("relevances are 0 or more", { received: `${truth[i]} in row ${i}` });
    gains[i] = gain === "linear" ? truth[i] : Math.exp(truth[i] * Math.LN2) - 1;
    if (gain === "exponential" && Number.isInteger(truth[i]) && truth[i] < 53) gains[i] = 2 ** truth[i] - 1;
  }
  let sum = 0;
  let total = 0;
  let queries = 0;
  for (const rows of rowsByGroup(groups)) {
    const weight = weights === null ? 1 : weights[rows[0]];
    if (weights !== null && rows.some((row) => weights[row] !== weight)) throw new RunlabError("weights are the same for every row of a query", { received: `different ones in the query of row ${rows[0]}` });
    sum += weight * oneRanking(Float64Array.from(rows, (row) => gains[row]), Float64Array.from(rows, (row) => predicted[row]), k);
    total += weight;
    queries++;
  }
  return { value: sum / total, details: { queries, gain, ...(k === Infinity ? {} : { k }) } };
}

function rowsByGroup(groups: Int32Array): Uint32Array[] {
  let last = 0;
  for (let i = 0; i < groups.length; i++) if (groups[i] > last) last = groups[i];
  const sizes = new Uint32Array(last + 1);
  for (let i = 0; i < groups.length; i++) sizes[groups[i]]++;
  const rows = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(last + 1);
  for (let i = 0; i < groups.length; i++) rows[groups[i]][filled[groups[i]]++] = i;
  return rows.filter((each) => each.length > 0);
}

/** Rows of equal score share the places they take; a query without anything relevant counts 0, both as in scikit-learn. */
function oneRanking(gains: Float64Array, scores: Float64Array, k: number): number {
  const discount = (place: number): number => (place < k ? 1 / Math.log2(place + 2) : 0);
  const { scores: sorted, tags: rows } = sortedScores(scores);
  let found = 0;
  for (let i = 0; i < rows.length; ) {
    let end = i + 1;
    while (end < rows.length && sorted[end] === sorted[i]) end++;
    let tied = 0;
    let places = 0;
    for (let j = i; j < end; j++) {
      tied += gains[rows[j]];
      places += discount(j);
    }
    found += (tied / (end - i)) * places;
    i = end;
  }
  const best = sortedScores(gains).scores;
  let ideal = 0;
  for (let i = 0; i < best.length; i++) ideal += best[i] * discount(i);
  return ideal === 0 ? 0 : found / ideal;
}

export const ndcgMetric: Metric = checked({
  name: "ndcg",
  summary: "how well a ranking puts what is relevant first",
  task: "ranking",
  predictions: "numbers",
  against: "truth",
  greaterIsBetter: true,
  perfect: 1,
  options: { groups: true, k: true, gain: true, weights: true },
  compute(truth: Values, predicted: Values, options: NdcgOptions) {
    const { value, details } = compute(truth, predicted, options);
    return { value, details: { ...details, rows: truth.length } };
  },
  raw(rows: RawRows, options: NdcgOptions = {}) {
    const groups = options.groups === undefined ? new Int32Array(rows.truth.length) : codesOf(options.groups, "groups").codes;
    return of(rawNumbers(rows), groups, options).value;
  },
});

/**
 * Normalised discounted cumulative gain, 0 to 1: what is relevant counts for less the further down it stands (by
 * 1 / log2(place + 1)), as a share of the best possible order; the mean over queries.
 *
 * When it misleads: with few relevant rows among many a poor order can still look good; a query without anything relevant counts 0.
 *
 * @param truth how relevant each row is, 0 or more.
 * @param predicted a score to sort by, highest first.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, a value is missing or not finite, or a relevance is negative.
 *
 * Source: K. Jarvelin and J. Kekalainen (2002).
 *
 * @example
 * ndcg([3, 2, 0, 1], [0.9, 0.8, 0.7, 0.6]); // 0.9854419388428785
 * ndcg([1, 0, 0, 1], [0.9, 0.1, 0.8, 0.7], { groups: ["a", "a", "b", "b"] }); // 0.8154648767857288
 */
export function ndcg(truth: Values, predicted: Values, options: NdcgOptions = {}): number {
  return announced(ndcgMetric, truth, predicted, options);
}
