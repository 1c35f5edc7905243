/**
 * Arrow's own formats: the file ("Feather 2") and the stream.
 */
import { tableFromIPC, tableToIPC } from "apache-arrow";
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { missingColumn } from "./names.js";
import { verifiedArrow } from "./parquet.js";
import { renewDictionaries } from "./renew-dictionaries.js";

const FILE_MAGIC = "ARROW1";

/** Options of `decodeArrow`. */
export interface ArrowReadOptions {
  columns?: readonly string[];
  limit?: number;
}

/**
 * Bytes of an Arrow file or stream as a table.
 *
 * They go through the same decoder as Parquet first: it verifies every message, where the one in JavaScript can be made
 * to loop for ever by a single changed byte.
 *
 * @throws RunlabError for bytes that are cut off or damaged, compressed bodies, and columns that are not there.
 */
export function decodeArrow(bytes: Uint8Array, options: ArrowReadOptions = {}): Table {
  const text = (start: number, end: number): string => Buffer.from(bytes.subarray(Math.max(0, start), end)).toString("latin1");
  if (text(0, 4) === "FEA1") throw new RunlabError("the file is Feather version 1, which Arrow left behind", { allowed: "write it again as Feather 2 or Parquet" });
  const isFile = text(0, 6) === FILE_MAGIC;
  // The shortest file has both magics, 2 bytes after the first, and the length of a footer.
  if (isFile && (bytes.length < 18 || text(bytes.length - 6, bytes.length) !== FILE_MAGIC)) {
    throw new RunlabError("the Arrow file is cut off or damaged: its end is missing", { allowed: "a whole copy of the file" });
  }
  const stream = isFile ? streamInFile(bytes) : bytes;
  checkStream(stream);
  let table = renewDictionaries(decoded(stream, bytes));
  if (options.columns !== undefined) {
    const names = new Set(table.schema.fields.map((field) => field.name));
    for (const name of options.columns) if (!names.has(name)) throw missingColumn(name, [...names]);
    table = table.select([...options.columns]);
  }
  return options.limit === undefined ? table : table.slice(0, options.limit);
}

function decoded(stream: Uint8Array, whole: Uint8Array): Table {
  try {
    return verifiedArrow(stream);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/decompression|compress/i.test(reason)) throw new RunlabError("the Arrow file is compressed, which is not supported", { allowed: "Parquet, or Arrow written without compression" });
    // apache-arrow writes files whose schema is in the footer only: those only its own reader reads.
    if (whole !== stream && reason.includes("Expected a schema as the first message")) return unverified(whole);
    throw error;
  }
}

function unverified(file: Uint8Array): Table {
  try {
    return tableFromIPC(file);
  } catch (error) {
    throw new RunlabError(`the Arrow file is damaged: ${(error as Error).message.split("\n")[0].slice(0, 200)}`, { allowed: "a whole copy of the file" });
  }
}

/** A file is a stream between two magics, with a footer after it that is not needed to read it from front to back. */
function streamInFile(bytes: Uint8Array): Uint8Array {
  const footer = new DataView(bytes.buffer, bytes.byteOffset).getInt32(bytes.length - 10, true);
  if (footer <= 0 || footer > bytes.length - 18) throw new RunlabError("the Arrow file is damaged: its footer does not fit", { allowed: "a whole copy of the file" });
  return bytes.subarray(8, bytes.length - 10 - footer);
}

/** Walks the messages of a stream by their lengths: one that is cut off would be read as a shorter table. */
function checkStream(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = new RunlabError("the Arrow stream is cut off or damaged", { allowed: "a whole copy of the file" });
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length || view.getUint32(at, true) !== 0xffffffff) throw cut;
    const metadata = view.getInt32(at + 4, true);
    if (metadata === 0) return;
    if (metadata < 0 || at + 8 + metadata > bytes.length) throw cut;
    const body = bodyLength(view, at + 8, metadata);
    if (body === null || body < 0 || at + 8 + metadata + body > bytes.length) throw cut;
    at += 8 + metadata + body;
  }
}

/** The body's length out of a Message flatbuffer (field 3, an int64); null when the bytes are none. */
function bodyLength(view: DataView, start: number, length: number): number | null {
  if (length < 4) return null;
  const root = start + view.getUint32(start, true);
  if (root + 4 > start + length) return null;
  const vtable = root - view.getInt32(root, true);
  if (vtable < start || vtable + 4 > start + length) return null;
  const size = view.getUint16(vtable, true);
  if (size > 10 && vtable + 12 > start + length) return null;
  const at = size > 10 ? view.getUint16(vtable + 10, true) : 0;
  if (at === 0) return 0;
  if (root + at + 8 > start + length) return null;
  return Number(view.getBigInt64(root + at, true));
}

/** A table as the bytes of an Arrow file. */
export function encodeArrow(table: Table): Uint8Array {
  return tableToIPC(table, "file");
}
