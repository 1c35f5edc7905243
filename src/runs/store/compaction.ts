/**
 * Merges old segments of the index into one, so that a list opens few files.
 *
 * Killed at any point, it loses nothing:
 * 1. the merged segment gets its name by rename, whole, while the old ones are still there: a browser that tails the
 *    folder sees every record at least once;
 * 2. each old segment is renamed to a hidden name; a writer that still held it notices and writes its record again;
 * 3. what was added to it since it was read is written to a further segment; only then it is removed.
 * A later compaction finds hidden segments that a killed one left, and merges them as well.
 *
 * Two compactions at once would be wasteful and not wrong; a lock folder keeps them apart.
 */
import { constants } from "node:fs";
import { join } from "node:path";
import { now } from "../../clock.js";
import type { IndexRecord } from "../format/types.js";
import { readWhole } from "./contained-file.js";
import { disk, errorCode, FOLDER_MODE, ifThere } from "./disk.js";
import { discard, replaceFile } from "./durable.js";
import { newerOf } from "../format/newer-record.js";
import { INDEX, segmentName, writerIsGone } from "./index-segment.js";
import { parseRecords, segmentNames } from "./index-view.js";
import { ownMark } from "./process-mark.js";
import { randomTag } from "./run-id.js";

const LOCK = ".compaction";
const TAKEN = ".merged-";
/** A lock older than this belongs to a compaction that was killed. */
const STALE_LOCK_MS = 60_000;
/** A segment that nobody has added to for so long is merged also when its writer lives; the writer then begins another. */
const IDLE_MS = 10 * 60_000;
/** How long a deletion stays in the index, for browsers that were asleep. */
const REMEMBER_DELETED_MS = 7 * 24 * 3_600_000;
/** Merging fewer segments than this is not worth the writing. */
const WORTH_MERGING = 16;
/** Stands for the writer of a merged segment: larger than any process id, so that the segment is idle from the start. */
const MERGED_PID = 4_194_305;

/**
 * Merges what may be merged. `force` merges also a few, for `reindex`. `time` is the file system's, in milliseconds
 * since 1970.
 *
 * @returns the number of segments that were merged; 0 when another process is at it or there is too little to do.
 */
export function compact(runs: string, { force = false, time = now() } = {}): number {
  const folder = join(runs, INDEX);
  const idle = idleSegments(folder, time);
  const left = leftOver(folder);
  if (left.length === 0 && idle.length < (force ? 2 : WORTH_MERGING)) return 0;
  if (!lock(folder, time)) return 0;
  try {
    return merge(folder, force ? idle : smallOnes(idle), left, time);
  } finally {
    ifThere(() => disk.rmdir(join(folder, LOCK)));
  }
}

interface Segment {
  name: string;
  bytes: number;
}

function idleSegments(folder: string, time: number): Segment[] {
  const idle: Segment[] = [];
  for (const name of segmentNames(folder)) {
    const stat = ifThere(() => disk.lstat(join(folder, name)));
    if (stat !== null && stat.isFile() && (writerIsGone(name) || time - stat.mtimeMs > IDLE_MS)) idle.push({ name, bytes: stat.size });
  }
  return idle;
}

/** Leaves a large merged segment alone until the small ones weigh a quarter of it: so each record is copied few times. */
function smallOnes(segments: Segment[]): Segment[] {
  const bySize = [...segments].sort((a, b) => a.bytes - b.bytes);
  const chosen: Segment[] = [];
  let bytes = 0;
  for (const segment of bySize) {
    if (chosen.length >= WORTH_MERGING - 1 && segment.bytes > 4 * bytes) break;
    chosen.push(segment);
    bytes += segment.bytes;
  }
  return chosen;
}

function leftOver(folder: string): string[] {
  return (ifThere(() => disk.readdir(folder)) ?? []).filter((name) => name.startsWith(TAKEN));
}

function merge(folder: string, segments: Segment[], left: string[], time: number): number {
  const records = new Map<string, IndexRecord>();
  const read = new Map<string, number>();
  for (const name of [...left, ...segments.map((segment) => segment.name)]) {
    const found = readSegment(join(folder, name), 0);
    if (found === null) continue;
    read.set(name, found.bytes);
    for (const record of found.records) {
      const known = records.get(record.id);
      records.set(record.id, known === undefined ? record : newerOf(known, record));
    }
  }
  for (const [id, record] of records) if (record.deleted && time - record.t > REMEMBER_DELETED_MS) records.delete(id);
  writeSegment(folder, [...records.values()]);
  for (const [name, bytes] of read) retire(folder, name, bytes);
  return read.size;
}

function retire(folder: string, name: string, bytes: number): void {
  const hidden = join(folder, name.startsWith(TAKEN) ? name : `${TAKEN}${randomTag()}-${name}`);
  if (!name.startsWith(TAKEN) && ifThere(() => (disk.rename(join(folder, name), hidden), true)) === null) return;
  const added = readSegment(hidden, bytes);
  if (added !== null) writeSegment(folder, added.records);
  discard(hidden);
}

function readSegment(path: string, from: number): { records: IndexRecord[]; bytes: number } | null {
  const fd = ifThere(() => disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)));
  if (fd === null) return null;
  try {
    const bytes = readWhole(fd, Math.max(0, disk.fstat(fd).size - from), from);
    const whole = bytes.lastIndexOf(10) + 1;
    return { records: parseRecords(bytes.subarray(0, whole)), bytes: from + whole };
  } finally {
    disk.close(fd);
  }
}

function writeSegment(folder: string, records: IndexRecord[]): void {
  if (records.length === 0) return;
  records.sort((a, b) => a.started - b.started);
  const name = segmentName({ ...ownMark(), pid: MERGED_PID });
  replaceFile(join(folder, name), Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join("")), { flush: true });
}

function lock(folder: string, time: number): boolean {
  const path = join(folder, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      disk.mkdir(path, { mode: FOLDER_MODE });
      return true;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
    const stat = ifThere(() => disk.lstat(path));
    if (stat !== null && time - stat.mtimeMs < STALE_LOCK_MS) return false;
    // Of several that find it stale, one renames it away; the others then find no folder or a fresh one.
    const aside = join(folder, `${LOCK}-${randomTag()}`);
    if (ifThere(() => (disk.rename(path, aside), true)) !== null) ifThere(() => disk.rmdir(aside));
  }
  return false;
}
