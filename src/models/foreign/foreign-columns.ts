/**
 * A table's columns as a model of another library takes them: numbers, and categories as its codes.
 */
import { DataType, type Table, type Vector } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { type Part, isPart } from "../../split/index.js";
import { columnKind, labelsOf } from "../../table/index.js";
import { type FeatureSpec, featureNumbers, requireFeatures } from "../features.js";

/**
 * The table, checked to hold the features.
 *
 * The files do not say of which type a column was, so a feature of numbers takes numbers, booleans and times; one of
 * named categories takes text, dictionaries and numbers, compared as text.
 *
 * @throws RunlabError when a column is not there or cannot hold what the model wants.
 */
export function foreignTable(data: Part | Table, features: readonly FeatureSpec[]): Table {
  const table = isPart(data) ? data.table : data;
  if (typeof table !== "object" || table === null || !("schema" in table)) {
    throw new RunlabError("predict takes a table or a part made by split", { received: typeof data });
  }
  foreignVectors(table, features);
  return table;
}

function foreignVectors(table: Table, features: readonly FeatureSpec[]): Vector[] {
  const kinds = new Map(table.schema.fields.map((field) => [field.name, columnKind(field.type)]));
  return requireFeatures(table, features.map((feature) => {
    const kind = kinds.get(feature.name);
    if (feature.kind === "number" && kind === "category") {
      throw new RunlabError(`the model takes ${JSON.stringify(feature.name)} as numbers, or as codes of categories that its file does not name`, { received: "a column of categories", allowed: `a column of numbers; or { categories: { ${JSON.stringify(feature.name)}: [...] } } when the model is read` });
    }
    const fits = feature.kind === "number" ? kind === "boolean" || kind === "time" : kind === "number" || kind === "boolean";
    return fits ? { ...feature, kind: kind! as FeatureSpec["kind"] } : feature;
  }));
}

/** One array a feature, NaN where a value is missing. A category that the model has no name for counts as missing. */
export function foreignColumns(table: Table, features: readonly FeatureSpec[], categories: readonly (readonly string[] | null)[]): { columns: Float64Array[]; rows: number } {
  const columns = foreignVectors(table, features).map((vector, f) => {
    const names = categories[f];
    return names === null ? featureNumbers(vector, features[f].name) : categoryCodes(vector, features[f].name, names);
  });
  return { columns, rows: table.numRows };
}

function categoryCodes(vector: Vector, name: string, names: readonly string[]): Float64Array {
  if (DataType.isNull(vector.type as DataType)) return new Float64Array(vector.length).fill(NaN);
  const { codes, levels } = labelsOf(vector, name);
  const place = new Map(names.map((each, i) => [each, i]));
  const known = levels.map((level) => place.get(String(level)) ?? NaN);
  return Float64Array.from(codes, (code) => (code < 0 ? NaN : known[code]));
}
