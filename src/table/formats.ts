/**
 * The table of file formats. To add one: its file, its row here, its samples in `test/table`.
 */
import type { Table } from "apache-arrow";
import { decodeArrow, encodeArrow } from "./arrow-ipc.js";
import type { ColumnReport, ColumnType } from "./column-type.js";
import { decodeCsv } from "./csv.js";
import { decodeJson } from "./json.js";
import { decodeParquetFrom, encodeParquet, prepareParquet } from "./parquet.js";
import type { ParquetWriteOptions } from "./parquet.js";
import { memorySource } from "./parquet/source.js";
import type { ByteSource } from "./parquet/source.js";
import { decodeText } from "./text-encoding.js";
import { encodeCsv, encodeJson } from "./text-write.js";
import type { Where } from "./where.js";

/** Options that a format may use. */
export interface DecodeOptions {
  columns?: readonly string[];
  limit?: number;
  types?: Readonly<Record<string, ColumnType>>;
  missing?: readonly string[];
  delimiter?: string;
  header?: boolean;
  encoding?: string;
  /** Lets a format leave out what cannot hold such rows; the rows are compared afterwards. */
  where?: Where;
  /** Told how much of how much is done. */
  progress?: (done: number, total: number) => void;
}

/** A row of the table. */
export interface TableFormat {
  name: string;
  extensions: readonly string[];
  /** True when the first bytes can only be of this format. */
  starts(bytes: Uint8Array): boolean;
  /** The options, besides columns and limit, that it takes. */
  options: readonly (keyof DecodeOptions)[];
  /** Loads what `decode` needs and cannot wait for. */
  prepare?(source: ByteSource): Promise<void>;
  decode(bytes: Uint8Array, options: DecodeOptions): { table: Table; report: ColumnReport[] | null };
  /** The same from a file of which only what is needed is read. */
  decodeFrom?(source: ByteSource, options: DecodeOptions): Table;
  /** The options of writing that it takes. */
  writeOptions: readonly (keyof ParquetWriteOptions)[];
  encode(table: Table, options: ParquetWriteOptions): Uint8Array;
}

const startsWith = (...magic: number[]) => (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte);
const never = (): boolean => false;
const TEXT_OPTIONS = ["types", "encoding"] as const;

/** Every format, by extension first and by first bytes when the extension says nothing. */
export const TABLE_FORMATS: readonly TableFormat[] = [
  {
    name: "Parquet", extensions: ["parquet", "pq"], starts: startsWith(0x50, 0x41, 0x52, 0x31), options: [],
    prepare: prepareParquet, decodeFrom: decodeParquetFrom,
    decode: (bytes, options) => ({ table: decodeParquetFrom(memorySource(bytes), options), report: null }), writeOptions: ["compression", "rowGroupSize"], encode: encodeParquet,
  },
  {
    name: "Arrow", extensions: ["arrow", "feather", "ipc", "arrows"], starts: (bytes) => startsWith(0x41, 0x52, 0x52, 0x4f, 0x57, 0x31)(bytes) || startsWith(0xff, 0xff, 0xff, 0xff)(bytes), options: [],
    decode: (bytes, options) => ({ table: decodeArrow(bytes, options), report: null }), writeOptions: [], encode: encodeArrow,
  },
  {
    name: "CSV", extensions: ["csv", "tsv", "tab"], starts: never, options: [...TEXT_OPTIONS, "missing", "delimiter", "header"],
    decode: (bytes, options) => decodeCsv(decodeText(bytes, options.encoding), options), writeOptions: [], encode: encodeCsv,
  },
  {
    name: "JSONL", extensions: ["jsonl", "ndjson"], starts: never, options: TEXT_OPTIONS,
    decode: (bytes, options) => decodeJson(decodeText(bytes, options.encoding), true, options), writeOptions: [], encode: (table) => encodeJson(table, true),
  },
  {
    name: "JSON", extensions: ["json"], starts: never, options: TEXT_OPTIONS,
    decode: (bytes, options) => decodeJson(decodeText(bytes, options.encoding), false, options), writeOptions: [], encode: (table) => encodeJson(table, false),
  },
];
