/**
 * Naive Bayes for categories.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { labelsOf } from "../table/index.js";
import { COUNTED_DEFAULTS, type CountedOptions, checkCounted, smoothing } from "./bayes/counted.js";
import { NaiveBayes } from "./bayes/naive-bayes.js";
import { type Fitted, type TrainingData } from "./estimator.js";
import { type FeatureSpec, featureCodes, featureNumbers, requireFeatures } from "./features.js";
import type { ClassTarget } from "./target.js";
import { packArray, unpackArray } from "./typed-json.js";

export type CategoricalNBOptions = CountedOptions;

/** The values of a feature, and what each says of each class. */
interface CountedFeature {
  /** Categories or numbers that occurred, sorted. */
  readonly levels: readonly (string | number)[];
  /** Log likelihoods: level after level and then missing values, a number for each class. */
  readonly logs: Float64Array;
}

/** More different numbers in a column than this are a quantity, which says nothing value by value. */
const MOST_NUMBERS = 1000;

/**
 * For columns of categories: how common each value is in each class decides. Booleans, and numbers of which each value is a
 * kind of its own (a weekday, a grade), count as categories too; a missing value is one more.
 *
 * When it misleads: as all naive Bayes models it is too sure where columns go together; quantities have to be cut into
 * ranges first.
 *
 * As scikit-learn's CategoricalNB on the codes of the columns. A value that was not seen in training says nothing, where
 * scikit-learn refuses it.
 *
 * @throws RunlabError from `fit` for a column of more than 1000 different numbers, unknown or impossible options, and a target
 * that is missing in some rows or has one class.
 *
 * @example
 * const table = tableFromColumns({ sky: ["clear", "clear", "grey", "grey"], rain: ["no", "no", "yes", "yes"] });
 * new CategoricalNB().fit(table, { target: "rain" }).predict(table)[0]; // "no"
 */
export class CategoricalNB extends NaiveBayes<CategoricalNBOptions> {
  readonly name = "CategoricalNB";
  #features: CountedFeature[] = [];

  protected defaults(): CategoricalNBOptions {
    return { ...COUNTED_DEFAULTS };
  }

  protected resolve(options: Required<CategoricalNBOptions>): Record<string, unknown> {
    return checkCounted(options);
  }

  protected override countsClasses(params: Record<string, unknown>): boolean {
    return params["fitPrior"] === true;
  }

  protected learnColumns(training: TrainingData, target: ClassTarget, counts: Float64Array, params: Record<string, unknown>): Record<string, unknown> {
    const alpha = smoothing(params);
    const classes = counts.length;
    this.#features = requireFeatures(training.table, training.features).map((column, f) => {
      const feature = training.features[f];
      const levels = feature.kind === "category" ? feature.categories! : numberLevels(featureNumbers(column, feature.name), feature.name);
      const codes = codesOf(training.table, feature, levels);
      const seen = new Float64Array((levels.length + 1) * classes);
      let missing = false;
      for (let i = 0; i < codes.length; i++) {
        const level = codes[i] === -1 ? levels.length : codes[i];
        missing ||= level === levels.length;
        seen[level * classes + target.labels[i]] += training.weights[i];
      }
      const known = levels.length + (missing ? 1 : 0);
      const logs = new Float64Array(seen.length);
      for (let level = 0; level < known; level++) {
        for (let k = 0; k < classes; k++) logs[level * classes + k] = Math.log(seen[level * classes + k] + alpha) - Math.log(counts[k] + alpha * known);
      }
      return { levels, logs };
    });
    return {};
  }

  protected addLikelihoods(table: Table, out: Float64Array): void {
    const classes = this.classes.length;
    this.fitted.features.forEach((feature, f) => {
      const { levels, logs } = this.#features[f];
      const codes = codesOf(table, feature, levels);
      for (let i = 0; i < codes.length; i++) {
        if (codes[i] === -2) continue;
        const level = codes[i] === -1 ? levels.length : codes[i];
        for (let k = 0; k < classes; k++) out[i * classes + k] += logs[level * classes + k];
      }
    });
  }

  protected columnState(): Record<string, unknown> {
    return { columns: this.#features.map(({ levels, logs }) => ({ levels, logs: packArray(logs) })) };
  }

  protected restoreColumns(state: Record<string, unknown>, classes: number, fitted: Fitted): void {
    const { columns } = state;
    if (!Array.isArray(columns) || columns.length !== fitted.features.length) throw new RunlabError("the model file is damaged: columns and features do not fit");
    this.#features = columns.map((each: unknown) => {
      const { levels, logs } = (each ?? {}) as Record<string, unknown>;
      const found = unpackArray(logs, "float64", "the likelihoods");
      if (!Array.isArray(levels) || levels.some((level) => typeof level !== "string" && typeof level !== "number") || found.length !== (levels.length + 1) * classes) {
        throw new RunlabError("the model file is damaged: levels and likelihoods do not fit");
      }
      return { levels: levels as (string | number)[], logs: found };
    });
  }
}

function numberLevels(numbers: Float64Array, name: string): number[] {
  const levels = new Set<number>();
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] !== numbers[i]) continue;
    levels.add(numbers[i] + 0);
    if (levels.size > MOST_NUMBERS) {
      throw new RunlabError(`CategoricalNB takes categories; ${JSON.stringify(name)} holds more than ${MOST_NUMBERS} different numbers`, { allowed: "categories, numbers cut into ranges, or GaussianNB" });
    }
  }
  const infinite = [...levels].find((level) => !Number.isFinite(level));
  if (infinite !== undefined) throw new RunlabError(`CategoricalNB takes finite numbers; ${JSON.stringify(name)} has another`, { received: infinite });
  return [...levels].sort((a, b) => a - b);
}

/** Per row its level, -1 for a missing value, -2 for a value that is not among the levels. */
function codesOf(table: Table, feature: FeatureSpec, levels: readonly (string | number)[]): Int32Array {
  const [column] = requireFeatures(table, [feature]);
  if (feature.kind !== "category") {
    const place = new Map(levels.map((level, i) => [level as number, i]));
    return Int32Array.from(featureNumbers(column, feature.name), (value) => (value !== value ? -1 : place.get(value) ?? -2));
  }
  const codes = featureCodes(column, feature);
  if (column.nullCount === column.length) return codes;
  // A category that was not seen has a code of its own in the column, a missing one has none.
  const own = labelsOf(column, feature.name).codes;
  return codes.map((code, i) => (code < 0 && own[i] >= 0 ? -2 : code));
}
