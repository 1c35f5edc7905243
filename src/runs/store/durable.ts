/**
 * Writing so that a kill, a power cut or a full disk leaves either the whole file or none.
 *
 * The rules, each paid for by somebody's lost data: a file gets its name only when its bytes are complete; bytes are
 * flushed before the name when the name is a promise; a folder is flushed after a name in it has changed; a short
 * write is a failed write.
 */
import { constants } from "node:fs";
import { dirname, basename, join } from "node:path";
import { randomTag } from "./run-id.js";
import { disk, errorCode, FILE_MODE } from "./disk.js";

/** Writes all bytes at the descriptor's place, or throws. The kernel may take fewer than asked without an error. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) {
    const taken = disk.write(fd, bytes, done, bytes.length - done, null);
    if (taken <= 0) throw Object.assign(new Error("ENOSPC: the disk took no more bytes"), { code: "ENOSPC" });
    done += taken;
  }
}

/** Creates a file that must not exist yet. `flush: false` leaves the flush to the caller. */
export function createFile(path: string, bytes: Uint8Array, { flush = false } = {}): void {
  const fd = disk.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  try {
    writeAll(fd, bytes);
    if (flush) disk.fsync(fd);
  } finally {
    disk.close(fd);
  }
}

/** A name beside `path` that browsers and listings skip, unique to this call. */
export function hiddenBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomTag()}.tmp`);
}

/** Puts `bytes` at `path` in one step: readers see the old file or the new one. */
export function replaceFile(path: string, bytes: Uint8Array, { flush = false } = {}): void {
  const hidden = hiddenBeside(path);
  try {
    createFile(hidden, bytes, { flush });
    disk.rename(hidden, path);
  } catch (error) {
    discard(hidden);
    throw error;
  }
}

/**
 * Gives a complete file its final name, unless somebody else did so first. What `before` names is on the disk before
 * the name is.
 *
 * `link` fails when the name is taken, on local disks and on NFS alike, so of two writers exactly one wins. File
 * systems without hard links (some network shares, FAT) fall back to an exclusive create, where a reader may meet the
 * file before its last byte; it then counts as damaged until it is whole.
 *
 * @returns true when this call gave the name, false when it was taken.
 */
export async function publishOnce(path: string, bytes: Uint8Array, before: Iterable<string> = []): Promise<boolean> {
  const hidden = hiddenBeside(path);
  try {
    createFile(hidden, bytes);
    await flush([...before, hidden]);
    return giveName(hidden, path, bytes);
  } finally {
    discard(hidden);
  }
}

/** `publishOnce` on this thread alone: for a process that exits, where nothing can be waited for. */
export function publishOnceNow(path: string, bytes: Uint8Array, before: Iterable<string> = []): boolean {
  const hidden = hiddenBeside(path);
  try {
    createFile(hidden, bytes);
    for (const each of [...before, hidden]) flushNow(each);
    return giveName(hidden, path, bytes);
  } finally {
    discard(hidden);
  }
}

function giveName(hidden: string, path: string, bytes: Uint8Array): boolean {
  try {
    disk.link(hidden, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"].includes(errorCode(error))) throw error;
    return createExclusive(path, bytes);
  }
}

function createExclusive(path: string, bytes: Uint8Array): boolean {
  let fd: number;
  try {
    fd = disk.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    writeAll(fd, bytes);
    disk.fsync(fd);
    return true;
  } catch (error) {
    // The name was ours alone, so taking the half-written file away cannot hurt another writer.
    discard(path);
    throw error;
  } finally {
    disk.close(fd);
  }
}

/** From so many on, flushing in parallel pays for the way to other threads: the file system commits several in one go. */
const MANY = 8;

/** Flushes files and folders to the disk, in any order. */
export async function flush(paths: Iterable<string>): Promise<void> {
  const all = [...paths];
  if (all.length < MANY) {
    for (const path of all) flushNow(path);
    return;
  }
  const results = await Promise.allSettled(all.map(flushLater));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** Flushes one file or folder on this thread. */
export function flushNow(path: string): void {
  const fd = openForFlush(path);
  if (fd === null) return;
  try {
    disk.fsync(fd);
  } catch (error) {
    if (!cannotFlush(error)) throw error;
  } finally {
    disk.close(fd);
  }
}

async function flushLater(path: string): Promise<void> {
  const fd = openForFlush(path);
  if (fd === null) return;
  try {
    await disk.fsyncLater(fd);
  } catch (error) {
    if (!cannotFlush(error)) throw error;
  } finally {
    disk.close(fd);
  }
}

function openForFlush(path: string): number | null {
  try {
    return disk.open(path, constants.O_RDONLY);
  } catch (error) {
    // Windows does not open folders; it keeps names durable by itself.
    if (process.platform === "win32" && ["EISDIR", "EPERM", "EACCES"].includes(errorCode(error))) return null;
    throw error;
  }
}

/** Some network and FUSE file systems cannot flush a folder. There is nothing better to do on them. */
function cannotFlush(error: unknown): boolean {
  return ["EINVAL", "ENOTSUP", "EPERM"].includes(errorCode(error));
}

/** Takes a file away whose loss does not matter; a failure to do so does not matter either. */
export function discard(path: string): void {
  try {
    disk.unlink(path);
  } catch {
    // A left-over hidden file is swept later.
  }
}
