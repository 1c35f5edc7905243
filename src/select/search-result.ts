/**
 * What a search returns: every candidate, the best one, and how they are shown.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { plotSpec, shortNumber } from "../plots/spec.js";
import type { PlotSpec } from "../plots/index.js";
import { tableFromColumns } from "../table/index.js";
import type { ColumnValues } from "../table/index.js";
import type { Params, Selectable } from "./recipe.js";
import { searchHtml, searchText, valueText } from "./show.js";

/** One set of parameters, judged. */
export interface Candidate {
  readonly params: Params;
  /** Over folds, by metric; empty when it was refused. */
  readonly mean: Readonly<Record<string, number>>;
  readonly std: Readonly<Record<string, number>>;
  readonly trainMean: Readonly<Record<string, number>> | null;
  readonly trainStd: Readonly<Record<string, number>> | null;
  /** The values of each fold. */
  readonly folds: readonly Readonly<Record<string, number>>[];
  /** Mean over folds. */
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  /** 1 is the best; equal values share a rank. */
  readonly rank: number;
  /** Why it was refused; null when it was not. */
  readonly error: string | null;
}

/** A search as data. */
export interface SearchData {
  readonly kind: string;
  readonly model: string;
  readonly target: string;
  readonly rows: number;
  readonly splitter: { readonly name: string; readonly params: Readonly<Record<string, unknown>> };
  /** How many folds each candidate was judged on. */
  readonly folds: number;
  readonly seed: number;
  /** The metric that decided. */
  readonly metric: string;
  readonly higherIsBetter: Readonly<Record<string, boolean>>;
  /** In the order they were tried. */
  readonly candidates: readonly Candidate[];
  /** Place of the best among them. */
  readonly best: number;
  readonly notes: readonly string[];
}

/** More parameters than this are not drawn. */
const MOST_PANELS = 6;

/**
 * Every candidate of a search, and the best model, fitted on all rows.
 *
 * A cell that ends in it shows the candidates by rank; printing it gives the same as text.
 */
export class SearchResult {
  readonly #data: SearchData;
  readonly #model: Selectable | null;

  constructor(data: SearchData, model: Selectable | null) {
    this.#data = data;
    this.#model = model;
  }

  /** The best candidate, fitted on all rows. Throws when `refit` was false. */
  get bestModel(): Selectable {
    if (this.#model === null) throw new RunlabError("the best candidate was not fitted on all rows", { allowed: "refit: true" });
    return this.#model;
  }

  get bestParams(): Params {
    return this.#data.candidates[this.#data.best].params;
  }

  /** The mean over folds of the metric that decided, of the best candidate. */
  get bestScore(): number {
    return this.#data.candidates[this.#data.best].mean[this.#data.metric];
  }

  /** The name of the metric that decided. */
  get metric(): string {
    return this.#data.metric;
  }

  /** In the order they were tried. */
  get candidates(): readonly Candidate[] {
    return this.#data.candidates;
  }

  get notes(): readonly string[] {
    return this.#data.notes;
  }

  /** One row a candidate: `rank`, `param_<name>`, `mean_<metric>`, `std_<metric>`, the deciding metric of each fold, times. */
  get table(): Table {
    const { candidates, metric, folds, higherIsBetter } = this.#data;
    const column = (pick: (each: Candidate) => number | undefined): Float64Array => Float64Array.from(candidates, (each) => pick(each) ?? NaN);
    const columns: Record<string, ColumnValues> = { rank: Int32Array.from(candidates, (each) => each.rank) };
    for (const name of this.#paramNames()) columns[`param_${name}`] = settingColumn(candidates.map((each) => each.params[name]));
    for (const name of Object.keys(higherIsBetter)) {
      columns[`mean_${name}`] = column((each) => each.mean[name]);
      columns[`std_${name}`] = column((each) => each.std[name]);
      if (candidates.some((each) => each.trainMean !== null)) columns[`train_mean_${name}`] = column((each) => each.trainMean?.[name]);
    }
    for (let fold = 0; fold < folds; fold++) columns[`fold${fold + 1}_${metric}`] = column((each) => each.folds[fold]?.[metric]);
    columns["fit_seconds"] = column((each) => each.fitSeconds);
    columns["score_seconds"] = column((each) => each.scoreSeconds);
    if (candidates.some((each) => each.error !== null)) columns["error"] = candidates.map((each) => each.error);
    return tableFromColumns(columns);
  }

  /** The deciding metric against each parameter, one panel each. */
  plot(): PlotSpec {
    const { candidates, metric, model, best } = this.#data;
    const names = this.#paramNames().slice(0, MOST_PANELS);
    const kept = candidates.filter((each) => each.error === null);
    const values = kept.map((each) => ({
      ...Object.fromEntries(names.map((name, i) => [`p${i}`, typeof each.params[name] === "number" ? each.params[name] : valueText(each.params[name])])),
      value: each.mean[metric], low: each.mean[metric] - each.std[metric], high: each.mean[metric] + each.std[metric], best: each.rank === 1,
    }));
    const panel = (name: string, i: number): PlotSpec => {
      const numbers = kept.map((each) => each.params[name]).filter((value): value is number => typeof value === "number");
      const numeric = numbers.length === kept.length && new Set(numbers).size > 1;
      const wide = numeric && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 100;
      const x = { field: `p${i}`, type: numeric ? "quantitative" : "nominal", title: name, ...(numeric ? { scale: { zero: false, ...(wide ? { type: "log" } : {}) } } : {}) };
      return {
        width: 180,
        height: 180,
        layer: [
          { mark: { type: "rule", opacity: 0.35 }, encoding: { x, y: { field: "low", type: "quantitative", title: metric, scale: { zero: false } }, y2: { field: "high" } } },
          { mark: { type: "point", filled: true, size: 50 }, encoding: { x, y: { field: "value", type: "quantitative", title: metric, scale: { zero: false } }, color: { field: "best", type: "nominal", title: "best" } } },
        ],
      };
    };
    const title = `${metric} of ${model} by settings`;
    return plotSpec(title, `${kept.length} candidates; the best has ${metric} ${shortNumber(candidates[best].mean[metric])}.`, { data: { values }, hconcat: names.map(panel) });
  }

  #paramNames(): string[] {
    return [...new Set(this.#data.candidates.flatMap((each) => Object.keys(each.params)))];
  }

  toString(): string {
    return searchText(this.#data);
  }

  toJSON(): SearchData {
    return this.#data;
  }

  /** How a notebook shows it. */
  [Symbol.for("Jupyter.display")](): { "text/html": string; "text/plain": string } {
    return { "text/html": searchHtml(this.#data), "text/plain": searchText(this.#data) };
  }

  /** How Node's console shows it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return searchText(this.#data);
  }
}

/** Settings of one type keep it; of several they are text. */
function settingColumn(values: readonly unknown[]): ColumnValues {
  const kinds = new Set(values.filter((value) => value !== null && value !== undefined).map((value) => typeof value));
  const [kind] = kinds;
  if (kinds.size === 1 && (kind === "number" || kind === "string" || kind === "boolean")) return values.map((value) => value ?? null) as ColumnValues;
  return values.map((value) => (value === undefined ? null : valueText(value))) as ColumnValues;
}
