/**
 * Trees that each correct the ones before, for an order.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Part } from "../split/index.js";
import { labelsOf, requireColumn, takeRows } from "../table/index.js";
import { type BoostedModel, type BoostingFitOptions, type BoostingPredictOptions, iterationsOf, modelFromJson, modelToJson } from "./boosting/boosted-model.js";
import { importancesOf, rawScores, stagedScores } from "./boosting/ensemble.js";
import { fitBoosting } from "./boosting/fit-boosting.js";
import { checkGrades } from "./boosting/lambda-rank.js";
import type { LearningCurves } from "./boosting/learning-curves.js";
import { type AllObjectiveParameters, type CustomObjective, objectiveRow } from "./boosting/objectives.js";
import { BOOSTING_DEFAULTS, type GradientBoostingOptions, type ResolvedBoosting, recordedOptions, resolveBoosting } from "./boosting/options.js";
import { Estimator, type Fitted, type TrainingData } from "./estimator.js";
import { shares } from "./gradient-boosting-regressor.js";
import { choiceOption, numberOption } from "./model.js";
import { numberTarget } from "./target.js";

export interface GradientBoostingRankerOptions extends GradientBoostingOptions {
  /** The loss: "lambdarank", the default, or a function that gives the derivatives of a loss of one's own. */
  objective?: "lambdarank" | CustomObjective;
  /** Pairs count when one of them is among this many best rows of its group. Default 30. */
  lambdarankTruncationLevel?: number;
  /** Weigh pairs by the distance of their scores, and groups by what their pairs add up to. Default true. */
  lambdarankNorm?: boolean;
}

/** What `fit` of a ranker takes besides. */
export interface RankerFitOptions extends BoostingFitOptions<GradientBoostingRanker> {
  /** The column that says which rows belong together, such as the query that found them. It is no feature. */
  group?: string;
}

/**
 * Gradient boosting for the order of rows within their group, such as the answers to a query: learns from grades of
 * relevance (whole numbers from 0, each twice as good as the one before) and gives scores to sort by, highest first.
 *
 * When it misleads: scores compare within a group only, and have no unit; groups in which all grades are equal teach nothing.
 * Split by group, or rows of one query end up on both sides.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, without `group`, for grades that are no whole numbers from
 * 0 to 30, and for validation rows that do not fit.
 *
 * Source: C. Burges, "From RankNet to LambdaRank to LambdaMART" (2010); options, defaults and formulas are LightGBM's.
 *
 * @example
 * const table = tableFromColumns({ query: ["a", "a", "b", "b"], words: [3, 1, 4, 2], grade: [2, 0, 1, 0] });
 * const model = new GradientBoostingRanker({ minChildSamples: 1, minDataInBin: 1, seed: 42 }).fit(table, { target: "grade", group: "query" });
 * const [first, second] = model.predict(table);
 * first > second; // true
 */
export class GradientBoostingRanker extends Estimator<GradientBoostingRankerOptions, RankerFitOptions> {
  readonly name = "GradientBoostingRanker";
  readonly task = "ranking";
  #model: BoostedModel | null = null;
  #group = "";

  /** The column of groups that it was fitted with. */
  get group(): string {
    void this.fitted;
    return this.#group;
  }

  /** A score for each row, to sort its group by, highest first; after the first `iterations` rounds when asked. */
  predict(data: Part | Table, options: BoostingPredictOptions = {}): Float64Array {
    return this.predictRaw(data, options);
  }

  /** The sums of the trees; for a ranking the prediction itself. */
  predictRaw(data: Part | Table, options: BoostingPredictOptions = {}): Float64Array {
    const model = this.model;
    return rawScores(model.ensemble, this.tableOf(data), iterationsOf(this.name, options, model), this.#nJobs());
  }

  /** The scores after each round, one after another. */
  *stagedPredict(data: Part | Table): Generator<Float64Array> {
    for (const scores of stagedScores(this.model.ensemble, this.tableOf(data), this.#nJobs())) yield scores.slice();
  }

  /** Round that was best on the first validation rows, counted from 1; null without validation. */
  get bestIteration(): number | null {
    return this.model.bestIteration;
  }

  /** Metrics after each round, by the name of the rows and of the metric. */
  get learningCurves(): LearningCurves {
    return this.model.curves;
  }

  /** Share of each feature in what all cuts gained, largest first; sums to 1. */
  get featureImportances(): { feature: string; importance: number }[] {
    return shares(this.importances("gain"));
  }

  /** What each feature's cuts gained in all, or how many there are, largest first. */
  importances(kind: "gain" | "split" = "gain"): { feature: string; importance: number }[] {
    return importancesOf(this.model.ensemble, this.fitted.features, kind);
  }

  /** What was learned, for explainers. */
  get model(): BoostedModel {
    void this.fitted;
    return this.#model!;
  }

  protected defaults(): GradientBoostingRankerOptions {
    return { ...BOOSTING_DEFAULTS, objective: "lambdarank", lambdarankTruncationLevel: 30, lambdarankNorm: true };
  }

  protected resolve(options: Required<GradientBoostingRankerOptions>): Record<string, unknown> {
    numberOption("lambdarankTruncationLevel", options.lambdarankTruncationLevel, { least: 1, whole: true });
    choiceOption("lambdarankNorm", options.lambdarankNorm, [true, false]);
    const objective = typeof options.objective === "function" ? options.objective : objectiveRow(options.objective, "ranking").name;
    return { ...resolveBoosting(options), objective };
  }

  protected override extraFitOptions(): Record<keyof RankerFitOptions, true> {
    return { validation: true, continueFrom: true, group: true };
  }

  protected override otherColumns({ group }: RankerFitOptions): readonly string[] {
    return typeof group === "string" ? [group] : [];
  }

  protected learn(training: TrainingData, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as ResolvedBoosting & Required<GradientBoostingRankerOptions>;
    const group = training.extra["group"];
    if (typeof group !== "string") throw new RunlabError("a ranking is learned within groups", { received: group === undefined ? "no group" : typeof group, allowed: 'fit(train, { group: "the column that names them" })' });
    const { order, groups } = groupedOrder(training.table, group);
    const table = order === null ? training.table : takeRows(training.table, order);
    const weights = order === null ? training.weights : Float64Array.from(order, (row) => training.weights[row]);
    const grades = (from: Table): Float64Array => {
      const { values } = numberTarget(from, training.target);
      checkGrades(values, training.target);
      return values;
    };
    const parameters: AllObjectiveParameters = {
      alpha: 0.9, fairC: 1, tweedieVariancePower: 1.5, poissonMaxDeltaStep: 0.7, classes: 0,
      truncationLevel: options.lambdarankTruncationLevel, normalise: options.lambdarankNorm,
    };
    const model = fitBoosting({
      owner: this,
      task: "ranking",
      training: { ...training, table, weights },
      target: grades(table),
      weights,
      gradientWeights: null,
      groups,
      classes: [],
      objective: options.objective,
      parameters,
      options,
      outputs: 1,
      customLink: "identity",
      customLoss: "ndcg",
      readTarget: grades,
      arrange: (validation) => {
        const own = groupedOrder(validation, group);
        return { table: own.order === null ? validation : takeRows(validation, own.order), groups: own.groups };
      },
      ensembleIn: (other) => (other instanceof GradientBoostingRanker ? other.model.ensemble : null),
    });
    this.#model = model;
    this.#group = group;
    return { ...recordedOptions({ objective: options.objective, evalMetric: options.evalMetric }), group };
  }

  protected state(): unknown {
    return { ...modelToJson(this.model), group: this.#group };
  }

  protected restoreState(state: unknown, fitted: Fitted): void {
    const data = state as Record<string, unknown>;
    const model = modelFromJson(data, fitted.features, 1);
    if (typeof data["group"] !== "string") throw new RunlabError("the model file is damaged: it does not name its groups");
    this.#model = model;
    this.#group = data["group"];
  }

  #nJobs(): number | null {
    return this.fitted.params["nJobs"] as number | null;
  }
}

/** Rows with those of a group next to one another, groups and rows in the order they first occur; null where they are so already. */
function groupedOrder(table: Table, name: string): { order: Uint32Array | null; groups: Uint32Array } {
  requireColumn(table, name, "group column");
  const { codes, levels } = labelsOf(table, name);
  const missing = codes.indexOf(-1);
  if (missing >= 0) throw new RunlabError(`every row of a ranking belongs to a group; ${JSON.stringify(name)} is missing in row ${missing}`);
  const place = new Int32Array(levels.length).fill(-1);
  const sizes: number[] = [];
  let together = true;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row];
    if (place[code] < 0) {
      place[code] = sizes.length;
      sizes.push(0);
    } else if (codes[row - 1] !== code) together = false;
    sizes[place[code]]++;
  }
  const groups = new Uint32Array(sizes.length + 1);
  for (let g = 0; g < sizes.length; g++) groups[g + 1] = groups[g] + sizes[g];
  if (together) return { order: null, groups };
  const next = groups.slice();
  const order = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row++) order[next[place[codes[row]]]++] = row;
  return { order, groups };
}
