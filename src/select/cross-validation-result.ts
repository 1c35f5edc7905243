/**
 * What `crossValidate` returns: the values of every fold, and how they are shown.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Label, Probabilities } from "../metrics/index.js";
import type { Task } from "../split/index.js";
import { tableFromColumns, takeRows, vectorOf } from "../table/index.js";
import { tableFromVectors } from "../table/from-columns.js";
import type { Field } from "./cross-validate.js";
import type { Judge } from "./judges.js";
import type { Played } from "./pool.js";
import type { Selectable } from "./recipe.js";
import { crossValidationHtml, crossValidationText } from "./show.js";

/** One fold. */
export interface FoldResult {
  readonly fold: number;
  readonly trainRows: number;
  readonly testRows: number;
  /** By metric, on rows that the model has not seen. */
  readonly test: Readonly<Record<string, number>>;
  /** By metric, on the rows it was fitted on; null unless `trainScores` was set. */
  readonly train: Readonly<Record<string, number>> | null;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

/** Means and spreads over folds, by metric. */
export interface FoldSummary {
  readonly mean: Readonly<Record<string, number>>;
  /** Standard deviation over folds, divided by their number, as scikit-learn's `std_test_score`. */
  readonly std: Readonly<Record<string, number>>;
  readonly trainMean: Readonly<Record<string, number>> | null;
  readonly trainStd: Readonly<Record<string, number>> | null;
  readonly higherIsBetter: Readonly<Record<string, boolean>>;
}

/** A cross-validation as data. */
export interface CrossValidationData extends FoldSummary {
  readonly model: string;
  /** Every option of the model, defaults included. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly task: Task;
  readonly target: string;
  readonly rows: number;
  readonly splitter: { readonly name: string; readonly params: Readonly<Record<string, unknown>> };
  readonly seed: number;
  readonly folds: readonly FoldResult[];
}

/** Mean and spread over folds. */
export function summaryOf(judges: readonly Judge[], played: readonly Pick<Played, "test" | "train">[]): FoldSummary {
  const over = (pick: (round: Pick<Played, "test" | "train">) => Readonly<Record<string, number>>): { mean: Record<string, number>; std: Record<string, number> } => {
    const mean: Record<string, number> = {};
    const std: Record<string, number> = {};
    for (const { name } of judges) {
      const values = played.map((round) => pick(round)[name]);
      mean[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
      std[name] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean[name]) * (value - mean[name]), 0) / values.length);
    }
    return { mean, std };
  };
  const test = over((round) => round.test);
  const train = played[0].train === null ? null : over((round) => round.train!);
  return { ...test, trainMean: train?.mean ?? null, trainStd: train?.std ?? null, higherIsBetter: Object.fromEntries(judges.map((judge) => [judge.name, judge.higherIsBetter])) };
}

/**
 * The values of every fold.
 *
 * A cell that ends in it shows a table; printing it gives the same as text. Its values are read through getters: it has no
 * properties of its own, so nothing takes it for a record of numbers.
 */
export class CrossValidationResult implements CrossValidationData {
  readonly #data: CrossValidationData;
  readonly #models: readonly Selectable[] | null;
  readonly #predictions: Table | null;

  constructor(data: CrossValidationData, kept: { models: readonly Selectable[] | null; predictions: Table | null }) {
    this.#data = data;
    this.#models = kept.models;
    this.#predictions = kept.predictions;
  }

  get model(): string {
    return this.#data.model;
  }

  get params(): Readonly<Record<string, unknown>> {
    return this.#data.params;
  }

  get task(): Task {
    return this.#data.task;
  }

  get target(): string {
    return this.#data.target;
  }

  get rows(): number {
    return this.#data.rows;
  }

  get splitter(): CrossValidationData["splitter"] {
    return this.#data.splitter;
  }

  get seed(): number {
    return this.#data.seed;
  }

  get folds(): readonly FoldResult[] {
    return this.#data.folds;
  }

  get mean(): Readonly<Record<string, number>> {
    return this.#data.mean;
  }

  get std(): Readonly<Record<string, number>> {
    return this.#data.std;
  }

  get trainMean(): Readonly<Record<string, number>> | null {
    return this.#data.trainMean;
  }

  get trainStd(): Readonly<Record<string, number>> | null {
    return this.#data.trainStd;
  }

  get higherIsBetter(): Readonly<Record<string, boolean>> {
    return this.#data.higherIsBetter;
  }

  /** The fitted model of each fold. Throws unless `returnModels` was set. */
  get models(): readonly Selectable[] {
    if (this.#models === null) throw new RunlabError("the models of the folds were not kept", { allowed: "crossValidate(model, data, { returnModels: true })" });
    return this.#models;
  }

  /**
   * Each row that was tested, predicted by a model that has not seen it: `row`, `fold`, `truth`, `prediction` and, of
   * classifiers, `probability_<class>`; by fold, then by row. Throws unless `returnPredictions` was set.
   */
  get predictions(): Table {
    if (this.#predictions === null) throw new RunlabError("the predictions of the folds were not kept", { allowed: "crossValidate(model, data, { returnPredictions: true }), or crossValPredict" });
    return this.#predictions;
  }

  /** One row a fold: its sizes, times and values. */
  get table(): Table {
    const { folds } = this.#data;
    const names = Object.keys(this.#data.mean);
    const column = (pick: (fold: FoldResult) => number): Float64Array => Float64Array.from(folds, pick);
    return tableFromColumns({
      fold: Int32Array.from(folds, ({ fold }) => fold),
      train_rows: Int32Array.from(folds, ({ trainRows }) => trainRows),
      test_rows: Int32Array.from(folds, ({ testRows }) => testRows),
      fit_seconds: column(({ fitSeconds }) => fitSeconds),
      score_seconds: column(({ scoreSeconds }) => scoreSeconds),
      ...Object.fromEntries(names.map((name) => [`test_${name}`, column(({ test }) => test[name])])),
      ...(this.#data.trainMean === null ? {} : Object.fromEntries(names.map((name) => [`train_${name}`, column(({ train }) => train![name])]))),
    });
  }

  /** Aligned text, as a terminal shows it. */
  toString(): string {
    return crossValidationText(this.#data);
  }

  toJSON(): CrossValidationData {
    return this.#data;
  }

  /** How a notebook shows it. */
  [Symbol.for("Jupyter.display")](): { "text/html": string; "text/plain": string } {
    return { "text/html": crossValidationHtml(this.#data), "text/plain": crossValidationText(this.#data) };
  }

  /** How Node's console shows it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return crossValidationText(this.#data);
  }
}

/** The predictions of all folds, one after the other. */
export function outOfFold({ ground, part }: Pick<Field, "ground" | "part">, played: readonly Played[]): Table {
  const tests = played.map(({ fold }) => ground.folds[fold].test);
  const total = tests.reduce((sum, rows) => sum + rows.length, 0);
  const places = new Uint32Array(total);
  const folds = new Int32Array(total);
  let at = 0;
  tests.forEach((rows, i) => {
    places.set(rows, at);
    folds.fill(played[i].fold, at, at + rows.length);
    at += rows.length;
  });
  const truth = takeRows(ground.table.select([ground.target]), places).getChildAt(0)!;
  const values = played.flatMap(({ predictions }) => Array.from(predictions!.values as ArrayLike<Label | number>));
  const row = part.rows === null ? places : Uint32Array.from(places, (place) => part.rows![place]);
  const columns: Record<string, unknown> = { row, fold: folds, truth, prediction: ground.keepPredictions && typeof values[0] === "number" ? Float64Array.from(values as number[]) : values };
  for (const [name, column] of Object.entries(probabilityColumns(played.map(({ predictions }) => predictions!.probabilities), total))) columns[name] = column;
  return tableFromVectors(Object.keys(columns), Object.entries(columns).map(([name, column]) => vectorOf(column as Float64Array, name)));
}

/** A column a class; a class that a fold's model has never seen has probability 0 there. */
function probabilityColumns(probabilities: readonly (Probabilities | null)[], total: number): Record<string, Float64Array> {
  if (probabilities.some((each) => each === null)) return {};
  const classes = [...new Set(probabilities.flatMap((each) => [...each!.classes]))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const columns: Record<string, Float64Array> = {};
  for (const label of classes) {
    const column = new Float64Array(total);
    let at = 0;
    for (const each of probabilities) {
      const width = each!.classes.length;
      const place = each!.classes.indexOf(label);
      const rows = each!.values.length / width;
      if (place >= 0) for (let i = 0; i < rows; i++) column[at + i] = each!.values[i * width + place];
      at += rows;
    }
    columns[`probability_${String(label)}`] = column;
  }
  return columns;
}
