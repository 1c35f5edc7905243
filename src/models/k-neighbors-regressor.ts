/**
 * Nearest neighbours as a regressor.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { KeptRows, NEIGHBOUR_DEFAULTS, type NeighbourOptions, checkNeighbourOptions } from "./distance/neighbour-options.js";
import type { Fitted, TrainingData } from "./estimator.js";
import { Regressor } from "./regressor.js";
import type { NumberTarget } from "./target.js";
import { packArray, unpackArray } from "./typed-json.js";

export type KNeighborsRegressorOptions = NeighbourOptions;

/**
 * Predicts the mean target of the nearest training rows. Nothing to train, no shape assumed.
 *
 * When it misleads: as `KNeighborsClassifier`; besides, it never predicts beyond the targets it has seen, and pulls the ends
 * towards the middle.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, weights of rows, and a target that is missing in some rows or
 * no number.
 *
 * Source: as `KNeighborsClassifier`.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 8, 9], price: [10, 20, 80, 90] });
 * const model = new KNeighborsRegressor({ nNeighbors: 2 }).fit(table, { target: "price" });
 * model.predict(tableFromColumns({ size: [0, 10] })); // Float64Array [15, 85]
 */
export class KNeighborsRegressor extends Regressor<KNeighborsRegressorOptions> {
  readonly name = "KNeighborsRegressor";
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #kept: KeptRows | null = null;
  #targets: Float64Array = new Float64Array(0);

  protected defaults(): KNeighborsRegressorOptions {
    return { ...NEIGHBOUR_DEFAULTS };
  }

  protected resolve(options: Required<KNeighborsRegressorOptions>): Record<string, unknown> {
    return checkNeighbourOptions(options);
  }

  protected learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown> {
    const { kept, learned } = KeptRows.learn(this.name, training, params);
    this.#kept = kept;
    // In memory of its own: the column may belong to the table.
    this.#targets = target.values.slice();
    return learned;
  }

  protected quantities(table: Table): Float64Array {
    const { places, weights, wanted } = this.#kept!.find(table, this.fitted);
    const out = new Float64Array(places.length / wanted);
    for (let row = 0; row < out.length; row++) {
      let sum = 0;
      let total = 0;
      for (let n = row * wanted; n < (row + 1) * wanted; n++) {
        sum += weights[n] * this.#targets[places[n]];
        total += weights[n];
      }
      out[row] = sum / total;
    }
    return out;
  }

  protected regressorState(): Record<string, unknown> {
    return { ...this.#kept!.toJSON(), targets: packArray(this.#targets) };
  }

  protected restoreRegressor(state: Record<string, unknown>, fitted: Fitted): void {
    const kept = KeptRows.fromJSON(state, fitted);
    const targets = unpackArray(state["targets"], "float64", "the targets");
    if (targets.length !== kept.search.rows) throw new RunlabError("the model file is damaged: rows and targets do not fit");
    this.#kept = kept;
    this.#targets = targets;
  }
}
