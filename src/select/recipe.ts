/**
 * A model that has not been fitted, as data: its name and its options. What travels to a worker is data, never code.
 */
import { RunlabError } from "../errors.js";
import { Estimator, estimatorByName } from "../models/index.js";
import { Pipeline, type StepData, type Transformer, stepAsData, stepFromData } from "../preprocess/index.js";
import type { Part } from "../split/index.js";

/** What cross-validation asks of a model: every estimator has it, and so has a pipeline. */
export interface Selectable {
  readonly name: string;
  readonly task: "classification" | "regression";
  readonly classes?: readonly unknown[];
  readonly params?: Readonly<Record<string, unknown>>;
  fit(part: Part, options?: any): unknown;
  predict(data: Part): ArrayLike<unknown>;
  predictProba?(data: any): unknown;
  toJSON(): unknown;
}

/** An estimator by its name, or steps by theirs with an estimator at the end. */
export type Recipe =
  | { readonly kind: "estimator"; readonly name: string; readonly options: Record<string, unknown> }
  | { readonly kind: "pipeline"; readonly steps: readonly StepData[]; readonly model: Recipe };

/** Options set on top of a model's own; see `withParams`. */
export type Params = Readonly<Record<string, unknown>>;

/**
 * The recipe of a model; null when it is not made of known parts, or has an option that is no data, such as a function.
 *
 * @example
 * recipeOf(new RidgeRegression({ alpha: 2 })); // { kind: "estimator", name: "RidgeRegression", options: { alpha: 2 } }
 */
export function recipeOf(model: Selectable): Recipe | null {
  if (model instanceof Pipeline) {
    const steps = model.steps.map(stepAsData);
    const last = recipeOf(model.model as unknown as Selectable);
    const known = steps.every((step): step is StepData => step !== null && isData(step.options));
    return last === null || !known ? null : { kind: "pipeline", steps: steps as StepData[], model: last };
  }
  if (!(model instanceof Estimator) || !isData(model.options)) return null;
  const options = { ...(model.options as Record<string, unknown>) };
  try {
    // A class of the user's own may have the name of a known one.
    return estimatorByName(model.name).create({}).constructor === model.constructor ? { kind: "estimator", name: model.name, options } : null;
  } catch {
    return null;
  }
}

/** A model made by a recipe, not fitted. */
export function modelFrom(recipe: Recipe): Selectable {
  if (recipe.kind === "estimator") return estimatorByName(recipe.name).create(recipe.options) as unknown as Selectable;
  return new Pipeline(recipe.steps.map(stepFromData), modelFrom(recipe.model) as never) as unknown as Selectable;
}

/** The same model, not fitted: the one that was given is never touched. */
export function fresh(model: Selectable): Selectable {
  if (model instanceof Pipeline) return new Pipeline(model.steps.map(freshStep), fresh(model.model as unknown as Selectable) as never) as unknown as Selectable;
  return new (model.constructor as new (options?: object) => Selectable)((model as { options?: object }).options);
}

function freshStep(step: Transformer): Transformer {
  return new (step.constructor as new (options?: object) => Transformer)(step.options);
}

/**
 * The same model with other options, not fitted. Of a pipeline, `name` (or `model.name`) is an option of the model and
 * `step.name` one of a step, such as `impute.strategy`; of steps of one type, `step.name` means the first, and `1.name`
 * the second step of all.
 *
 * @throws RunlabError for a step that is not there.
 *
 * @example
 * const model = withParams(new RidgeRegression({ alpha: 1 }), { alpha: 10 });
 * recipeOf(model); // { kind: "estimator", name: "RidgeRegression", options: { alpha: 10 } }
 */
export function withParams(model: Selectable, params: Params): Selectable {
  if (!(model instanceof Pipeline)) {
    const own = Object.fromEntries(Object.entries(params).map(([name, value]) => [name.startsWith("model.") ? name.slice("model.".length) : name, value]));
    return new (model.constructor as new (options?: object) => Selectable)({ ...(model as { options?: object }).options, ...own });
  }
  const ofModel: Record<string, unknown> = {};
  const ofSteps = model.steps.map(() => ({}) as Record<string, unknown>);
  for (const [name, value] of Object.entries(params)) {
    const dot = name.indexOf(".");
    const owner = dot < 0 ? "model" : name.slice(0, dot);
    const option = name.slice(dot + 1);
    if (owner === "model") {
      ofModel[option] = value;
      continue;
    }
    const at = /^\d+$/.test(owner) ? Number(owner) : model.steps.findIndex((step) => step.type === owner);
    if (at < 0 || at >= model.steps.length) {
      throw new RunlabError("there is no such step in the pipeline", { received: name, allowed: [...model.steps.map((step) => `${step.type}.…`), "model.…"].join(", ") });
    }
    ofSteps[at][option] = value;
  }
  const steps = model.steps.map((step, i) => new (step.constructor as new (options?: object) => Transformer)({ ...step.options, ...ofSteps[i] }));
  return new Pipeline(steps, withParams(model.model as unknown as Selectable, ofModel) as never) as unknown as Selectable;
}

/** That a value can be copied to another thread and means the same there. */
export function isData(value: unknown, depth = 0): boolean {
  if (value === null || value === undefined || ["string", "number", "boolean", "bigint"].includes(typeof value)) return true;
  if (typeof value !== "object" || depth > 20) return false;
  if (Array.isArray(value)) return value.every((each) => isData(each, depth + 1));
  if (ArrayBuffer.isView(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every((each) => isData(each, depth + 1));
}

/** That something can be cross-validated. */
export function requireModel(owner: string, model: unknown): asserts model is Selectable {
  const given = model as Partial<Selectable> | null | undefined;
  const task = typeof given === "object" && given !== null ? given.task : undefined;
  if (typeof given?.fit === "function" && typeof given.predict === "function" && (task === "classification" || task === "regression")) return;
  const received = typeof model === "function" ? `${model.name || "a function"}; was it meant to be made with new?` : model === null || typeof model !== "object" ? String(model) : ((model as { name?: unknown }).name ?? model.constructor?.name ?? "an object");
  throw new RunlabError(`${owner} takes a classifier, a regressor or a pipeline`, { received, allowed: "such as new RidgeRegression(), not fitted yet" });
}
