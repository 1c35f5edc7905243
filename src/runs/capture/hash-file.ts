/** sha256 of files, remembered while size, time and inode stay the same. */
import { createHash } from "node:crypto";
import { close, fstat, open, openSync, closeSync, fstatSync, read, readSync, type BigIntStats } from "node:fs";
import { promisify } from "node:util";

// Taken before `file-watch` wraps them: the recorder's own reading is not the user's.
const disk = { open: promisify(open), read: promisify(read), close: promisify(close), fstat: promisify(fstat) as (fd: number, options: { bigint: true }) => Promise<BigIntStats>, openSync, readSync, closeSync, fstatSync };

const BLOCK = 1 << 18;
/** Files remembered; a run that reads more hashes the oldest again. */
const REMEMBERED = 10_000;

export interface FileHash {
  sha256: string;
  bytes: number;
}

const known = new Map<string, { stamp: string; hash: FileHash }>();

/** Null when it is no plain file that can be read. */
export async function hashFile(path: string): Promise<FileHash | null> {
  let fd: number;
  try {
    fd = await disk.open(path, "r");
  } catch {
    return null;
  }
  try {
    const stat = await disk.fstat(fd, { bigint: true });
    if (!stat.isFile()) return null;
    const before = known.get(path);
    if (before?.stamp === stampOf(stat)) return before.hash;
    const hash = createHash("sha256");
    const block = Buffer.allocUnsafe(BLOCK);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await disk.read(fd, block, 0, BLOCK, null);
      if (bytesRead === 0) break;
      hash.update(block.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    return remember(path, stampOf(stat), { sha256: hash.digest("hex"), bytes });
  } catch {
    return null;
  } finally {
    await disk.close(fd);
  }
}

/** The same at once, for a file that is about to be overwritten; null also when it is larger than `limit` bytes. */
export function hashFileNow(path: string, limit: number): FileHash | null {
  let fd: number;
  try {
    fd = disk.openSync(path, "r");
  } catch {
    return null;
  }
  try {
    const stat = disk.fstatSync(fd);
    if (!stat.isFile() || stat.size > limit) return null;
    const hash = createHash("sha256");
    const block = Buffer.allocUnsafe(BLOCK);
    let bytes = 0;
    for (;;) {
      const got = disk.readSync(fd, block, 0, BLOCK, null);
      if (got === 0) return { sha256: hash.digest("hex"), bytes };
      hash.update(block.subarray(0, got));
      bytes += got;
    }
  } catch {
    return null;
  } finally {
    disk.closeSync(fd);
  }
}

function stampOf(stat: BigIntStats): string {
  return `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`;
}

function remember(path: string, stamp: string, hash: FileHash): FileHash {
  known.delete(path);
  known.set(path, { stamp, hash });
  if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
  return hash;
}
