/**
 * Where the bytes of a file come from: memory, or the disk a piece at a time.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { RunlabError } from "../../errors.js";

/** Bytes that can be read anywhere. */
export interface ByteSource {
  readonly size: number;
  /** An allocation and where in it the bytes are; it goes on for 8 bytes after them. */
  read(start: number, end: number): { bytes: Uint8Array; at: number };
  close(): void;
}

/** Past the end of what is asked for: decoders look at whole words. */
const SLACK = 8;

/** Bytes in memory. Only ranges that end 8 bytes before the end are handed out without a copy. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(start, end) {
      if (end + SLACK <= bytes.length) return { bytes, at: start };
      const copy = new Uint8Array(end - start + SLACK);
      copy.set(bytes.subarray(start, end));
      return { bytes: copy, at: 0 };
    },
    close() {},
  };
}

/** A file, of which only what is asked for is read. */
export function fileSource(path: string, size: number): ByteSource {
  const file = openSync(path, "r");
  return {
    size,
    read(start, end) {
      const bytes = new Uint8Array(end - start + SLACK);
      for (let done = 0; done < end - start;) {
        const count = readSync(file, bytes, done, end - start - done, start + done);
        if (count === 0) throw new RunlabError("the file became shorter while it was read");
        done += count;
      }
      return { bytes, at: 0 };
    },
    close: () => closeSync(file),
  };
}
