/**
 * Every combination of some settings.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Part } from "../split/index.js";
import { checkOptions } from "../table/index.js";
import { type Params, type Selectable, requireModel } from "./recipe.js";
import { SEARCH_OPTIONS, type SearchOptions, search } from "./search.js";
import type { SearchResult } from "./search-result.js";

/** Values to try for each setting. */
export type ParamGrid = Readonly<Record<string, readonly unknown[]>>;

/** Options of `gridSearch`. */
export interface GridSearchOptions extends SearchOptions {
  /**
   * Values for each option of the model, all combinations of which are tried; of a pipeline also `step.option`. Several
   * grids are tried one after the other.
   */
  paramGrid: ParamGrid | readonly ParamGrid[];
}

/** More candidates than this are a mistake. */
const MOST_CANDIDATES = 100_000;

/** Every combination, the last setting changing first. */
export function combinations(grid: ParamGrid): Params[] {
  if (typeof grid !== "object" || grid === null || Array.isArray(grid)) throw new RunlabError("paramGrid names settings and the values to try", { received: grid, allowed: "{ nEstimators: [100, 200], maxDepth: [3, 5] }" });
  const entries = Object.entries(grid);
  for (const [name, values] of entries) {
    if (!Array.isArray(values) || values.length === 0) throw new RunlabError(`paramGrid: ${name} needs a list of values`, { received: Array.isArray(values) ? "an empty list" : values });
  }
  const total = entries.reduce((count, [, values]) => count * values.length, 1);
  if (total > MOST_CANDIDATES) throw new RunlabError("a grid has too many combinations to try", { received: `${total} candidates`, allowed: "fewer values, or randomSearch" });
  return entries.reduce<Params[]>((some, [name, values]) => some.flatMap((params) => values.map((value) => ({ ...params, [name]: value }))), [{}]);
}

/**
 * Judges every combination of settings by cross-validation on the same folds, and fits the best on all rows.
 *
 * Folds of all candidates are fitted in parallel where that is worth it; results are the same bits for any number of
 * threads. A run keeps every candidate (`metrics/cv.json`, the table `search_results`, a plot).
 *
 * When it misleads: the best value of many is partly luck, so it flatters the model; judge the best one on a hold-out that the
 * search has not seen. With more than a few settings most combinations are a waste: see `randomSearch`.
 *
 * @throws RunlabError for an option or a step that does not exist, and, naming fold and settings, for whatever a model
 * refuses (unless `onError` is "skip").
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] });
 * const found = await gridSearch(new RidgeRegression(), table, { target: "y", cv: new KFold({ nSplits: 3 }), paramGrid: { alpha: [0.001, 100] } });
 * found.bestParams; // { alpha: 0.001 }
 */
export async function gridSearch(model: Selectable, data: Part | Table, options: GridSearchOptions): Promise<SearchResult> {
  requireModel("gridSearch", model);
  checkOptions("gridSearch", options, { ...SEARCH_OPTIONS, paramGrid: true });
  const { paramGrid, ...rest } = options;
  const grids = Array.isArray(paramGrid) ? (paramGrid as readonly ParamGrid[]) : [paramGrid as ParamGrid];
  const candidates = grids.flatMap(combinations);
  if (candidates.length === 0) throw new RunlabError("gridSearch needs at least one candidate", { received: "an empty list of grids" });
  return search({ owner: "gridSearch", space: { paramGrid }, chosen: Object.keys(options), notes: [] }, model, data, candidates, rest);
}
