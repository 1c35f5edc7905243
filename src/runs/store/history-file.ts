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
import { flushNow, writeAll } from "./durable.js";

export class HistoryFile {
  private fd: number | null = null;
  private waiting: string[] = [];
  private wholeBytes = 0;
  private torn = false;
  private hash: Hash = createHash("sha256");
  /** Points accepted, and points that are on the disk. */
  count = 0;
  durable = 0;

  private readonly path: string;

  /** `folder` is the run's; the file is created with the first point. */
  constructor(private readonly folder: string) {
    this.path = join(folder, FILES.history);
  }

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
    this.write((fd) => {
      disk.fdatasync(fd);
      // The names must be as durable as the points behind them.
      if (this.wholeBytes === 0) for (const folder of [dirname(this.path), this.folder]) flushNow(folder);
    });
  }

  private write(settle: (fd: number) => void): void {
    if (this.waiting.length === 0) return;
    const fd = this.open();
    const bytes = Buffer.from(this.waiting.join(""));
    if (this.torn) {
      disk.truncate(fd, this.wholeBytes);
      this.torn = false;
    }
    this.torn = true;
    writeAll(fd, bytes);
    settle(fd);
    this.torn = false;
    this.wholeBytes += bytes.length;
    this.hash.update(bytes);
    this.durable += this.waiting.length;
    this.waiting = [];
  }

  /**
   * Writes what waits and closes; the caller flushes the file, together with the others, to the disk. The entry for the
   * manifest; null when there never was a point.
   */
  close(): { sha256: string; bytes: number } | null {
    this.write(() => undefined);
    if (this.fd === null) return null;
    disk.close(this.fd);
    this.fd = null;
    return { sha256: this.hash.copy().digest("hex"), bytes: this.wholeBytes };
  }

  /** Cuts the file back to its whole lines and closes it; what waits stays in memory. The entry for the manifest. */
  cut(): { sha256: string; bytes: number } | null {
    if (this.fd !== null) {
      if (this.torn) disk.truncate(this.fd, this.wholeBytes);
      this.torn = false;
      disk.close(this.fd);
      this.fd = null;
    }
    return this.wholeBytes === 0 ? null : { sha256: this.hash.copy().digest("hex"), bytes: this.wholeBytes };
  }

  private open(): number {
    if (this.fd !== null) return this.fd;
    disk.mkdir(dirname(this.path), { recursive: true, mode: FOLDER_MODE });
    this.fd = disk.open(this.path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), FILE_MODE);
    return this.fd;
  }
}
