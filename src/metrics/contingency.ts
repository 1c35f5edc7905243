/**
 * Two ways of grouping the same rows, counted against each other: only pairs that occur are held.
 */
import type { LabelRows } from "./inputs.js";

export interface Contingency {
  /** Rows of each pair of groups that occurs. */
  readonly pairs: Float64Array;
  /** The group of the first, and of the second way, of each pair. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstSizes: Float64Array;
  readonly secondSizes: Float64Array;
  readonly rows: number;
}

export function contingency({ truth, predicted, classes }: Pick<LabelRows, "truth" | "predicted" | "classes">): Contingency {
  const width = classes.length;
  const firstSizes = new Float64Array(width);
  const secondSizes = new Float64Array(width);
  const place = new Map<number, number>();
  const pairs: number[] = [];
  const first: number[] = [];
  const second: number[] = [];
  for (let i = 0; i < truth.length; i++) {
    firstSizes[truth[i]]++;
    secondSizes[predicted[i]]++;
    const key = truth[i] * width + predicted[i];
    const at = place.get(key);
    if (at !== undefined) pairs[at]++;
    else {
      place.set(key, pairs.length);
      pairs.push(1);
      first.push(truth[i]);
      second.push(predicted[i]);
    }
  }
  // In the order of the groups, so that sums do not depend on the order of the rows.
  const order = pairs.map((_, i) => i).sort((a, b) => first[a] - first[b] || second[a] - second[b]);
  return { pairs: Float64Array.from(order, (i) => pairs[i]), first: Int32Array.from(order, (i) => first[i]), second: Int32Array.from(order, (i) => second[i]), firstSizes, secondSizes, rows: truth.length };
}
