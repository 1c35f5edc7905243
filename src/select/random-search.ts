/**
 * Settings drawn at random.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { stream } from "../random/index.js";
import type { Part } from "../split/index.js";
import { checkOptions } from "../table/index.js";
import { type Distribution, distributionOf } from "./distributions.js";
import { type Params, type Selectable, requireModel } from "./recipe.js";
import { seedOf } from "./round.js";
import { SEARCH_OPTIONS, type SearchOptions, search } from "./search.js";
import type { SearchResult } from "./search-result.js";

/** Options of `randomSearch`. */
export interface RandomSearchOptions extends SearchOptions {
  /** Where each option of the model is drawn from: a list of values, or one of `draw`. Of a pipeline also `step.option`. */
  paramDistributions: Readonly<Record<string, readonly unknown[] | Distribution>>;
  /** How many candidates. Default 10. */
  nIter?: number;
}

/** Draws that may give a candidate that is there already, before there are taken to be no others. */
const TRIES = 50;

/**
 * Judges settings that are drawn at random by cross-validation on the same folds, and fits the best on all rows. For
 * the same number of candidates it finds better ones than a grid when few of the settings matter, which is usual.
 *
 * Candidate number i is the same for any `nIter`, and a setting that is added does not move what the others draw. No
 * candidate is tried twice.
 *
 * When it misleads: as `gridSearch`: the best value of many is partly luck.
 *
 * @throws RunlabError as `gridSearch`.
 *
 * Source: J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization" (2012).
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] });
 * const found = await randomSearch(new RidgeRegression(), table, { target: "y", cv: 3, nIter: 4, seed: 42, paramDistributions: { alpha: draw.logUniform(0.001, 100) } });
 * found.candidates.length; // 4
 */
export async function randomSearch(model: Selectable, data: Part | Table, options: RandomSearchOptions): Promise<SearchResult> {
  requireModel("randomSearch", model);
  checkOptions("randomSearch", options, { ...SEARCH_OPTIONS, paramDistributions: true, nIter: true });
  const { paramDistributions, nIter = 10, ...rest } = options;
  if (!Number.isInteger(nIter) || nIter < 1) throw new RunlabError("nIter is a whole number of candidates, 1 or more", { received: nIter });
  if (typeof paramDistributions !== "object" || paramDistributions === null || Object.keys(paramDistributions).length === 0) {
    throw new RunlabError("paramDistributions names settings and where to draw them from", { received: paramDistributions, allowed: "{ learningRate: draw.logUniform(0.01, 0.3), maxLeaves: draw.int(7, 63) }" });
  }
  const space = Object.entries(paramDistributions).map(([name, given]) => [name, distributionOf(name, given)] as const);
  const candidates = drawAll(space, nIter, seedOf(options.seed));
  const notes = candidates.length < nIter ? [`there are only ${candidates.length} different candidates`] : [];
  return search({ owner: "randomSearch", space: { paramDistributions: Object.fromEntries(space.map(([name, { name: text }]) => [name, text])), nIter }, chosen: Object.keys(options), notes }, model, data, candidates, rest);
}

function drawAll(space: readonly (readonly [string, Distribution])[], count: number, seed: number): Params[] {
  const random = stream("randomSearch", seed);
  const seen = new Set<string>();
  const found: Params[] = [];
  for (let trial = 0, missed = 0; found.length < count && missed < TRIES * count; trial++) {
    const own = random.split(trial);
    const params = Object.fromEntries(space.map(([name, distribution]) => [name, distribution.draw(own.split(name))]));
    const key = JSON.stringify(params);
    if (seen.has(key)) {
      missed++;
      continue;
    }
    seen.add(key);
    found.push(params);
  }
  return found;
}
