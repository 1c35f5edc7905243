/**
 * Steps and a model as one model.
 */
import type { Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { announce, asPartOf } from "../observe/index.js";
import { asPart, isPart } from "../split/part.js";
import type { Part, Task } from "../split/part.js";
import { columnNames } from "../table/names.js";
import { asTable } from "../table/as-table.js";
import { sourcesThrough } from "./sources.js";
import { transformerFromJSON } from "./table.js";
import { Transformer } from "./transformer.js";
import type { MadeColumn, TransformerJSON } from "./transformer.js";

/** What a pipeline asks of the model at its end; every model of this package that predicts has it. */
export interface PipelineModel {
  readonly name: string;
  /** What it is for; "clustering" and "anomaly" need no target. */
  readonly task: Task | (string & {});
  readonly params?: Readonly<Record<string, unknown>>;
  fit(data: any, options?: any): unknown;
  predict(data: any, options?: any): ArrayLike<unknown>;
  predictProba?(data: any, options?: any): unknown;
  readonly classes?: readonly unknown[];
  readonly featureNames?: readonly string[];
  readonly featureImportances?: readonly { feature: string; importance: number }[];
  toJSON(): unknown;
}

/**
 * What `fit` of a pipeline takes. Options besides `target` and `features` go to the `fit` of the model at its end: the
 * column that `weights` or another of them names is no feature and passes the steps untouched, and parts and tables
 * among them, such as the `validation` rows of a boosting model, are transformed first.
 */
export interface PipelineFitOptions {
  /** The column to predict; a part made by `split` knows it already. */
  target?: string;
  /** Columns to learn from. Default: all but the target. */
  features?: readonly string[];
  /** How much each row counts: a number a row, or the name of a column. Default 1 each. */
  weights?: string | ArrayLike<number>;
  [option: string]: unknown;
}

/** Models that learn without a target. */
const WITHOUT_TARGET = ["clustering", "decomposition", "anomaly"];

/** A fitted pipeline as data. */
export interface PipelineJSON {
  format: "runlab.pipeline";
  version: number;
  /** Null when the model at its end needs none. */
  target: string | null;
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
  #fitted: { target: string | null; features: string[]; rows: number } | null = null;

  constructor(steps: readonly Transformer[], model: Model) {
    this.steps = steps;
    this.model = model;
  }

  get task(): Model["task"] {
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

  /**
   * What the model at its end sees, each with the columns of the data it is made from: `species=Adelie` comes from
   * `species`, `a*b` from `a` and `b`.
   *
   * @throws RunlabError before `fit`.
   */
  get featureSources(): MadeColumn[] {
    void this.fitted;
    const sources = sourcesThrough(this.steps);
    return (this.model.featureNames ?? []).map((name) => ({ name, sources: sources.get(name) ?? [name] }));
  }

  /**
   * How much the model at its end relies on each of its features, by the names that the steps gave them.
   *
   * @throws RunlabError for a model that does not say.
   */
  get featureImportances(): readonly { feature: string; importance: number }[] {
    void this.fitted;
    if (this.model.featureImportances === undefined) throw new RunlabError(`${this.model.name} has no feature importances`, { allowed: "a tree, a forest or boosting at the end of the pipeline" });
    return this.model.featureImportances;
  }

  /** Every option of every step and of the model. */
  get params(): Readonly<Record<string, unknown>> {
    return { steps: this.steps.map((step) => ({ step: step.type, ...step.params() })), model: this.model.name, ...prefixed(this.model) };
  }

  get isFitted(): boolean {
    return this.#fitted !== null;
  }

  /** What it was fitted on. Throws before `fit`. */
  get fitted(): { target: string | null; features: string[]; rows: number } {
    if (this.#fitted === null) throw new RunlabError("the pipeline has not been fitted yet", { allowed: "pipeline.fit(train) first" });
    return this.#fitted;
  }

  /**
   * Fits each step on what the steps before made of the part, then the model.
   *
   * @throws RunlabError when a table comes without a target, and whatever a step or the model refuses.
   */
  fit(data: Part | Table, options: PipelineFitOptions = {}): this {
    const started = elapsed();
    if (typeof options !== "object" || options === null || Array.isArray(options)) throw new RunlabError("Pipeline.fit takes its options as an object", { received: options, allowed: "{ target, features, weights }" });
    const { target, features, ...others } = options;
    const whole = isPart(data) ? data.table : asTable(data, "Pipeline.fit");
    const names = new Set(columnNames(whole));
    const busy = new Set(Object.values(others).filter((value): value is string => typeof value === "string" && names.has(value)));
    const needsTarget = isPart(data) || target !== undefined || !WITHOUT_TARGET.includes(this.model.task);
    const all = isPart(data) && target === undefined ? data.features : [...names].filter((name) => name !== (target ?? (isPart(data) ? data.target : undefined)));
    const used = features ?? (busy.size === 0 ? undefined : all.filter((name) => !busy.has(name)));
    const chosen = { ...(target === undefined ? {} : { target }), ...(used === undefined ? {} : { features: used }) };
    const part = needsTarget ? asPart(data, chosen) : null;
    let current: Part | Table = part ?? whole;
    const given = used === undefined ? {} : { features: used };
    // After the first step the features of a table without a target are all of its columns but those with another job.
    this.steps.forEach((step, i) => {
      if (isPart(current)) current = step.fitTransform(current);
      else current = step.fitTransform(current, i === 0 ? given : { features: columnNames(current).filter((name) => !busy.has(name)) });
    });
    const learned: Part | Table = current;
    const forModel = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, this.#transformed(value)]));
    asPartOf("fit", () => this.model.fit(learned, forModel));
    this.#fitted = { target: part?.target ?? null, features: [...(part?.features ?? used ?? names)], rows: whole.numRows };
    announce({
      type: "fit",
      estimator: this.name,
      params: this.params as Record<string, unknown>,
      chosen: ["steps", "model"],
      rows: this.#fitted.rows,
      features: [...this.#fitted.features],
      target: this.#fitted.target,
      seconds: (elapsed() - started) / 1000,
      model: this,
    });
    return this;
  }

  /** A value for the model's `fit`: rows as the model will see them, a pipeline to go on from as its model. */
  #transformed(value: unknown): unknown {
    if (value instanceof Pipeline) return value.model;
    if (Array.isArray(value) && value.length > 0 && value.every(areRows)) return value.map((each) => this.#transformed(each));
    return areRows(value) ? this.steps.reduce<Part | Table>((rows, step) => step.transform(rows), value) : value;
  }

  /** What the steps make of the data; nothing is learned from it. */
  transform(data: Part): Part;
  transform(data: Table): Table;
  transform(data: Part | Table): Part | Table;
  transform(data: Part | Table): Part | Table {
    void this.fitted;
    return this.steps.reduce<Part | Table>((current, step) => step.transform(current), data);
  }

  /** One prediction a row, in the order of the rows; `options` are those of the model at its end. */
  predict(data: Part | Table, options?: unknown): ReturnType<Model["predict"]> {
    return this.model.predict(this.transform(data), options) as ReturnType<Model["predict"]>;
  }

  /** The probability of each class for each row. */
  predictProba(data: Part | Table, options?: unknown): Model extends { predictProba(data: any): infer P } ? P : never {
    if (this.model.predictProba === undefined) throw new RunlabError(`${this.model.name} predicts no probabilities`, { allowed: "a classifier at the end of the pipeline" });
    return this.model.predictProba(this.transform(data), options) as never;
  }

  /** A pipeline with the same steps and model, none of them fitted. */
  copy(): Pipeline<Model> {
    const { options } = this.model as unknown as { options?: object };
    return new Pipeline(this.steps.map((step) => step.copy()), new (this.model.constructor as new (options?: object) => Model)(options));
  }

  /** The fitted pipeline as data: what `pipelineFromJSON` takes. */
  toJSON(): PipelineJSON {
    const { target, features, rows } = this.fitted;
    return { format: "runlab.pipeline", version: 1, target, features, rows, steps: this.steps.map((step) => step.toJSON()), model: this.model.toJSON() };
  }

  /** Takes over what was known when it was fitted. Use `pipelineFromJSON`. */
  restore(fitted: { target: string | null; features: string[]; rows: number }): this {
    this.#fitted = fitted;
    return this;
  }
}

function areRows(value: unknown): value is Part | Table {
  return typeof value === "object" && value !== null && (isPart(value) || ("schema" in value && "numRows" in value));
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
  if (json?.format !== "runlab.pipeline" || !Array.isArray(json.steps) || !Array.isArray(json.features) || !json.features.every((name) => typeof name === "string") || (json.target !== null && typeof json.target !== "string")) {
    throw new RunlabError("this is not a pipeline", { received: json?.format });
  }
  if (json.version !== 1) throw new RunlabError("the pipeline was written by a newer version", { received: json.version, allowed: "version 1" });
  const steps = json.steps.map(transformerFromJSON);
  return new Pipeline(steps, loadModel(json.model)).restore({ target: json.target, features: json.features, rows: json.rows });
}
