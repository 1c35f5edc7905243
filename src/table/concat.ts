/**
 * Tables one below the other.
 */
import { DataType, Field, Float64, RecordBatch, Schema, Struct, Table, makeData, vectorFromArray } from "apache-arrow";
import type { Data, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { asTable } from "./as-table.js";
import { columnKind } from "./kind.js";
import { dictionaryVector, float64Vector } from "./make-vector.js";
import { columnNames, columnOf } from "./names.js";
import { oneBatch } from "./take.js";
import { labelsOf, missingIn, numbersOf } from "./values.js";

/**
 * Several tables of the same columns as one, rows in order. The columns of the first decide the order.
 *
 * Numbers of different types become float64, text beside categories a category, and a column without any value takes the
 * type it has elsewhere.
 *
 * @param sources what the tables are called in messages.
 *
 * @throws RunlabError naming the table and column that do not fit.
 *
 * @example
 * concat([tableFromColumns({ a: [1] }), tableFromColumns({ a: [2, 3] })]).numRows; // 3
 */
export function concat(tables: readonly Table[], sources?: readonly string[]): Table {
  if (!Array.isArray(tables) || tables.length === 0) throw new RunlabError("concat takes a list of tables", { received: tables, allowed: "one table or more" });
  return joined(tables, sources ?? tables.map((_, i) => `table ${i}`));
}

function joined(tables: readonly Table[], sources: readonly string[]): Table {
  tables.forEach((table) => asTable(table, "concat"));
  if (tables.length === 1) return tables[0];
  const names = columnNames(tables[0]);
  tables.forEach((table, i) => checkNames(table, names, sources[i], sources[0]));
  const columns = names.map((name) => unified(name, tables.map((table) => columnOf(table, name)!), sources));
  const fields = names.map((name, c) => new Field(name, columns[c][0].type, true));
  const schema = new Schema(fields, tables[0].schema.metadata);
  const batches = tables.map((table, t) => {
    const children = columns.map((vectors) => vectors[t].data[0] as Data);
    return new RecordBatch(schema, makeData({ type: new Struct(fields), length: table.numRows, nullCount: 0, children }));
  });
  return oneBatch(new Table(schema, batches));
}

function checkNames(table: Table, names: readonly string[], source: string, first: string): void {
  const own = new Set(columnNames(table));
  const lacking = names.find((name) => !own.has(name));
  if (lacking !== undefined) throw new RunlabError(`${source} has no column ${JSON.stringify(lacking)}, which ${first} has`, { allowed: "the same columns everywhere, or those that all have, by columns" });
  if (own.size > names.length) {
    const all = new Set(names);
    throw new RunlabError(`${source} has a column ${JSON.stringify([...own].find((name) => !all.has(name)))}, which ${first} does not have`, { allowed: "the same columns everywhere, or those that all have, by columns" });
  }
}

/** The vectors of one column, each of one chunk and all of one type. */
function unified(name: string, vectors: readonly Vector[], sources: readonly string[]): Vector[] {
  const whole = vectors.map((vector) => (vector.data.length === 1 ? vector : oneBatch(new Table({ [name]: vector })).getChildAt(0)!));
  const empty = whole.map((vector) => vector.nullCount === vector.length);
  const typed = whole.filter((_, i) => !empty[i]);
  const types = new Set((typed.length === 0 ? whole : typed).map((vector) => String(vector.type)));
  const kinds = new Set(typed.map((vector) => columnKind(vector.type)));
  const target = (typed[0] ?? whole[0]).type as DataType;
  const fill = (vector: Vector): Vector => (String(vector.type) === String(target) ? vector : (vectorFromArray(new Array(vector.length).fill(null), target) as unknown as Vector));
  if (types.size <= 1) return whole.map((vector, i) => (empty[i] ? fill(vector) : vector));
  if (kinds.size === 1 && kinds.has("number")) return whole.map((vector, i) => (empty[i] ? float64Vector(new Float64Array(vector.length), new Uint8Array(vector.length).fill(1)) : asFloat64(vector, name)));
  if (kinds.size === 1 && kinds.has("category")) {
    return whole.map((vector, i) => {
      if (empty[i]) return dictionaryVector(new Int32Array(vector.length).fill(-1), []);
      const { codes, levels } = labelsOf(vector, name);
      return dictionaryVector(codes, levels.map(String));
    });
  }
  const first = whole.findIndex((_, i) => !empty[i]);
  const other = whole.findIndex((vector, i) => !empty[i] && String(vector.type) !== String(target));
  throw new RunlabError(`column ${JSON.stringify(name)} is ${String(whole[other].type)} in ${sources[other]} and ${String(target)} in ${sources[first]}`, { allowed: "one type everywhere; for text files by types" });
}

function asFloat64(vector: Vector, name: string): Vector {
  if (DataType.isFloat(vector.type) && String(vector.type) === String(new Float64())) return vector;
  return float64Vector(numbersOf(vector, name), missingIn(vector));
}
