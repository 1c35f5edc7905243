/**
 * Every file-system call of the store, in one table, so that a test can make the k-th one fail.
 *
 * The functions are taken when this file is loaded: a recorder that later wraps `node:fs` to see what the user's cell
 * reads and writes never sees the bookkeeping of the store itself.
 */
import * as fs from "node:fs";
import { promisify } from "node:util";

export const disk = {
  open: fs.openSync,
  close: fs.closeSync,
  write: fs.writeSync as (fd: number, bytes: Uint8Array, offset: number, length: number, position: number | null) => number,
  read: fs.readSync as (fd: number, bytes: Uint8Array, offset: number, length: number, position: number | null) => number,
  truncate: fs.ftruncateSync,
  fsync: fs.fsyncSync,
  fdatasync: fs.fdatasyncSync,
  /** The same as `fsync`, off the main thread: several at once share one commit of the file system's journal. */
  fsyncLater: promisify(fs.fsync),
  fstat: fs.fstatSync as (fd: number) => fs.Stats,
  lstat: fs.lstatSync as (path: string) => fs.Stats,
  realpath: fs.realpathSync.native as (path: string) => string,
  readdir: fs.readdirSync as (path: string) => string[],
  entries: ((path: string) => fs.readdirSync(path, { withFileTypes: true })) as (path: string) => fs.Dirent[],
  mkdir: fs.mkdirSync,
  rmdir: fs.rmdirSync,
  remove: fs.rmSync,
  rename: fs.renameSync,
  link: fs.linkSync,
  unlink: fs.unlinkSync,
};

/** Folders and files of a store are for their owner alone: on a shared hub, runs hold a student's work. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** The errno name of a failed call, such as "ENOSPC"; "" when it is no such failure. */
export function errorCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === "string" ? code : "";
}

/** Runs a call for which "it is not there" is a fine answer. */
export function ifThere<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    throw error;
  }
}
