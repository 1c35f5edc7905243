/**
 * What a fitted boosting model of any kind holds, and its JSON.
 */
import { RunlabError } from "../../errors.js";
import { isPart, type Part } from "../../split/index.js";
import { checkOptions } from "../../table/index.js";
import type { Table } from "apache-arrow";
import type { Estimator } from "../estimator.js";
import type { FeatureSpec } from "../features.js";
import type { BoostingResult } from "./booster.js";
import { type Ensemble, ensembleFromJson, ensembleToJson, roundsOf } from "./ensemble.js";
import type { LearningCurves } from "./learning-curves.js";
import type { Validation } from "./validation.js";

/** A fitted model; what a fit returns. */
export type BoostedModel = BoostingResult;

/** What `fit` of a boosting model takes besides the options of every model. */
export interface BoostingFitOptions<Model = unknown> {
  /**
   * Rows to judge the model by after each round: parts or tables with the same columns. The first of them decides about
   * `earlyStoppingRounds`.
   */
  validation?: Validation;
  /** A fitted model to go on from: its trees stay, `nEstimators` more rounds are added. */
  continueFrom?: Model;
}

/** What `predict` of a boosting model takes besides the rows. */
export interface BoostingPredictOptions {
  /** Use the first so many rounds only. Default: all. */
  iterations?: number;
}

/** The number of rounds asked for, Infinity for all. */
export function iterationsOf(owner: string, options: BoostingPredictOptions, model: BoostedModel): number {
  checkOptions(`${owner}.predict`, options, { iterations: true });
  const { iterations } = options;
  if (iterations === undefined) return Infinity;
  const most = roundsOf(model.ensemble);
  if (!Number.isInteger(iterations) || iterations < 1) throw new RunlabError("iterations is a whole number of rounds", { received: iterations, allowed: `1 to ${most}` });
  return iterations;
}

/**
 * The ensemble of a model to go on from.
 *
 * @throws RunlabError unless it is a fitted model of the same class with the same features and objective.
 */
export function ensembleToContinue(owner: Estimator, given: unknown, ensembleIn: (model: object) => Ensemble | null, target: string, features: readonly FeatureSpec[], objective: string, outputs: number): Ensemble | null {
  if (given === undefined || given === null) return null;
  const ensemble = typeof given === "object" ? ensembleIn(given) : null;
  if (ensemble === null) throw new RunlabError(`continueFrom is a fitted ${owner.name}`, { received: (given as { name?: unknown }).name ?? typeof given });
  const model = given as Estimator;
  if (model.fitted.target !== target) throw new RunlabError("continueFrom was fitted on another target", { received: model.fitted.target, allowed: target });
  if (ensemble.objective !== objective || ensemble.outputs !== outputs) throw new RunlabError("continueFrom was fitted with another objective", { received: ensemble.objective, allowed: objective });
  const before = new Map(model.fitted.features.map((feature) => [feature.name, feature.kind]));
  const strange = features.find((feature) => before.get(feature.name) !== feature.kind);
  if (strange !== undefined || before.size !== features.length) {
    throw new RunlabError("continueFrom was fitted on other features", { received: [...before.keys()].slice(0, 12).join(", "), allowed: features.map((feature) => feature.name).slice(0, 12).join(", ") });
  }
  return ensemble;
}

/** The table in a part, or the table itself. */
export function tableIn(data: Part | Table): Table {
  return isPart(data) ? data.table : data;
}

export function modelToJson({ ensemble, bestIteration, bestScore, curves }: BoostedModel): Record<string, unknown> {
  return { ...ensembleToJson(ensemble), best: { iteration: bestIteration, score: bestScore }, curves };
}

/** @throws RunlabError when the data is no boosting model on these features. */
export function modelFromJson(state: Record<string, unknown>, features: readonly FeatureSpec[], outputs: number | null): BoostedModel {
  const { best, curves } = state as { best?: { iteration?: unknown; score?: unknown } | null; curves?: unknown };
  const numberOrNull = (value: unknown): value is number | null => value === null || typeof value === "number";
  if (typeof best !== "object" || best === null || !numberOrNull(best.iteration) || !numberOrNull(best.score)) throw damaged("its best round");
  if (typeof curves !== "object" || curves === null || !Object.values(curves).every((set) => typeof set === "object" && set !== null && Object.values(set).every(isCurve))) throw damaged("its learning curves");
  return { ensemble: ensembleFromJson(state, features, outputs), bestIteration: best.iteration, bestScore: best.score, curves: curves as LearningCurves };
}

function isCurve(value: unknown): boolean {
  return Array.isArray(value) && value.every((point: { step?: unknown; value?: unknown } | null) => typeof point?.step === "number" && (typeof point.value === "number" || point.value === null));
}

function damaged(what: string): RunlabError {
  return new RunlabError(`the model file is damaged: ${what} cannot be read`);
}
