/**
 * What was read from another library's model file, whichever library it was: data, and how it predicts.
 */
import { RunlabError } from "../../errors.js";
import { packArray, unpackArray } from "../typed-json.js";
import { addBinned, binnedTrees } from "./binned.js";
import { type Link, LINKS, applyLink } from "./links.js";
import { type TreeArrays, checkedTreeArrays } from "./tree-arrays.js";
import { type Scores, addTrees } from "./walk.js";

export interface ForeignModel {
  readonly source: "LightGBM" | "XGBoost";
  /** As the file names it, such as "binary" or "reg:squarederror". */
  readonly objective: string;
  readonly link: Link;
  /** LightGBM's `sigmoid`; 1 elsewhere. */
  readonly slope: number;
  /** Scores a row: one, or one a class. */
  readonly outputs: number;
  /** Per feature its categories in the order of their codes; null for a feature of numbers, or of codes without names. */
  readonly categories: readonly (readonly string[] | null)[];
  /** What each score begins with. */
  readonly start: Float64Array;
  /** What the sums are divided by before the link: the number of rounds of a LightGBM random forest, else 1. */
  readonly average: number;
  /** What each tree counts (XGBoost's DART); null when all count 1. */
  readonly factors: Float64Array | null;
  readonly trees: TreeArrays;
  /** Of a linear booster: for each feature the weights of all scores. */
  readonly weights: Float64Array | null;
  /** Per feature what its cuts gained, added up. */
  readonly gains: Float64Array;
}

/** The scores of each row, before mean and link: what the libraries call raw scores or margins. */
export function rawScores(model: ForeignModel, columns: readonly Float64Array[], rows: number): Float64Array {
  const { outputs, start } = model;
  const single = model.source === "XGBoost";
  const out: Scores = single ? new Float32Array(rows * outputs) : new Float64Array(rows * outputs);
  for (let at = 0; at < out.length; at += outputs) for (let k = 0; k < outputs; k++) out[at + k] = start[k];
  if (model.weights !== null) addProducts(model.weights, columns, rows, outputs, out);
  // Sums in float64 are those of this library's own kernel; XGBoost's are rounded to float32 one by one.
  const binned = out instanceof Float64Array && model.factors === null && rows * columns.length < 2 ** 31 ? binnedTrees(model.trees, columns.length) : null;
  if (binned !== null) {
    addBinned(binned, columns, rows, outputs, out as Float64Array);
    return out as Float64Array;
  }
  // A category below 0 is in no set. LightGBM cuts decimals off before it looks, XGBoost does not.
  addTrees(model.trees, columns, rows, outputs, out, { single, leastCategory: single ? -Number.MIN_VALUE : -1, factors: model.factors });
  return out instanceof Float64Array ? out : Float64Array.from(out);
}

/** What is predicted: the quantity, or the probability of each class (of the second alone when there is one score). */
export function foreignPredictions(model: ForeignModel, columns: readonly Float64Array[], rows: number): Float64Array {
  const scores = rawScores(model, columns, rows);
  if (model.average !== 1) for (let i = 0; i < scores.length; i++) scores[i] /= model.average;
  applyLink(model.link, model.slope, scores, model.outputs, model.source === "XGBoost");
  return scores;
}

/** Feature after feature, each product and sum rounded to float32, missing values left out: as XGBoost's gblinear. */
function addProducts(weights: Float64Array, columns: readonly Float64Array[], rows: number, width: number, out: Scores): void {
  columns.forEach((column, f) => {
    for (let k = 0; k < width; k++) {
      const weight = weights[f * width + k];
      for (let i = 0, at = k; i < rows; i++, at += width) {
        if (column[i] === column[i]) out[at] += Math.fround(Math.fround(column[i]) * weight);
      }
    }
  });
}

export function foreignToJson(model: ForeignModel): Record<string, unknown> {
  const { source, objective, link, slope, outputs, categories, start, average, factors, trees, weights, gains } = model;
  return {
    source, objective, link, slope, outputs, categories, average,
    start: packArray(start),
    factors: factors === null ? null : packArray(factors),
    weights: weights === null ? null : packArray(weights),
    gains: packArray(gains),
    trees: {
      roots: packArray(trees.roots), outputs: packArray(trees.outputs), right: packArray(trees.right), feature: packArray(trees.feature),
      rule: packArray(trees.rule), value: packArray(trees.value), setStarts: packArray(trees.setStarts), setWords: packArray(trees.setWords),
    },
  };
}

/** @throws RunlabError when the data is no such model on `features` features. */
export function foreignFromJson(state: Record<string, unknown>, features: number): ForeignModel {
  const { source, objective, link, slope, outputs, categories, average } = state;
  const damaged = (how: string): RunlabError => new RunlabError(`the model file is damaged: ${how}`);
  if ((source !== "LightGBM" && source !== "XGBoost") || typeof objective !== "string" || !LINKS.includes(link as Link)) throw damaged("it does not say how scores become predictions");
  if (typeof outputs !== "number" || !Number.isInteger(outputs) || outputs < 1 || outputs > MOST_OUTPUTS) throw damaged("it has no number of scores");
  if (typeof slope !== "number" || !Number.isFinite(slope) || typeof average !== "number" || !(average >= 1 && Number.isFinite(average))) throw damaged("its scores have no scale");
  if (!Array.isArray(categories) || categories.length !== features || !categories.every(isCategoryList)) throw damaged("it does not say which features are categories");
  const finite = (packed: unknown, length: number, what: string): Float64Array => {
    const values = unpackArray(packed, "float64", what);
    if (values.length !== length || !values.every(Number.isFinite)) throw damaged(`${what} do not fit`);
    return values;
  };
  const parts = (state["trees"] ?? {}) as Record<string, unknown>;
  const whole = (name: string): Int32Array => unpackArray(parts[name], "int32", "a part of its trees");
  const trees = checkedTreeArrays({
    roots: whole("roots"), outputs: whole("outputs"), right: whole("right"), feature: whole("feature"),
    rule: unpackArray(parts["rule"], "uint8", "a part of its trees"), value: unpackArray(parts["value"], "float64", "a part of its trees"),
    setStarts: whole("setStarts"), setWords: unpackArray(parts["setWords"], "uint32", "its sets of categories"),
  }, features, outputs);
  return {
    source, objective, link: link as Link, slope, outputs, categories, average, trees,
    start: finite(state["start"], outputs, "what its scores begin with"),
    factors: state["factors"] === null ? null : finite(state["factors"], trees.roots.length, "what its trees count"),
    weights: state["weights"] === null ? null : finite(state["weights"], features * outputs, "its weights"),
    gains: finite(state["gains"], features, "the gains of its features"),
  };
}

/** Most scores a row, that is classes. */
export const MOST_OUTPUTS = 10_000;
/** Most features. */
export const MOST_FEATURES = 1_000_000;

function isCategoryList(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((each) => typeof each === "string"));
}
