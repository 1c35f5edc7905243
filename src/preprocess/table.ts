/**
 * The table of transformers. To add one: its file, its row here, its reference values in `test/reference`.
 */
import { RunlabError } from "../errors.js";
import { nearest } from "../table/nearest.js";
import { SimpleImputer } from "./impute.js";
import { OneHotEncoder } from "./one-hot.js";
import { StandardScaler } from "./scale.js";
import type { Transformer, TransformerJSON } from "./transformer.js";

/** A row of the table. */
export interface TransformerRow {
  name: string;
  /** One line for lists and help. */
  summary: string;
  create(options?: Record<string, unknown>): Transformer;
}

/** Every transformer, by the name its function has. */
export const TRANSFORMERS: readonly TransformerRow[] = [
  { name: "impute", summary: "fills in missing values", create: (options) => new SimpleImputer(options) },
  { name: "oneHot", summary: "categories as columns of 0 and 1", create: (options) => new OneHotEncoder(options) },
  { name: "scale", summary: "numbers to mean 0 and standard deviation 1", create: (options) => new StandardScaler(options) },
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
  const given = Object.fromEntries(Object.entries(json.params).filter(([, value]) => value !== null));
  return row.create(given).restore(json.state);
}
