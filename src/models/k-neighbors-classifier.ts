/**
 * Nearest neighbours as a classifier.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { Classifier } from "./classifier.js";
import { KeptRows, NEIGHBOUR_DEFAULTS, type NeighbourOptions, checkNeighbourOptions } from "./distance/neighbour-options.js";
import type { Fitted, TrainingData } from "./estimator.js";
import type { ClassTarget } from "./target.js";
import { packArray, unpackArray } from "./typed-json.js";

export type KNeighborsClassifierOptions = NeighbourOptions;

/**
 * Predicts the class that is most common among the nearest training rows. Nothing to train, no shape assumed: a good
 * second opinion on small tables.
 *
 * When it misleads: every column counts alike, so columns that say nothing drown those that do; with many columns all rows
 * are about equally far; the model holds all training rows, so it is large, and may not be given away when they may not.
 *
 * Distances are Euclidean. Of equally near rows the earlier one counts, and of equally common classes the first is predicted; scikit-learn
 * breaks ties of distance in an order of its own. Numbers are scaled and categories become columns of 0 and 1;
 * `preprocess: "none"` takes numbers as they are.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, weights of rows, and a target that is missing in some rows or
 * has one class.
 *
 * Source: E. Fix and J. Hodges (1951); J. L. Bentley, "Multidimensional binary search trees" (1975).
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], kind: ["small", "small", "big", "big"] });
 * const model = new KNeighborsClassifier({ nNeighbors: 1 }).fit(table, { target: "kind" });
 * model.predict(tableFromColumns({ size: [0, 10] })); // ["small", "big"]
 */
export class KNeighborsClassifier extends Classifier<KNeighborsClassifierOptions> {
  readonly name = "KNeighborsClassifier";
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #kept: KeptRows | null = null;
  #labels: Int32Array = new Int32Array(0);

  protected defaults(): KNeighborsClassifierOptions {
    return { ...NEIGHBOUR_DEFAULTS };
  }

  protected resolve(options: Required<KNeighborsClassifierOptions>): Record<string, unknown> {
    return checkNeighbourOptions(options);
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const { kept, learned } = KeptRows.learn(this.name, training, params);
    this.#kept = kept;
    this.#labels = target.labels;
    return learned;
  }

  protected probabilities(table: Table): Float64Array {
    const { places, weights, wanted } = this.#kept!.find(table, this.fitted);
    const width = this.classes.length;
    const out = new Float64Array((places.length / wanted) * width);
    for (let row = 0; row * wanted < places.length; row++) {
      let total = 0;
      for (let n = row * wanted; n < (row + 1) * wanted; n++) {
        out[row * width + this.#labels[places[n]]] += weights[n];
        total += weights[n];
      }
      for (let k = 0; k < width; k++) out[row * width + k] /= total;
    }
    return out;
  }

  protected classifierState(): Record<string, unknown> {
    return { ...this.#kept!.toJSON(), labels: packArray(this.#labels) };
  }

  protected restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void {
    const kept = KeptRows.fromJSON(state, fitted);
    const labels = unpackArray(state["labels"], "int32", "the labels");
    const classes = (state["classes"] as unknown[]).length;
    if (labels.length !== kept.search.rows || labels.some((label) => label < 0 || label >= classes)) throw new RunlabError("the model file is damaged: rows and labels do not fit");
    this.#kept = kept;
    this.#labels = labels;
  }
}
