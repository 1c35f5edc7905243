/**
 * Isolation forest: rows that stand out.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { currentSeed, stream } from "../random/index.js";
import type { Part } from "../split/index.js";
import { type FeatureSpec, featureCodes, featureNumbers, requireFeatures } from "./features.js";
import { type IsolationTree, addPathLengths, averagePathLength, growIsolationTree, isolationTreesFromJson, isolationTreesToJson } from "./isolation-forest-tree.js";
import { type Fitted, choiceOption, numberOption } from "./model.js";
import { fitProgress } from "./progress.js";
import { packArray, unpackArray } from "./typed-json.js";
import { type UnlabelledData, Unsupervised } from "./unsupervised.js";

export interface IsolationForestOptions {
  /** Trees. Default 100. */
  nEstimators?: number;
  /** Rows drawn for each tree: "auto", the default, is 256 or all if there are fewer; a share of them (above 0, up to 1); or a number (2 or more). */
  maxSamples?: "auto" | number;
  /** Columns drawn for each tree: a share of them (above 0, up to 1) or a number (2 or more). Default 1: all. */
  maxFeatures?: number;
  /** Draw rows with replacement. Default false. */
  bootstrap?: boolean;
  /**
   * The share of rows of `fit` that `predict` calls anomalies, above 0 and up to 0.5. Default "auto": a row is one when its
   * score is below -0.5, as in the paper.
   */
  contamination?: "auto" | number;
  /** Default: the seed of the run being recorded. */
  seed?: number;
}

const AUTO_ROWS = 256;
const AUTO_OFFSET = -0.5;

/** How a column becomes numbers: its own, or for categories their places by frequency. */
type ColumnRule = Float64Array | null;

/**
 * Finds rows that stand out: trees cut columns at random, and a row that is soon alone is odd.
 *
 * When it misleads: it always ranks, also where nothing is odd; a row that is odd in how its columns go together, but in
 * none alone, takes many trees to find; a group of odd rows of one kind hides its members.
 *
 * Missing values take a side at random at each cut, and stand apart where a column is else constant. Categories are put in
 * the order of their frequency, so that rare ones are soon cut off; categories that were not seen count as missing.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and for weights, which it does not take.
 *
 * Source: F. T. Liu, K. M. Ting and Z.-H. Zhou, "Isolation forest" (ICDM 2008); scores as scikit-learn's.
 *
 * @example
 * const table = tableFromColumns({ size: [1, 2, 3, 2, 1, 2, 3, 2, 1, 90] });
 * const model = new IsolationForest({ seed: 1, contamination: 0.1 }).fit(table);
 * model.predict(table)[9]; // -1
 */
export class IsolationForest extends Unsupervised<IsolationForestOptions> {
  readonly name = "IsolationForest";
  readonly task = "anomaly";
  #trees: readonly IsolationTree[] = [];
  #rules: readonly ColumnRule[] = [];
  /** Rows that each tree has drawn. */
  #samples = 0;
  #offset = AUTO_OFFSET;

  /** What `decisionFunction` takes from the score: below it a row is an anomaly. */
  get offset(): number {
    void this.fitted;
    return this.#offset;
  }

  /** The score of each row, from -1 (alone at once) to 0; about -0.5 where nothing stands out. */
  scoreSamples(data: Part | Table): Float64Array {
    return this.#scores(numbers(this.tableOf(data), this.fitted.features, this.#rules));
  }

  /** The score less `offset`: negative for anomalies. */
  decisionFunction(data: Part | Table): Float64Array {
    return this.scoreSamples(data).map((score) => score - this.#offset);
  }

  /** -1 for an anomaly, 1 for any other row. */
  predict(data: Part | Table): Int32Array {
    return Int32Array.from(this.decisionFunction(data), (value) => (value < 0 ? -1 : 1));
  }

  protected defaults(): IsolationForestOptions {
    return { nEstimators: 100, maxSamples: "auto", maxFeatures: 1, bootstrap: false, contamination: "auto", seed: undefined };
  }

  protected resolve(options: Required<IsolationForestOptions>): Record<string, unknown> {
    numberOption("nEstimators", options.nEstimators, { least: 1, whole: true });
    choiceOption("bootstrap", options.bootstrap, [true, false]);
    if (options.contamination !== "auto") numberOption("contamination", options.contamination, { above: 0, most: 0.5 });
    if (options.maxSamples !== "auto") shareOrNumber("maxSamples", options.maxSamples, 1);
    shareOrNumber("maxFeatures", options.maxFeatures, 1);
    const seed = options.seed ?? currentSeed();
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RunlabError("a seed is a whole number", { received: seed, allowed: "0 to 9007199254740991, such as 42" });
    return { ...options, seed };
  }

  protected learn(training: UnlabelledData, params: Record<string, unknown>): Record<string, unknown> {
    const options = params as unknown as Required<IsolationForestOptions>;
    if (training.weighted) throw new RunlabError("IsolationForest takes no weights", { allowed: "a table of the rows that count" });
    const { table, features } = training;
    this.#rules = columnRules(table, features);
    const columns = numbers(table, features, this.#rules);
    const rows = table.numRows;
    this.#samples = options.maxSamples === "auto" ? Math.min(AUTO_ROWS, rows) : shareOrNumber("maxSamples", options.maxSamples, rows);
    const width = shareOrNumber("maxFeatures", options.maxFeatures, features.length);
    const random = stream(this.name, options.seed);
    const progress = fitProgress(`fitting ${this.name}`, options.nEstimators);
    this.#trees = Array.from({ length: options.nEstimators }, (_, t) => {
      const own = random.split(t);
      const drawn = own.choice(rows, this.#samples, { replace: options.bootstrap });
      const some = Int32Array.from(width === features.length ? features.keys() : own.choice(features.length, width));
      const tree = growIsolationTree(columns, some, drawn, own);
      progress(t + 1);
      return tree;
    });
    this.#offset = options.contamination === "auto" ? AUTO_OFFSET : quantile(this.#scores(columns), options.contamination);
    return { samples: this.#samples };
  }

  protected state(): unknown {
    return { samples: this.#samples, offset: this.#offset, rules: this.#rules.map((rule) => (rule === null ? null : packArray(rule))), trees: isolationTreesToJson(this.#trees) };
  }

  protected restoreState(state: unknown, fitted: Fitted<null>): void {
    const { samples, offset, rules, trees } = (state ?? {}) as Record<string, unknown>;
    if (typeof samples !== "number" || !Number.isInteger(samples) || samples < 1 || typeof offset !== "number" || Number.isNaN(offset)) {
      throw new RunlabError("the model file is damaged: it has no samples or no offset");
    }
    if (!Array.isArray(rules) || rules.length !== fitted.features.length) throw new RunlabError("the model file is damaged: it has no rules for its columns");
    const read = rules.map((rule, f): ColumnRule => {
      const places = rule === null ? null : unpackArray(rule, "float64", "the order of categories");
      const categories = fitted.features[f].categories;
      if (places?.length !== categories?.length) throw new RunlabError("the model file is damaged: the rules of its columns do not fit them");
      return places;
    });
    const grown = isolationTreesFromJson(trees, fitted.features.length);
    this.#samples = samples;
    this.#offset = offset;
    this.#rules = read;
    this.#trees = grown;
  }

  #scores(columns: readonly Float64Array[]): Float64Array {
    const lengths = new Float64Array(columns[0].length);
    for (const tree of this.#trees) addPathLengths(tree, columns, lengths);
    // One row alone takes no cut, whatever the trees: it is as odd as can be.
    const usual = this.#trees.length * averagePathLength(this.#samples);
    return lengths.map((length) => (usual === 0 ? -1 : -Math.exp((-length / usual) * Math.LN2)));
  }
}

/** A share of all, or a number of them. */
function shareOrNumber(name: string, value: unknown, all: number): number {
  if (typeof value === "number" && value > 0 && value <= 1) return Math.max(1, Math.floor(value * all));
  if (typeof value === "number" && Number.isInteger(value) && value >= 2) return Math.min(all, value);
  throw new RunlabError(`${name} is a share or a number`, { received: value, allowed: "above 0 and up to 1, or a whole number from 2" });
}

/** Categories in the order of their frequency, the most frequent first; equal ones in their own. */
function columnRules(table: Table, features: readonly FeatureSpec[]): ColumnRule[] {
  const columns = requireFeatures(table, features);
  return features.map((feature, f) => {
    if (feature.kind !== "category") return null;
    const counts = new Float64Array(feature.categories!.length);
    for (const code of featureCodes(columns[f], feature)) if (code >= 0) counts[code]++;
    const places = new Float64Array(counts.length);
    Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b).forEach((code, place) => (places[code] = place));
    return places;
  });
}

function numbers(table: Table, features: readonly FeatureSpec[], rules: readonly ColumnRule[]): Float64Array[] {
  const columns = requireFeatures(table, features);
  return features.map((feature, f) => {
    const rule = rules[f];
    return rule === null ? featureNumbers(columns[f], feature.name) : Float64Array.from(featureCodes(columns[f], feature), (code) => (code < 0 ? NaN : rule[code]));
  });
}

/** The value below which that share of all lies, between neighbours in proportion, as numpy's `percentile`. */
function quantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
