/**
 * One round: a fresh model learns from some rows and is judged on others. The same code runs on the main thread and in
 * workers, so the same bits come of both.
 */
import type { Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { type Predictions, predictionsOf } from "../metrics/index.js";
import { asPartOf } from "../observe/index.js";
import { currentSeed, setSeed } from "../random/index.js";
import { type Fold, type Part, partOf } from "../split/index.js";
import { takeRows } from "../table/index.js";
import type { Judge } from "./judges.js";
import type { Selectable } from "./recipe.js";

/** What all rounds have in common. */
export interface Ground {
  /** The table that folds are rows of. */
  readonly table: Table;
  readonly target: string;
  readonly features: readonly string[];
  readonly folds: readonly Fold[];
  /** How many folds make one whole: of learning curves there are several wholes, one after the other. */
  readonly wholeOf: number;
  /** Weights for `fit`: a column, or a number a row of the table. */
  readonly weights: string | Float64Array | null;
  /** What a model without a seed of its own uses. */
  readonly seed: number;
  readonly trainScores: boolean;
  readonly keepPredictions: boolean;
  readonly keepModels: boolean;
}

/** What a round found. */
export interface RoundResult {
  readonly fold: number;
  readonly test: Record<string, number>;
  /** Null unless training rows were judged too. */
  readonly train: Record<string, number> | null;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  /** Every option of the model, defaults included. */
  readonly params: Record<string, unknown>;
  readonly predictions: Predictions | null;
  /** The fitted model as data, when it is to be kept. */
  readonly model: unknown;
}

/** A round with the model itself: on the main thread it need not go through data. */
export interface RoundWithModel extends RoundResult {
  readonly fitted: Selectable;
}

/** Fits and judges; a refusal names the fold. Nothing of it is announced: what a run records is the whole. */
export function playRound(ground: Ground, model: Selectable, judges: readonly Judge[], fold: number, also = ""): RoundWithModel {
  try {
    return quietly(() => withSeed(ground.seed, () => play(ground, model, judges, fold)));
  } catch (error) {
    throw inFold(error, fold % ground.wholeOf, ground.wholeOf, also);
  }
}

function play(ground: Ground, model: Selectable, judges: readonly Judge[], fold: number): RoundWithModel {
  const { train: trainRows, test: testRows } = ground.folds[fold];
  const part = (name: string, rows: Uint32Array): Part => partOf(takeRows(ground.table, rows), { target: ground.target, features: ground.features, name, rows });
  const train = part("train", trainRows);
  const test = part("test", testRows);
  const { weights } = ground;
  const started = elapsed();
  if (weights === null) model.fit(train);
  else model.fit(train, { weights: typeof weights === "string" ? weights : Float64Array.from(trainRows, (row) => weights[row]) });
  const fitted = elapsed();
  const predictions = predictionsOf(model, test);
  const result = { test: judged(judges, model, predictions, test), train: ground.trainScores ? judged(judges, model, predictionsOf(model, train), train) : null };
  const done = elapsed();
  return {
    fold,
    ...result,
    fitSeconds: (fitted - started) / 1000,
    scoreSeconds: (done - fitted) / 1000,
    params: { ...model.params },
    predictions: ground.keepPredictions ? predictions : null,
    model: null,
    fitted: model,
  };
}

function judged(judges: readonly Judge[], model: Selectable, predictions: Predictions, part: Part): Record<string, number> {
  return Object.fromEntries(judges.map((judge) => {
    const value: unknown = judge.recipe === null ? judge.custom.score(model, part) : judge.scorer.of(predictions, part).value;
    if (typeof value !== "number") throw new RunlabError(`the metric ${judge.name} gives a number`, { received: typeof value });
    return [judge.name, value];
  }));
}

const PARTS = ["fit", "log", "metric", "progress", "plot", "table", "split", "schema"] as const;

/** Nothing of a round is announced. */
function quietly<Result>(work: () => Result): Result {
  return PARTS.reduceRight<() => Result>((inner, type) => () => asPartOf(type, inner), work)();
}

/** Every model without a seed of its own draws from the same one, on whatever thread it is fitted. */
export function withSeed<Result>(seed: number, work: () => Result): Result {
  const before = currentSeed();
  setSeed(seed);
  try {
    return work();
  } finally {
    setSeed(before);
  }
}

/** The seed of a selection: the one given, else the run's. */
export function seedOf(seed: number | undefined): number {
  return seed ?? currentSeed();
}

/** The same mistake, with the place where it happened in front. */
export function inFold(error: unknown, fold: number, folds: number, also: string): Error {
  const place = `fold ${fold + 1} of ${folds}${also === "" ? "" : ` with ${also}`}`;
  if (error instanceof RunlabError) return new RunlabError(`${place}: ${error.message}`);
  if (error instanceof Error && error.name !== "Interrupted") {
    const told = new Error(`${place}: ${error.message}`, { cause: error });
    told.name = error.name;
    return told;
  }
  return error as Error;
}
