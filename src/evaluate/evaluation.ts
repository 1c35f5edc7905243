/**
 * What `evaluate` returns: the metrics, and how they are shown.
 */
import type { ConfusionMatrix, Label } from "../metrics/index.js";
import type { Task } from "../split/index.js";
import { evaluationHtml, evaluationText } from "./show.js";

/** What can be judged against a truth. */
export type JudgedTask = Task | "ranking";

/** The parts of an evaluation, as data. */
export interface EvaluationData {
  readonly model: string;
  readonly task: JudgedTask;
  readonly target: string;
  /** Rows that were predicted. */
  readonly rows: number;
  /** By name, the main one first. */
  readonly metrics: Readonly<Record<string, number>>;
  /** For each metric whether more is better. */
  readonly greaterIsBetter: Readonly<Record<string, boolean>>;
  /** Of a classifier, else null. */
  readonly confusion: ConfusionMatrix | null;
  /** Rows of each true class, of a classifier; else null. */
  readonly classBalance: readonly { readonly label: Label; readonly count: number; readonly share: number }[] | null;
  /** What could not be computed, one line each. */
  readonly notes: readonly string[];
}

/**
 * How well a model does on rows it has not seen.
 *
 * A cell that ends in it shows a table; printing it gives the same as text. Its values are read through the getters
 * below: it has no properties of its own, so nothing takes it for a record of numbers.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3, 4], kind: ["a", "a", "b", "b"] });
 * const model = new DummyClassifier().fit(table, { target: "kind" });
 * evaluate(model, table).metrics.accuracy; // 0.5
 */
export class Evaluation implements EvaluationData {
  readonly #data: EvaluationData;

  constructor(data: EvaluationData) {
    this.#data = data;
  }

  get model(): string {
    return this.#data.model;
  }

  get task(): JudgedTask {
    return this.#data.task;
  }

  get target(): string {
    return this.#data.target;
  }

  get rows(): number {
    return this.#data.rows;
  }

  get metrics(): Readonly<Record<string, number>> {
    return this.#data.metrics;
  }

  get greaterIsBetter(): Readonly<Record<string, boolean>> {
    return this.#data.greaterIsBetter;
  }

  get confusion(): ConfusionMatrix | null {
    return this.#data.confusion;
  }

  get classBalance(): EvaluationData["classBalance"] {
    return this.#data.classBalance;
  }

  get notes(): readonly string[] {
    return this.#data.notes;
  }

  /** Aligned text, as a terminal shows it. */
  toString(): string {
    return evaluationText(this.#data);
  }

  toJSON(): EvaluationData {
    return this.#data;
  }

  /** How a notebook shows it. */
  [Symbol.for("Jupyter.display")](): { "text/html": string; "text/plain": string } {
    return { "text/html": evaluationHtml(this.#data), "text/plain": evaluationText(this.#data) };
  }

  /** How Node's console shows it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return evaluationText(this.#data);
  }
}
