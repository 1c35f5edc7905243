/**
 * Normalised mutual information: what one grouping says of another.
 */
import { RunlabError } from "../errors.js";
import { groupingMetric } from "./define-groupings.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";

/** Options of `normalizedMutualInformation`. */
export interface MutualInformationOptions {
  /** The mean of both entropies that the information is a share of. Default "arithmetic". */
  average?: "arithmetic" | "geometric" | "min" | "max";
}

const MEANS: Record<NonNullable<MutualInformationOptions["average"]>, (a: number, b: number) => number> = {
  arithmetic: (a, b) => (a + b) / 2,
  geometric: (a, b) => Math.sqrt(a * b),
  min: Math.min,
  max: Math.max,
};

export const normalizedMutualInformationMetric = groupingMetric<MutualInformationOptions>({
  name: "normalizedMutualInformation",
  summary: "what one grouping says of another",
  options: { average: true },
  of({ pairs, first, second, firstSizes, secondSizes, rows }, { average = "arithmetic" }) {
    if (!Object.hasOwn(MEANS, average)) throw new RunlabError("there is no such average", { received: average, allowed: Object.keys(MEANS).join(", ") });
    const groups = (sizes: Float64Array): number => sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0);
    const details = { average };
    if (groups(firstSizes) === 1 && groups(secondSizes) === 1) return { value: 1, details };
    let information = 0;
    for (let i = 0; i < pairs.length; i++) {
      information += (pairs[i] / rows) * Math.log((rows * pairs[i]) / (firstSizes[first[i]] * secondSizes[second[i]]));
    }
    // Rounding may leave a trace of nothing, on either side of 0.
    if (Math.abs(information) < Number.EPSILON) return { value: 0, details };
    return { value: information / MEANS[average](entropy(firstSizes, rows), entropy(secondSizes, rows)), details };
  },
});

function entropy(sizes: Float64Array, rows: number): number {
  let sum = 0;
  for (const size of sizes) if (size > 0) sum -= (size / rows) * Math.log(size / rows);
  return sum;
}

/**
 * What two groupings of the same rows say of each other, 0 (nothing) to 1 (the same groups, whatever they are called).
 *
 * When it misleads: not corrected for chance, so many small groups score well by themselves. Look at `adjustedRand` too.
 *
 * @throws RunlabError when lengths differ, there is nothing to compare, or a value is missing.
 *
 * Source: A. Strehl and J. Ghosh (2002).
 *
 * @example
 * normalizedMutualInformation([0, 0, 1, 1], ["b", "b", "a", "a"]); // 1
 */
export function normalizedMutualInformation(truth: Values, predicted: Values, options: MutualInformationOptions = {}): number {
  return announced(normalizedMutualInformationMetric, truth, predicted, options);
}
