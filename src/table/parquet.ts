/**
 * Parquet into Arrow and back: pages of plain columns straight into Arrow's buffers, the rest by the general reader.
 *
 * The common columns (numbers, texts, categories, times, truth values) are read by a decoder of our own, because nothing
 * else comes near the peers: it writes each value once, into the buffer it stays in, needs no start-up, checks what a
 * file claims before it reserves memory, and skips columns and row groups that are not wanted. Nested columns, decimals
 * and rare encodings go through parquet-wasm, a column at a time.
 */
import { totalmem } from "node:os";
import { Field, RecordBatch, Schema, Struct, Table, makeData } from "apache-arrow";
import type { Data } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { missingColumn } from "./names.js";
import { arrowHints } from "./parquet/arrow-hint.js";
import { knowsCodec, prepareCodecs } from "./parquet/codecs.js";
import type { Compression } from "./parquet/codecs.js";
import { STORE_BYTES, arrowData, planOf } from "./parquet/column-plan.js";
import type { ColumnPlan } from "./parquet/column-plan.js";
import { KNOWN_ENCODINGS, Unsupported, decodeColumn } from "./parquet/decode-column.js";
import type { ColumnJob } from "./parquet/decode-column.js";
import { TAIL, footerStart, readFooter } from "./parquet/footer.js";
import type { Footer, RowGroup } from "./parquet/footer.js";
import { encodePlainParquet } from "./parquet/encode.js";
import { readGenerally, writeGenerally } from "./parquet/general.js";
import { memorySource } from "./parquet/source.js";
import type { ByteSource } from "./parquet/source.js";
import { groupMayMeet } from "./parquet/statistics.js";
import { damaged } from "./parquet/thrift.js";
import { oneBatch } from "./take.js";
import { testOf } from "./where.js";
import type { Where } from "./where.js";

export { verifiedArrow } from "./parquet/general.js";

/** Options of `decodeParquet`. */
export interface ParquetReadOptions {
  columns?: readonly string[];
  limit?: number;
  /** Row groups that cannot hold such rows are left out; rows are not compared one by one. */
  where?: Where;
  /** Told of each column that is done. */
  progress?: (done: number, total: number) => void;
}

/**
 * Parquet bytes as a table of one batch; columns that are not wanted are not decoded.
 *
 * @throws RunlabError for bytes that are cut off or damaged, for columns that are not there, and for a file that claims
 * more than the memory of this machine holds.
 */
export function decodeParquet(bytes: Uint8Array, options: ParquetReadOptions = {}): Table {
  return decodeParquetFrom(memorySource(bytes), options);
}

/** The same from any source, of which only what is needed is read. */
export function decodeParquetFrom(source: ByteSource, options: ParquetReadOptions = {}): Table {
  const footer = footerOf(source);
  const names = footer.columns.map((column) => column.name);
  const known = new Set(names);
  for (const name of options.columns ?? []) if (!known.has(name)) throw missingColumn(name, names);
  const hints = arrowHints(footer.metadata.get("ARROW:schema"));
  const plans = footer.columns.map((column, i) => (isPlain(footer, i) ? planOf(column, hints.get(column.name)) : null));
  const groups = wantedGroups(footer, plans, options);
  const wanted = new Set(options.columns ?? names);
  const rows = Math.min(options.limit ?? Infinity, groups.reduce((sum, { group }) => sum + group.rows, 0));
  checkSize(footer, plans, wanted, rows, source.size);
  const metadata = new Map([...footer.metadata].filter(([key]) => key !== "ARROW:schema"));
  // Two columns of one name cannot be told apart by it.
  if (known.size < names.length) return withMetadata(general(source, options, null, rows, names), metadata);

  const children = new Map<string, Data>();
  const fields = new Map<string, Field>();
  const left: string[] = [];
  let done = 0;
  footer.columns.forEach((column, i) => {
    if (!wanted.has(column.name)) return;
    const plan = plans[i];
    const data = plan === null ? null : decoded(plan, jobOf(source, footer, i, plan, groups, rows));
    if (data === null) left.push(column.name);
    else {
      children.set(column.name, data);
      fields.set(column.name, new Field(column.name, data.type, column.nullable));
    }
    options.progress?.(++done, wanted.size);
  });
  if (left.length > 0) {
    const rest = oneBatch(general(source, options, groups.length === footer.groups.length ? null : groups.map(({ index }) => index), rows, left));
    if (rest.numRows !== rows) throw damaged("its row groups do not add up to its rows");
    rest.schema.fields.forEach((field, i) => {
      fields.set(field.name, field);
      children.set(field.name, rest.getChildAt(i)!.data[0] as Data);
    });
  }
  const order = options.columns ?? names;
  const schema = new Schema(order.map((name) => fields.get(name)!), metadata);
  const struct = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children: order.map((name) => children.get(name)!) });
  return new Table(schema, [new RecordBatch(schema, struct)]);
}

/** What reading the file needs to have been loaded; without it, `decodeParquet` takes a slower way. */
export async function prepareParquet(source: ByteSource): Promise<void> {
  await prepareCodecs(footerOf(source).groups.flatMap((group) => group.chunks.map((chunk) => chunk.codec)));
}

function footerOf(source: ByteSource): Footer {
  const part = (from: number, to: number): Uint8Array => {
    const { bytes, at } = source.read(from, to);
    return bytes.subarray(at, at + to - from);
  };
  const small = source.size < TAIL + 4;
  const start = footerStart(small ? new Uint8Array(4) : part(0, 4), small ? new Uint8Array(TAIL) : part(source.size - TAIL, source.size), source.size);
  return readFooter(part(start, source.size - TAIL), start);
}

/** True when every page of the column can be read here. */
function isPlain(footer: Footer, column: number): boolean {
  return footer.groups.every((group) => {
    const chunk = group.chunks[footer.leaves[column]];
    return knowsCodec(chunk.codec) && !chunk.encrypted && !chunk.elsewhere && chunk.encodings.every((encoding) => KNOWN_ENCODINGS.has(encoding));
  });
}

interface WantedGroup {
  group: RowGroup;
  index: number;
}

/** The row groups that may hold wanted rows. */
function wantedGroups(footer: Footer, plans: readonly (ColumnPlan | null)[], { where, limit }: ParquetReadOptions): WantedGroup[] {
  let groups: WantedGroup[] = footer.groups.map((group, index) => ({ group, index }));
  for (const [name, condition] of Object.entries(where ?? {})) {
    const at = footer.columns.findIndex((column) => column.name === name);
    if (at < 0) throw missingColumn(name, footer.columns.map((column) => column.name));
    const plan = plans[at];
    if (plan === null) continue;
    const test = testOf(name, condition, plan.type);
    groups = groups.filter(({ group }) => groupMayMeet(footer.columns[at], plan.type, group.chunks[footer.leaves[at]].statistics, group.rows, test));
  }
  if (limit === undefined) return groups;
  let before = 0;
  return groups.filter(({ group }) => {
    const needed = before < limit;
    before += group.rows;
    return needed;
  });
}

/** Runs of equal values make small files of endless rows: what a file claims has to fit into this machine. */
function checkSize(footer: Footer, plans: readonly (ColumnPlan | null)[], wanted: ReadonlySet<string>, rows: number, size: number): void {
  const perRow = footer.columns.reduce((sum, column, i) => sum + (wanted.has(column.name) ? STORE_BYTES[plans[i]?.store ?? "pairs"] : 0), 0);
  const bytes = perRow * rows;
  const most = totalmem() / 2;
  if (bytes <= Math.max(most, size)) return;
  throw new RunlabError("the Parquet file claims more than memory holds", {
    received: `${rows} rows of ${wanted.size} column${wanted.size === 1 ? "" : "s"}, ${Math.ceil(bytes / 2 ** 30)} GB, in a file of ${size} bytes`,
    allowed: `up to ${Math.floor(most / 2 ** 30)} GB at once: fewer columns, limit, or where`,
  });
}

function jobOf(source: ByteSource, footer: Footer, column: number, plan: ColumnPlan, groups: readonly WantedGroup[], rows: number): ColumnJob {
  let left = rows;
  const pieces = groups.map(({ group }) => {
    const chunk = group.chunks[footer.leaves[column]];
    if (chunk.values !== group.rows) throw damaged("a column has another number of values than rows");
    const { bytes, at } = group.rows === 0 ? { bytes: new Uint8Array(0), at: 0 } : source.read(chunk.start, chunk.end);
    const wanted = Math.min(left, group.rows);
    left -= wanted;
    return { bytes, start: at, end: at + chunk.end - chunk.start, codec: chunk.codec, rows: group.rows, wanted };
  });
  return { store: plan.store, nullable: footer.columns[column].nullable, pieces };
}

/** The column; null when the general reader has to read it after all. */
function decoded(plan: ColumnPlan, job: ColumnJob): Data | null {
  try {
    return arrowData(plan, decodeColumn(job));
  } catch (error) {
    if (error instanceof Unsupported) return null;
    if (error instanceof RunlabError) throw error;
    // Sizes that no allocation can have, and windows past the end of a page.
    if (error instanceof RangeError) throw damaged("its pages do not hold what they say");
    throw error;
  }
}

function general(source: ByteSource, options: ParquetReadOptions, groups: number[] | null, rows: number, columns: readonly string[]): Table {
  const { bytes, at } = source.read(0, source.size);
  const table = readGenerally(bytes.subarray(at, at + source.size), columns, groups, rows);
  return options.columns === undefined ? table : table.select(options.columns.filter((name) => columns.includes(name)));
}

function withMetadata(table: Table, metadata: Map<string, string>): Table {
  return new Table(new Schema(table.schema.fields, metadata), table.batches);
}

/** How a Parquet file is written. */
export interface ParquetWriteOptions {
  compression?: Compression;
  /** Rows a row group at most. */
  rowGroupSize?: number;
}

const ROW_GROUP_SIZE = 1_048_576;

/**
 * A table as Parquet bytes. Dictionaries, missing values and timestamps are kept. Plain columns are written here, with
 * the same bytes everywhere when they are compressed with Snappy or not at all; nested ones by the general writer.
 */
export function encodeParquet(table: Table, { compression = "snappy", rowGroupSize = ROW_GROUP_SIZE }: ParquetWriteOptions = {}): Uint8Array {
  return encodePlainParquet(table, compression, rowGroupSize) ?? writeGenerally(table, compression, rowGroupSize);
}
