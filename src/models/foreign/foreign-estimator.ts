/**
 * The content of another library's model file as an estimator.
 */
import { RunlabError } from "../../errors.js";
import type { Label } from "../../metrics/index.js";
import { checkOptions, missingColumn } from "../../table/index.js";
import { asNameList } from "../../table/name-list.js";
import type { FeatureSpec } from "../features.js";
import { MODEL_FORMAT_VERSION, type ModelDocument } from "../model.js";
import { ForeignClassifier } from "./foreign-classifier.js";
import { foreignToJson } from "./foreign-model.js";
import { ForeignRegressor } from "./foreign-regressor.js";
import type { ForeignFile } from "./lightgbm-text.js";

/** What a model file does not say. */
export interface ForeignOptions {
  /** Names of the columns, in the order of the model's features. Default: as in the file, else f0, f1, … */
  features?: readonly string[];
  /** A classifier's labels, in the order of its class numbers. Default: 0, 1, … */
  classes?: readonly Label[];
  /**
   * Names of the categories of features, in the order of the codes that the model was fitted on, where the file has none:
   * for LightGBM and XGBoost fitted on arrays of codes, and XGBoost before 3.1. For a pandas column `list(frame.x.cat.categories)`.
   */
  categories?: Readonly<Record<string, readonly string[]>>;
  /** What is predicted, for `evaluate` and reports. Default "target". */
  target?: string;
}

export const FOREIGN_OPTIONS: Record<keyof ForeignOptions, true> = { features: true, classes: true, categories: true, target: true };

/** @throws RunlabError for options that do not fit the file. */
export function foreignEstimator(file: ForeignFile, reader: string, options: ForeignOptions): ForeignClassifier | ForeignRegressor {
  const { task } = file;
  let { model } = file;
  const names = options.features === undefined ? file.featureNames : asNameList(options.features, `${reader}: features`);
  if (names.length !== model.categories.length) throw new RunlabError(`${reader}: features names every feature of the model`, { received: `${names.length} names`, allowed: `${model.categories.length}` });
  const twice = names.find((name, i) => names.indexOf(name) !== i && names.length < 10_000);
  if (twice !== undefined) throw new RunlabError(`${reader}: two features of the model have one name`, { received: twice, allowed: "features: [...] to name them otherwise" });
  if (options.categories !== undefined) model = { ...model, categories: named(model.categories, names, options.categories, reader) };
  const count = Math.max(2, model.outputs);
  const classes = options.classes ?? Array.from({ length: count }, (_, k) => k);
  if (options.classes !== undefined && task !== "classification") throw new RunlabError(`${reader}: classes belong to a classifier`, { received: `a model of ${model.objective}` });
  if (!Array.isArray(classes) || classes.length !== count || new Set(classes).size !== count) throw new RunlabError(`${reader}: classes are the labels of the model's classes, each once`, { received: String(classes), allowed: `${count} labels` });
  if (options.target !== undefined && typeof options.target !== "string") throw new RunlabError(`${reader}: target is the name of a column`, { received: options.target });
  const features = names.map((name, f): FeatureSpec => {
    const categories = model.categories[f];
    return categories === null ? { name, kind: "number", type: "Float64", categories: null } : { name, kind: "category", type: "Utf8", categories };
  });
  const document: ModelDocument<string> = {
    format: "runlab.model", version: MODEL_FORMAT_VERSION, estimator: task === "classification" ? "ForeignClassifier" : "ForeignRegressor",
    options: {}, params: { source: model.source, objective: model.objective, trees: model.trees.roots.length },
    target: options.target ?? "target", features, ids: [], rows: file.rows,
    state: { ...(task === "classification" ? { classes } : {}), ...foreignToJson(model) },
  };
  return task === "classification" ? new ForeignClassifier().restore(document) : new ForeignRegressor().restore(document);
}

function named(known: ForeignFile["model"]["categories"], names: readonly string[], given: Readonly<Record<string, readonly string[]>>, reader: string): (readonly string[] | null)[] {
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw new RunlabError(`${reader}: categories lists the categories of columns`, { received: given, allowed: '{ carrier: ["AA", "UA"] }' });
  const out = [...known];
  for (const [name, categories] of Object.entries(given)) {
    const f = names.indexOf(name);
    if (f < 0) throw missingColumn(name, [...names], "column of categories");
    out[f] = asNameList(categories, `${reader}: categories of ${name}`);
  }
  return out;
}

/** Checks the options of a reader. */
export function checkForeignOptions<O extends ForeignOptions>(reader: string, options: O, known: Record<keyof O, true>): void {
  checkOptions(reader, options, known as Required<Record<keyof O, true>>);
}
