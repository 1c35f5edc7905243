/**
 * The npm library ml-random-forest behind our forests' interface: for teaching, on small tables.
 *
 * It knows neither missing values nor categories, so it is given our bins: categories in the order of their target,
 * missing values above all others.
 */
import { createRequire } from "node:module";
import { RunlabError } from "../errors.js";
import type { RandomForestOptions } from "./forest-options.js";
import { featuresTried } from "./forest-options.js";
import type { BinnedTable } from "./trees/binned-table.js";
import type { ForestTarget } from "./trees/forest.js";

/** Above this its time, which grows with the square of the rows, is minutes. */
const MOST_ROWS = 2000;

/** What the library can do, as far as we use it. */
interface Library {
  train(rows: number[][], target: number[]): void;
  predictionValues(rows: number[][]): { rows: number; getRow(row: number): number[] };
  toJSON(): unknown;
}

const require = createRequire(import.meta.url);

/** The library's two classes, loaded when the engine is first asked for: that is seldom, and they are large. */
function forestClass(classes: number): { new (options: object): Library; load(json: unknown): Library } {
  const { RandomForestClassifier, RandomForestRegression } = require("ml-random-forest") as typeof import("ml-random-forest");
  return (classes === 0 ? RandomForestRegression : RandomForestClassifier) as never;
}

/** A forest grown by the library. */
export interface TeachingForest {
  readonly classes: number;
  readonly library: Library;
}

/** @throws RunlabError over 2,000 rows, and for weights, which the library does not take. */
export function growTeachingForest(table: BinnedTable, target: ForestTarget, options: Required<RandomForestOptions>, weighted: boolean): TeachingForest {
  if (table.rows > MOST_ROWS) {
    throw new RunlabError('engine "ml-random-forest" is quadratic in the rows and takes up to 2,000 of them', { received: `${table.rows} rows`, allowed: 'engine "runlab", the default' });
  }
  if (weighted) throw new RunlabError('engine "ml-random-forest" takes no weights', { allowed: 'engine "runlab", the default' });
  const classes = target.kind === "classes" ? target.classes : 0;
  const common = {
    seed: options.seed % 2147483647,
    nEstimators: options.nEstimators,
    maxFeatures: featuresTried(options.maxFeatures, table.features),
    replacement: false,
    useSampleBagging: options.bootstrap,
    noOOB: true,
    treeOptions: { maxDepth: options.maxDepth ?? Infinity, minNumSamples: options.minSamplesSplit },
  };
  const library = new (forestClass(classes))(common);
  library.train(matrix(table), Array.from(target.kind === "classes" ? target.labels : target.values));
  return { classes, library };
}

/** The share of trees that vote for each class, or the trees' mean. */
export function predictTeachingForest(forest: TeachingForest, table: BinnedTable): Float64Array {
  const width = forest.classes === 0 ? 1 : forest.classes;
  const out = new Float64Array(table.rows * width);
  if (table.rows === 0) return out;
  const votes = forest.library.predictionValues(matrix(table));
  for (let row = 0; row < votes.rows; row++) {
    const given = votes.getRow(row);
    for (const vote of given) {
      if (forest.classes === 0) out[row] += vote / given.length;
      else out[row * width + vote] += 1 / given.length;
    }
  }
  return out;
}

export function teachingForestToJson(forest: TeachingForest): unknown {
  return JSON.parse(JSON.stringify(forest.library.toJSON()));
}

export function teachingForestFromJson(json: unknown, classes: number): TeachingForest {
  try {
    return { classes, library: forestClass(classes).load(json) };
  } catch {
    throw new RunlabError("the model file is damaged: it holds no forest of ml-random-forest");
  }
}

function matrix(table: BinnedTable): number[][] {
  return Array.from({ length: table.rows }, (_, row) => 
    Array.from({ length: table.features }, (_, f) => table.bins[row * table.rowStep + f * table.featureStep]));
}
