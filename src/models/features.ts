/**
 * What a model expects of a table: the columns it was fitted on, and the check of a new table against them.
 */
import { DataType, type Table, type Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Part } from "../split/index.js";
import { type ColumnKind, columnKind, columnNames, labelsOf, numbersOf } from "../table/index.js";
import { nearest } from "../table/nearest.js";

/** A column that a model was fitted on. */
export interface FeatureSpec {
  readonly name: string;
  readonly kind: Exclude<ColumnKind, "other">;
  /** The Arrow type it had, for people to read. */
  readonly type: string;
  /** Categories that occurred, sorted; null for a column that is not one of categories. */
  readonly categories: readonly string[] | null;
}

/** The columns of a table, divided into those to learn from and those that only name a row. */
export interface FeatureChoice {
  readonly features: FeatureSpec[];
  /** Columns left out because they name rows. */
  readonly ids: string[];
}

/** With fewer rows, text that never repeats may well be a category. */
const ROWS_FOR_AN_ID = 20;
const ID_NAME = /^(id|row|rownames?|row_?(id|number)|index|key|uuid|guid)$|_id$|[a-z]Id$/;

/**
 * The features of a part, each with its kind.
 *
 * A column that names its rows is left out, since a model can only learn it by heart: text that is different in every
 * row (of 20 or more), or whole numbers that are and that are called `id`, `row_id`, `index` or the like. Naming
 * `features` in `split` or `fit` overrides this. `except` lists columns with another job, such as weights.
 *
 * @throws RunlabError for a column of lists, structs or bytes, and when nothing is left to learn from.
 */
export function chooseFeatures(part: Part, except: readonly string[] = []): FeatureChoice {
  const explicit = part.features.length < columnNames(part.table).length - 1 - except.length;
  return chooseFeaturesAmong(part.table, part.features.filter((name) => !except.includes(name)), explicit);
}

/** As `chooseFeatures`, among columns of a table. `explicit` says that the user named them: then all of them are taken. */
export function chooseFeaturesAmong(table: Table, names: readonly string[], explicit: boolean): FeatureChoice {
  const features: FeatureSpec[] = [];
  const ids: string[] = [];
  for (const name of names) {
    const column = table.getChild(name)!;
    const type = column.type as DataType;
    const kind = DataType.isNull(type) ? "number" : columnKind(type);
    if (kind === "other") {
      throw new RunlabError(`column ${JSON.stringify(name)} cannot be learned from`, { received: String(type), allowed: "numbers, booleans, categories, text, dates and times; leave it out with split(table, { features: [...] })" });
    }
    const categories = kind === "category" ? labelsOf(column, name).levels.map(String) : null;
    if (!explicit && namesRows(name, column, kind, categories)) ids.push(name);
    else features.push({ name, kind, type: String(type), categories });
  }
  if (features.length === 0) {
    throw new RunlabError("a model needs at least one feature", { received: ids.length > 0 ? `only columns that name rows: ${ids.join(", ")}` : "none", allowed: "split(table, { features: [...] }) names them" });
  }
  return { features, ids };
}

function namesRows(name: string, column: Vector, kind: ColumnKind, categories: readonly string[] | null): boolean {
  const rows = column.length;
  if (rows < ROWS_FOR_AN_ID) return false;
  if (kind === "category") return categories!.length === rows;
  if (kind !== "number" || !ID_NAME.test(name)) return false;
  return new Set(numbersOf(column, name)).size === rows;
}

/**
 * The columns of a table that a model needs, found by name whatever their order.
 *
 * @throws RunlabError in one line when columns are missing or hold another kind of value than at `fit`.
 */
export function requireFeatures(table: Table, features: readonly FeatureSpec[]): Vector[] {
  const names = columnNames(table);
  const place = new Map(names.map((name, i) => [name, i]));
  const missing = features.filter((feature) => !place.has(feature.name)).map((feature) => feature.name);
  if (missing.length > 0) {
    const unused = names.filter((name) => !features.some((feature) => feature.name === name));
    const hints = missing.slice(0, 3).flatMap((name) => nearest(name, unused, 1).map((near) => `is ${JSON.stringify(near)} meant for ${JSON.stringify(name)}?`));
    throw new RunlabError(`the model was fitted on ${missing.length === 1 ? "a column" : `${missing.length} columns`} that the table does not have: ${list(missing)}`, {
      allowed: hints.length > 0 ? hints.join(" ") : `a table with ${list(features.map((feature) => feature.name))}`,
    });
  }
  return features.map((feature) => {
    const column = table.getChildAt(place.get(feature.name)!)!;
    const type = column.type as DataType;
    if (!DataType.isNull(type) && columnKind(type) !== feature.kind) {
      throw new RunlabError(`column ${JSON.stringify(feature.name)} holds another kind of value than when the model was fitted`, { received: String(type), allowed: `${feature.kind}, as in ${feature.type}` });
    }
    return column;
  });
}

function list(names: readonly string[]): string {
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")}, … (${names.length} in all)`;
}

/** A feature as numbers, missing ones NaN. */
export function featureNumbers(column: Vector, name: string): Float64Array {
  if (DataType.isNull(column.type as DataType)) return new Float64Array(column.length).fill(NaN);
  return numbersOf(column, name);
}

/** A categorical feature as places in the categories of the fit; -1 where missing, and `unseen`, by default the same, where not among them. */
export function featureCodes(column: Vector, feature: FeatureSpec, unseen = -1): Int32Array {
  if (DataType.isNull(column.type as DataType)) return new Int32Array(column.length).fill(-1);
  const { codes, levels } = labelsOf(column, feature.name);
  const place = new Map(feature.categories!.map((category, i) => [category, i]));
  const known = Int32Array.from(levels, (level) => place.get(String(level)) ?? unseen);
  const out = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = codes[i] < 0 ? -1 : known[codes[i]];
  return out;
}
