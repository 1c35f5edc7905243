/**
 * The metrics that folds are judged by.
 */
import { RunlabError } from "../errors.js";
import { type Scorable, type ScoredRows, type Scorer, defaultMetrics, scorer } from "../metrics/index.js";
import type { Task } from "../split/index.js";

/** A metric of the user's own. It runs on the main thread, so folds do too. */
export interface CustomScorer {
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** The value for a fitted model on rows that it has not seen. */
  score(model: Scorable, part: ScoredRows): number;
}

/** A metric by name, with options, or one of the user's own. */
export type MetricChoice = string | { readonly metric: string; readonly options?: Readonly<Record<string, unknown>>; readonly name?: string } | CustomScorer;

/** A metric as data: what travels to a worker. */
export interface MetricRecipe {
  /** What it is called in results. */
  readonly name: string;
  readonly metric: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Either known by name, or a function. */
export type Judge = { readonly name: string; readonly higherIsBetter: boolean } & ({ readonly recipe: MetricRecipe; readonly scorer: Scorer } | { readonly recipe: null; readonly custom: CustomScorer });

/**
 * @throws RunlabError for a metric that does not exist, does not suit the task, or whose name is taken.
 */
export function judgesOf(choice: MetricChoice | readonly MetricChoice[] | undefined, task: Task): Judge[] {
  const list = choice === undefined ? defaultMetrics(task) : Array.isArray(choice) ? (choice as readonly MetricChoice[]) : [choice as MetricChoice];
  if (list.length === 0) throw new RunlabError("at least one metric judges the folds", { received: "none", allowed: defaultMetrics(task).join(", ") });
  const judges = list.map((each) => judgeOf(each, task));
  judges.forEach((judge, i) => {
    if (judges.findIndex((other) => other.name === judge.name) !== i) throw new RunlabError("every metric has a name of its own", { received: `${judge.name} twice`, allowed: '{ metric: "f1", options: { average: "micro" }, name: "f1Micro" }' });
  });
  return judges;
}

function judgeOf(choice: MetricChoice, task: Task): Judge {
  if (typeof choice === "object" && choice !== null && "score" in choice && !("metric" in choice)) {
    if (typeof choice.score !== "function" || typeof choice.name !== "string" || typeof choice.higherIsBetter !== "boolean") throw new RunlabError("a metric of your own has a name, higherIsBetter and score(model, part)", { received: Object.keys(choice).join(", ") });
    return { name: choice.name, higherIsBetter: choice.higherIsBetter, recipe: null, custom: choice };
  }
  const { metric, options = {}, name } = typeof choice === "object" && choice !== null ? (choice as Exclude<MetricChoice, string | CustomScorer>) : { metric: choice };
  // What `scorer(…)` returns has the metric as an object.
  const known = typeof metric === "object" && metric !== null ? (metric as { name: string }).name : metric;
  const made = scorer(known, options);
  const suits = made.metric.task === task || (made.metric.task === "ranking" && task === "regression");
  if (!suits) throw new RunlabError(`${made.name} is a metric of ${made.metric.task}, and the model is one of ${task}`, { allowed: defaultMetrics(task).join(", ") });
  return { name: name ?? made.name, higherIsBetter: made.higherIsBetter, recipe: { name: name ?? made.name, metric: made.name, options }, scorer: made };
}

/** The judge of a recipe, on the other side of a thread. */
export function judgeFrom({ name, metric, options }: MetricRecipe): Judge {
  const made = scorer(metric, options);
  return { name, higherIsBetter: made.higherIsBetter, recipe: { name, metric, options }, scorer: made };
}
