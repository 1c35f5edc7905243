/**
 * Reading a file as a table.
 */
import { createHash } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { Schema, Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce } from "../observe/index.js";
import type { DataRole } from "../observe/index.js";
import { asTable } from "./as-table.js";
import { checkOptions } from "./check-options.js";
import type { ColumnReport } from "./column-type.js";
import { TABLE_FORMATS } from "./formats.js";
import type { DecodeOptions, TableFormat } from "./formats.js";
import { asNameList } from "./name-list.js";
import { nearest } from "./nearest.js";

/** Options of `readTable`. */
export interface ReadOptions extends DecodeOptions {
  /** The columns to read, in that order. Default: all. Parquet decodes no others. */
  columns?: readonly string[];
  /** The number of rows to read at most, from the first. */
  limit?: number;
  /** What a run records the table as. Default: "sample" with a limit, else "processed". */
  role?: DataRole;
  /** The format, when the file's name does not tell: "parquet", "csv", "json", "jsonl" or "arrow". */
  format?: string;
}

const OPTIONS: Record<keyof ReadOptions, true> = { columns: true, limit: true, types: true, missing: true, delimiter: true, header: true, encoding: true, role: true, format: true };

const GZIP = [0x1f, 0x8b];

/**
 * Reads a Parquet, CSV, JSON, JSONL or Arrow file into an Arrow table; `.gz` in front of any. A run that is being
 * recorded notes path, sha256, size, rows and columns, of the very bytes that were parsed.
 *
 * The extension names the format, else the first bytes do. A relative path starts at the working folder, which in a
 * notebook is the notebook's own. For text formats `readReport` tells the type each column was given, and why.
 *
 * @param options.columns @param options.limit what to read
 * @param options.types of text formats: the types of columns that the values would suggest wrongly
 * @param options.missing @param options.delimiter @param options.header of CSV
 * @param options.encoding of text formats that are neither UTF-8 nor UTF-16
 *
 * @throws RunlabError, in one line, for a file that is missing, a folder, empty, cut off, damaged or of an unknown
 * kind, and for a column that is not there.
 *
 * @example
 * const penguins = await readTable("data/penguins.parquet", { columns: ["species", "body_mass_g"] });
 * penguins.numCols; // 2
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  if (typeof path !== "string" || path === "") throw new RunlabError("readTable takes the path of a file", { received: path });
  checkOptions("readTable", options, OPTIONS);
  if (options.limit !== undefined && !(Number.isInteger(options.limit) && options.limit >= 1)) {
    throw new RunlabError("limit is a whole number of rows", { received: options.limit, allowed: "1 or more" });
  }
  if (options.columns !== undefined) asNameList(options.columns, "readTable: columns");
  if (options.missing !== undefined && !(Array.isArray(options.missing) && options.missing.every((each) => typeof each === "string"))) {
    throw new RunlabError("readTable: missing is a list of texts", { received: options.missing, allowed: 'such as ["", "NA", "-"]' });
  }
  const bytes = await bytesOf(path);
  if (bytes.length === 0) throw new RunlabError(`the file ${path} is empty`);
  const named = (error: unknown): unknown => (error instanceof RunlabError ? new RunlabError(`${path}: ${error.message}`) : error);
  let table: Table;
  let report: ColumnReport[] | null;
  try {
    const plain = unzipped(bytes);
    const format = formatOf(path, plain, options.format);
    checkFormatOptions(format, options);
    const tabs = format.name === "CSV" && options.delimiter === undefined && /\.(tsv|tab)(\.gz)?$/i.test(path) ? { delimiter: "\t" } : {};
    await format.prepare?.(plain);
    ({ table, report } = format.decode(plain, { ...options, ...tabs }));
  } catch (error) {
    throw named(error);
  }
  if (report !== null) table = withReport(table, report);
  announce({
    type: "read",
    path,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
    rows: table.numRows,
    columns: table.numCols,
    role: options.role ?? (options.limit === undefined ? "processed" : "sample"),
    schema: table.schema.fields.map((field) => ({ name: field.name, type: String(field.type), nullable: field.nullable })),
  });
  return table;
}

/**
 * What `readTable` took each column of a text file for, and why; empty for formats that say so themselves.
 *
 * @example
 * readReport(await readTable("data/zip-codes.csv"))[0]; // { column: "zip", type: "utf8", why: "line 2 holds 01234: a number with a leading zero is a code" }
 */
export function readReport(table: Table): ColumnReport[] {
  const text = asTable(table, "readReport").schema.metadata.get(REPORT_KEY);
  return text === undefined ? [] : (JSON.parse(text) as ColumnReport[]);
}

const REPORT_KEY = "runlab.read";

function withReport(table: Table, report: ColumnReport[]): Table {
  const schema = new Schema(table.schema.fields, new Map([...table.schema.metadata, [REPORT_KEY, JSON.stringify(report)]]));
  return new Table(schema, table.batches);
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const full = resolve(path);
  try {
    if ((await stat(full)).isDirectory()) throw new RunlabError(`${path} is a folder`, { allowed: "the path of a file" });
    return await readFile(full);
  } catch (error) {
    if (error instanceof RunlabError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw await noSuchFile(path, full);
    if (code === "EACCES" || code === "EPERM") throw new RunlabError(`the file ${path} may not be read: permission denied`);
    throw new RunlabError(`the file ${path} cannot be read: ${message}`);
  }
}

async function noSuchFile(path: string, full: string): Promise<RunlabError> {
  let names: string[];
  try {
    names = (await readdir(dirname(full))).filter((name) => !name.startsWith(".")).sort();
  } catch {
    return new RunlabError(`there is no file ${path}, and no folder ${dirname(path)} in ${process.cwd()}`);
  }
  const near = nearest(basename(full), names);
  return new RunlabError(`there is no file ${path} in ${process.cwd()}`, {
    allowed: near.length > 0 ? `did you mean ${near.join(" or ")}?` : names.length > 0 ? `${dirname(path)} holds ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}` : "the folder is empty",
  });
}

function unzipped(bytes: Uint8Array): Uint8Array {
  if (!GZIP.every((byte, i) => bytes[i] === byte)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new RunlabError(`the compressed file is cut off or damaged: ${(error as Error).message}`);
  }
}

function formatOf(path: string, bytes: Uint8Array, given: string | undefined): TableFormat {
  const all = TABLE_FORMATS.map((format) => format.name.toLowerCase()).join(", ");
  if (given !== undefined) {
    const format = TABLE_FORMATS.find((each) => each.name.toLowerCase() === String(given).toLowerCase());
    if (format === undefined) throw new RunlabError("there is no such format", { received: given, allowed: all });
    return format;
  }
  const extension = extname(path.replace(/\.gz$/i, "")).slice(1).toLowerCase();
  const byName = TABLE_FORMATS.find((format) => format.extensions.includes(extension));
  const byBytes = TABLE_FORMATS.find((format) => format.starts(bytes));
  // A name that says text over bytes that are Parquet or Arrow is a wrong name.
  const format = byBytes ?? byName;
  if (format !== undefined) return format;
  throw new RunlabError("the file is of an unknown kind", { received: extension === "" ? "no extension" : `.${extension}`, allowed: `a name that ends in ${TABLE_FORMATS.flatMap((each) => each.extensions.slice(0, 1)).map((each) => `.${each}`).join(", ")}, or format: one of ${all}` });
}

/** Options that the format would not look at are a misunderstanding. */
function checkFormatOptions(format: TableFormat, options: ReadOptions): void {
  for (const name of ["types", "missing", "delimiter", "header", "encoding"] as const) {
    if (options[name] !== undefined && !format.options.includes(name)) throw new RunlabError(`${name} is no option for ${format.name}`, { allowed: ["columns", "limit", "role", "format", ...format.options].join(", ") });
  }
}
