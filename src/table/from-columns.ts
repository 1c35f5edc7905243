/**
 * A table from columns written in the program: for examples, tests and predictions of single rows.
 */
import { Bool, Dictionary, Field, Float64, Int32, Int64, RecordBatch, Schema, Struct, Table, TimestampMillisecond, Utf8, Vector, makeData, vectorFromArray } from "apache-arrow";
import type { Data, DataType } from "apache-arrow";
import { RunlabError } from "../errors.js";
import "./wide-schema.js";

/** What a column may be given as; null and undefined are missing values. */
export type ColumnValues =
  | readonly (number | null | undefined)[]
  | readonly (string | null | undefined)[]
  | readonly (boolean | null | undefined)[]
  | readonly (bigint | null | undefined)[]
  | readonly (Date | null | undefined)[]
  | Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array
  | Vector;

/**
 * Makes a table from columns of equal length.
 *
 * Numbers become float64, text stays text, booleans bool, dates timestamps in milliseconds (UTC), bigints int64; typed
 * arrays and Arrow vectors keep their type and are not copied.
 *
 * @throws RunlabError when lengths differ, a column mixes types, or a date is none (`new Date("soon")`).
 *
 * @example
 * const table = tableFromColumns({ species: ["Adelie", "Gentoo"], mass: [3700, null] });
 * table.numRows; // 2
 */
export function tableFromColumns(columns: Record<string, ColumnValues>): Table {
  const names = Object.keys(columns);
  const vectors = names.map((name) => vectorOf(columns[name], name));
  return tableFromVectors(names, vectors);
}

/** A table of one batch from vectors of equal length; names may repeat nowhere. */
export function tableFromVectors(names: readonly string[], vectors: readonly Vector[]): Table {
  const rows = vectors.length === 0 ? 0 : vectors[0].length;
  vectors.forEach((vector, i) => {
    if (vector.length !== rows) {
      throw new RunlabError("the columns of a table have equal lengths", { received: `${names[i]} with ${vector.length} and ${names[0]} with ${rows}` });
    }
  });
  const fields = vectors.map((vector, i) => new Field(names[i], vector.type, true));
  const schema = new Schema(fields);
  if (vectors.length === 0) return new Table(schema);
  if (vectors.every((vector) => vector.data.length === 1)) {
    const children = vectors.map((vector) => vector.data[0]) as Data[];
    const struct = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
    return new Table(schema, [new RecordBatch(schema, struct)]);
  }
  return new Table(schema, Object.fromEntries(vectors.map((vector, i) => [names[i], vector])) as Record<string, Vector>);
}

/** A column as an Arrow vector. */
export function vectorOf(values: ColumnValues, name = "column"): Vector {
  if (values instanceof Vector) return values;
  if (ArrayBuffer.isView(values)) return vectorFromArray(values as Float64Array) as unknown as Vector;
  if (!Array.isArray(values)) throw new RunlabError(`column ${JSON.stringify(name)} is a list of values`, { received: values, allowed: "an array, a typed array or an Arrow vector" });
  const list = values as readonly unknown[];
  let type: DataType | null = null;
  let first = -1;
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (value === null || value === undefined) continue;
    const found = typeOf(value);
    if (found === null) throw new RunlabError(`column ${JSON.stringify(name)} holds a value no column can hold, in row ${i}`, { received: value, allowed: "numbers, text, booleans, dates, bigints or null" });
    if (value instanceof Date && Number.isNaN(value.getTime())) throw new RunlabError(`column ${JSON.stringify(name)} holds a date that is none, in row ${i}`, { received: value, allowed: "dates, and null for those that are missing" });
    if (type === null) {
      type = found;
      first = i;
    } else if (found.typeId !== type.typeId) {
      throw new RunlabError(`column ${JSON.stringify(name)} mixes types`, { received: `${typeof list[first]} in row ${first} and ${typeof value} in row ${i}`, allowed: "one type a column, and null" });
    }
  }
  type ??= new Float64();
  const plain = list.some((value) => value === undefined) ? list.map((value) => value ?? null) : list;
  return vectorFromArray(plain as never, type) as unknown as Vector;
}

function typeOf(value: unknown): DataType | null {
  switch (typeof value) {
    case "number": return new Float64();
    case "string": return new Utf8();
    case "boolean": return new Bool();
    case "bigint": return new Int64();
    default: return value instanceof Date ? new TimestampMillisecond("UTC") : null;
  }
}

/**
 * A column of categories: each text stored once, rows as numbers into them.
 *
 * @example
 * tableFromColumns({ sex: categoryVector(["male", "female", null, "male"]) }).getChild("sex")!.nullCount; // 1
 */
export function categoryVector(values: readonly (string | null | undefined)[]): Vector {
  const type = new Dictionary(new Utf8(), new Int32());
  return vectorFromArray(values.map((value) => value ?? null), type) as unknown as Vector;
}
