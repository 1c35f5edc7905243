/**
 * A table with some columns replaced: what a transformer does.
 */
import { Field, RecordBatch, Schema, Struct, Table, makeData } from "apache-arrow";
import type { Data, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { oneBatch } from "./take.js";

/** A column and its name. */
export interface NamedColumn {
  name: string;
  vector: Vector;
}

/**
 * The table with each named column replaced by none, one or several others in its place, and `added` ones at the end.
 * Columns that are not named are shared, not copied.
 *
 * @throws RunlabError when two columns of the result would have one name.
 *
 * @example
 * const table = tableFromColumns({ a: [1, 2], b: ["x", "y"] });
 * columnNames(replaceColumns(table, new Map([["b", []]]))); // ["a"]
 */
export function replaceColumns(table: Table, replaced: ReadonlyMap<string, NamedColumn[]>, added: readonly NamedColumn[] = []): Table {
  const whole = oneBatch(table);
  const fields: Field[] = [];
  const children: Data[] = [];
  const put = ({ name, vector }: NamedColumn): void => {
    fields.push(new Field(name, vector.type, true));
    children.push(vector.data[0] as Data);
  };
  whole.schema.fields.forEach((field, i) => {
    const instead = replaced.get(field.name);
    if (instead !== undefined) instead.forEach(put);
    else {
      fields.push(field);
      children.push(whole.getChildAt(i)!.data[0] as Data);
    }
  });
  added.forEach(put);
  const names = new Set<string>();
  for (const { name } of fields) {
    if (names.has(name)) throw new RunlabError("a step would make two columns of one name", { received: name, allowed: "rename the column that was there before" });
    names.add(name);
  }
  const schema = new Schema(fields);
  return new Table(schema, [new RecordBatch(schema, makeData({ type: new Struct(fields), length: whole.numRows, nullCount: 0, children }))]);
}
