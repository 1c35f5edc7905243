/**
 * What a model needs of a row: `schema/input_schema.json`, with the field names that Python scripts know.
 */
import { DataType, type Table } from "apache-arrow";

/** The fields of `input_schema.json`. */
export interface InputSchema {
  required_feature_columns: string[];
  /** Columns that name rows: may be there, are not used. */
  optional_id_columns: string[];
  /** numpy and pandas names of the types, so that `DataFrame.astype` takes them. */
  feature_dtypes: Record<string, string>;
  datetime_columns: string[];
  /** Columns that must not be given to the model: what it is to predict. */
  forbidden_columns: string[];
  /** "missing": taken for a missing value; "ignore": no column of the encoding is set. */
  policy_unknown_categories: string;
}

/** The schema of the features as this table holds them. */
export function inputSchema(table: Table, features: readonly string[], ids: readonly string[], target: string, unknownCategories: string): InputSchema {
  const types = new Map(table.schema.fields.map((field) => [field.name, field.type as DataType]));
  return {
    required_feature_columns: [...features],
    optional_id_columns: [...ids],
    feature_dtypes: Object.fromEntries(features.map((name) => [name, dtype(types.get(name)!)])),
    datetime_columns: features.filter((name) => dtype(types.get(name)!).startsWith("datetime64")),
    forbidden_columns: [target],
    policy_unknown_categories: unknownCategories,
  };
}

/** The pandas name of an Arrow type. */
function dtype(type: DataType): string {
  if (DataType.isBool(type)) return "bool";
  if (DataType.isInt(type)) return `${type.isSigned ? "int" : "uint"}${type.bitWidth}`;
  if (DataType.isFloat(type)) return `float${[16, 32, 64][type.precision]}`;
  if (DataType.isDecimal(type)) return "float64";
  if (DataType.isDictionary(type)) return "category";
  if (DataType.isTimestamp(type)) return `datetime64[${["s", "ms", "us", "ns"][type.unit]}${type.timezone ? `, ${type.timezone}` : ""}]`;
  if (DataType.isDate(type)) return "datetime64[ms]";
  if (DataType.isDuration(type) || DataType.isTime(type)) return "timedelta64[ms]";
  return "object";
}
