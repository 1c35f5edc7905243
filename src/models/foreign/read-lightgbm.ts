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
 * const model = await readLightGBM("models/flights.txt", { classes: ["on time", "late"] });
 * model.predict(await readTable("data/flights.parquet")); // ["on time", "late", …]
 */
export async function readLightGBM(textOrPath: string, options: ForeignOptions = {}): Promise<ForeignClassifier | ForeignRegressor> {
  if (typeof textOrPath !== "string" || textOrPath === "") throw new RunlabError("readLightGBM takes the path of a file, or the text of a model", { received: textOrPath });
  checkForeignOptions("readLightGBM", options, FOREIGN_OPTIONS);
  const text = textOrPath.includes("\n") ? textOrPath : textOf(await modelBytes(textOrPath, "readLightGBM"));
  return foreignEstimator(parseLightGBM(text), "readLightGBM", options);
}
