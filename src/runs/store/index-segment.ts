/**
 * One writer's part of the index: `runs/index/<time>-<host>-<pid>-<tag>.jsonl`.
 *
 * Guarantees: only the process that created a segment ever appends to it; one append is one write of whole lines; after
 * a failed or short write the segment is left as it is and a new one is begun, so that a torn line stays a last line.
 * The index is derived from the folders, so it is never flushed to the disk: after a power cut it is healed.
 */
import { constants } from "node:fs";
import { join } from "node:path";
import { now } from "../../clock.js";
import type { IndexRecord } from "../format/types.js";
import { disk, FILE_MODE, FOLDER_MODE, ifThere } from "./disk.js";
import { writeAll } from "./durable.js";
import { ownMark, type ProcessMark } from "./process-mark.js";
import { randomTag, slug } from "./run-id.js";

export const INDEX = "index";
export const SEGMENT_END = ".jsonl";

/** A segment larger than this is left to compaction, and a new one begun. */
const FULL_BYTES = 4 << 20;

export class IndexSegment {
  private fd: number | null = null;
  private path = "";
  private inode = 0;
  private bytes = 0;

  /** `runs` is the folder that holds the runs. */
  constructor(private readonly runs: string) {}

  /** Appends records. Throws the file system's error; the records are then in no segment, or in a torn last line. */
  append(records: IndexRecord[]): void {
    if (records.length === 0) return;
    const lines = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    for (let attempt = 0; attempt < 3; attempt++) {
      if (this.fd === null || this.bytes > FULL_BYTES || !this.isInPlace()) this.begin();
      try {
        writeAll(this.fd as number, lines);
      } catch (error) {
        this.close();
        throw error;
      }
      this.bytes += lines.length;
      // Compaction may have taken the segment away between the check and the write; then the lines may be lost with it.
      if (this.isInPlace()) return;
    }
  }

  close(): void {
    if (this.fd !== null) disk.close(this.fd);
    this.fd = null;
  }

  private begin(): void {
    this.close();
    const folder = join(this.runs, INDEX);
    disk.mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    this.path = join(folder, segmentName(ownMark()));
    this.fd = disk.open(this.path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND, FILE_MODE);
    this.inode = disk.fstat(this.fd).ino;
    this.bytes = 0;
  }

  private isInPlace(): boolean {
    return ifThere(() => disk.lstat(this.path))?.ino === this.inode;
  }
}

/** Sorts by time, says who writes it, and is nobody else's. */
export function segmentName(mark: ProcessMark): string {
  return `${now().toString(36).padStart(9, "0")}-${hostSlug(mark.host)}-${mark.pid}-${randomTag()}${SEGMENT_END}`;
}

/** Whether the segment was begun on this machine by a process that is gone. */
export function writerIsGone(name: string): boolean {
  const match = /^[0-9a-z]{9}-(.+)-(\d+)-[0-9a-z]{8}\.jsonl$/.exec(name);
  const mark = ownMark();
  if (match === null || match[1] !== hostSlug(mark.host)) return false;
  try {
    process.kill(Number(match[2]), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

const hostSlug = (host: string): string => slug(host).replaceAll("_", "-");
