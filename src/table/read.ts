/**
 * Reading files as a table.
 */
import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { Schema, Table } from "apache-arrow";
import { elapsed } from "../clock.js";
import { RunlabError } from "../errors.js";
import { announce, observed } from "../observe/index.js";
import type { DataRole } from "../observe/index.js";
import { asTable } from "./as-table.js";
import { checkOptions } from "./check-options.js";
import type { ColumnReport } from "./column-type.js";
import { concat } from "./concat.js";
import { filesBelow, filesLike, isPattern } from "./find-files.js";
import type { FoundFile } from "./find-files.js";
import { TABLE_FORMATS } from "./formats.js";
import type { DecodeOptions, TableFormat } from "./formats.js";
import { tableFromVectors } from "./from-columns.js";
import { asNameList } from "./name-list.js";
import { columnOf, columnNames, missingColumn } from "./names.js";
import { nearest } from "./nearest.js";
import { fileSource, memorySource } from "./parquet/source.js";
import type { ByteSource } from "./parquet/source.js";
import { constantColumn, partitionColumns } from "./partitions.js";
import type { PartitionColumn } from "./partitions.js";
import { checkWhere, rowsWhere, whereTable } from "./where.js";
import type { Where } from "./where.js";

/** Options of `readTable`. */
export interface ReadOptions extends Omit<DecodeOptions, "progress"> {
  /** The columns to read, in that order. Default: all. Parquet decodes no others. */
  columns?: readonly string[];
  /** The number of rows to read at most, from the first. */
  limit?: number;
  /** The rows to keep. Parquet leaves out row groups, and folders named `key=value`, that cannot hold any. */
  where?: Where;
  /** What a run records the table as. Default: "sample" with a limit, else "processed". */
  role?: DataRole;
  /** The format, when the file's name does not tell: "parquet", "csv", "json", "jsonl" or "arrow". */
  format?: string;
}

const OPTIONS: Record<keyof ReadOptions, true> = { columns: true, limit: true, where: true, types: true, missing: true, delimiter: true, header: true, encoding: true, role: true, format: true };

const GZIP = [0x1f, 0x8b];

/** A larger file is read piece by piece, where its format allows. */
const LARGE = 256 * 1024 * 1024;

/**
 * Reads Parquet, CSV, JSON, JSONL or Arrow into an Arrow table; `.gz` in front of any. A run that is being recorded notes
 * path, sha256, size, rows and columns of every file, of the very bytes that were parsed.
 *
 * A path may be a pattern (`data/part-*.parquet`, `data/**` for all below), a folder, or a list: the files are read in
 * order of their names, one below the other. Below a folder or pattern, folders named `year=2024` become columns.
 *
 * The extension names the format, else the first bytes do. A relative path starts at the working folder, which in a
 * notebook is the notebook's own. For text formats `readReport` tells the type each column was given, and why. What takes
 * over a second announces its progress.
 *
 * @param options.columns @param options.limit @param options.where what to read
 * @param options.types of text formats: the types of columns that the values would suggest wrongly
 * @param options.missing @param options.delimiter @param options.header of CSV
 * @param options.encoding of text formats that are neither UTF-8 nor UTF-16
 *
 * @throws RunlabError, in one line, for a file that is missing, empty, cut off, damaged or of an unknown kind, for a column
 * that is not there, for files that do not fit together, and for a file that claims more than memory holds.
 *
 * @example
 * const heavy = await readTable("data/penguins.parquet", { columns: ["species"], where: { body_mass_g: { from: 5000 } } });
 * heavy.numCols; // 1
 */
export async function readTable(path: string | readonly string[], options: ReadOptions = {}): Promise<Table> {
  const paths: readonly unknown[] = Array.isArray(path) ? path : [path];
  const wrong = paths.findIndex((each) => typeof each !== "string" || each === "");
  if (paths.length === 0 || wrong >= 0) throw new RunlabError("readTable takes the path of a file", { received: paths.length === 0 ? "an empty list" : paths[wrong] });
  checkOptions("readTable", options, OPTIONS);
  if (options.limit !== undefined && !(Number.isInteger(options.limit) && options.limit >= 1)) {
    throw new RunlabError("limit is a whole number of rows", { received: options.limit, allowed: "1 or more" });
  }
  if (options.columns !== undefined) asNameList(options.columns, "readTable: columns");
  if (options.where !== undefined) checkWhere("readTable", options.where);
  if (options.missing !== undefined && !(Array.isArray(options.missing) && options.missing.every((each) => typeof each === "string"))) {
    throw new RunlabError("readTable: missing is a list of texts", { received: options.missing, allowed: 'such as ["", "NA", "-"]' });
  }
  const files = (await Promise.all((paths as string[]).map(filesOf))).flat();
  if (files.length === 1 && files[0].partitions.length === 0) {
    const told = progressOf(`reading ${basename(files[0].path)}`, 1);
    const table = await readFileTable(files[0].path, options, (part) => told(part));
    told(1);
    return table;
  }
  return readFiles(files, options);
}

/** What a path stands for. */
async function filesOf(path: string): Promise<FoundFile[]> {
  const found = await stat(resolve(path)).catch(() => null);
  if (found?.isDirectory()) {
    const files = await filesBelow(path, (name) => formatNamed(name) !== undefined);
    if (files.length > 0) return files;
    throw new RunlabError(`${path} is a folder`, { allowed: "the path of a file, or a folder that holds tables" });
  }
  if (found === null && isPattern(path)) {
    const files = await filesLike(path);
    if (files.length > 0) return files;
    throw new RunlabError(`no file matches ${path} in ${process.cwd()}`, { allowed: "a pattern such as data/part-*.parquet" });
  }
  return [{ path, partitions: [] }];
}

async function readFiles(files: readonly FoundFile[], options: ReadOptions): Promise<Table> {
  const partitions = partitionColumns(files);
  const own = new Set(partitions.map((column) => column.name));
  const inFile = (names: readonly string[]): string[] => names.filter((name) => !own.has(name));
  const where = Object.entries(options.where ?? {});
  const whereFile = Object.fromEntries(where.filter(([name]) => !own.has(name)));
  const wanted = keptFiles(partitions, Object.fromEntries(where.filter(([name]) => own.has(name))), files.length);
  const told = progressOf(`reading ${files.length} files`, wanted.length);
  const tables: Table[] = [];
  let left = options.limit ?? Infinity;
  for (const [done, at] of (wanted.length === 0 ? [0] : wanted).entries()) {
    if (left === 0) break;
    const file = files[at];
    const columns = options.columns === undefined ? undefined : inFile(options.columns);
    let table = await readFileTable(file.path, { ...options, columns, where: whereFile, limit: Number.isFinite(left) ? left : undefined, role: roleOf(options) }, (part) => told(done + part));
    // No file can hold a row that is wanted: the first still tells which columns there are.
    if (wanted.length === 0) table = table.slice(0, 0);
    left -= table.numRows;
    tables.push(withPartitions(table, partitions, at, file.path, options.columns));
    told(done + 1);
  }
  return concat(tables, files.map((file) => file.path));
}

/** The files whose folders meet the conditions. */
function keptFiles(partitions: readonly PartitionColumn[], where: Where, count: number): number[] {
  if (Object.keys(where).length === 0 || partitions.length === 0) return Array.from({ length: count }, (_, i) => i);
  const one = partitions.map((column) => concat(column.values.map((_, i) => tableFromVectors([column.name], [constantColumn(column, i, 1)]))));
  return [...rowsWhere(tableFromVectors(partitions.map((column) => column.name), one.map((table) => table.getChildAt(0)!)), where)];
}

function withPartitions(table: Table, partitions: readonly PartitionColumn[], file: number, path: string, columns: readonly string[] | undefined): Table {
  if (partitions.length === 0) return table;
  const names = columnNames(table);
  for (const { name } of partitions) if (columnOf(table, name) !== null) throw new RunlabError(`${path} holds a column ${JSON.stringify(name)} that its folder names too`, { allowed: "a column in the file or in the folder's name, not both" });
  const added = partitions.filter(({ name }) => columns === undefined || columns.includes(name));
  const all = new Map([...names.map((name) => [name, columnOf(table, name)!] as const), ...added.map((column) => [column.name, constantColumn(column, file, table.numRows)] as const)]);
  const order = columns ?? [...all.keys()];
  const joined = tableFromVectors(order, order.map((name) => all.get(name)!));
  return new Table(new Schema(joined.schema.fields, table.schema.metadata), joined.batches);
}

const roleOf = (options: ReadOptions): DataRole => options.role ?? (options.limit === undefined ? "processed" : "sample");

/** Announces work that has taken a second, five times a second at most. */
function progressOf(label: string, total: number): (done: number) => void {
  const start = elapsed();
  let last = 0;
  return (done) => {
    const now = elapsed();
    if (done >= total ? last === 0 : now - start < 1000 || now - last < 200) return;
    last = now;
    announce({ type: "progress", label, done: done / total * 100, total: 100 });
  };
}

/** One file as a table, announced. */
async function readFileTable(path: string, options: ReadOptions, told: (part: number) => void): Promise<Table> {
  const { columns, limit } = options;
  const where = options.where !== undefined && Object.keys(options.where).length > 0 ? options.where : undefined;
  // Rows are chosen before the first are taken, and by columns that need not be wanted.
  const needed = columns === undefined || where === undefined ? columns : [...new Set([...columns, ...Object.keys(where)])];
  const input = await inputOf(path, options.format);
  let table: Table;
  let report: ColumnReport[] | null = null;
  try {
    checkFormatOptions(input.format, options);
    const tabs = input.format.name === "CSV" && options.delimiter === undefined && /\.(tsv|tab)(\.gz)?$/i.test(path) ? { delimiter: "\t" } : {};
    const decoding: DecodeOptions = { ...options, ...tabs, columns: needed, limit: where === undefined ? limit : undefined, where, progress: (done, total) => told(done / total) };
    await input.format.prepare?.(input.source);
    if (input.plain === null) table = input.format.decodeFrom!(input.source, decoding);
    else ({ table, report } = input.format.decode(input.plain, decoding));
    if (where !== undefined) {
      for (const name of Object.keys(where)) if (columnOf(table, name) === null) throw missingColumn(name, columnNames(table));
      table = whereTable(table, where);
      if (columns !== undefined) table = table.select([...columns]);
      if (limit !== undefined) table = table.slice(0, limit);
    }
  } catch (error) {
    throw error instanceof RunlabError ? new RunlabError(`${path}: ${error.message}`) : error;
  } finally {
    input.source.close();
  }
  if (report !== null) {
    const named = new Set(columns);
    table = withReport(table, columns === undefined ? report : report.filter(({ column }) => named.has(column)));
  }
  // Hashing takes longer than reading: without a listener nobody would see it.
  if (!observed()) return table;
  announce({
    type: "read",
    path,
    sha256: await input.sha256(),
    bytes: input.bytes,
    rows: table.numRows,
    columns: table.numCols,
    role: roleOf(options),
    schema: table.schema.fields.map((field) => ({ name: field.name, type: String(field.type), nullable: field.nullable })),
  });
  return table;
}

/**
 * What `readTable` took each column of a text file for, and why; empty for formats that say so themselves. Of several
 * files, those of the first.
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

/** A file that is open: in memory, or on the disk when it is large. */
interface Input {
  format: TableFormat;
  source: ByteSource;
  /** All of it, decompressed; null when it is read piece by piece. */
  plain: Uint8Array | null;
  bytes: number;
  sha256(): Promise<string>;
}

async function inputOf(path: string, given: string | undefined): Promise<Input> {
  const full = resolve(path);
  try {
    const file = await open(full, "r");
    try {
      const found = await file.stat();
      if (found.isDirectory()) throw new RunlabError(`${path} is a folder`, { allowed: "the path of a file" });
      if (found.size === 0 && found.isFile()) throw new RunlabError(`the file ${path} is empty`);
      if (found.size > LARGE) {
        const head = new Uint8Array(8);
        await file.read(head, 0, 8, 0);
        const format = GZIP.every((byte, i) => head[i] === byte) ? null : named(path, () => formatOf(path, head, given));
        if (format?.decodeFrom !== undefined) return { format, source: fileSource(full, found.size), plain: null, bytes: found.size, sha256: () => hashOf(full) };
      }
      // Pipes and the like have no size.
      const bytes = found.isFile() ? await readWhole(file, found.size) : new Uint8Array(await file.readFile());
      if (bytes.length === 0) throw new RunlabError(`the file ${path} is empty`);
      const plain = named(path, () => unzipped(bytes));
      const format = named(path, () => formatOf(path, plain, given));
      return { format, source: memorySource(plain), plain, bytes: bytes.length, sha256: () => Promise.resolve(createHash("sha256").update(bytes).digest("hex")) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof RunlabError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw await noSuchFile(path, full);
    if (code === "EACCES" || code === "EPERM") throw new RunlabError(`the file ${path} may not be read: permission denied`);
    throw new RunlabError(`the file ${path} cannot be read: ${message}`);
  }
}

function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RunlabError ? new RunlabError(`${path}: ${error.message}`) : error;
  }
}

/** In as few steps as the system allows: `readFile` asks for every half megabyte. */
async function readWhole(file: Awaited<ReturnType<typeof open>>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, Math.min(size - done, 2 ** 30), done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "r");
  try {
    for await (const part of file.createReadStream({ highWaterMark: 1 << 22, autoClose: false })) hash.update(part as Uint8Array);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
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

const extensionOf = (path: string): string => extname(path.replace(/\.gz$/i, "")).slice(1).toLowerCase();

const formatNamed = (path: string): TableFormat | undefined => TABLE_FORMATS.find((format) => format.extensions.includes(extensionOf(path)));

function formatOf(path: string, bytes: Uint8Array, given: string | undefined): TableFormat {
  const all = TABLE_FORMATS.map((format) => format.name.toLowerCase()).join(", ");
  if (given !== undefined) {
    const format = TABLE_FORMATS.find((each) => each.name.toLowerCase() === String(given).toLowerCase());
    if (format === undefined) throw new RunlabError("there is no such format", { received: given, allowed: all });
    return format;
  }
  const extension = extensionOf(path);
  const byName = formatNamed(path);
  const byBytes = TABLE_FORMATS.find((format) => format.starts(bytes));
  // A name that says text over bytes that are Parquet or Arrow is a wrong name.
  const format = byBytes ?? byName;
  if (format !== undefined) return format;
  throw new RunlabError("the file is of an unknown kind", { received: extension === "" ? "no extension" : `.${extension}`, allowed: `a name that ends in ${TABLE_FORMATS.flatMap((each) => each.extensions.slice(0, 1)).map((each) => `.${each}`).join(", ")}, or format: one of ${all}` });
}

/** Options that the format would not look at are a misunderstanding. */
function checkFormatOptions(format: TableFormat, options: ReadOptions): void {
  for (const name of ["types", "missing", "delimiter", "header", "encoding"] as const) {
    if (options[name] !== undefined && !format.options.includes(name)) throw new RunlabError(`${name} is no option for ${format.name}`, { allowed: ["columns", "limit", "where", "role", "format", ...format.options].join(", ") });
  }
}
