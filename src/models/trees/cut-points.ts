/**
 * The value that stands for each bin, where a cut is drawn between values.
 */
import { type FeatureBins, binCount } from "./bins.js";

/** Places a feature takes in the result: one a bin, the missing bin included. */
const PLACES = 256;

/**
 * For each feature 256 ascending numbers: the middle of each bin of numbers, as far from the outermost edge as the next
 * one is for the outermost bins; for categories their places in the order by target.
 */
export function cutPoints(bins: readonly FeatureBins[]): Float64Array {
  const points = new Float64Array(PLACES * bins.length);
  bins.forEach((feature, f) => {
    const own = points.subarray(PLACES * f, PLACES * (f + 1));
    for (let bin = 0; bin < PLACES; bin++) own[bin] = bin;
    if (feature.kind === "category" || feature.edges.length < 2) return;
    const { edges } = feature;
    const last = edges.length;
    const middles = Float64Array.from({ length: binCount(feature) }, (_, bin) =>
      bin === 0 ? edges[0] - (edges[1] - edges[0]) / 2 : bin === last ? edges[last - 1] + (edges[last - 1] - edges[last - 2]) / 2 : edges[bin - 1] / 2 + edges[bin] / 2);
    if (middles.every(Number.isFinite) && Number.isFinite(middles[last] - middles[0])) own.set(middles);
  });
  return points;
}
