/**
 * Steps and a model as one model.
 */
import type { Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { announce, asPartOf } from "../observe/index.js";
import { asPart } from "../split/part.js";
import type { Part, PartOptions, Task } from "../split/part.js";
import { checkOptions } from "../table/check-options.js";
import { transformerFromJSON } from "./table.js";
import { Transformer } from "./transformer.js";
import type { TransformerJSON } from "./transformer.js";

/** What a pipeline asks of the model at its end; every model of this package has it. */
export interface PipelineModel {
  readonly name: string;
  readonly task: Task;
  readonly params?: Readonly<Record<string, unknown>>;
  fit(part: Part): unknown;
  predict(data: Part | Table): ArrayLike<unknown>;
  predictProba?(data: Part | Table): unknown;
  readonly classes?: readonly unknown[];
  toJSON(): unknown;
}

const FIT_OPTIONS: Record<keyof PartOptions, true> = { target: true, features: true, name: true, rows: true };

/** A fitted pipeline as data. */
export interface PipelineJSON {
  format: "runlab.pipeline";
  version: number;
  target: string;
  /** The features it was given, before any step. */
  features: string[];
  rows: number;
  steps: TransformerJSON[];
  model: unknown;
}

/**
 * Steps that are fitted and applied in order, with a model at the end: see `pipeline`.
 *
 * Guarantee: `fit` shows each step only the training part, as the steps before left it; `predict` only transforms.
 */
export class Pipeline<Model extends PipelineModel = PipelineModel> {
  readonly name = "Pipeline";
  readonly steps: readonly Transformer[];
  readonly model: Model;
  #fitted: { target: string; features: string[]; rows: number } | null = null;

  constructor(steps: readonly Transformer[], model: Model) {
    this.steps = steps;
    this.model = model;
  }

  get task(): Task {
    return this.model.task;
  }

  /** The labels of a classifier, in the order of `predictProba`. */
  get classes(): Model["classes"] {
    return this.model.classes;
  }

  /** The features it was fitted on, before any step. */
  get featureNames(): string[] {
    return [...this.fitted.features];
  }

  /** Every option of every step and of the model. */
  get params(): Readonly<Record<string, unknown>> {
    return { steps: this.steps.map((step) => ({ step: step.type, ...step.params() })), model: this.model.name, ...prefixed(this.model) };
  }

  get isFitted(): boolean {
    return this.#fitted !== null;
  }

  /** What it was fitted on. Throws before `fit`. */
  get fitted(): { target: string; features: string[]; rows: number } {
    if (this.#fitted === null) throw new RunlabError("the pipeline has not been fitted yet", { allowed: "pipeline.fit(train) first" });
    return this.#fitted;
  }

  /**
   * Fits each step on what the steps before made of the part, then the model.
   *
   * @throws RunlabError when a table comes without a target, and whatever a step or the model refuses.
   */
  fit(data: Part | Table, options: Partial<PartOptions> = {}): this {
    checkOptions("Pipeline.fit", options, FIT_OPTIONS);
    const started = elapsed();
    const part = asPart(data, options);
    let current = part;
    for (const step of this.steps) current = step.fitTransform(current);
    const learned = current;
    asPartOf("fit", () => this.model.fit(learned));
    this.#fitted = { target: part.target, features: [...part.features], rows: part.table.numRows };
    announce({
      type: "fit",
      estimator: this.name,
      params: this.params as Record<string, unknown>,
      chosen: ["steps", "model"],
      rows: part.table.numRows,
      features: [...part.features],
      target: part.target,
      seconds: (elapsed() - started) / 1000,
      model: this,
    });
    return this;
  }

  /** What the steps make of the data; nothing is learned from it. */
  transform(data: Part): Part;
  transform(data: Table): Table;
  transform(data: Part | Table): Part | Table;
  transform(data: Part | Table): Part | Table {
    void this.fitted;
    return this.steps.reduce<Part | Table>((current, step) => step.transform(current), data);
  }

  /** One prediction a row, in the order of the rows. */
  predict(data: Part | Table): ReturnType<Model["predict"]> {
    return this.model.predict(this.transform(data)) as ReturnType<Model["predict"]>;
  }

  /** The probability of each class for each row. */
  predictProba(data: Part | Table): Model extends { predictProba(data: any): infer P } ? P : never {
    if (this.model.predictProba === undefined) throw new RunlabError(`${this.model.name} predicts no probabilities`, { allowed: "a classifier at the end of the pipeline" });
    return this.model.predictProba(this.transform(data)) as never;
  }

  /** The fitted pipeline as data: what `pipelineFromJSON` takes. */
  toJSON(): PipelineJSON {
    const { target, features, rows } = this.fitted;
    return { format: "runlab.pipeline", version: 1, target, features, rows, steps: this.steps.map((step) => step.toJSON()), model: this.model.toJSON() };
  }

  /** Takes over what was known when it was fitted. Use `pipelineFromJSON`. */
  restore(fitted: { target: string; features: string[]; rows: number }): this {
    this.#fitted = fitted;
    return this;
  }
}

function prefixed(model: PipelineModel): Record<string, unknown> {
  try {
    return Object.fromEntries(Object.entries(model.params ?? {}).map(([name, value]) => [`model.${name}`, value]));
  } catch {
    // Before `fit` a model may not know its parameters yet.
    return {};
  }
}

/**
 * A model made of steps and a model: fitted and used as one.
 *
 * @param parts any number of steps, then one model.
 *
 * @throws RunlabError when the last is no model, or one before it is no step.
 *
 * @example
 * const table = tableFromColumns({ x: [1, null, 3, 4], kind: ["a", "b", "a", "b"], y: [1, 2, 3, 4] });
 * const model = pipeline([impute(), oneHot(), scale(), new RidgeRegression()]);
 * model.fit(table, { target: "y" }).predict(table).length; // 4
 */
export function pipeline<Model extends PipelineModel>(parts: readonly [...Transformer[], Model]): Pipeline<Model> {
  const steps = parts.slice(0, -1);
  const model = parts.at(-1);
  const wrong = steps.findIndex((step) => !(step instanceof Transformer));
  if (wrong >= 0) throw new RunlabError("every part of a pipeline but the last is a step", { received: `${described(steps[wrong])} in place ${wrong}`, allowed: "impute(), oneHot(), scale()" });
  if (model === undefined || model instanceof Transformer || typeof (model as PipelineModel).fit !== "function" || typeof (model as PipelineModel).predict !== "function") {
    throw new RunlabError("the last part of a pipeline is a model", { received: described(model), allowed: "such as new RidgeRegression()" });
  }
  return new Pipeline(steps as Transformer[], model as Model);
}

function described(value: unknown): string {
  if (value instanceof Transformer) return value.type;
  if (typeof value === "function") return `${value.name || "a function"}; was it meant to be called?`;
  return value === null || typeof value !== "object" ? String(value) : value.constructor?.name ?? "an object";
}

/**
 * A fitted pipeline from its data. Executes nothing of it.
 *
 * @param loadModel makes the model at its end from its data.
 *
 * @throws RunlabError for data that is no pipeline, or a newer version.
 */
export function pipelineFromJSON<Model extends PipelineModel>(json: PipelineJSON, loadModel: (json: any) => Model): Pipeline<Model> {
  if (json?.format !== "runlab.pipeline" || !Array.isArray(json.steps) || !Array.isArray(json.features)) {
    throw new RunlabError("this is not a pipeline", { received: json?.format });
  }
  if (json.version !== 1) throw new RunlabError("the pipeline was written by a newer version", { received: json.version, allowed: "version 1" });
  const steps = json.steps.map(transformerFromJSON);
  return new Pipeline(steps, loadModel(json.model)).restore({ target: json.target, features: json.features, rows: json.rows });
}
