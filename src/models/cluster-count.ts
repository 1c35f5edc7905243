/**
 * How many clusters are worth it: k-means for several numbers of them, side by side.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { silhouette } from "../metrics/index.js";
import { asPartOf } from "../observe/index.js";
import { type PlotSpec, learningCurvePlot } from "../plots/index.js";
import { currentSeed } from "../random/index.js";
import type { Part } from "../split/index.js";
import { checkOptions } from "../table/index.js";
import { KMeans, type KMeansOptions } from "./k-means.js";
import { applyDesign, spread } from "./linear/design.js";
import type { UnsupervisedFitOptions } from "./unsupervised.js";

/** Options of `elbow` and `silhouetteByClusters`: those of `KMeans` but `nClusters` and `init`, and these. */
export interface ClusterCountOptions extends Omit<KMeansOptions, "nClusters" | "init">, UnsupervisedFitOptions {
  /** Which numbers of clusters. Default 1 to 10 for the elbow, 2 to 10 for the silhouette. */
  clusters?: readonly number[];
  /** For the silhouette: judge this many rows, drawn at random, since the work grows with their square. Default 2000. */
  sampleSize?: number;
}

/** A number of clusters and how good they are. */
export interface ClusterCount {
  readonly nClusters: number;
  readonly value: number;
}

/** Numbers of clusters, in the order asked for, and a plot of them: a cell that ends in it shows the plot by `.plot`. */
export interface ClusterCounts {
  readonly points: readonly ClusterCount[];
  readonly plot: PlotSpec;
}

const OPTIONS: Record<keyof ClusterCountOptions, true> = { clusters: true, sampleSize: true, features: true, weights: true, nInit: true, maxIter: true, tol: true, seed: true, preprocess: true, nJobs: true };
const MOST_BY_DEFAULT = 10;

/**
 * The inertia (summed squared distance of rows to their centres) of k-means for several numbers of clusters. It always falls;
 * where the curve bends, more clusters stop being worth it.
 *
 * When it misleads: often there is no bend. `silhouetteByClusters` has a largest value instead.
 *
 * @throws RunlabError for unknown options, numbers that are no whole ones from 1, and what `KMeans` refuses.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 10, 11, 20, 21] });
 * elbow(table, { clusters: [1, 2, 3], seed: 1 }).points[2].nClusters; // 3
 */
export function elbow(data: Part | Table, options: ClusterCountOptions = {}): ClusterCounts {
  return compared("elbow", "inertia", 1, data, options, (model) => model.inertia);
}

/**
 * The mean silhouette of k-means for several numbers of clusters: how much nearer rows are to their own cluster than to the
 * next. The largest value names the number of clusters that lie best apart.
 *
 * When it misleads: it favours round clusters of one size, as k-means itself does.
 *
 * @throws RunlabError for unknown options, numbers that are no whole ones from 2, and what `KMeans` refuses.
 *
 * Source: P. Rousseeuw, "Silhouettes" (1987).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 10, 11, 20, 21] });
 * const { points } = silhouetteByClusters(table, { clusters: [2, 3], seed: 1 });
 * points[1].value > points[0].value; // true: three lie best apart
 */
export function silhouetteByClusters(data: Part | Table, options: ClusterCountOptions = {}): ClusterCounts {
  const { sampleSize = 2000, seed = currentSeed() } = options;
  return compared("silhouetteByClusters", "silhouette", 2, data, options, (model, table) => {
    const design = applyDesign(table, model.fitted.features, model.recipe, "k-means");
    const points = { rows: design.rows, columns: model.columns, values: spread(design) };
    return asPartOf("metric", () => silhouette(points, model.labels, design.rows > sampleSize ? { sampleSize, seed } : {}));
  });
}

function compared(owner: string, value: string, least: number, data: Part | Table, options: ClusterCountOptions, judge: (model: KMeans, table: Table) => number): ClusterCounts {
  checkOptions(owner, options, OPTIONS);
  const { clusters, features, weights, sampleSize: _sample, ...settings } = options;
  const table = "table" in data ? data.table : data;
  const asked = clusters ?? Array.from({ length: MOST_BY_DEFAULT - least + 1 }, (_, i) => least + i).filter((count) => count <= table.numRows - (least - 1));
  if (!Array.isArray(asked) || asked.length === 0 || asked.some((count) => !Number.isInteger(count) || count < least)) {
    throw new RunlabError(`${owner}: clusters is a list of whole numbers from ${least}`, { received: String(asked), allowed: `such as [${least}, ${least + 1}, ${least + 2}]` });
  }
  const seed = settings.seed ?? currentSeed();
  const fit = { ...(features === undefined ? {} : { features }), ...(weights === undefined ? {} : { weights }) };
  const points = asked.map((nClusters) => {
    const model = asPartOf("fit", () => new KMeans({ ...settings, seed, nClusters }).fit(data, fit));
    return { nClusters, value: judge(model, table) };
  });
  const plot = learningCurvePlot({ [value]: points.map((point) => ({ step: point.nClusters, value: point.value })) }, { step: "clusters", value });
  return { points, plot };
}
