/**
 * A table of plain columns as a Parquet file: pages, row groups, and the footer that says where they are.
 */
import { Field as ArrowField, DataType, Dictionary, RecordBatch, Schema, Struct, Table, makeData, tableToIPC } from "apache-arrow";
import type { Data } from "apache-arrow";
import { leaseMemory } from "../../kernels/index.js";
import { oneBatch } from "../take.js";
import { encoderOf } from "./codecs.js";
import type { Compression } from "./codecs.js";
import { encodeColumn, notedBounds } from "./encode-column.js";
import type { EncodedColumn, PageCodec } from "./encode-column.js";
import { bytes, i16, i32, i32s, i64, struct, structs, text, texts, thriftBytes } from "./thrift-writer.js";
import type { Field } from "./thrift-writer.js";
import { schemaElement, writePlanOf } from "./write-plan.js";
import type { WritePlan } from "./write-plan.js";

const MAGIC = Buffer.from("PAR1", "latin1");
/** Two: the first in which nanoseconds and integers without sign have a name. */
const FORMAT_VERSION = 2;

/** The file's bytes; null when a column, or the compression, has to be left to the general writer. */
export function encodePlainParquet(table: Table, compression: Compression, rowGroupSize: number): Uint8Array | null {
  const codec = encoderOf(compression);
  const { fields } = table.schema;
  if (codec === null || fields.length === 0 || new Set(fields.map((field) => field.name)).size < fields.length) return null;
  // The types decide first: only then are batches put together.
  if (fields.some((field) => writePlanOf(field, undefined) === null)) return null;
  const batch = table.numRows === 0 ? null : oneBatch(table);
  const columns: Column[] = [];
  for (let i = 0; i < fields.length; i++) {
    const data = batch?.getChildAt(i)?.data[0] as Data | undefined;
    const plan = writePlanOf(fields[i], data);
    if (plan === null) return null;
    columns.push({ name: fields[i].name, nullable: fields[i].nullable || (data?.nullCount ?? 0) > 0, plan, data });
  }
  return new FileEncoder(columns, codec).encode(table, rowGroupSize);
}

interface Column {
  name: string;
  nullable: boolean;
  plan: WritePlan;
  /** Missing when there are no rows. */
  data: Data | undefined;
}

class FileEncoder {
  readonly #columns: readonly Column[];
  readonly #codec: PageCodec;
  readonly #parts: Uint8Array[] = [MAGIC];
  #at = MAGIC.length;

  constructor(columns: readonly Column[], codec: PageCodec) {
    this.#columns = columns;
    this.#codec = codec;
  }

  encode(table: Table, rowGroupSize: number): Uint8Array {
    const groups: Field[][] = [];
    const lease = leaseMemory({ alone: true });
    try {
      for (let from = 0; from < table.numRows; from += rowGroupSize) {
        const to = Math.min(table.numRows, from + rowGroupSize);
        const start = this.#at;
        let plainSize = 0;
        const chunks = this.#columns.map((column) => {
          const encoded = encodeColumn(lease, column.plan, column.nullable, column.data!, from, to, this.#codec);
          plainSize += encoded.plainSize;
          return this.#chunk(column, encoded);
        });
        groups.push([structs(1, chunks), i64(2, plainSize), i64(3, to - from), i64(5, start), i64(6, this.#at - start), groups.length < 32_768 ? i16(7, groups.length) : null]);
      }
    } finally {
      lease.release();
    }
    const footer = thriftBytes([
      i32(1, FORMAT_VERSION),
      structs(2, [[text(4, "schema"), i32(5, this.#columns.length)], ...this.#columns.map(({ name, nullable, plan }) => schemaElement(name, nullable, plan))]),
      i64(3, table.numRows),
      structs(4, groups),
      structs(5, [...table.schema.metadata, ["ARROW:schema", arrowSchema(table)]].map(([key, value]) => [text(1, key), text(2, value)])),
      text(6, "runlab"),
      // Every column in the order of its type, without which readers do not trust the bounds.
      structs(7, this.#columns.map(() => [struct(1, [])])),
    ]);
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(footer.length);
    return Buffer.concat([...this.#parts, footer, tail, MAGIC]);
  }

  #chunk({ name, plan }: Column, encoded: EncodedColumn): Field[] {
    const start = this.#at;
    this.#parts.push(...encoded.parts);
    this.#at += encoded.size;
    const bounds = notedBounds(encoded);
    return [i64(2, start), struct(3, [
      i32(1, plan.physical),
      i32s(2, encoded.encodings),
      texts(3, [name]),
      i32(4, this.#codec.codec),
      i64(5, encoded.rows),
      i64(6, encoded.plainSize),
      i64(7, encoded.size),
      i64(9, start + encoded.dictionarySize),
      encoded.dictionarySize > 0 ? i64(11, start) : null,
      struct(12, [i64(3, encoded.nulls), bounds && bytes(5, bounds.max), bounds && bytes(6, bounds.min)]),
    ])];
  }
}

/** The Arrow schema as writers leave it for readers: the first message of a stream. */
function arrowSchema(table: Table): string {
  // Dictionaries are numbered as they are made, which would make the file depend on what was done before.
  const fields = table.schema.fields.map(({ name, type, nullable, metadata }, i) => new ArrowField(name, DataType.isDictionary(type) ? new Dictionary(type.dictionary, type.indices, i, type.isOrdered) : type, nullable, metadata));
  const schema = new Schema(fields, table.schema.metadata);
  const children = fields.map((field) => makeData({ type: field.type, length: 0 } as never));
  const empty = new Table(schema, [new RecordBatch(schema, makeData({ type: new Struct(fields), length: 0, nullCount: 0, children }))]);
  const stream = tableToIPC(empty, "stream");
  const size = new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
  return Buffer.from(stream.buffer, stream.byteOffset, 8 + size).toString("base64");
}
