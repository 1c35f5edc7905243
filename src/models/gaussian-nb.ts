/**
 * Naive Bayes for quantities.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { NaiveBayes } from "./bayes/naive-bayes.js";
import { type Fitted, type TrainingData, choiceOption, numberOption } from "./estimator.js";
import { type Design, type DesignRecipe, type Preprocess, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps } from "./linear/design.js";
import type { ClassTarget } from "./target.js";
import { packArray, unpackArray } from "./typed-json.js";

export interface GaussianNBOptions {
  /** How likely each class is beforehand, in the order of the sorted classes. Default: as common as it is in training. */
  priors?: readonly number[] | null;
  /** Share of the greatest variance that is added to all, so that none is 0. Default 1e-9. */
  varSmoothing?: number;
  /** As for `LogisticRegression`. Default "auto". */
  preprocess?: Preprocess;
}

const WHAT = "naive Bayes";

/**
 * Takes every column to be normally distributed within a class, and columns to say nothing about one another. One pass
 * over the data, also with very many classes: a quick first model.
 *
 * When it misleads: columns that go together are counted twice, so probabilities lie too near 0 and 1 (the order of rows is
 * better than the numbers); columns far from normal are badly described.
 *
 * As scikit-learn's GaussianNB; numbers are scaled, which changes nothing but `varSmoothing`, and categories become columns of 0 and 1.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and a target that is missing in some rows or has one class.
 *
 * Source: T. Chan, G. Golub and R. LeVeque (1979) for the variances.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * new GaussianNB().fit(table, { target: "kind" }).predict(tableFromColumns({ size: [0, 10] })); // ["small", "big"]
 */
export class GaussianNB extends NaiveBayes<GaussianNBOptions> {
  readonly name = "GaussianNB";
  #recipe: DesignRecipe | null = null;
  /** Class after class, a value for each column. */
  #means: Float64Array = new Float64Array(0);
  #variances: Float64Array = new Float64Array(0);

  /** Names of the columns, such as `island=Dream`. */
  get columns(): readonly string[] {
    void this.fitted;
    return this.#recipe!.columns;
  }

  /** One row a class: the mean of each column. */
  get theta(): number[][] {
    return this.#rows(this.#means);
  }

  /** One row a class: the variance of each column, smoothed. */
  get var(): number[][] {
    return this.#rows(this.#variances);
  }

  #rows(values: Float64Array): number[][] {
    const width = this.columns.length;
    return this.classes.map((_, k) => Array.from(values.subarray(k * width, (k + 1) * width)));
  }

  protected defaults(): GaussianNBOptions {
    return { priors: null, varSmoothing: 1e-9, preprocess: "auto" };
  }

  protected resolve(options: Required<GaussianNBOptions>): Record<string, unknown> {
    numberOption("varSmoothing", options.varSmoothing, { least: 0, most: 1e100 });
    choiceOption("preprocess", options.preprocess, ["auto", "none"]);
    return { ...options };
  }

  protected learnColumns(training: TrainingData, target: ClassTarget, counts: Float64Array, params: Record<string, unknown>): Record<string, unknown> {
    const { varSmoothing, preprocess } = params as unknown as Required<GaussianNBOptions>;
    const { recipe, design } = learnDesign(training.table, training.features, preprocess, WHAT);
    const { width, rows } = design;
    const classes = counts.length;
    const { weights } = training;
    const { labels } = target;
    const means = new Float64Array(classes * width);
    const variances = new Float64Array(classes * width);
    let greatest = 0;
    for (const { place, values, fill, mean, scale } of design.numbers) {
      const sums = new Float64Array(classes);
      let all = 0;
      for (let i = 0; i < rows; i++) {
        const value = ((values[i] === values[i] ? values[i] : fill) - mean) / scale;
        sums[labels[i]] += weights[i] * value;
        all += value;
      }
      for (let k = 0; k < classes; k++) sums[k] = counts[k] > 0 ? sums[k] / counts[k] : 0;
      all /= rows;
      const squares = new Float64Array(classes);
      let spread = 0;
      for (let i = 0; i < rows; i++) {
        const value = ((values[i] === values[i] ? values[i] : fill) - mean) / scale;
        const difference = value - sums[labels[i]];
        squares[labels[i]] += weights[i] * difference * difference;
        spread += (value - all) * (value - all);
      }
      greatest = Math.max(greatest, spread / rows);
      for (let k = 0; k < classes; k++) {
        means[k * width + place] = sums[k];
        variances[k * width + place] = counts[k] > 0 ? squares[k] / counts[k] : 0;
      }
    }
    for (const { places, codes } of design.codes) {
      const own = new Float64Array(classes * (places.length + 1));
      const ones = new Float64Array(places.length + 1);
      for (let i = 0; i < rows; i++) {
        own[labels[i] * (places.length + 1) + codes[i]] += weights[i];
        ones[codes[i]]++;
      }
      places.forEach((place, level) => {
        greatest = Math.max(greatest, (ones[level] / rows) * (1 - ones[level] / rows));
        for (let k = 0; k < classes; k++) {
          const share = counts[k] > 0 ? own[k * (places.length + 1) + level] / counts[k] : 0;
          means[k * width + place] = share;
          variances[k * width + place] = share * (1 - share);
        }
      });
    }
    // A table of constant columns has no variance to take a share of.
    const added = varSmoothing * greatest || Number.MIN_VALUE * 2 ** 52;
    for (let at = 0; at < variances.length; at++) variances[at] += added;
    this.#recipe = recipe;
    this.#means = means;
    this.#variances = variances;
    return { steps: recordSteps(recipe), ignoredColumns: recipe.ignored };
  }

  protected addLikelihoods(table: Table, out: Float64Array): void {
    const design = applyDesign(table, this.fitted.features, this.#recipe!, WHAT);
    for (let k = 0; k < this.classes.length; k++) this.#addClass(design, k, this.classes.length, out);
  }

  #addClass(design: Design, k: number, classes: number, out: Float64Array): void {
    const { width, rows } = design;
    const means = this.#means.subarray(k * width, (k + 1) * width);
    const variances = this.#variances.subarray(k * width, (k + 1) * width);
    let constant = 0;
    for (let c = 0; c < width; c++) constant -= Math.log(2 * Math.PI * variances[c]) / 2;
    for (let i = 0, at = k; i < rows; i++, at += classes) out[at] += constant;
    for (const { place, values, fill, mean, scale } of design.numbers) {
      for (let i = 0, at = k; i < rows; i++, at += classes) {
        const difference = ((values[i] === values[i] ? values[i] : fill) - mean) / scale - means[place];
        out[at] -= (difference * difference) / (2 * variances[place]);
      }
    }
    for (const { places, codes } of design.codes) {
      let none = 0;
      for (const place of places) none -= (means[place] * means[place]) / (2 * variances[place]);
      // Where one column is 1, its own term changes.
      const terms = Float64Array.from(places, (place) => none + (means[place] * means[place] - (1 - means[place]) * (1 - means[place])) / (2 * variances[place]));
      for (let i = 0, at = k; i < rows; i++, at += classes) out[at] += codes[i] < terms.length ? terms[codes[i]] : none;
    }
  }

  protected columnState(): Record<string, unknown> {
    return { design: recipeToJson(this.#recipe!), means: packArray(this.#means), variances: packArray(this.#variances) };
  }

  protected restoreColumns(state: Record<string, unknown>, classes: number, _fitted: Fitted): void {
    const recipe = recipeFromJson(state["design"]);
    const means = unpackArray(state["means"], "float64", "the means");
    const variances = unpackArray(state["variances"], "float64", "the variances");
    if (means.length !== classes * recipe.columns.length || variances.length !== means.length) throw new RunlabError("the model file is damaged: means and columns do not fit");
    this.#recipe = recipe;
    this.#means = means;
    this.#variances = variances;
  }
}
