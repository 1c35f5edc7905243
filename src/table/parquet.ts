/**
 * Parquet, by way of parquet-wasm: bytes to Arrow and back, a column at a time.
 */
import { createRequire } from "node:module";
import { tableFromIPC, tableToIPC } from "apache-arrow";
import type { Table } from "apache-arrow";

type ParquetModule = typeof import("parquet-wasm/node");

/** Rows a batch; whole row groups in one piece are slower to decode. */
const BATCH_ROWS = 65_536;

const require = createRequire(import.meta.url);
let loaded: ParquetModule | null = null;

/** Loaded at first use: compiling it takes longer than starting Node. */
function parquet(): ParquetModule {
  loaded ??= require("parquet-wasm/node") as ParquetModule;
  return loaded;
}

/** Forgets the module after it failed inside, so that the next read starts with a sound one. */
function discard(): void {
  loaded = null;
  delete require.cache[require.resolve("parquet-wasm/node")];
}

/** Options of `decodeParquet`. */
export interface ParquetReadOptions {
  columns?: string[];
  limit?: number;
}

/** Parquet bytes as a table. */
export function decodeParquet(bytes: Uint8Array, options: ParquetReadOptions = {}): Table {
  try {
    const wasm = parquet().readParquet(bytes, { batchSize: BATCH_ROWS, ...options });
    return tableFromIPC(wasm.intoIPCStream());
  } catch (error) {
    if (error instanceof Error && error.name === "RuntimeError") discard();
    throw error;
  }
}

/** A table as Parquet bytes, compressed with zstd. */
export function encodeParquet(table: Table): Uint8Array {
  const { Table: WasmTable, WriterPropertiesBuilder, Compression, writeParquet } = parquet();
  const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, "stream")), properties);
}
