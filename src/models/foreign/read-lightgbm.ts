/**
 * Models that LightGBM fitted.
 */
import { RunlabError } from "../../errors.js";
import type { ForeignClassifier } from "./foreign-classifier.js";
import { FOREIGN_OPTIONS, type ForeignOptions, checkForeignOptions, foreignEstimator } from "./foreign-estimator.js";
import type { ForeignRegressor } from "./foreign-regressor.js";
import { parseLightGBM } from "./lightgbm-text.js";
import { modelBytes, textOf } from "./read-file.js";

/**
 * A LightGBM model from its text format: what `Booster.save_model(path)` and `Booster.model_to_string()` write, and
 * `LGBMClassifier.booster_.save_model(path)` too; a file may be gzip.
 *
 * It predicts what LightGBM predicts, within one unit in the last place: gradient boosting, DART and random forest mode,
 * every objective's link, missing values (`zero_as_missing` too) and category sets. Columns are found by name.
 *
 * When it misleads: a category that the model has not seen counts as missing, as in LightGBM; a feature without
 * names for its categories takes the codes it was trained on. The file holds the rounds up to `best_iteration` when
 * it was saved by LightGBM's own default.
 *
 * @param textOrPath the model's text, or the path of a file.
 *
 * @throws RunlabError, in one line, for a file that is missing, cut off, damaged or no such model, and for linear trees.
 *
 * @example
 * const tree = ["Tree=0", "num_leaves=2", "split_feature=0", "threshold=5", "decision_type=2", "left_child=-1", "right_child=-2", "leaf_value=10 20"];
 * const head = ["tree", "num_tree_per_iteration=1", "max_feature_idx=0", "objective=regression", "feature_names=size"];
 * const model = await readLightGBM([...head, "", ...tree, "", "end of trees"].join("\n")); // mostly: readLightGBM("models/flights.txt")
 * model.predict(tableFromColumns({ size: [4, 6] })); // Float64Array [10, 20]
 */
export async function readLightGBM(textOrPath: string, options: ForeignOptions = {}): Promise<ForeignClassifier | ForeignRegressor> {
  if (typeof textOrPath !== "string" || textOrPath === "") throw new RunlabError("readLightGBM takes the path of a file, or the text of a model", { received: textOrPath });
  checkForeignOptions("readLightGBM", options, FOREIGN_OPTIONS);
  const text = textOrPath.includes("\n") ? textOrPath : textOf(await modelBytes(textOrPath, "readLightGBM"));
  return foreignEstimator(parseLightGBM(text), "readLightGBM", options);
}
