/** A run while it is being made: the one writer of its folder. */
import { dirname, join } from "node:path";
import { elapsed, now } from "../../clock.js";
import { RunlabError } from "../../errors.js";
import { FILES, type IndexRecord, type RunMeta, type RunStatus } from "../format/types.js";
import { checkPlace } from "./contained-file.js";
import { disk, FOLDER_MODE } from "./disk.js";
import { metaText, publishedMeta, publishEnd, publishEndNow } from "./close-run.js";
import { replaceFile } from "./durable.js";
import { beat } from "./heartbeat.js";
import { HistoryFile } from "./history-file.js";
import { recordOf } from "./index-record.js";
import { manifestOf, sha256 } from "./manifest.js";
import { freeReserve } from "./reserve.js";
import { cleanMeta } from "./new-meta.js";
import { redact } from "./redact.js";
import { storeError } from "./store-error.js";

/** History is flushed after so many points or so much time, whichever comes first. */
const BATCH_POINTS = 1000;
const BATCH_MS = 1000;
/** State goes to live.json and to the index at most this often; in a long run less often still, 2 % of its age. */
const STATE_MS = 1000;

/** A point as the caller knows it; its number and, unless given, its time are filled in. */
export interface NewPoint {
  step: number;
  values: Record<string, number>;
  /** Milliseconds since the run started; default: now. */
  t?: number;
}

export type MetaChanges = Partial<Omit<RunMeta, "id" | "format_version" | "writer" | "files" | "history_points" | "started_at">>;

export type EndChanges = MetaChanges & { status?: Exclude<RunStatus, "running"> };

/**
 * Guarantees: what `write` and `finish` have acknowledged survives a kill of this process; a point of the history
 * survives it about a second after `appendHistory`, and `flush` makes it at once. A power cut leaves at least the flushed
 * points, and everything once `finish` has returned. A finished run never changes.
 */
export class LiveRun {
  private readonly history: HistoryFile;
  private readonly unflushed = new Set<string>();
  private readonly startedAt = elapsed();
  private timer: NodeJS.Timeout | null = null;
  private stateDue = false;
  private lastBatch = elapsed();
  private lastState = elapsed();
  /** Points that the record's metrics know of: whoever closes the run after a crash adds the later ones. */
  private pointsInMetrics = Number.POSITIVE_INFINITY;
  private state: "live" | "ending" | "ended" = "live";

  /** Made by `Store.start`. `written` are the files it has so far; `announce` puts a record into the index. */
  constructor(
    readonly folder: string,
    private record: RunMeta,
    private readonly written: Map<string, { sha256: string; bytes: number }>,
    private readonly announce: (record: IndexRecord) => void,
  ) {
    this.history = new HistoryFile(folder);
    beat(join(folder, FILES.live));
  }

  get id(): string {
    return this.record.id;
  }

  /** The record as it stands; do not change it, use `update`. */
  get meta(): Readonly<RunMeta> {
    return this.record;
  }

  /**
   * Writes a file of the run; a later write to the same place replaces it whole. Secrets in text are taken out; bytes
   * are written as they are. `place` is relative, such as "plots/roc.vl.json".
   *
   * @throws RunlabError when the place is not allowed, the run has ended, or the disk refuses.
   */
  async write(place: string, content: string | Uint8Array): Promise<void> {
    this.checkLive("write");
    checkFree(place);
    const bytes = typeof content === "string" ? Buffer.from(redact(content)) : content;
    const path = join(this.folder, ...place.split("/"));
    try {
      disk.mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
      replaceFile(path, bytes);
    } catch (error) {
      throw storeError(error, `write ${place} of the run`, path);
    }
    this.written.set(place, { sha256: sha256(bytes), bytes: bytes.length });
    this.unflushed.add(path);
    for (let folder = dirname(path); folder !== this.folder; folder = dirname(folder)) this.unflushed.add(folder);
  }

  /**
   * Adds points to the metric history and returns at once. A full disk does not disturb the caller: the points wait in
   * memory, and `finish` fails if they still cannot be written. A value that is not a finite number is left out.
   */
  appendHistory(points: NewPoint[]): void {
    this.checkLive("appendHistory");
    for (const point of points) this.history.add({ step: point.step, t: point.t ?? Math.round(elapsed() - this.startedAt), values: point.values });
    // A cell that computes in one go never lets a timer run, so the clock is looked at here as well.
    if (this.history.pending >= BATCH_POINTS || elapsed() - this.lastBatch > BATCH_MS) this.tryFlush();
    else this.wake();
  }

  /** Puts the points that wait on the disk now. The number of points that are certain. Throws when the disk refuses. */
  flush(): number {
    try {
      this.history.flush();
      this.lastBatch = elapsed();
    } catch (error) {
      throw storeError(error, "write the metric history of the run", this.folder);
    }
    return this.history.durable;
  }

  /** Changes the record; readers see it within about a second. */
  update(changes: MetaChanges): void {
    this.checkLive("update");
    this.record = cleanMeta({ ...this.record, ...given(changes), status: "running" });
    if (changes.metrics !== undefined) this.pointsInMetrics = this.history.count;
    this.stateDue = true;
    if (elapsed() - this.lastState > this.statePause()) this.showState();
    else this.wake();
  }

  /** Shows the record with these changes and puts the waiting points on the disk, at once: for a process that exits. */
  checkpoint(changes: MetaChanges): void {
    this.update(changes);
    this.tryFlush();
    this.showState();
  }

  /**
   * Ends the run: flushes everything, writes the manifest and the end record. May be called again when it failed, for
   * example after space was made on the disk.
   *
   * @returns the record as published. When somebody else had ended the run before (a reaper that took it for dead), that
   * is theirs: the first end record counts.
   */
  async finish(changes: EndChanges = {}): Promise<RunMeta> {
    this.checkLive("finish");
    this.state = "ending";
    try {
      const { meta, ended } = this.prepareEnd(changes);
      const first = await publishEnd(this.folder, meta, this.unflushed);
      return this.settle(meta, first, ended);
    } catch (error) {
      throw this.refused(error);
    }
  }

  /**
   * `finish` without waiting for anything, for a process that exits, also in the middle of a `finish`: of two end records
   * the first counts.
   */
  finishNow(changes: EndChanges = {}): RunMeta {
    if (this.state === "ended") return this.record;
    this.state = "ending";
    try {
      const { meta, ended } = this.prepareEnd(changes);
      return this.settle(meta, publishEndNow(this.folder, meta, this.unflushed), ended);
    } catch (error) {
      throw this.refused(error);
    }
  }

  private prepareEnd(changes: EndChanges): { meta: RunMeta; ended: number } {
    // From here on the disk may be full: what was kept free for this moment is used now.
    freeReserve(this.folder);
    const [history, lost] = this.closeHistory();
    if (history !== null) {
      this.written.set(FILES.history, history);
      for (const path of [join(this.folder, FILES.history), join(this.folder, dirname(FILES.history))]) this.unflushed.add(path);
    }
    const ended = now();
    const files = manifestOf(this.folder, this.written);
    // Files that others put into the folder are flushed too: the manifest vouches for them.
    for (const { path } of files) if (!this.written.has(path)) this.unflushed.add(join(this.folder, ...path.split("/")));
    const meta = cleanMeta({
      ...this.record,
      ended_at: new Date(ended).toISOString(),
      duration_ms: Math.round(elapsed() - this.startedAt),
      ...given(changes),
      status: changes.status ?? "finished",
      ...(lost === null ? {} : { notes: [...(changes.notes ?? this.record.notes ?? []), lost] }),
      history_points: lost === null ? this.history.count : this.history.durable,
      files,
    });
    return { meta, ended };
  }

  /** The history's entry for the manifest; and, when the disk has no room for the last points, a line about them. */
  private closeHistory(): [{ sha256: string; bytes: number } | null, string | null] {
    for (let attempt = 1; ; attempt++) {
      try {
        return [this.history.close(), null];
      } catch (error) {
        if (attempt === 1) continue;
        // The end of a run is worth more than its last points; they stay in memory until the end is written.
        const lost = `the last ${this.history.pending} points of the metric history are missing: ${storeError(error, "write them", this.folder).message}`;
        return [this.history.cut(), lost];
      }
    }
  }

  private settle(meta: RunMeta, first: boolean, ended: number): RunMeta {
    this.record = first ? meta : (publishedMeta(this.folder) ?? meta);
    this.rest("ended");
    this.tell(recordOf(this.record, ended));
    return this.record;
  }

  private refused(error: unknown): Error {
    // The record may have its name, and only the flush after it failed: then nothing may be added any more.
    if (publishedMeta(this.folder) !== null) this.rest("ended");
    else this.state = "live";
    return storeError(error, "end the run", this.folder);
  }

  private rest(state: "ended"): void {
    this.state = state;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private checkLive(doing: string): void {
    if (this.state !== "live") throw new RunlabError(`the run has ended and cannot be changed (${doing})`, { received: this.id });
  }

  private wake(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.state !== "live") return;
      this.tryFlush();
      if (this.stateDue && elapsed() - this.lastState > this.statePause()) this.showState();
      if (this.stateDue || this.history.pending > 0) this.wake();
    }, BATCH_MS);
    this.timer.unref();
  }

  private tryFlush(): void {
    this.lastBatch = elapsed();
    try {
      this.history.flush();
    } catch {
      // The points are kept; the next batch tries again and finish insists.
    }
  }

  private showState(): void {
    this.lastState = elapsed();
    this.stateDue = false;
    this.record = { ...this.record, history_points: Math.min(this.history.durable, this.pointsInMetrics) };
    try {
      replaceFile(join(this.folder, FILES.live), Buffer.from(metaText(this.record)), { flush: true });
    } catch {
      this.stateDue = true;
      return;
    }
    this.tell(recordOf(this.record, now()));
  }

  private tell(record: IndexRecord): void {
    try {
      this.announce(record);
    } catch {
      // The index is derived: the next list finds the run by its folder.
    }
  }

  private statePause(): number {
    return Math.max(STATE_MS, 0.02 * (elapsed() - this.startedAt));
  }
}

/** Checks that a file may be put at this place of a run. Throws `RunlabError`. */
export function checkFree(place: string): void {
  checkPlace(place);
  if (place === FILES.live || place === FILES.meta || place === FILES.history || place.startsWith("edits/")) {
    throw new RunlabError(`${place} is written by the store itself`, { allowed: "any other place, such as report.md" });
  }
}

/** Without fields that are set to undefined: they mean "no change". */
function given(changes: MetaChanges): MetaChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
