/**
 * What a threshold on the scores would call positive, for every threshold at once: ROC and precision-recall curves and
 * the areas under them are read off it.
 */
import { RunlabError } from "../errors.js";
import type { Label } from "./inputs.js";
import { sortedScores } from "./sort-scores.js";

/** One entry a distinct score, highest first: what is at that score or above. */
export interface Thresholds {
  readonly scores: Float64Array;
  /** Weight (or number) of positive rows. */
  readonly hits: Float64Array;
  /** Weight (or number) of other rows. */
  readonly alarms: Float64Array;
}

/** Counts of rows are exact whatever their order; weights are added in the order of the rows within a score. */
export function thresholds(scores: Float64Array, codes: Int32Array, yes: number, weights: Float64Array | null): Thresholds {
  const n = scores.length;
  const { rows, high, low } = sortedScores(scores);
  const out = { scores: new Float64Array(n), hits: new Float64Array(n), alarms: new Float64Array(n) };
  let found = 0;
  let hits = 0;
  let alarms = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i];
    const weight = weights === null ? 1 : weights[row];
    if (codes[row] === yes) hits += weight;
    else alarms += weight;
    if (i + 1 < n && high[i] === high[i + 1] && low[i] === low[i + 1]) continue;
    out.scores[found] = scores[row];
    out.hits[found] = hits;
    out.alarms[found] = alarms;
    found++;
  }
  return { scores: out.scores.subarray(0, found), hits: out.hits.subarray(0, found), alarms: out.alarms.subarray(0, found) };
}

/** That both kinds of row occur, with some weight. */
export function requireBoth(metric: string, { hits, alarms }: Thresholds, yes: Label | undefined): void {
  const positives = hits[hits.length - 1];
  const others = alarms[alarms.length - 1];
  if (positives > 0 && others > 0) return;
  throw new RunlabError(`${metric} needs rows of the positive class and others`, { received: positives > 0 ? `only rows of ${String(yes)}` : `no row of ${String(yes ?? "the positive class")}` });
}
