/**
 * Columns of categories from Arrow bytes, with numbers of their own for their dictionaries.
 */
import { DataType, Dictionary, Field, RecordBatch, Schema, Struct, Table, makeData } from "apache-arrow";
import type { Data } from "apache-arrow";
import { newDictionaryId } from "./make-vector.js";

/**
 * The same table with dictionaries numbered anew. Arrow bytes number theirs, and a table may not hold two dictionaries
 * of one number: without this, a column made later could have the number of one that was read.
 *
 * @example
 * const table = tableFromColumns({ sex: categoryVector(["male", "female"]) });
 * renewDictionaries(table).getChild("sex")!.get(1); // "female"
 */
export function renewDictionaries(table: Table): Table {
  const { fields } = table.schema;
  if (!fields.some((field) => DataType.isDictionary(field.type))) return table;
  const types = fields.map(({ type }) => (DataType.isDictionary(type) ? new Dictionary(type.dictionary, type.indices, newDictionaryId(), type.isOrdered) : (type as DataType)));
  const renewed = fields.map((field, i) => new Field(field.name, types[i], field.nullable, field.metadata));
  const schema = new Schema(renewed, table.schema.metadata);
  const batches = table.batches.map((batch) => {
    const children = batch.data.children.map((child, i) => (child.type === types[i] ? child : (child as Data).clone(types[i])));
    return new RecordBatch(schema, makeData({ type: new Struct(renewed), length: batch.numRows, nullCount: 0, children }));
  });
  return new Table(schema, batches);
}
