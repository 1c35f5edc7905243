/**
 * What stands before each page of a column.
 */
import { ThriftReader, damaged } from "./thrift.js";

export const DATA_PAGE = 0;
export const DICTIONARY_PAGE = 2;
export const DATA_PAGE_2 = 3;

/** A page's header, of any version. */
export interface PageHeader {
  type: number;
  plainSize: number;
  size: number;
  values: number;
  encoding: number;
  levelEncoding: number;
  /** Of version 2 pages: bytes of levels, which are never compressed. */
  repetitionSize: number;
  definitionSize: number;
  compressed: boolean;
  /** Bytes of the header itself. */
  length: number;
}

/** Reads the header at `at`. */
export function readPageHeader(bytes: Uint8Array, at: number): PageHeader {
  const header: PageHeader = { type: -1, plainSize: -1, size: -1, values: 0, encoding: -1, levelEncoding: 3, repetitionSize: 0, definitionSize: 0, compressed: true, length: 0 };
  const thrift = new ThriftReader(bytes, at, bytes.length);
  thrift.struct((id) => {
    if (id === 1) header.type = thrift.int();
    else if (id === 2) header.plainSize = thrift.int();
    else if (id === 3) header.size = thrift.int();
    else if (id === 5 || id === 7) thrift.struct((part) => {
      if (part === 1) header.values = thrift.int();
      else if (part === 2) header.encoding = thrift.int();
      else if (part === 3 && id === 5) header.levelEncoding = thrift.int();
      else return false;
    });
    else if (id === 8) thrift.struct((part) => {
      if (part === 1) header.values = thrift.int();
      else if (part === 4) header.encoding = thrift.int();
      else if (part === 5) header.definitionSize = thrift.int();
      else if (part === 6) header.repetitionSize = thrift.int();
      else if (part === 7) header.compressed = thrift.bool();
      else return false;
    });
    else return false;
  });
  header.length = thrift.at - at;
  if (header.size < 0 || header.plainSize < 0 || header.values < 0 || header.definitionSize < 0 || header.repetitionSize < 0) throw damaged("a page has less than no bytes");
  if (header.size > bytes.length - thrift.at) throw damaged("a page is longer than its column");
  return header;
}
