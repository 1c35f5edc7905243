/**
 * What naive Bayes classifiers share: how common the classes are, and from log likelihoods to probabilities.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { Classifier } from "../classifier.js";
import type { Fitted, TrainingData } from "../estimator.js";
import type { ClassTarget } from "../target.js";
import { packArray, unpackArray } from "../typed-json.js";

/** A naive Bayes classifier: given the class, columns are taken to say nothing about one another. */
export abstract class NaiveBayes<Options extends object> extends Classifier<Options> {
  override readonly unknownCategories: "missing" | "ignore" = "ignore";
  #priors: Float64Array = new Float64Array(0);

  /** How likely each class is before anything is known of a row, in the order of `classes`. */
  get classPrior(): number[] {
    void this.fitted;
    return Array.from(this.#priors);
  }

  /** Learns how columns are spread in each class; `counts` is the weight of each class. */
  protected abstract learnColumns(training: TrainingData, target: ClassTarget, counts: Float64Array, params: Record<string, unknown>): Record<string, unknown>;
  /** Adds the log likelihood of each row in each class, row-major. */
  protected abstract addLikelihoods(table: Table, out: Float64Array): void;
  protected abstract columnState(): Record<string, unknown>;
  protected abstract restoreColumns(state: Record<string, unknown>, classes: number, fitted: Fitted): void;

  /** Whether classes are as likely as they are common; else all the same. */
  protected countsClasses(_params: Record<string, unknown>): boolean {
    return true;
  }

  protected learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown> {
    const count = target.classes.length;
    const counts = new Float64Array(count);
    for (let i = 0; i < target.labels.length; i++) counts[target.labels[i]] += training.weights[i];
    const given = (params["priors"] ?? null) as readonly number[] | null;
    const total = counts.reduce((sum, each) => sum + each, 0);
    const priors = given !== null ? checkedPriors(given, count) : this.countsClasses(params) ? counts.map((each) => each / total) : new Float64Array(count).fill(1 / count);
    const learned = this.learnColumns(training, target, counts, params);
    // Not before: a fit that fails leaves a fitted model as it was.
    this.#priors = priors;
    return learned;
  }

  protected probabilities(table: Table): Float64Array {
    const width = this.classes.length;
    const out = new Float64Array(table.numRows * width);
    const logs = this.#priors.map(Math.log);
    for (let at = 0; at < out.length; at += width) out.set(logs, at);
    this.addLikelihoods(table, out);
    for (let at = 0; at < out.length; at += width) {
      let top = -Infinity;
      for (let k = at; k < at + width; k++) if (out[k] > top) top = out[k];
      let sum = 0;
      for (let k = at; k < at + width; k++) {
        out[k] = Math.exp(out[k] - top);
        sum += out[k];
      }
      for (let k = at; k < at + width; k++) out[k] /= sum;
    }
    return out;
  }

  protected classifierState(): Record<string, unknown> {
    return { priors: packArray(this.#priors), ...this.columnState() };
  }

  protected restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void {
    const priors = unpackArray(state["priors"], "float64", "the priors");
    const classes = (state["classes"] as unknown[]).length;
    if (priors.length !== classes) throw new RunlabError("the model file is damaged: classes and priors do not fit");
    this.#priors = priors;
    this.restoreColumns(state, classes, fitted);
  }
}

function checkedPriors(priors: readonly number[], classes: number): Float64Array {
  const sum = Array.isArray(priors) ? priors.reduce((total, each) => total + each, 0) : NaN;
  if (!Array.isArray(priors) || priors.length !== classes || priors.some((each) => !(each >= 0)) || Math.abs(sum - 1) > 1e-8) {
    throw new RunlabError("priors are a share for each class, 1 in all", { received: String(priors), allowed: `${classes} numbers, in the order of the sorted classes` });
  }
  return Float64Array.from(priors);
}
