/**
 * How many rows there are of each class.
 */
import type { Label } from "./inputs.js";
import { codesOf } from "./labels.js";
import type { Values } from "./metric.js";

export interface ClassCount {
  label: Label;
  count: number;
  /** Of all rows, 0 to 1. */
  share: number;
}

/**
 * Counts the rows of each class, in the order of the labels.
 *
 * @throws RunlabError when there are no rows or a value is missing.
 *
 * @example
 * classCounts(["a", "b", "a", "a"]); // [{ label: "a", count: 3, share: 0.75 }, { label: "b", count: 1, share: 0.25 }]
 */
export function classCounts(values: Values): ClassCount[] {
  const { codes, levels } = codesOf(values, "values");
  const counts = new Float64Array(levels.length);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  return levels.map((label, i) => ({ label, count: counts[i], share: counts[i] / codes.length }));
}
