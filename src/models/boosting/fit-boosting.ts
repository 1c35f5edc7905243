/**
 * From an estimator's options and checked data to a fitted model: what the three boosting estimators share.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import type { Label } from "../../metrics/index.js";
import { stream } from "../../random/index.js";
import type { Estimator, TrainingData } from "../estimator.js";
import { type BoostedModel, ensembleToContinue } from "./boosted-model.js";
import { boost } from "./booster.js";
import type { Ensemble } from "./ensemble.js";
import { judgesOf } from "./judge.js";
import type { LinkName, Objective } from "./objective.js";
import { type AllObjectiveParameters, type BoostingTask, type CustomObjective, customObjective, objectiveByName } from "./objectives.js";
import type { ResolvedBoosting } from "./options.js";
import { holdBack } from "./hold-back.js";
import { type ValidationContext, validationRows } from "./validation.js";

export interface BoostingFit {
  readonly owner: Estimator;
  readonly task: BoostingTask;
  readonly training: TrainingData;
  /** Quantities, places of labels among the classes, or grades. */
  readonly target: Float64Array;
  readonly weights: Float64Array;
  /** Where derivatives are weighed otherwise than rows; null where they are not. */
  readonly gradientWeights: Float64Array | null;
  readonly groups: Uint32Array | null;
  readonly classes: readonly Label[];
  readonly objective: string | CustomObjective;
  readonly parameters: AllObjectiveParameters;
  readonly options: ResolvedBoosting;
  /** Raw scores a row, and how a custom objective's become predictions. */
  readonly outputs: number;
  readonly customLink: LinkName;
  readonly customLoss: string;
  /** Reads the target of a validation table. */
  readonly readTarget: (table: Table) => Float64Array;
  readonly arrange: ValidationContext["arrange"];
  /** The ensemble in a model of the owner's class; null for another one. */
  readonly ensembleIn: (model: object) => Ensemble | null;
}

/** Fits the trees of an estimator. */
export function fitBoosting(fit: BoostingFit): BoostedModel {
  const { owner, task, training, options, classes, parameters, outputs } = fit;
  const { features, extra } = training;
  const objective = objectiveOf(fit);
  const weights = unlessEqual(fit.weights);
  const all = { table: training.table, target: fit.target, weights, gradientWeights: fit.gradientWeights, groups: fit.groups };
  objective.check({ count: fit.target.length, ...all }, training.target);
  const judges = judgesOf(options.evalMetric, { task, classes, parameters, loss: objective.loss });
  const given = validationRows(extra["validation"], {
    features,
    target: training.target,
    labels: task === "classification",
    weights: training.weightsColumn,
    read: fit.readTarget,
    arrange: fit.arrange,
  });
  const { learned, validation } = given.length > 0 || options.validationFraction === null
    ? { learned: all, validation: given }
    : holdBack(all, options.validationFraction, task === "classification", stream(`${owner.name} validation`, options.seed));
  if (options.earlyStoppingRounds !== null && validation.length === 0) {
    throw new RunlabError("earlyStoppingRounds needs rows that are not learned from", { received: "no validation", allowed: "fit(train, { validation }), as from split(table, { validationSize: 0.2, … }); or the option validationFraction" });
  }
  const from = ensembleToContinue(owner, extra["continueFrom"], fit.ensembleIn, training.target, features, objective.name, outputs);
  const { table, target, groups, gradientWeights } = learned;
  const rows = { count: target.length, target, weights: learned.weights, groups };
  return boost({ estimator: owner.name, task, table, features, targetName: training.target, rows, gradientWeights, objective, options, judges, validation, from });
}

function objectiveOf({ objective, outputs, customLink, customLoss, task, parameters, options }: BoostingFit): Objective {
  if (typeof objective === "function") return customObjective(objective, outputs, options.link ?? customLink, customLoss);
  if (options.link !== null) throw new RunlabError("link is for an objective of one's own", { received: options.link, allowed: `null: objective ${JSON.stringify(objective)} has its own` });
  return objectiveByName(objective, task, parameters);
}

/** Null when all weights are 1: the plain formulas are faster and the same. */
function unlessEqual(weights: Float64Array): Float64Array | null {
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 1) return weights;
  return null;
}
