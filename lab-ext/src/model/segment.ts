/** One index segment: a file of lines that one writer appends to, followed from where it was last read. */
import type { IndexRecord } from "runlab/format";
import { readRecord } from "./read-record.js";
import type { StoreFiles } from "./store-files.js";

const NEWLINE = 10;

export class Segment {
  /** The last record per id in this segment. */
  readonly records = new Map<string, IndexRecord>();
  /** Bytes up to and including the last line end that was read; what lies behind it may be half a line. */
  private offset = 0;
  /** Size of the file when it was last read. */
  private seen = -1;

  constructor(readonly path: string) {}

  /**
   * Reads what is new.
   *
   * Asks from one byte before the end of the last whole line: the answer is never empty (an empty range is an error a
   * browser logs), and when that byte is not a line end, another file has taken the place of this one.
   *
   * @param size the file's size as the folder's listing gives it: nothing is fetched when it has not changed.
   * @returns the ids on new lines; `"replaced"` when the whole file was read again; null when it is gone.
   */
  async read(files: StoreFiles, size: number): Promise<string[] | "replaced" | null> {
    if (size === this.seen) return [];
    const from = size < this.offset ? 0 : Math.max(0, this.offset - 1);
    let tail = await files.tail(this.path, from);
    if (tail && from > 0 && !tail.whole && tail.bytes[0] !== NEWLINE) tail = await files.tail(this.path, 0);
    if (tail === null) return null;
    const appended = from > 0 && !tail.whole && tail.bytes[0] === NEWLINE;
    if (!appended) {
      this.records.clear();
      this.offset = 0;
    }
    const lines = appended ? tail.bytes.subarray(1) : tail.bytes;
    this.seen = this.offset + lines.length;
    const end = lines.lastIndexOf(NEWLINE) + 1;
    this.offset += end;
    const ids = this.take(new TextDecoder().decode(lines.subarray(0, end)));
    return appended ? ids : "replaced";
  }

  private take(text: string): string[] {
    const ids: string[] = [];
    for (let start = 0; start < text.length; ) {
      let end = text.indexOf("\n", start);
      if (end < 0) end = text.length;
      const record = readRecord(text.slice(start, end));
      if (record) {
        this.records.set(record.id, record);
        ids.push(record.id);
      }
      start = end + 1;
    }
    return ids;
  }
}
