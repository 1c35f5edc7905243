/**
 * The table of transformers. To add one: its file, its row here, its reference values in `test/reference`.
 */
import { RunlabError } from "../errors.js";
import { nearest } from "../table/nearest.js";
import { ColumnTransformer } from "./column-transformer.js";
import { DatetimeParts } from "./datetime-parts.js";
import { KBinsDiscretizer } from "./discretise.js";
import { SimpleImputer } from "./impute.js";
import { MaxAbsScaler } from "./max-abs-scale.js";
import { MinMaxScaler } from "./min-max-scale.js";
import { OneHotEncoder } from "./one-hot.js";
import { OrdinalEncoder } from "./ordinal.js";
import { PolynomialFeatures } from "./polynomial.js";
import { PowerTransformer } from "./power-transform.js";
import { QuantileTransformer } from "./quantile-transform.js";
import { RobustScaler } from "./robust-scale.js";
import { StandardScaler } from "./scale.js";
import { TargetEncoder } from "./target-encode.js";
import type { Transformer, TransformerJSON } from "./transformer.js";

/** A row of the table. */
export interface TransformerRow {
  name: string;
  /** One line for lists and help. */
  summary: string;
  /** True for a step that learns from the target. */
  usesTarget?: boolean;
  create(options?: Record<string, unknown>): Transformer;
  /** Makes a fitted step from its data, where its options are not all of it. */
  load?(json: TransformerJSON): Transformer;
}

/** Every transformer, by the name its function has. */
export const TRANSFORMERS: readonly TransformerRow[] = [
  { name: "columnTransformer", summary: "different steps for different columns", create: (options) => new ColumnTransformer(options as never), load: (json) => ColumnTransformer.load(json, transformerFromJSON) },
  { name: "impute", summary: "fills in missing values", create: (options) => new SimpleImputer(options) },
  { name: "oneHot", summary: "categories as columns of 0 and 1", create: (options) => new OneHotEncoder(options) },
  { name: "ordinal", summary: "categories as whole numbers", create: (options) => new OrdinalEncoder(options) },
  { name: "targetEncode", summary: "categories as the target's mean in them", usesTarget: true, create: (options) => new TargetEncoder(options) },
  { name: "scale", summary: "numbers to mean 0 and standard deviation 1", create: (options) => new StandardScaler(options) },
  { name: "robustScale", summary: "numbers to median 0 and interquartile range 1", create: (options) => new RobustScaler(options) },
  { name: "minMaxScale", summary: "numbers into a range", create: (options) => new MinMaxScaler(options) },
  { name: "maxAbsScale", summary: "numbers divided by the one farthest from 0", create: (options) => new MaxAbsScaler(options) },
  { name: "quantileTransform", summary: "numbers by their place among the others", create: (options) => new QuantileTransformer(options) },
  { name: "powerTransform", summary: "numbers made more like a normal distribution", create: (options) => new PowerTransformer(options) },
  { name: "datetimeParts", summary: "dates and times as numbers", create: (options) => new DatetimeParts(options) },
  { name: "polynomial", summary: "products and powers of columns", create: (options) => new PolynomialFeatures(options) },
  { name: "discretise", summary: "numbers as ranges", create: (options) => new KBinsDiscretizer(options) },
];

/**
 * A fitted step from its data.
 *
 * @throws RunlabError for an unknown type or a newer version.
 *
 * @example
 * const table = tableFromColumns({ a: [1, 3] });
 * const step = transformerFromJSON(JSON.parse(JSON.stringify(scale().fit(table))));
 * [...step.transform(table).getChild("a")!]; // [-1, 1]
 */
export function transformerFromJSON(json: TransformerJSON): Transformer {
  const row = TRANSFORMERS.find((each) => each.name === json?.type);
  if (row === undefined) {
    const names = TRANSFORMERS.map((each) => each.name);
    throw new RunlabError("there is no such transformer", { received: json?.type, allowed: nearest(String(json?.type), names).join(", ") || names.join(", ") });
  }
  if (json.version !== 1) throw new RunlabError(`this ${row.name} was written by a newer version`, { received: json.version, allowed: "version 1" });
  if (typeof json.params !== "object" || json.params === null || Array.isArray(json.params)) throw new RunlabError(`the options of this ${row.name} are damaged`, { received: json.params });
  if (row.load !== undefined) return row.load(json);
  const given = Object.fromEntries(Object.entries(json.params).filter(([, value]) => value !== null));
  return row.create(given).restore(json.state);
}
