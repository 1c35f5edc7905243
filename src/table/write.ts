/**
 * Writing a table to a file.
 */
import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce } from "../observe/index.js";
import { asTable } from "./as-table.js";
import { checkOptions } from "./check-options.js";
import { TABLE_FORMATS } from "./formats.js";
import type { ParquetWriteOptions } from "./parquet.js";
import { COMPRESSIONS } from "./parquet/codecs.js";

/** Options of `writeTable`. */
export type WriteOptions = ParquetWriteOptions;

const OPTIONS: Record<keyof WriteOptions, true> = { compression: true, rowGroupSize: true };

/**
 * Writes a table as Parquet, CSV, JSON, JSONL or Arrow, as the extension says; `.gz` after it compresses text.
 * Folders that are missing are made. The file appears whole or not at all, and replaces one that is there.
 *
 * When it misleads: text formats do not keep types. A category comes back from CSV as text, and an empty text as a
 * missing value; Parquet and Arrow keep both.
 *
 * @param options.compression of Parquet: "snappy" (default), "zstd", "gzip", "brotli" or "none"
 * @param options.rowGroupSize of Parquet: rows a group at most, default 1,048,576; readers skip groups whole
 *
 * @throws RunlabError for an unknown extension, a folder that may not be written, a full disk, and columns that the
 * format cannot hold.
 *
 * @example
 * await writeTable(tableFromColumns({ a: [1, 2] }), "out/numbers.parquet");
 * (await readTable("out/numbers.parquet")).numRows; // 2
 */
export async function writeTable(table: Table, path: string, options: WriteOptions = {}): Promise<void> {
  asTable(table, "writeTable");
  if (typeof path !== "string" || path === "") throw new RunlabError("writeTable takes the path of a file after the table", { received: path });
  checkOptions("writeTable", options, OPTIONS);
  const zipped = /\.gz$/i.test(path);
  const extension = extname(path.replace(/\.gz$/i, "")).slice(1).toLowerCase();
  const format = TABLE_FORMATS.find((each) => each.extensions.includes(extension));
  if (format === undefined) throw new RunlabError("a table is written in the format of its extension", { received: path, allowed: TABLE_FORMATS.flatMap((each) => each.extensions).map((each) => `.${each}`).join(", ") });
  if (extension === "tsv" || extension === "tab") throw new RunlabError("tables are written with commas", { received: path, allowed: ".csv" });
  const unknown = Object.keys(options).find((name) => !format.writeOptions.includes(name as keyof WriteOptions));
  if (unknown !== undefined) throw new RunlabError(`${unknown} is no option for ${format.name}`, { allowed: format.writeOptions.length === 0 ? `${format.name} is written without options` : format.writeOptions.join(", ") });
  if (options.compression !== undefined && !(options.compression in COMPRESSIONS)) throw new RunlabError("there is no such compression", { received: options.compression, allowed: Object.keys(COMPRESSIONS).join(", ") });
  if (options.rowGroupSize !== undefined && !(Number.isInteger(options.rowGroupSize) && options.rowGroupSize >= 1)) throw new RunlabError("rowGroupSize is a whole number of rows", { received: options.rowGroupSize, allowed: "1 or more" });
  const plain = format.encode(table, options);
  const bytes = zipped ? gzipSync(plain) : plain;
  const full = resolve(path);
  const unfinished = `${full}.${process.pid}.part`;
  try {
    await mkdir(dirname(full), { recursive: true });
    await writeFile(unfinished, bytes);
    await rename(unfinished, full);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EACCES" || code === "EPERM" || code === "EROFS" ? "permission denied" : code === "ENOSPC" ? "the disk is full" : code === "EISDIR" ? "it is a folder" : message;
    throw new RunlabError(`the file ${path} cannot be written: ${reason}`);
  }
  announce({ type: "write", path, sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length, rows: table.numRows, columns: table.numCols });
}
