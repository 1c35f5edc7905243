/**
 * k-means: rows in groups around centres.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { coresToUse, leaseMemory } from "../kernels/index.js";
import { currentSeed, stream } from "../random/index.js";
import type { Part } from "../split/index.js";
import { type NumberMatrix } from "../table/index.js";
import { Clusters, type Clustering } from "./distance/lloyd.js";
import { PointMemory, columnMeans } from "./distance/point-memory.js";
import { type Design, type DesignRecipe, type Preprocess, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps, spread } from "./linear/design.js";
import { type Fitted, choiceOption, numberOption } from "./model.js";
import { fitProgress } from "./progress.js";
import { packArray, unpackArray } from "./typed-json.js";
import { type UnlabelledData, Unsupervised } from "./unsupervised.js";
import { warnNotConverged } from "./warn.js";

export interface KMeansOptions {
  /** How many groups. Default 8. */
  nClusters?: number;
  /** Where the centres start: "k-means++" (far apart, the default), "random" (on rows), or the centres themselves, a list of numbers each. */
  init?: "k-means++" | "random" | readonly (readonly number[])[];
  /** How many starts are tried, of which the best is kept. "auto", the default: 1 for "k-means++", 10 for "random". */
  nInit?: number | "auto";
  /** Most iterations of each start. Default 300. */
  maxIter?: number;
  /** Stop when the centres move by less than this share of the mean variance of the columns. Default 1e-4. */
  tol?: number;
  /** Fixes where the centres start. Default: the seed of the run. */
  seed?: number;
  /** As for `LogisticRegression`: "auto" scales, so that no column decides by its unit. Default "auto". */
  preprocess?: Preprocess;
  /** Threads; null, the default, takes all cores. The result does not depend on it. */
  nJobs?: number | null;
}

const WHAT = "k-means";

/**
 * Divides rows into groups, each around its mean: no row is nearer to another centre than to its own.
 *
 * When it misleads: it always finds as many groups as it is asked for, also where there are none; groups that are long, nested
 * or of very different size are cut in the wrong places; another start may give other groups. `elbow` shows how many
 * groups are worth it.
 *
 * Lloyd's algorithm, with scikit-learn's starts, stopping rule and handling of empty groups. Numbers are scaled and categories
 * become columns of 0 and 1; `preprocess: "none"` takes numbers as they are.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and for fewer rows than groups.
 *
 * Source: S. Lloyd, "Least squares quantization in PCM" (1982); Arthur and Vassilvitskii (2007).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 10, 11], weight: [1, 1, 9, 8] });
 * const model = new KMeans({ nClusters: 2, seed: 1 }).fit(table);
 * new Set(model.labels).size; // 2
 */
export class KMeans extends Unsupervised<KMeansOptions> {
  readonly name = "KMeans";
  readonly task = "clustering";
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #recipe: DesignRecipe | null = null;
  #centers: Float64Array = new Float64Array(0);
  #labels: Int32Array = new Int32Array(0);
  #inertia = 0;

  /** Names of the columns that distances are measured in, such as `island=Dream`. */
  get columns(): readonly string[] {
    void this.fitted;
    return this.#recipe!.columns;
  }

  /** How the table becomes columns. */
  get recipe(): DesignRecipe {
    void this.fitted;
    return this.#recipe!;
  }

  /** One row a group, a number for each of `columns`. */
  get clusterCenters(): number[][] {
    const width = this.columns.length;
    return Array.from({ length: this.#centers.length / width }, (_, k) => Array.from(this.#centers.subarray(k * width, (k + 1) * width)));
  }

  /** The group of each row that was fitted. */
  get labels(): Int32Array {
    void this.fitted;
    return this.#labels;
  }

  /** The (weighted) sum of squared distances of rows to their centres. */
  get inertia(): number {
    void this.fitted;
    return this.#inertia;
  }

  /** The number of each row's group. */
  predict(data: Part | Table): Int32Array {
    const design = this.#designOf(data);
    if (design.rows === 0) return new Int32Array(0);
    const lease = leaseMemory();
    try {
      const points = new PointMemory(design.rows, design.width, lease, 1);
      points.lay(design, new Float64Array(design.width));
      return new Clusters(points, this.#centers.length / design.width, null).label(this.#centers);
    } finally {
      lease.release();
    }
  }

  /** The distance of each row to each centre, a column a group. */
  transform(data: Part | Table): NumberMatrix {
    const design = this.#designOf(data);
    const { rows, width } = design;
    const values = spread(design);
    const count = this.#centers.length / width;
    const out = new Float64Array(rows * count);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < count; k++) {
        let sum = 0;
        for (let c = 0; c < width; c++) {
          const difference = values[i * width + c] - this.#centers[k * width + c];
          sum += difference * difference;
        }
        out[i * count + k] = Math.sqrt(sum);
      }
    }
    return { rows, columns: Array.from({ length: count }, (_, k) => `cluster ${k}`), values: out };
  }

  #designOf(data: Part | Table): Design {
    return applyDesign(this.tableOf(data), this.fitted.features, this.#recipe!, WHAT);
  }

  protected defaults(): KMeansOptions {
    return { nClusters: 8, init: "k-means++", nInit: "auto", maxIter: 300, tol: 1e-4, seed: undefined as unknown as number, preprocess: "auto", nJobs: null };
  }

  protected resolve(options: Required<KMeansOptions>): Record<string, unknown> {
    numberOption("nClusters", options.nClusters, { least: 1, whole: true });
    if (!Array.isArray(options.init)) choiceOption("init", options.init, ["k-means++", "random"]);
    if (options.nInit !== "auto") numberOption("nInit", options.nInit, { least: 1, whole: true });
    numberOption("maxIter", options.maxIter, { least: 1, whole: true });
    numberOption("tol", options.tol, { least: 0 });
    choiceOption("preprocess", options.preprocess, ["auto", "none"]);
    coresToUse(options.nJobs);
    return { ...options, seed: options.seed ?? currentSeed() };
  }

  protected learn(training: UnlabelledData, params: Record<string, unknown>): Record<string, unknown> {
    const { nClusters, init, nInit, maxIter, tol, seed, preprocess, nJobs } = params as unknown as Required<KMeansOptions>;
    const { table, features, weights, weighted } = training;
    if (table.numRows < nClusters) throw new RunlabError("k-means needs at least as many rows as clusters", { received: `${table.numRows} rows for nClusters ${nClusters}` });
    const { recipe, design } = learnDesign(table, features, preprocess, WHAT);
    const given = typeof init === "string" ? null : givenCenters(init, nClusters, recipe.columns);
    const tries = given !== null ? 1 : nInit === "auto" ? (init === "random" ? 10 : 1) : nInit;
    const lease = leaseMemory();
    try {
      const points = new PointMemory(design.rows, design.width, lease, coresToUse(nJobs));
      const means = columnMeans(design);
      points.lay(design, means);
      const clusters = new Clusters(points, nClusters, weighted ? weights : null);
      const least = tol === 0 ? 0 : tol * meanVariance(points);
      const random = stream("k-means", seed);
      const progress = fitProgress(`fitting ${this.name}`, tries * maxIter);
      let best: Clustering | null = null;
      for (let turn = 0; turn < tries; turn++) {
        const draws = random.split(turn);
        const starts = given !== null ? given.map((value, at) => value - means[at % design.width]) : init === "random" ? clusters.randomRows(draws) : clusters.plusPlus(draws);
        let steps = 0;
        const found = clusters.lloyd(starts, maxIter, least, () => progress(turn * maxIter + ++steps));
        progress((turn + 1) * maxIter);
        if (best === null || found.inertia < best.inertia) best = found;
      }
      const { centers, labels, inertia, iterations, converged } = best!;
      if (!converged) warnNotConverged(this.name, iterations, "raise maxIter or tol");
      this.#recipe = recipe;
      this.#centers = centers.map((value, at) => value + means[at % design.width]);
      this.#labels = labels;
      this.#inertia = inertia;
      return { steps: recordSteps(recipe), ignoredColumns: recipe.ignored, inertia, iterations, converged };
    } finally {
      lease.release();
    }
  }

  protected state(): unknown {
    return { design: recipeToJson(this.#recipe!), centers: packArray(this.#centers), labels: packArray(this.#labels), inertia: this.#inertia };
  }

  protected restoreState(state: unknown, _fitted: Fitted<null>): void {
    const { design, centers, labels, inertia } = state as Record<string, unknown>;
    const recipe = recipeFromJson(design);
    const found = unpackArray(centers, "float64", "the centres");
    if (found.length === 0 || found.length % recipe.columns.length !== 0 || typeof inertia !== "number") throw new RunlabError("the model file is damaged: centres and columns do not fit");
    this.#recipe = recipe;
    this.#centers = found;
    this.#labels = unpackArray(labels, "int32", "the labels");
    this.#inertia = inertia;
  }
}

function givenCenters(init: readonly (readonly number[])[], count: number, columns: readonly string[]): Float64Array {
  const shape = init.length === count && init.every((center) => Array.isArray(center) && center.length === columns.length && center.every(Number.isFinite));
  if (!shape) throw new RunlabError(`init gives ${count} centres of ${columns.length} finite numbers each`, { received: `${init.length} of ${Array.isArray(init[0]) ? init[0].length : "no"} numbers`, allowed: `a number for each of ${columns.slice(0, 8).join(", ")}` });
  return Float64Array.from(init.flat());
}

/** Points lie around 0. */
function meanVariance(points: PointMemory): number {
  let total = 0;
  for (let c = 0; c < points.columns; c++) {
    const values = points.column(c);
    let squares = 0;
    for (let i = 0; i < points.rows; i++) squares += values[i] * values[i];
    total += squares / points.rows;
  }
  return total / points.columns;
}
