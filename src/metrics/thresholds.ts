/**
 * What a threshold on the scores would call positive, for every threshold at once: ROC and precision-recall curves and
 * the areas under them are read off it.
 */
import { RunlabError } from "../errors.js";
import type { Label } from "./inputs.js";
import { scratchDoubles, scratchWords } from "./scratch.js";
import { sortedScores } from "./sort-scores.js";

/** One entry a distinct score, highest first: what is at that score or above. In memory that the next call uses again. */
export interface Thresholds {
  readonly scores: Float64Array;
  /** Weight (or number) of positive rows. */
  readonly hits: Float64Array;
  /** Weight (or number) of other rows. */
  readonly alarms: Float64Array;
}

/** Counts of rows are exact whatever their order; weights are added in the order of the rows within a score. */
export function thresholds(scores: Float64Array, codes: Int32Array, yes: number, weights: Float64Array | null): Thresholds {
  return weights === null ? counted(scores, codes, yes) : weighed(scores, codes, yes, weights);
}

/** Without weights all that is to be known of a row is whether it is positive. */
function counted(scores: Float64Array, codes: Int32Array, yes: number): Thresholds {
  const n = scores.length;
  const positive = scratchWords("positive", n);
  for (let i = 0; i < n; i++) positive[i] = codes[i] === yes ? 1 : 0;
  const { scores: sorted, tags } = sortedScores(scores, positive);
  const hits = scratchDoubles("hits", n);
  const alarms = scratchDoubles("alarms", n);
  let found = 0;
  let hit = 0;
  for (let i = 0; i < n; i++) {
    hit += tags[i];
    if (i + 1 < n && sorted[i] === sorted[i + 1]) continue;
    sorted[found] = sorted[i];
    hits[found] = hit;
    alarms[found] = i + 1 - hit;
    found++;
  }
  return { scores: sorted.subarray(0, found), hits: hits.subarray(0, found), alarms: alarms.subarray(0, found) };
}

function weighed(scores: Float64Array, codes: Int32Array, yes: number, weights: Float64Array): Thresholds {
  const n = scores.length;
  const { scores: sorted, tags: rows } = sortedScores(scores);
  const hits = scratchDoubles("hits", n);
  const alarms = scratchDoubles("alarms", n);
  let found = 0;
  let hit = 0;
  let alarm = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i];
    if (codes[row] === yes) hit += weights[row];
    else alarm += weights[row];
    if (i + 1 < n && sorted[i] === sorted[i + 1]) continue;
    sorted[found] = sorted[i];
    hits[found] = hit;
    alarms[found] = alarm;
    found++;
  }
  return { scores: sorted.subarray(0, found), hits: hits.subarray(0, found), alarms: alarms.subarray(0, found) };
}

/** That both kinds of row occur, with some weight. */
export function requireBoth(metric: string, { hits, alarms }: Thresholds, yes: Label | undefined): void {
  const positives = hits[hits.length - 1];
  const others = alarms[alarms.length - 1];
  if (positives > 0 && others > 0) return;
  throw new RunlabError(`${metric} needs rows of the positive class and others`, { received: positives > 0 ? `only rows of ${String(yes)}` : `no row of ${String(yes ?? "the positive class")}` });
}
