/**
 * Parquet, by way of parquet-wasm: bytes to Arrow and back, a column at a time.
 */
import { createRequire } from "node:module";
import { tableFromIPC, tableToIPC } from "apache-arrow";
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { missingColumn } from "./names.js";

type ParquetModule = typeof import("parquet-wasm/node");

/** Rows a batch; whole row groups in one piece are slower to decode. */
const BATCH_ROWS = 65_536;

/** WebAssembly memory never shrinks: after a table of this many bytes the module is let go. */
const LARGE_FILE = 64 * 1024 * 1024;

const MAGIC = "PAR1";

const require = createRequire(import.meta.url);
let loaded: ParquetModule | null = null;

/** Loaded at first use: compiling it takes longer than starting Node. */
function parquet(): ParquetModule {
  loaded ??= require("parquet-wasm/node") as ParquetModule;
  return loaded;
}

/** Lets go of the module; the next read starts with a new one. */
function discard(): void {
  loaded = null;
  delete require.cache[require.resolve("parquet-wasm/node")];
}

/** Options of `decodeParquet`. */
export interface ParquetReadOptions {
  columns?: readonly string[];
  limit?: number;
}

/**
 * Parquet bytes as a table; columns that are not wanted are not decoded.
 *
 * @throws RunlabError for bytes that are cut off or damaged, and for columns that are not there.
 */
export function decodeParquet(bytes: Uint8Array, options: ParquetReadOptions = {}): Table {
  checkFrame(bytes);
  const { columns, limit } = options;
  if (columns !== undefined) {
    const names = new Set(guarded(() => tableFromIPC(parquet().readSchema(bytes).intoIPCStream())).schema.fields.map((field) => field.name));
    for (const name of columns) if (!names.has(name)) throw missingColumn(name, [...names]);
  }
  const table = guarded(() => tableFromIPC(parquet().readParquet(bytes, {
    batchSize: BATCH_ROWS,
    ...(columns === undefined ? {} : { columns: [...columns] }),
    ...(limit === undefined ? {} : { limit }),
  }).intoIPCStream()));
  if (bytes.length > LARGE_FILE) discard();
  return columns === undefined ? table : table.select([...columns]);
}

/** The frame every Parquet file has, checked here because a decoder may run far into damaged bytes before it notices. */
function checkFrame(bytes: Uint8Array): void {
  const text = (start: number): string => Buffer.from(bytes.buffer, bytes.byteOffset + start, 4).toString("latin1");
  if (bytes.length < 12 || text(0) !== MAGIC) {
    throw new RunlabError("the file is no Parquet file", { received: `${bytes.length} bytes that do not start with ${MAGIC}` });
  }
  const end = text(bytes.length - 4);
  if (end === "PARE") throw new RunlabError("the Parquet file is encrypted", { allowed: "a file written without encryption" });
  if (end !== MAGIC) throw new RunlabError("the Parquet file is cut off or damaged: its end is missing", { allowed: "a whole copy of the file" });
  const footer = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true);
  if (footer > bytes.length - 12) throw new RunlabError("the Parquet file is damaged: its footer is longer than the file", { allowed: "a whole copy of the file" });
}

/**
 * Turns whatever the decoder does with bad bytes into one line. A panic inside WebAssembly leaves its memory in an
 * unknown state, so that module is never used again.
 */
function guarded<T>(work: () => T, kind = "Parquet"): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Error) || error.name === "RuntimeError" || error.name === "RangeError") discard();
    throw new RunlabError(`the ${kind} file is damaged or uses a feature that is not supported: ${reason.split("\n")[0].slice(0, 200)}`);
  }
}

/** An Arrow stream as a table, every message of it verified. */
export function verifiedArrow(stream: Uint8Array): Table {
  return guarded(() => tableFromIPC(parquet().Table.fromIPCStream(stream).intoIPCStream()), "Arrow");
}

/** A table as Parquet bytes, compressed with zstd. Dictionaries, missing values and timestamps are kept. */
export function encodeParquet(table: Table): Uint8Array {
  const { Table: WasmTable, WriterPropertiesBuilder, Compression, writeParquet } = parquet();
  try {
    const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
    return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, "stream")), properties);
  } catch (error) {
    discard();
    throw new RunlabError(`the table cannot be written as Parquet: ${(error instanceof Error ? error.message : String(error)).split("\n")[0].slice(0, 200)}`);
  }
}
