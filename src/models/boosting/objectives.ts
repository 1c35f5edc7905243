/**
 * The table of objectives. To add one: its function, its row here, its reference values in `test/reference/boosting.py`.
 */
import { RunlabError } from "../../errors.js";
import { nearest } from "../../table/nearest.js";
import { logisticObjective, softmaxObjective } from "./class-objectives.js";
import { lambdaRankObjective } from "./lambda-rank.js";
import type { LinkName, Objective, ObjectiveRows } from "./objective.js";
import {
  type ObjectiveParameters, absoluteObjective, fairObjective, gammaObjective, huberObjective, poissonObjective,
  quantileObjective, relativeObjective, squaredObjective, tweedieObjective,
} from "./regression-objectives.js";

/** What a model learns: a label, a quantity, or an order. */
export type BoostingTask = "classification" | "regression" | "ranking";

/** Everything that any objective takes. */
export interface AllObjectiveParameters extends ObjectiveParameters {
  readonly truncationLevel: number;
  readonly normalise: boolean;
  /** Number of classes, 0 unless the target is a label. */
  readonly classes: number;
}

export interface ObjectiveRow {
  readonly name: string;
  /** What LightGBM calls it. */
  readonly aliases: readonly string[];
  readonly task: BoostingTask;
  /** One line for lists and help. */
  readonly summary: string;
  create(parameters: AllObjectiveParameters): Objective;
}

/** Every objective that has a name. */
export const OBJECTIVES: readonly ObjectiveRow[] = [
  { name: "squared", aliases: ["regression", "l2", "mse"], task: "regression", summary: "mean squared error: the mean", create: squaredObjective },
  { name: "absolute", aliases: ["regression_l1", "l1", "mae"], task: "regression", summary: "mean absolute error: the median", create: absoluteObjective },
  { name: "huber", aliases: [], task: "regression", summary: "squared near, straight beyond alpha", create: huberObjective },
  { name: "fair", aliases: [], task: "regression", summary: "squared near, ever flatter beyond", create: fairObjective },
  { name: "quantile", aliases: ["pinball"], task: "regression", summary: "the quantile alpha", create: quantileObjective },
  { name: "mape", aliases: ["mean_absolute_percentage_error"], task: "regression", summary: "absolute error as a share of the target", create: relativeObjective },
  { name: "poisson", aliases: [], task: "regression", summary: "counts", create: poissonObjective },
  { name: "gamma", aliases: [], task: "regression", summary: "positive amounts", create: gammaObjective },
  { name: "tweedie", aliases: [], task: "regression", summary: "amounts that are often 0", create: tweedieObjective },
  { name: "logistic", aliases: ["binary"], task: "classification", summary: "log loss of two classes", create: logisticObjective },
  { name: "softmax", aliases: ["multiclass"], task: "classification", summary: "log loss of several classes", create: ({ classes }) => softmaxObjective(classes) },
  { name: "lambdarank", aliases: [], task: "ranking", summary: "the order within groups, by NDCG", create: lambdaRankObjective },
];

/** First and second derivative of a loss by the raw score; for several outputs those of output k begin at `k * rows`. */
export interface Derivatives {
  readonly gradients: ArrayLike<number>;
  readonly hessians: ArrayLike<number>;
}

/**
 * A loss of one's own: its derivatives for every row, from the targets (the place of the label among the classes for a
 * classifier) and the raw scores. Row weights are applied afterwards. `scores` is a view: it is only good during the call.
 */
export type CustomObjective = (target: Float64Array, scores: Float32Array, context: { readonly groups: Uint32Array | null }) => Derivatives;

/**
 * The objective of a name.
 *
 * @throws RunlabError with the names there are for the task.
 */
export function objectiveByName(name: unknown, task: BoostingTask, parameters: AllObjectiveParameters): Objective {
  return objectiveRow(name, task).create(parameters);
}

/** The row of an objective's name or of its alias. */
export function objectiveRow(name: unknown, task: BoostingTask): ObjectiveRow {
  const rows = OBJECTIVES.filter((row) => row.task === task);
  const found = rows.find((row) => row.name === name || row.aliases.includes(name as string));
  if (found !== undefined) return found;
  const names = rows.map((row) => row.name);
  const other = OBJECTIVES.find((row) => row.name === name || row.aliases.includes(name as string));
  if (other !== undefined) throw new RunlabError(`objective ${JSON.stringify(name)} is one for ${other.task}`, { allowed: `${names.join(", ")}, or a function` });
  const near = typeof name === "string" ? nearest(name, names, 1) : [];
  throw new RunlabError("there is no such objective", { received: name, allowed: near.length > 0 ? `did you mean ${near[0]}? (of ${names.join(", ")}, or a function)` : `${names.join(", ")}, or a function` });
}

/** An objective from a function of the user's. Its initial scores are 0, as in LightGBM. */
export function customObjective(compute: CustomObjective, outputs: number, link: LinkName, loss: string): Objective {
  return {
    name: "custom",
    outputs,
    link,
    shifts: false,
    constantHessian: false,
    loss,
    leafQuantile: null,
    kernel: null,
    check: () => {},
    initialScores: () => new Float64Array(outputs),
    gradients: (rows, scores, gradients, hessians) => {
      const found = compute(rows.target, scores, { groups: rows.groups });
      take(found?.gradients, gradients, rows, "gradients");
      take(found?.hessians, hessians, rows, "hessians");
    },
  };
}

function take(from: ArrayLike<number> | undefined, to: Float32Array, { count, weights }: ObjectiveRows, what: string): void {
  if (from?.length !== to.length) {
    throw new RunlabError("an objective returns { gradients, hessians }, one number of each a row and output", { received: `${String(from?.length ?? "no")} ${what} for ${to.length}` });
  }
  for (let i = 0; i < to.length; i++) {
    const value = from[i] * (weights === null ? 1 : weights[i % count]);
    if (!Number.isFinite(value) || (what === "hessians" && value < 0)) {
      throw new RunlabError(`an objective returns finite ${what}${what === "hessians" ? " of 0 and above" : ""}; see row ${i % count}`, { received: from[i] });
    }
    to[i] = value;
  }
}
