/**
 * Principal components: many columns as few.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { coresToUse, leaseMemory } from "../kernels/index.js";
import { type Part, isPart, partOf } from "../split/index.js";
import { columnNames, tableFromVectors, vectorOf } from "../table/index.js";
import { DesignMemory } from "./linear/design-memory.js";
import { type Design, type DesignRecipe, type Preprocess, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps } from "./linear/design.js";
import { columnMeans } from "./distance/point-memory.js";
import { type Components, componentsFromCovariance, componentsFromRows, minkaRank } from "./linear/components.js";
import { type Fitted, choiceOption, numberOption } from "./model.js";
import { packArray, unpackArray } from "./typed-json.js";
import { type UnlabelledData, Unsupervised } from "./unsupervised.js";

export interface PCAOptions {
  /** How many components; a share between 0 and 1 takes as many as explain that share of the variance; "mle" lets Minka's rule decide; null, the default, keeps all. */
  nComponents?: number | "mle" | null;
  /** Give every component variance 1. Default false. */
  whiten?: boolean;
  /** As for `LogisticRegression`: "auto" scales, so that no column decides by its unit. Default "auto". */
  preprocess?: Preprocess;
  /** Threads; null, the default, takes all cores. The result does not depend on it. */
  nJobs?: number | null;
}

const WHAT = "PCA";

/**
 * Turns columns into fewer that carry most of their variance: the first is the direction in which the rows differ most, each next one
 * the same at right angles to those before.
 *
 * When it misleads: much variance need not mean much to say about a target; it sees straight directions only; one far outlier
 * turns a component towards itself; without scaling the column with the largest unit is the first component.
 *
 * Components, their order and signs are scikit-learn's (of each component the largest entry is positive);
 * `preprocess: "none"` gives its values, while "auto" scales first.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, weights, and more components than columns or rows.
 *
 * Source: K. Pearson (1901); H. Hotelling (1933); T. Minka, "Automatic choice of dimensionality for PCA" (2000).
 *
 * @example
 * const table = tableFromColumns({ a: [1, 2, 3, 4], b: [2, 4, 6, 8.5], c: [1, 0, 0, 1] });
 * const pca = new PCA({ nComponents: 2 }).fit(table);
 * columnNames(pca.transform(table)); // ["pca0", "pca1"]
 */
export class PCA extends Unsupervised<PCAOptions> {
  readonly name = "PCA";
  readonly task = "decomposition";
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #recipe: DesignRecipe | null = null;
  #mean: Float64Array = new Float64Array(0);
  #components: Float64Array = new Float64Array(0);
  #variance: Float64Array = new Float64Array(0);
  #share: Float64Array = new Float64Array(0);
  #rest = 0;

  /** Names of the columns that the components are made of, such as `island=Dream`. */
  get columns(): readonly string[] {
    void this.fitted;
    return this.#recipe!.columns;
  }

  /** How the table becomes columns. */
  get recipe(): DesignRecipe {
    void this.fitted;
    return this.#recipe!;
  }

  /** One row a component, a number for each of `columns`. */
  get components(): number[][] {
    const width = this.columns.length;
    return Array.from(this.#variance, (_, k) => Array.from(this.#components.subarray(k * width, (k + 1) * width)));
  }

  /** The variance of each component, greatest first. */
  get explainedVariance(): number[] {
    void this.fitted;
    return Array.from(this.#variance);
  }

  /** The same as a share of the whole variance. */
  get explainedVarianceRatio(): number[] {
    void this.fitted;
    return Array.from(this.#share);
  }

  /** The mean of each column, which is taken off first. */
  get mean(): number[] {
    void this.fitted;
    return Array.from(this.#mean);
  }

  /** The mean variance of the components that were left out. */
  get noiseVariance(): number {
    void this.fitted;
    return this.#rest;
  }

  /** The table with columns `pca0`, `pca1` … in place of the features; other columns stay. A part stays a part. */
  transform(data: Part): Part;
  transform(data: Table): Table;
  transform(data: Part | Table): Part | Table;
  transform(data: Part | Table): Part | Table {
    const table = this.tableOf(data);
    const design = applyDesign(table, this.fitted.features, this.#recipe!, WHAT);
    const scores = this.#scores(design);
    const used = new Set(this.featureNames);
    const kept = columnNames(table).filter((name) => !used.has(name));
    const made = scores.map((_, k) => `pca${k}`);
    const changed = tableFromVectors([...made, ...kept], [...scores.map((values) => vectorOf(values)), ...kept.map((name) => table.getChild(name)!)]);
    if (!isPart(data)) return changed;
    return partOf(changed, { target: data.target, features: [...made, ...data.features.filter((name) => !used.has(name))], name: data.name, rows: data.rows });
  }

  #scores(design: Design): Float64Array[] {
    const { width } = design;
    const whiten = this.params["whiten"] === true;
    return Array.from(this.#variance, (variance, k) => {
      const component = this.#components.subarray(k * width, (k + 1) * width);
      const out = new Float64Array(design.rows);
      for (const { place, values, fill, mean, scale } of design.numbers) {
        const shift = this.#mean[place];
        for (let i = 0; i < out.length; i++) {
          const value = values[i];
          out[i] += (((value === value ? value : fill) - mean) / scale - shift) * component[place];
        }
      }
      for (const { places, codes } of design.codes) {
        let none = 0;
        for (const place of places) none -= this.#mean[place] * component[place];
        for (let i = 0; i < out.length; i++) out[i] += none + (codes[i] < places.length ? component[places[codes[i]]] : 0);
      }
      if (whiten) {
        const scale = Math.sqrt(variance);
        for (let i = 0; i < out.length; i++) out[i] /= Math.max(scale, Number.EPSILON);
      }
      return out;
    });
  }

  protected defaults(): PCAOptions {
    return { nComponents: null, whiten: false, preprocess: "auto", nJobs: null };
  }

  protected resolve(options: Required<PCAOptions>): Record<string, unknown> {
    const { nComponents } = options;
    if (typeof nComponents === "number") numberOption("nComponents", nComponents, nComponents > 0 && nComponents < 1 ? { above: 0 } : { least: 1, whole: true });
    else choiceOption("nComponents", nComponents, ["mle", null]);
    choiceOption("whiten", options.whiten, [true, false]);
    choiceOption("preprocess", options.preprocess, ["auto", "none"]);
    coresToUse(options.nJobs);
    return { ...options };
  }

  protected learn({ table, features, weighted }: UnlabelledData, params: Record<string, unknown>): Record<string, unknown> {
    const { nComponents, preprocess, nJobs } = params as unknown as Required<PCAOptions>;
    if (weighted) throw new RunlabError("PCA takes no weights", { allowed: "fit(table) without weights" });
    const { recipe, design } = learnDesign(table, features, preprocess, WHAT);
    const { rows, width } = design;
    const most = Math.min(rows, width);
    if (typeof nComponents === "number" && nComponents > most) throw new RunlabError(`${rows} rows of ${width} columns have up to ${most} components`, { received: `nComponents ${nComponents}` });
    if (nComponents === "mle" && rows < width) throw new RunlabError('nComponents "mle" needs at least as many rows as columns', { received: `${rows} rows of ${width} columns` });
    const { mean, found } = this.#decompose(design, coresToUse(nJobs));
    const whole = found.total;
    const shares = found.variances.map((value) => (whole > 0 ? value / whole : 0));
    const count = nComponents === null ? most : nComponents === "mle" ? minkaRank(found.variances, rows) : nComponents < 1 ? enoughFor(nComponents, shares) : nComponents;
    const kept = found.variances.subarray(0, count);
    this.#recipe = recipe;
    this.#mean = mean;
    this.#components = found.components.slice(0, count * width);
    this.#variance = kept.slice();
    this.#share = shares.slice(0, count);
    const left = found.variances.subarray(count, most);
    this.#rest = left.length > 0 ? left.reduce((sum, value) => sum + value, 0) / left.length : 0;
    return { steps: recordSteps(recipe), ignoredColumns: recipe.ignored, components: count, explained: this.#share.reduce((sum, value) => sum + value, 0) };
  }

  #decompose(design: Design, threads: number): { mean: Float64Array; found: Components } {
    const { rows, width } = design;
    // Few values: by the rows themselves, which keeps the small components exact; else by products of columns.
    if (rows < 10 * width || rows * width * width <= 1e5) {
      const mean = columnMeans(design);
      return { mean, found: componentsFromRows(design, mean) };
    }
    const mean = new Float64Array(width);
    for (const { place, center } of design.numbers) mean[place] = center;
    const lease = leaseMemory();
    try {
      const memory = new DesignMemory(design, lease, threads, mean);
      const size = width + 1;
      const sums = new Float64Array(size * size);
      memory.products(0, sums);
      const covariance = new Float64Array(width * width);
      // Dense columns are about centred already, those of categories not: what is left of the means comes off here.
      for (let a = 0; a < width; a++) for (let b = 0; b <= a; b++) covariance[a * width + b] = (sums[a * size + b] - (sums[width * size + a] * sums[width * size + b]) / rows) / (rows - 1);
      for (let a = 0; a < width; a++) mean[a] += sums[width * size + a] / rows;
      return { mean, found: componentsFromCovariance(covariance, width) };
    } finally {
      lease.release();
    }
  }

  protected state(): unknown {
    return { design: recipeToJson(this.#recipe!), mean: packArray(this.#mean), components: packArray(this.#components), variance: packArray(this.#variance), share: packArray(this.#share), rest: this.#rest };
  }

  protected restoreState(state: unknown, _fitted: Fitted<null>): void {
    const { design, mean, components, variance, share, rest } = state as Record<string, unknown>;
    const recipe = recipeFromJson(design);
    const width = recipe.columns.length;
    const variances = unpackArray(variance, "float64", "the variances");
    const means = unpackArray(mean, "float64", "the means");
    const found = unpackArray(components, "float64", "the components");
    const shares = unpackArray(share, "float64", "the shares");
    if (means.length !== width || found.length !== width * variances.length || shares.length !== variances.length || typeof rest !== "number") throw new RunlabError("the model file is damaged: components and columns do not fit");
    this.#recipe = recipe;
    this.#mean = means;
    this.#components = found;
    this.#variance = variances;
    this.#share = shares;
    this.#rest = rest;
  }
}

/** As many components as explain more than that share. */
function enoughFor(share: number, shares: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < shares.length; k++) {
    sum += shares[k];
    if (sum > share) return k + 1;
  }
  return shares.length;
}
