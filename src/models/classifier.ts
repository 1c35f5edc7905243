/**
 * Models that predict a label out of a few.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Label, Probabilities } from "../metrics/index.js";
import type { Part, Task } from "../split/index.js";
import { Estimator, type Fitted, type TrainingData } from "./estimator.js";
import { type ClassTarget, classTarget } from "./target.js";
import { type ClassWeight, applyClassWeight } from "./weights.js";

/** A classifier: what `Estimator` promises, with classes and their probabilities. */
export abstract class Classifier<Options extends object = object, Extra extends object = object> extends Estimator<Options, Extra> {
  readonly task: Task = "classification";
  #classes: readonly Label[] = [];

  /** The labels seen in `fit`, sorted: numbers ascending, text by code unit, false before true. */
  get classes(): readonly Label[] {
    void this.fitted;
    return this.#classes;
  }

  /** The most probable class of each row; of equally probable ones the first. */
  predict(data: Part | Table): Label[] {
    const { classes, values } = this.predictProba(data);
    const width = classes.length;
    const labels = new Array<Label>(values.length / width);
    for (let row = 0; row < labels.length; row++) {
      let best = 0;
      for (let k = 1; k < width; k++) if (values[row * width + k] > values[row * width + best]) best = k;
      labels[row] = classes[best];
    }
    return labels;
  }

  /** The probability of each class for each row, in the order of `classes`. Each row sums to 1 up to rounding. */
  predictProba(data: Part | Table): Probabilities {
    const table = this.tableOf(data);
    return { classes: this.#classes, values: this.probabilities(table) };
  }

  protected learn(training: TrainingData, params: Record<string, unknown>): Record<string, unknown> {
    const target = classTarget(training.table, training.target);
    const weights = applyClassWeight(training.weights, target.labels, target.classes, (params["classWeight"] ?? null) as ClassWeight);
    const learned = this.learnClasses({ ...training, weights }, target, params);
    // Not before: a fit that is stopped leaves a fitted model as it was.
    this.#classes = target.classes;
    return learned;
  }

  protected state(): unknown {
    return { classes: this.#classes, ...this.classifierState() };
  }

  protected restoreState(state: unknown, fitted: Fitted): void {
    const { classes } = state as { classes?: unknown };
    if (!Array.isArray(classes) || classes.length < 2) throw new RunlabError("the model file is damaged: it has no classes", { received: classes });
    this.#classes = classes as Label[];
    this.restoreClassifier(state as Record<string, unknown>, fitted);
  }

  /** Row-major probabilities, `classes.length` a row. */
  protected abstract probabilities(table: Table): Float64Array;
  protected abstract learnClasses(training: TrainingData, target: ClassTarget, params: Record<string, unknown>): Record<string, unknown>;
  protected abstract classifierState(): Record<string, unknown>;
  protected abstract restoreClassifier(state: Record<string, unknown>, fitted: Fitted): void;
}
