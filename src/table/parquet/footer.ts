/**
 * What a Parquet file says of itself: its columns, its row groups, and where their bytes are.
 */
import { RunlabError } from "../../errors.js";
import { ThriftReader, damaged } from "./thrift.js";

const MAGIC = "PAR1";

/** Physical types of Parquet. */
export const BOOLEAN = 0;
export const INT32 = 1;
export const INT64 = 2;
export const INT96 = 3;
export const FLOAT = 4;
export const DOUBLE = 5;
export const BYTE_ARRAY = 6;
export const FIXED_LEN_BYTE_ARRAY = 7;

/** What a physical value stands for. */
export type Meaning =
  | { kind: "plain" }
  | { kind: "text" }
  | { kind: "date" }
  | { kind: "int"; bits: number; signed: boolean }
  | { kind: "time"; unit: TimeUnit }
  | { kind: "timestamp"; unit: TimeUnit; utc: boolean }
  /** Decimals, UUIDs, half floats, intervals: left to the general reader. */
  | { kind: "other" };

/** Milli-, micro- or nanoseconds, by their place in Arrow's list. */
export type TimeUnit = 1 | 2 | 3;

/** A column of the file: a leaf under the root, or a node with children. */
export interface FileColumn {
  name: string;
  nullable: boolean;
  /** Lists, structs and maps are left to the general reader. */
  nested: boolean;
  physical: number;
  meaning: Meaning;
}

/** One column of one row group. */
export interface Chunk {
  codec: number;
  encodings: number[];
  values: number;
  /** Where its first page starts and its last one ends. */
  start: number;
  end: number;
  /** Size of its pages before compression, as the file says. */
  plainSize: number;
  encrypted: boolean;
  elsewhere: boolean;
  statistics: Statistics | null;
}

/** Least and greatest values as the file stores them, and how many are missing. */
export interface Statistics {
  min: Uint8Array | null;
  max: Uint8Array | null;
  nulls: number | null;
}

/** A slice of the rows. */
export interface RowGroup {
  rows: number;
  /** By leaf, in the file's order; a column of its own for every leaf of nested ones. */
  chunks: Chunk[];
}

/** The whole footer. */
export interface Footer {
  rows: number;
  columns: FileColumn[];
  /** For each column the place of its first leaf in `RowGroup.chunks`. */
  leaves: number[];
  groups: RowGroup[];
  metadata: Map<string, string>;
}

/** The last bytes of a file: the footer's length and the mark. */
export const TAIL = 8;

/**
 * Checks the frame every Parquet file has, and tells where the footer starts.
 *
 * @param head the first 4 bytes. @param tail the last 8.
 */
export function footerStart(head: Uint8Array, tail: Uint8Array, size: number): number {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, 4).toString("latin1");
  if (size < 12 || text(head) !== MAGIC) throw new RunlabError("the file is no Parquet file", { received: `${size} bytes that do not start with ${MAGIC}` });
  const end = text(tail.subarray(4));
  if (end === "PARE") throw new RunlabError("the Parquet file is encrypted", { allowed: "a file written without encryption" });
  if (end !== MAGIC) throw new RunlabError("the Parquet file is cut off or damaged: its end is missing", { allowed: "a whole copy of the file" });
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > size - 12) throw damaged("its footer is longer than the file");
  return size - TAIL - length;
}

interface SchemaElement {
  name: string;
  physical: number;
  repetition: number;
  children: number;
  converted: number;
  logical: Meaning | null;
}

/** Reads the footer; `size` is that of the whole file, which no page may leave. */
export function readFooter(bytes: Uint8Array, size: number): Footer {
  const thrift = new ThriftReader(bytes, 0, bytes.length);
  const elements: SchemaElement[] = [];
  const groups: RowGroup[] = [];
  const metadata = new Map<string, string>();
  let rows = 0;
  thrift.struct((id) => {
    if (id === 2) thrift.list(() => void elements.push(schemaElement(thrift)));
    else if (id === 3) rows = thrift.int();
    else if (id === 4) thrift.list(() => void groups.push(rowGroup(thrift)));
    else if (id === 5) thrift.list(() => keyValue(thrift, metadata));
    else return false;
  });
  if (rows < 0 || groups.some((group) => group.rows < 0)) throw damaged("it counts less than no rows");
  if (groups.reduce((sum, group) => sum + group.rows, 0) !== rows) throw damaged("its row groups do not add up to its rows");
  const { columns, leaves, count } = columnsOf(elements);
  for (const group of groups) {
    if (group.chunks.length !== count) throw damaged("a row group has another number of columns than the file");
    for (const chunk of group.chunks) {
      // A column without values may have no page at all.
      if (!chunk.elsewhere && chunk.values > 0 && !(chunk.start >= 4 && chunk.end >= chunk.start && chunk.end <= size)) throw damaged("the pages of a column are not within the file");
    }
  }
  return { rows, columns, leaves, groups, metadata };
}

function columnsOf(elements: readonly SchemaElement[]): { columns: FileColumn[]; leaves: number[]; count: number } {
  if (elements.length === 0) throw damaged("it has no schema");
  const columns: FileColumn[] = [];
  const leaves: number[] = [];
  let count = 0;
  let at = 1;
  const walk = (depth: number): void => {
    if (depth > 64) throw damaged("its columns are nested too deep");
    if (at >= elements.length) throw damaged("its schema breaks off");
    const { children } = elements[at++];
    if (children === 0) count++;
    for (let i = 0; i < children; i++) walk(depth + 1);
  };
  for (let i = 0; i < elements[0].children; i++) {
    const element = elements[at];
    leaves.push(count);
    walk(0);
    columns.push({
      name: element.name,
      nullable: element.repetition !== 0,
      nested: element.children > 0 || element.repetition === 2,
      physical: element.physical,
      meaning: element.logical ?? meaningOf(element.converted),
    });
  }
  return { columns, leaves, count };
}

/** The older way to say what a value stands for. */
function meaningOf(converted: number): Meaning {
  switch (converted) {
    case -1: return { kind: "plain" };
    case 0: case 4: case 19: return { kind: "text" };
    case 6: return { kind: "date" };
    case 7: return { kind: "time", unit: 1 };
    case 8: return { kind: "time", unit: 2 };
    case 9: return { kind: "timestamp", unit: 1, utc: true };
    case 10: return { kind: "timestamp", unit: 2, utc: true };
    case 11: case 12: case 13: case 14: return { kind: "int", bits: 8 << (converted - 11), signed: false };
    case 15: case 16: case 17: case 18: return { kind: "int", bits: 8 << (converted - 15), signed: true };
    default: return { kind: "other" };
  }
}

function schemaElement(thrift: ThriftReader): SchemaElement {
  const element: SchemaElement = { name: "", physical: -1, repetition: 0, children: 0, converted: -1, logical: null };
  thrift.struct((id) => {
    if (id === 1) element.physical = thrift.int();
    else if (id === 3) element.repetition = thrift.int();
    else if (id === 4) element.name = thrift.text();
    else if (id === 5) element.children = thrift.int();
    else if (id === 6) element.converted = thrift.int();
    else if (id === 10) element.logical = logicalType(thrift);
    else return false;
  });
  if (element.children < 0) throw damaged("a column has less than no children");
  return element;
}

function logicalType(thrift: ThriftReader): Meaning {
  let meaning: Meaning = { kind: "other" };
  thrift.struct((id) => {
    if (id === 1 || id === 4 || id === 12) meaning = { kind: "text" };
    else if (id === 6) meaning = { kind: "date" };
    else if (id === 7 || id === 8) {
      const { unit, utc } = timeType(thrift);
      meaning = id === 7 ? { kind: "time", unit } : { kind: "timestamp", unit, utc };
      return;
    } else if (id === 10) {
      let bits = 32;
      let signed = true;
      thrift.struct((part) => {
        if (part === 1) bits = thrift.int();
        else if (part === 2) signed = thrift.bool();
        else return false;
      });
      meaning = { kind: "int", bits, signed };
      return;
    }
    return false;
  });
  return meaning;
}

function timeType(thrift: ThriftReader): { unit: TimeUnit; utc: boolean } {
  let unit: TimeUnit = 1;
  let utc = false;
  thrift.struct((id) => {
    if (id === 1) utc = thrift.bool();
    else if (id === 2) {
      thrift.struct((which) => {
        if (which >= 1 && which <= 3) unit = which as TimeUnit;
        return false;
      });
    } else return false;
  });
  return { unit, utc };
}

function keyValue(thrift: ThriftReader, metadata: Map<string, string>): void {
  let key = "";
  let value: string | null = null;
  thrift.struct((id) => {
    if (id === 1) key = thrift.text();
    else if (id === 2) value = thrift.text();
    else return false;
  });
  if (value !== null) metadata.set(key, value);
}

function rowGroup(thrift: ThriftReader): RowGroup {
  const group: RowGroup = { rows: 0, chunks: [] };
  thrift.struct((id) => {
    if (id === 1) thrift.list(() => void group.chunks.push(chunkOf(thrift)));
    else if (id === 3) group.rows = thrift.int();
    else return false;
  });
  return group;
}

function chunkOf(thrift: ThriftReader): Chunk {
  const chunk: Chunk = { codec: 0, encodings: [], values: 0, start: 0, end: 0, plainSize: 0, encrypted: false, elsewhere: false, statistics: null };
  let dataPage = 0;
  let dictionaryPage = 0;
  let size = 0;
  thrift.struct((id) => {
    if (id === 1) {
      chunk.elsewhere = true;
      return false;
    }
    if (id === 8 || id === 9) {
      chunk.encrypted = true;
      return false;
    }
    if (id !== 3) return false;
    thrift.struct((part) => {
      if (part === 2) thrift.list(() => void chunk.encodings.push(thrift.int()));
      else if (part === 4) chunk.codec = thrift.int();
      else if (part === 5) chunk.values = thrift.int();
      else if (part === 6) chunk.plainSize = thrift.int();
      else if (part === 7) size = thrift.int();
      else if (part === 9) dataPage = thrift.int();
      else if (part === 11) dictionaryPage = thrift.int();
      else if (part === 12) chunk.statistics = statisticsOf(thrift);
      else return false;
    });
  });
  chunk.start = dictionaryPage > 0 && dictionaryPage < dataPage ? dictionaryPage : dataPage;
  chunk.end = chunk.start + size;
  return chunk;
}

function statisticsOf(thrift: ThriftReader): Statistics {
  const statistics: Statistics = { min: null, max: null, nulls: null };
  thrift.struct((id) => {
    // Fields 1 and 2 were written under an order of bytes that nobody agreed on.
    if (id === 3) statistics.nulls = thrift.int();
    else if (id === 5) statistics.max = thrift.binary();
    else if (id === 6) statistics.min = thrift.binary();
    else return false;
  });
  return statistics;
}
