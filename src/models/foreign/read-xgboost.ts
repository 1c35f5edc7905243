/**
 * Models that XGBoost fitted.
 */
import { RunlabError } from "../../errors.js";
import type { ForeignClassifier } from "./foreign-classifier.js";
import { FOREIGN_OPTIONS, type ForeignOptions, checkForeignOptions, foreignEstimator } from "./foreign-estimator.js";
import type { ForeignRegressor } from "./foreign-regressor.js";
import { modelBytes, textOf } from "./read-file.js";
import { parseUbjson } from "./ubjson.js";
import { xgboostModel } from "./xgboost-document.js";

export interface ReadXGBoostOptions extends ForeignOptions {
  /** Rounds to use, from the first; after early stopping `best_iteration + 1`. Default: all, as `Booster.predict` does. */
  iterations?: number;
}

const OPTIONS: Record<keyof ReadXGBoostOptions, true> = { ...FOREIGN_OPTIONS, iterations: true };

/**
 * An XGBoost model from its JSON or its UBJSON: what `Booster.save_model("model.json")` or `save_model("model.ubj")`
 * of versions 1 to 3 write; a file may be gzip.
 *
 * It predicts what XGBoost predicts, within one unit in the last place of a float32, which is what XGBoost computes in:
 * trees, DART and linear boosters, category splits, missing values, every objective's link.
 *
 * When it misleads: values are rounded to float32 before they are compared, as there; scikit-learn's wrapper stops at
 * `best_iteration` by itself, so pass `iterations`. A category that the model has not seen counts as missing.
 *
 * @param jsonOrPath the model as JSON text, as an object, or the path of a file.
 *
 * @throws RunlabError, in one line, for a file that is missing, cut off, damaged or no such model, for several targets at
 * once, and for objectives of the user's own.
 *
 * @example
 * const tree = { left_children: [1, -1, -1], right_children: [2, -1, -1], split_indices: [0, 0, 0], split_conditions: [5, 10, 20], default_left: [1, 0, 0] };
 * const learner = { learner_model_param: { num_feature: "1", base_score: "0.5" }, objective: { name: "reg:squarederror" }, gradient_booster: { name: "gbtree", model: { trees: [tree], tree_info: [0] } } };
 * const model = await readXGBoost({ learner }); // mostly: readXGBoost("models/bikes.ubj")
 * model.predict(tableFromColumns({ f0: [4, 6] })); // Float64Array [10.5, 20.5]
 */
export async function readXGBoost(jsonOrPath: string | object, options: ReadXGBoostOptions = {}): Promise<ForeignClassifier | ForeignRegressor> {
  checkForeignOptions("readXGBoost", options, OPTIONS);
  const { iterations = null, ...rest } = options;
  if (iterations !== null && !(Number.isInteger(iterations) && iterations >= 1)) throw new RunlabError("iterations is a whole number of rounds", { received: iterations, allowed: "1 or more" });
  return foreignEstimator(xgboostModel(await documentOf(jsonOrPath), iterations), "readXGBoost", rest);
}

async function documentOf(source: unknown): Promise<unknown> {
  if (typeof source === "object" && source !== null) return source;
  if (typeof source !== "string" || source === "") throw new RunlabError("readXGBoost takes the path of a file, or a model as JSON", { received: source });
  if (/^\s*[{[]/.test(source)) return parseJson(source);
  const bytes = await modelBytes(source, "readXGBoost");
  // Both formats begin with a brace; in JSON a quote follows, in UBJSON the length of a name.
  const first = bytes.findIndex((byte) => byte > 0x20);
  const second = bytes.subarray(first + 1, first + 200).find((byte) => byte > 0x20);
  if (bytes[first] === 0x7b && second !== undefined && second !== 0x22 && second !== 0x7d) return parseUbjson(bytes);
  return parseJson(textOf(bytes));
}

/** A text, or a word for a number that JSON does not have; XGBoost writes them all the same. */
const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|nan|Infinity|inf)\b/g;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(/NaN|nan|Infinity|inf/.test(text) ? text.replace(TEXT_OR_WORD, (found) => (found.startsWith('"') ? found : "null")) : text) as unknown;
  } catch {
    throw new RunlabError("the XGBoost model is damaged: it is no whole JSON", { received: `${text.length} characters that begin with ${text.slice(0, 20)}`, allowed: 'what Booster.save_model("model.json") writes; the old binary format has to be saved again by XGBoost' });
  }
}
