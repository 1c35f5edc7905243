/**
 * What the two models of nearest neighbours share: options, and the weights of neighbours.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { coresToUse } from "../../kernels/index.js";
import { type Fitted, type TrainingData, choiceOption, numberOption } from "../estimator.js";
import { type DesignRecipe, type Preprocess, applyDesign, learnDesign, recipeFromJson, recipeToJson, recordSteps } from "../linear/design.js";
import { type NeighbourAlgorithm, NeighbourSearch, type Neighbours } from "./neighbours.js";

export interface NeighbourOptions {
  /** How many neighbours decide. Default 5. */
  nNeighbors?: number;
  /** "uniform", the default: each neighbour counts the same. "distance": by the inverse of its distance; rows at distance 0 decide alone. */
  weights?: "uniform" | "distance";
  /** "kdTree" looks at few rows, "bruteForce" at all; "auto", the default, takes the tree for many rows of up to 20 columns. The result is the same. */
  algorithm?: NeighbourAlgorithm;
  /** As for `LogisticRegression`: "auto" scales, so that no column decides by its unit. Default "auto". */
  preprocess?: Preprocess;
  /** Threads; null, the default, takes all cores. The result does not depend on it. */
  nJobs?: number | null;
}

export const NEIGHBOUR_DEFAULTS: Required<NeighbourOptions> = { nNeighbors: 5, weights: "uniform", algorithm: "auto", preprocess: "auto", nJobs: null };

export function checkNeighbourOptions(options: Required<NeighbourOptions>): Record<string, unknown> {
  numberOption("nNeighbors", options.nNeighbors, { least: 1, whole: true });
  choiceOption("weights", options.weights, ["uniform", "distance"]);
  choiceOption("algorithm", options.algorithm, ["auto", "bruteForce", "kdTree"]);
  choiceOption("preprocess", options.preprocess, ["auto", "none"]);
  coresToUse(options.nJobs);
  return { ...options };
}

const WHAT = "a model of nearest neighbours";

/** Training rows kept for searches, and how a table becomes such rows. */
export class KeptRows {
  readonly recipe: DesignRecipe;
  readonly search: NeighbourSearch;

  constructor(recipe: DesignRecipe, search: NeighbourSearch) {
    this.recipe = recipe;
    this.search = search;
  }

  /** @throws RunlabError for weights of rows, which have no meaning here, and for fewer rows than neighbours. */
  static learn(name: string, training: TrainingData, params: Record<string, unknown>): { kept: KeptRows; learned: Record<string, unknown> } {
    const { nNeighbors, algorithm, preprocess } = params as unknown as Required<NeighbourOptions>;
    if (training.weighted) throw new RunlabError(`${name} takes no weights of rows`, { allowed: 'fit without weights; the option weights: "distance" is about neighbours' });
    const { recipe, design } = learnDesign(training.table, training.features, preprocess, WHAT);
    const search = NeighbourSearch.of(design, algorithm);
    // A table of few rows has fewer neighbours than wanted: then all of them decide.
    return { kept: new KeptRows(recipe, search), learned: { steps: recordSteps(recipe), ignoredColumns: recipe.ignored, neighboursUsed: Math.min(nNeighbors, design.rows), leaves: search.leaves } };
  }

  /** Neighbours of a table's rows, and the weight of each. */
  find(table: Table, fitted: Fitted): Neighbours & { readonly wanted: number; readonly weights: Float64Array } {
    const { nNeighbors, weights: kind, nJobs } = fitted.params as unknown as Required<NeighbourOptions>;
    const design = applyDesign(table, fitted.features, this.recipe, WHAT);
    const wanted = Math.min(nNeighbors, this.search.rows);
    const found = this.search.find(design, wanted, nJobs);
    return { ...found, wanted, weights: kind === "uniform" ? new Float64Array(found.distances.length).fill(1) : inverse(found.distances, wanted) };
  }

  toJSON(): Record<string, unknown> {
    return { design: recipeToJson(this.recipe), search: this.search.toJSON() };
  }

  /** @throws RunlabError when the data holds no rows, or not those of these columns, or the options are none. */
  static fromJSON(state: Record<string, unknown>, { params }: Fitted): KeptRows {
    checkNeighbourOptions(params as unknown as Required<NeighbourOptions>);
    const recipe = recipeFromJson(state["design"]);
    const search = NeighbourSearch.fromJSON(state["search"]);
    if (search.columns !== recipe.columns.length) throw new RunlabError("the model file is damaged: rows and columns do not fit");
    return new KeptRows(recipe, search);
  }
}

/** 1 / distance; where some are 0, these count 1 and the others nothing, as in scikit-learn. */
function inverse(distances: Float64Array, wanted: number): Float64Array {
  const out = new Float64Array(distances.length);
  for (let from = 0; from < out.length; from += wanted) {
    const exact = distances[from] === 0;
    for (let at = from; at < from + wanted; at++) out[at] = exact ? (distances[at] === 0 ? 1 : 0) : 1 / distances[at];
  }
  return out;
}
