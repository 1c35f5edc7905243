/**
 * What a model in training is judged by, round after round.
 */
import { RunlabError } from "../../errors.js";
import { type Label, METRICS, type Metric } from "../../metrics/index.js";
import { nearest } from "../../table/nearest.js";
import { type JudgedRows, LOSSES, meanLoss } from "./losses.js";
import type { BoostingTask } from "./objectives.js";
import type { ObjectiveParameters } from "./regression-objectives.js";

/** A metric of one's own. */
export interface CustomMetric {
  readonly name: string;
  readonly greaterIsBetter: boolean;
  /**
   * @param truth quantities, or for a classifier the place of each label among the classes.
   * @param predictions a quantity a row; for two classes the probability of the second, for more a probability for each
   * class, row after row.
   */
  compute(truth: Float64Array, predictions: Float64Array, context: { readonly weights: Float64Array | null; readonly groups: Uint32Array | null }): number;
}

/** The name of a loss or of a metric, or a metric of one's own. */
export type EvaluationMetric = string | CustomMetric;

/** A metric, ready for rows that are in numbers already. */
export interface Judge {
  readonly name: string;
  readonly greaterIsBetter: boolean;
  value(rows: JudgedRows, predictions: Float64Array): number;
}

/** What metrics need to know of the model. */
export interface JudgeContext {
  readonly task: BoostingTask;
  readonly classes: readonly Label[];
  readonly parameters: ObjectiveParameters;
  /** Name of the objective's own loss. */
  readonly loss: string;
}

/**
 * The metrics asked for, or the objective's loss when none are.
 *
 * @throws RunlabError for a name that is no metric of this kind of model, and for something that is none at all.
 */
export function judgesOf(asked: unknown, context: JudgeContext): Judge[] {
  const list = asked === null || asked === undefined ? [context.loss] : Array.isArray(asked) ? asked : [asked];
  if (list.length === 0) throw new RunlabError("evalMetric names at least one metric", { received: "[]", allowed: "null for the objective's own loss" });
  const judges = list.map((each) => judgeOf(each, context));
  const twice = judges.find((judge, i) => judges.some((other, j) => j < i && other.name === judge.name));
  if (twice !== undefined) throw new RunlabError("evalMetric names a metric twice", { received: twice.name });
  return judges;
}

function judgeOf(asked: unknown, { task, classes, parameters }: JudgeContext): Judge {
  if (typeof asked === "object" && asked !== null) {
    const { name, greaterIsBetter, compute } = asked as CustomMetric;
    if (typeof name !== "string" || typeof greaterIsBetter !== "boolean" || typeof compute !== "function") {
      throw new RunlabError("a metric of one's own is { name, greaterIsBetter, compute }", { received: JSON.stringify(asked) });
    }
    return { name, greaterIsBetter, value: (rows, predictions) => finite(name, compute.call(asked, rows.target, predictions, { weights: rows.weights, groups: rows.groups })) };
  }
  const loss = task === "regression" ? LOSSES.find((each) => each.name === asked) : undefined;
  if (loss !== undefined) return { name: loss.name, greaterIsBetter: false, value: (rows, predictions) => meanLoss(loss, rows, predictions, parameters) };
  const metrics = METRICS.filter((metric) => metric.task === task && metric.raw !== null);
  const metric = metrics.find((each) => each.name === asked);
  if (metric !== undefined) return rawJudge(metric, classes.length, parameters);
  const names = [...metrics.map((each) => each.name), ...(task === "regression" ? LOSSES.map((each) => each.name) : [])];
  const near = typeof asked === "string" ? nearest(asked, names, 1) : [];
  throw new RunlabError(`there is no such metric for ${task}`, { received: asked, allowed: near.length > 0 ? `did you mean ${near[0]}? (of ${names.join(", ")})` : `${names.join(", ")}, or { name, greaterIsBetter, compute }` });
}

/** A metric of the table, with the options that the model's own parameters decide. */
function rawJudge(metric: Metric, classes: number, { alpha, tweedieVariancePower }: ObjectiveParameters): Judge {
  const raw = metric.raw!;
  const fixed = {
    ...(metric.name === "pinball" ? { alpha } : {}),
    ...(metric.name === "meanTweedieDeviance" ? { power: tweedieVariancePower } : {}),
    ...(metric.name === "ndcg" ? { gain: "exponential" } : {}),
  };
  return {
    name: metric.name,
    greaterIsBetter: metric.greaterIsBetter,
    value: ({ target, codes, weights, groups }, predicted) =>
      groups === null
        ? raw({ truth: codes ?? target, predicted, classes, weights }, fixed)
        : raw({ truth: target, predicted, classes: 0, weights: null }, { ...fixed, groups: groupOfRow(groups) }),
  };
}

function groupOfRow(groups: Uint32Array): Int32Array {
  const of = new Int32Array(groups[groups.length - 1]);
  for (let g = 0; g + 1 < groups.length; g++) of.fill(g, groups[g], groups[g + 1]);
  return of;
}

function finite(name: string, value: unknown): number {
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  throw new RunlabError(`metric ${JSON.stringify(name)} gives a number`, { received: value });
}
