/**
 * Rows that a model in training is judged on and does not learn from.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { type Part, isPart } from "../../split/index.js";
import { requireFeatures } from "../features.js";
import type { FeatureSpec } from "../features.js";
import type { BinnedTable } from "../trees/binned-table.js";
import { addTree } from "../trees/predict.js";
import type { Tree } from "../trees/tree.js";
import { rowWeights } from "../weights.js";
import { type Ensemble, type Segment, intoSegmentBins, rawScores } from "./ensemble.js";
import { applyLink } from "./link.js";
import type { JudgedRows } from "./losses.js";
import type { Objective } from "./objective.js";

/** One table or part, or several. */
export type Validation = Part | Table | readonly (Part | Table)[];

/** Validation rows with their target as numbers. */
export interface ValidationRows {
  readonly name: string;
  readonly table: Table;
  readonly rows: JudgedRows;
}

export interface ValidationContext {
  readonly features: readonly FeatureSpec[];
  readonly target: string;
  /** Whether the target is the place of a label. */
  readonly labels: boolean;
  /** Column of weights; null when there is none, or they were given as numbers of the training rows. */
  readonly weights: string | null;
  /** The target of a table as numbers; refuses labels that the training rows do not have. */
  read(table: Table): Float64Array;
  /** Puts rows of a group next to one another; null when rows stand alone. */
  readonly arrange: ((table: Table) => { table: Table; groups: Uint32Array }) | null;
}

/**
 * Checks validation rows against what the model learns from.
 *
 * @throws RunlabError for something that is no table, one without rows, without a feature or the target, or with a target
 * that is missing somewhere or not of the kind that is learned.
 */
export function validationRows(given: unknown, context: ValidationContext): ValidationRows[] {
  if (given === undefined || given === null) return [];
  const list = (Array.isArray(given) ? given : [given]) as (Part | Table)[];
  if (list.length === 0) throw new RunlabError("validation holds the rows to judge by", { received: "an empty list", allowed: "a part made by split, a table, or several of them" });
  const names = new Set(["train"]);
  return list.map((each, i) => {
    const given = isPart(each) ? each.table : each;
    if (typeof given !== "object" || given === null || !("schema" in given)) {
      throw new RunlabError("validation is a part made by split, a table, or several of them", { received: given === null ? "null" : typeof given });
    }
    const where = list.length === 1 ? "validation" : `validation ${i + 1}`;
    if (given.numRows === 0) throw new RunlabError(`${where} has no rows to judge by`, { allowed: "at least one row" });
    if (given.getChild(context.target) === null) throw new RunlabError(`${where} does not hold the target`, { received: given.schema.fields.slice(0, 12).map((field) => field.name).join(", "), allowed: `a column ${JSON.stringify(context.target)}` });
    const { table, groups } = context.arrange === null ? { table: given, groups: null } : context.arrange(given);
    within(where, () => requireFeatures(table, context.features));
    const target = within(where, () => context.read(table));
    const weights = context.weights !== null && table.getChild(context.weights) !== null ? rowWeights(table, context.weights) : null;
    return { name: freeName(isPart(each) && each.name !== "all" ? each.name : "validation", names), table, rows: { count: table.numRows, target, codes: context.labels ? Int32Array.from(target) : null, weights, groups } };
  });
}

function within<Result>(where: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RunlabError) throw new RunlabError(`${where}: ${error.message}`);
    throw error;
  }
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  taken.add(name);
  return name;
}

/** Scores of validation rows while trees are added. */
export class ValidationScores {
  readonly name: string;
  readonly rows: JudgedRows;
  readonly #binned: BinnedTable;
  readonly #scores: Float64Array;
  readonly #predictions: Float64Array;
  readonly #objective: Objective;

  constructor({ name, table, rows }: ValidationRows, segment: Pick<Segment, "features" | "encoding" | "bins">, objective: Objective, base: Float64Array, from: Ensemble | null, nJobs: number | null) {
    this.name = name;
    this.rows = rows;
    this.#objective = objective;
    this.#binned = intoSegmentBins(segment, table);
    this.#scores = from === null ? new Float64Array(table.numRows * objective.outputs).map((_, i) => base[i % objective.outputs]) : rawScores(from, table, Infinity, nJobs);
    this.#predictions = new Float64Array(this.#scores.length);
  }

  add(tree: Tree, output: number, factor: number): void {
    const leaves = factor === 1 ? tree.leaves : tree.leaves.map((value) => value * factor);
    addTree(tree, leaves, 1, this.#binned, this.#scores, this.#objective.outputs, output);
  }

  /** Predictions as they stand; the same array each time. */
  predictions(): Float64Array {
    this.#predictions.set(this.#scores);
    return applyLink(this.#objective.link, this.#predictions, this.#objective.outputs);
  }
}
