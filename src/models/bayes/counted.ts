/**
 * What the naive Bayes classifiers that count share: a weighted sum of columns for each class.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { type Fitted, type TrainingData, choiceOption, numberOption } from "../estimator.js";
import { type Design, type DesignRecipe, addScores, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps } from "../linear/design.js";
import type { ClassTarget } from "../target.js";
import { packArray, unpackArray } from "../typed-json.js";
import { NaiveBayes } from "./naive-bayes.js";

export interface CountedOptions {
  /** Added to every count, so that what was never seen is not impossible: 0 or more. Default 1. */
  alpha?: number;
  /** How likely each class is beforehand, in the order of the sorted classes. Default: see `fitPrior`. */
  priors?: readonly number[] | null;
  /** Classes are as likely as they are common; false: all the same. Default true. */
  fitPrior?: boolean;
}

export const COUNTED_DEFAULTS: Required<CountedOptions> = { alpha: 1, priors: null, fitPrior: true };
/** Less would make logarithms of 0. */
const LEAST_ALPHA = 1e-10;
const WHAT = "naive Bayes";

export function checkCounted(options: Required<CountedOptions>): Record<string, unknown> {
  numberOption("alpha", options.alpha, { least: 0, most: 1e100 });
  choiceOption("fitPrior", options.fitPrior, [true, false]);
  return { ...options };
}

export function smoothing(params: Record<string, unknown>): number {
  return Math.max(LEAST_ALPHA, params["alpha"] as number);
}

/** Coefficients a class, and what is added to every row's sum. */
export interface LogCounts {
  /** Class after class, a value for each column. */
  readonly coefficients: Float64Array;
  readonly constants: Float64Array;
}

/** Sums of columns in each class decide. */
export abstract class CountedBayes<Options extends CountedOptions> extends NaiveBayes<Options> {
  #recipe: DesignRecipe | null = null;
  #coefficients: Float64Array = new Float64Array(0);
  #constants: Float64Array = new Float64Array(0);

  /** Names of the columns, such as `island=Dream`. */
  get columns(): readonly string[] {
    void this.fitted;
    return this.#recipe!.columns;
  }

  /** One row a class: what a 1 in each column adds to the log likelihood. */
  protected get rowsOfCoefficients(): number[][] {
    const width = this.columns.length;
    return this.classes.map((_, k) => Array.from(this.#coefficients.subarray(k * width, (k + 1) * width)));
  }

  /** Checks a design's columns, or changes them, before they are summed or scored. */
  protected abstract prepare(design: Design, names: readonly string[], params: Record<string, unknown>): Design;
  /** From the sums of columns in each class, class after class. */
  protected abstract logCounts(sums: Float64Array, counts: Float64Array, width: number, params: Record<string, unknown>): LogCounts;

  protected override countsClasses(params: Record<string, unknown>): boolean {
    return params["fitPrior"] === true;
  }

  protected learnColumns(training: TrainingData, target: ClassTarget, counts: Float64Array, params: Record<string, unknown>): Record<string, unknown> {
    const { recipe, design: plain } = learnDesign(training.table, training.features, "plain", WHAT);
    const design = this.prepare(plain, recipe.columns, params);
    const { width, rows } = design;
    const sums = new Float64Array(counts.length * width);
    const { labels } = target;
    const { weights } = training;
    for (const { place, values, fill } of design.numbers) {
      for (let i = 0; i < rows; i++) sums[labels[i] * width + place] += weights[i] * (values[i] === values[i] ? values[i] : fill);
    }
    for (const { places, codes } of design.codes) {
      for (let i = 0; i < rows; i++) if (codes[i] < places.length) sums[labels[i] * width + places[codes[i]]] += weights[i];
    }
    const { coefficients, constants } = this.logCounts(sums, counts, width, params);
    this.#recipe = recipe;
    this.#coefficients = coefficients;
    this.#constants = constants;
    return { steps: recordSteps(recipe), ignoredColumns: recipe.ignored };
  }

  protected addLikelihoods(table: Table, out: Float64Array): void {
    const design = this.prepare(applyDesign(table, this.fitted.features, this.#recipe!, WHAT), this.#recipe!.columns, this.params);
    const classes = this.classes.length;
    for (let k = 0; k < classes; k++) {
      const scores = new Float64Array(design.rows).fill(this.#constants[k]);
      addScores(design, this.#coefficients, k * design.width, scores);
      for (let i = 0, at = k; i < scores.length; i++, at += classes) out[at] += scores[i];
    }
  }

  protected columnState(): Record<string, unknown> {
    return { design: recipeToJson(this.#recipe!), coefficients: packArray(this.#coefficients), constants: packArray(this.#constants) };
  }

  protected restoreColumns(state: Record<string, unknown>, classes: number, _fitted: Fitted): void {
    const recipe = recipeFromJson(state["design"]);
    const coefficients = unpackArray(state["coefficients"], "float64", "the coefficients");
    const constants = unpackArray(state["constants"], "float64", "the constants");
    if (coefficients.length !== classes * recipe.columns.length || constants.length !== classes) throw new RunlabError("the model file is damaged: coefficients and columns do not fit");
    this.#recipe = recipe;
    this.#coefficients = coefficients;
    this.#constants = constants;
  }
}
