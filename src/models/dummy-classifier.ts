/**
 * The classifier to beat: it has not looked at the features.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { Classifier } from "./classifier.js";
import { type Fitted, type TrainingData, choiceOption } from "./estimator.js";
import type { ClassTarget } from "./target.js";

export interface DummyClassifierOptions {
  /** "mostFrequent": probability 1 for the most frequent class. "prior", the default: each class as often as it occurred. */
  strategy?: "prior" | "mostFrequent";
}

/**
 * Always predicts the most frequent class of the training rows. What it scores is what a score of 0 would be elsewhere:
 * with 95 % of rows in one class it is right 95 % of the time.
 *
 * Of equally frequent classes it takes the first in order. Weights count.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3], kind: ["a", "b", "b"] });
 * new DummyClassifier().fit(table, { target: "kind" }).predict(table); // ["b", "b", "b"]
 */
export class DummyClassifier extends Classifier<DummyClassifierOptions> {
  readonly name = "DummyClassifier";
  #shares = new Float64Array(0);

  protected defaults(): DummyClassifierOptions {
    return { strategy: "prior" };
  }

  protected resolve(options: Required<DummyClassifierOptions>): Record<string, unknown> {
    choiceOption("strategy", options.strategy, ["prior", "mostFrequent"]);
    return { ...options };
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const shares = new Float64Array(target.classes.length);
    let total = 0;
    for (let i = 0; i < target.labels.length; i++) {
      shares[target.labels[i]] += training.weights[i];
      total += training.weights[i];
    }
    const best = shares.indexOf(Math.max(...shares));
    for (let k = 0; k < shares.length; k++) shares[k] = params["strategy"] === "prior" ? shares[k] / total : k === best ? 1 : 0;
    this.#shares = shares;
    return {};
  }

  protected probabilities(table: Table): Float64Array {
    const width = this.#shares.length;
    const out = new Float64Array(table.numRows * width);
    for (let row = 0; row < table.numRows; row++) out.set(this.#shares, row * width);
    return out;
  }

  protected classifierState(): Record<string, unknown> {
    return { shares: Array.from(this.#shares) };
  }

  protected restoreClassifier(state: Record<string, unknown>, _fitted: Fitted): void {
    const shares = state["shares"];
    if (!Array.isArray(shares) || shares.length !== (state["classes"] as unknown[]).length || !shares.every(Number.isFinite)) {
      throw new RunlabError("the model file is damaged: it has no class shares");
    }
    this.#shares = Float64Array.from(shares as number[]);
  }
}
