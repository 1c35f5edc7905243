/**
 * Silhouette: how much closer points are to their own group than to the next one.
 */
import { RunlabError } from "../errors.js";
import { currentSeed, stream } from "../random/index.js";
import { checkOptions } from "../table/check-options.js";
import { pointMetric } from "./define-points.js";
import { announced } from "./metric.js";
import type { Values } from "./metric.js";
import { type GroupedPoints, type Points, groupedPoints } from "./points.js";
import { groupDistances } from "./group-distances.js";

/** Options of `silhouette`. */
export interface SilhouetteOptions {
  /** Judge this many rows, drawn at random, against each other: the work grows with the square of the rows. Default: all. */
  sampleSize?: number;
  /** For `sampleSize`. Default: the seed of the run. */
  seed?: number;
}

export const silhouetteMetric = pointMetric<SilhouetteOptions>({
  name: "silhouette",
  summary: "how much closer points are to their own group than to the next",
  greaterIsBetter: true,
  perfect: 1,
  options: { sampleSize: true, seed: true },
  of(points, { sampleSize, seed }) {
    if (sampleSize === undefined) return { value: mean(silhouettes(points)), details: {} };
    if (!Number.isInteger(sampleSize) || sampleSize < 3) throw new RunlabError("sampleSize is a whole number of rows, 3 or more", { received: sampleSize });
    const used = seed ?? currentSeed();
    return { value: mean(silhouettes(sample(points, Math.min(sampleSize, points.rows), used))), details: { sampleSize, seed: used } };
  },
});

function sample({ values, width, rows, labels }: GroupedPoints, size: number, seed: number): GroupedPoints {
  const chosen = stream("silhouette", seed).choice(rows, size).sort();
  const some = new Float64Array(size * width);
  chosen.forEach((row, i) => some.set(values.subarray(row * width, (row + 1) * width), i * width));
  return groupedPoints("silhouette", { rows: size, columns: new Array<string>(width).fill(""), values: some }, Int32Array.from(chosen, (row) => labels[row]));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

function silhouettes(points: GroupedPoints): Float64Array {
  const { rows, groups, labels, sizes } = points;
  const sums = groupDistances(points);
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const own = labels[i];
    // A point alone in its group is neither well nor badly placed.
    if (sizes[own] === 1) continue;
    const inside = sums[i * groups + own] / (sizes[own] - 1);
    let outside = Infinity;
    for (let g = 0; g < groups; g++) if (g !== own) outside = Math.min(outside, sums[i * groups + g] / sizes[g]);
    const larger = Math.max(inside, outside);
    out[i] = larger === 0 ? 0 : (outside - inside) / larger;
  }
  return out;
}

/**
 * The silhouette of every point, -1 to 1; 0 for one that is alone in its group.
 *
 * @throws RunlabError as `silhouette`.
 *
 * @example
 * silhouetteSamples([[0], [1], [10]], ["a", "a", "b"]); // [0.9, 0.8888888888888888, 0]
 */
export function silhouetteSamples(points: Points, labels: Values): Float64Array {
  return silhouettes(groupedPoints("silhouetteSamples", points, labels));
}

/**
 * The mean over points of (b - a) / max(a, b), where a is the mean distance to the others of its group and b that to
 * the nearest other group. 1: groups far apart; 0: groups overlap; below 0: points in the wrong group. Distances are Euclidean.
 *
 * When it misleads: it likes round groups of one size; the scale of columns decides what is near, so scale them first; long or
 * nested shapes score low however clear they are.
 *
 * @param points a table of numbers, `matrixOf(table, columns)`, or an array of rows. Takes memory for groups x rows
 * sums and time for rows x rows distances; `sampleSize` keeps that small.
 *
 * @throws RunlabError when lengths differ, a number is missing or not finite, or there are not 2 to rows - 1 groups.
 *
 * Source: P. J. Rousseeuw (1987).
 *
 * @example
 * silhouette([[0], [1], [10], [11]], ["a", "a", "b", "b"]); // 0.899749373433584
 */
export function silhouette(points: Points, labels: Values, options: SilhouetteOptions = {}): number {
  checkOptions("silhouette", options, silhouetteMetric.options as Record<keyof SilhouetteOptions, true>);
  return announced(silhouetteMetric, points, labels, options);
}
