/**
 * The general reader and writer: parquet-wasm. It knows every type and encoding, at a price: compiling it takes half
 * a second, and every byte passes through its memory twice.
 */
import { createRequire } from "node:module";
import { tableFromIPC, tableToIPC } from "apache-arrow";
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import type { Compression } from "./codecs.js";

type ParquetModule = typeof import("parquet-wasm/node");

/** Rows a batch; whole row groups in one piece are slower to decode. */
const BATCH_ROWS = 65_536;

/** WebAssembly memory never shrinks: after a table of this many bytes the module is let go. */
const LARGE_FILE = 64 * 1024 * 1024;

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

/** The first `rows` rows of those columns, of the row groups of those numbers (null: of all). */
export function readGenerally(bytes: Uint8Array, columns: readonly string[], groups: number[] | null, rows: number): Table {
  const table = guarded(() => tableFromIPC(parquet().readParquet(bytes, {
    batchSize: BATCH_ROWS,
    columns: [...columns],
    limit: rows,
    ...(groups === null ? {} : { rowGroups: groups }),
  }).intoIPCStream()));
  if (bytes.length > LARGE_FILE) discard();
  return table;
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

/** What the general writer calls them. */
const WASM_COMPRESSIONS = { zstd: "ZSTD", snappy: "SNAPPY", gzip: "GZIP", brotli: "BROTLI", none: "UNCOMPRESSED" } as const satisfies Record<Compression, string>;

/** A table of any columns as Parquet bytes. */
export function writeGenerally(table: Table, compression: Compression, rowGroupSize: number): Uint8Array {
  const { Table: WasmTable, WriterPropertiesBuilder, Compression: Names, writeParquet } = parquet();
  try {
    const properties = new WriterPropertiesBuilder().setCompression(Names[WASM_COMPRESSIONS[compression]]).setMaxRowGroupSize(rowGroupSize);
    return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, "stream")), properties.build());
  } catch (error) {
    discard();
    throw new RunlabError(`the table cannot be written as Parquet: ${(error instanceof Error ? error.message : String(error)).split("\n")[0].slice(0, 200)}`);
  }
}
