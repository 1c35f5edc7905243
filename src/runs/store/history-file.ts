/**
 * `metrics/history.jsonl` of a live run: one writer, one write and one flush for a batch of points.
 *
 * A failed or short write leaves the points in memory; the next attempt first cuts the file back to the last whole
 * line, so that a full disk costs time and not points.
 */
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { dirname, join } from "node:path";
import { historyLine } from "../format/history.js";
import { FILES, type HistoryPoint } from "../format/types.js";
import { disk, FILE_MODE, FOLDER_MODE } from "./disk.js";
import { writeAll } from "./durable.js";

export class HistoryFile {
  private fd: number | null = null;
  private waiting: string[] = [];
  private wholeBytes = 0;
  private torn = false;
  private hash: Hash = createHash("sha256");
  /** Points accepted, and points that are on the disk. */
  count = 0;
  durable = 0;

  constructor(private readonly folder: string) {}

  /** Takes a point; it is on the disk after the next `flush`. Values that are not finite numbers have no JSON and are left out. */
  add(point: Omit<HistoryPoint, "i">): void {
    const values: Record<string, number> = {};
    for (const [name, value] of Object.entries(point.values)) if (Number.isFinite(value)) values[name] = value;
    this.waiting.push(historyLine({ i: this.count++, step: point.step, t: point.t, values }));
  }

  get pending(): number {
    return this.waiting.length;
  }

  /** Writes what waits and flushes it to the disk. Throws the file system's error; nothing is lost by that. */
  flush(): void {
    if (this.waiting.length === 0) return;
    const fd = this.open();
    const bytes = Buffer.from(this.waiting.join(""));
    if (this.torn) {
      disk.truncate(fd, this.wholeBytes);
      this.torn = false;
    }
    this.torn = true;
    writeAll(fd, bytes);
    disk.fdatasync(fd);
    this.torn = false;
    this.wholeBytes += bytes.length;
    this.hash.update(bytes);
    this.durable += this.waiting.length;
    this.waiting = [];
  }

  /** Flushes and closes. The entry for the manifest; null when there never was a point. */
  close(): { sha256: string; bytes: number } | null {
    this.flush();
    if (this.fd === null) return null;
    disk.close(this.fd);
    this.fd = null;
    return { sha256: this.hash.copy().digest("hex"), bytes: this.wholeBytes };
  }

  private open(): number {
    if (this.fd !== null) return this.fd;
    const path = join(this.folder, FILES.history);
    disk.mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    const fd = disk.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), FILE_MODE);
    try {
      // The names must be as durable as the points behind them.
      for (const folder of [dirname(path), this.folder]) syncFolder(folder);
    } catch (error) {
      disk.close(fd);
      throw error;
    }
    this.fd = fd;
    return fd;
  }
}

function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = disk.open(folder, constants.O_RDONLY);
  try {
    disk.fsync(fd);
  } catch (error) {
    if (!["EINVAL", "ENOTSUP", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    disk.close(fd);
  }
}
