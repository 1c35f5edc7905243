/** The runs of a project: plain folders, and a small index that can be thrown away. */
import { dirname, join, resolve as absolute } from "node:path";
import { now } from "../../clock.js";
import { RunlabError } from "../../errors.js";
import { loadRunDocument } from "../format/document.js";
import { FILES, type IndexRecord, type RunDocument, type RunMeta } from "../format/types.js";
import { makeFolders } from "./make-folders.js";
import { metaFromRemains, metaText, publishEnd, type Outcome } from "./close-run.js";
import { compact } from "./compaction.js";
import { readContained } from "./contained-file.js";
import { disk, errorCode, FOLDER_MODE, ifThere } from "./disk.js";
import { createFile, discard, flush } from "./durable.js";
import { problemRecord, recordOf } from "./index-record.js";
import { INDEX, IndexSegment } from "./index-segment.js";
import { IndexView } from "./index-view.js";
import { judge } from "./life.js";
import { checkFree, LiveRun } from "./live-run.js";
import { placesIn, sha256 } from "./manifest.js";
import { newMeta, type NewRun } from "./new-meta.js";
import { openRun, type OpenedRun } from "./open-run.js";
import { redact } from "./redact.js";
import { resolveReference } from "./reference.js";
import { reserve } from "./reserve.js";
import { isRunName, newRunId, randomTag } from "./run-id.js";
import { storeError } from "./store-error.js";

const TMP = ".tmp";
/** A folder or file with a hidden name, older than this, was left by a process that was killed before its run appeared. */
const LEFT_OVER_MS = 3_600_000;

/**
 * Guarantees: a run appears whole or not at all; a finished run is never changed; any number of processes may write runs,
 * list and compact at the same time, on a local disk or a network folder; whatever one finds in the folder, the other
 * runs are still listed. Reading never executes anything from a run.
 */
export class Store {
  private readonly segment: IndexSegment;
  private view: IndexView;
  private readonly runs: string;

  /** Only remembers the place; the first run creates it. Use `openStore`. */
  constructor(readonly root: string) {
    this.runs = join(root, "runs");
    this.segment = new IndexSegment(this.runs);
    this.view = new IndexView(this.runs);
  }

  /**
   * Every run, newest first. The index is compared with the folders: a run that the index does not know is opened, one
   * whose folder is gone is dropped, a live run is looked at again and closed as crashed when its writer is gone. A folder
   * that is no readable run has `problem` set. What was found out is added to the index, if the store can be written.
   *
   * 10,000 runs take some tens of milliseconds, 100,000 about half a second.
   */
  async list(): Promise<IndexRecord[]> {
    try {
      if (ifThere(() => disk.lstat(this.root))?.isFile()) throw new RunlabError("the store is a folder", { received: this.root, allowed: "a folder that holds runs/, or one that is not there yet" });
      // The index first, the folders second: a run that ends up in the index has its folder by then.
      const segments = this.view.refresh();
      const names = this.folders();
      const healed = await this.reconcile(names);
      this.heal(healed);
      const records = this.listed(names);
      if (segments >= 16) this.tidy();
      return records;
    } catch (error) {
      throw storeError(error, "list the runs", this.runs);
    }
  }

  /** The id of the run that a person means: see `resolveReference`. Throws `RunlabError` when that is not one run. */
  async resolve(reference: string): Promise<string> {
    return resolveReference(reference, await this.list());
  }

  /** Everything about one run. `id` is a whole id, as `resolve` gives it. Throws `RunlabError` when it cannot be read. */
  async read(id: string): Promise<RunDocument> {
    const folder = this.folderOf(id);
    const opened = openRun(this.runs, id);
    if (opened.state === "gone") throw new RunlabError("there is no such run", { received: id });
    if (opened.state === "unusable") throw new RunlabError(`the run ${id} cannot be read: ${opened.problem}`);
    try {
      const refused: string[] = [];
      const read = async (place: string): Promise<string | null> => {
        try {
          return readContained(folder, place)?.toString("utf8") ?? null;
        } catch (error) {
          // A file that cannot be read must not hide the others.
          refused.push(storeError(error, `read ${place}`, folder).message);
          return null;
        }
      };
      const document = await loadRunDocument(read, async () => placesIn(folder));
      return { ...document, problems: [...document.problems, ...refused] };
    } catch (error) {
      throw storeError(error, `read the run ${id}`, folder);
    }
  }

  /** The folder of a run. Throws `RunlabError` when `id` is no id: a run is named by id, never by a path. */
  folderOf(id: string): string {
    if (id === "" || !isRunName(id) || /[/\\\0]/.test(id)) throw new RunlabError("a run is named by its id", { received: id });
    return join(this.runs, id);
  }

  /**
   * Begins a run. It is built under a hidden name and appears whole, as a live run with a heartbeat, under its own.
   * `files` are written before it appears, by their place in the folder.
   *
   * @throws RunlabError when the store cannot be written; nothing is visible then.
   */
  async start(run: NewRun, files: Record<string, string | Uint8Array> = {}): Promise<LiveRun> {
    try {
      this.prepare("start the run");
      return await this.publish(run, files);
    } catch (error) {
      throw storeError(error, "start the run", this.runs);
    }
  }

  /**
   * Ends a run for a writer that cannot do so itself. The first end record of a run counts.
   *
   * @returns true when this call ended it, false when it had ended before.
   */
  async close(id: string, outcome: Outcome): Promise<boolean> {
    const opened = openRun(this.runs, id);
    if (opened.state === "ended") return false;
    if (opened.state === "gone") throw new RunlabError("there is no such run", { received: id });
    if (opened.state === "unusable") throw new RunlabError(`the run ${id} cannot be closed: ${opened.problem}`);
    try {
      return await this.end(id, opened.meta, outcome, Math.max(opened.beat, Date.parse(opened.meta.started_at)));
    } catch (error) {
      throw storeError(error, `close the run ${id}`, this.runs);
    }
  }

  /**
   * Makes the index anew from the folders, all of them opened. About a minute for a million runs.
   *
   * @returns how many runs are readable, and the ids of folders that are not.
   */
  async reindex(): Promise<{ runs: number; problems: { id: string; problem: string }[] }> {
    try {
      if (ifThere(() => disk.lstat(this.runs)) === null) return { runs: 0, problems: [] };
      this.prepare("rebuild the index");
      this.view.refresh();
      const stamp = now();
      const records: IndexRecord[] = [];
      const names = this.folders();
      for (const id of names) {
        const record = await this.recordFor(id, openRun(this.runs, id), stamp);
        if (record !== null) records.push(record);
      }
      const present = new Set(names);
      for (const [id, record] of this.view.records) if (!present.has(id) && !record.deleted) records.push(deletion(record, stamp));
      this.segment.append(records);
      compact(this.runs, { force: true, time: this.fileSystemTime() });
      this.view = new IndexView(this.runs);
      const problems = records.flatMap((record) => (record.problem === undefined ? [] : [{ id: record.id, problem: record.problem }]));
      return { runs: records.filter((record) => !record.deleted).length - problems.length, problems };
    } catch (error) {
      throw storeError(error, "rebuild the index", this.runs);
    }
  }

  /** Closes the files that the store holds open. Runs that are live stay so. */
  dispose(): void {
    this.segment.close();
  }

  private folders(): string[] {
    return (ifThere(() => disk.readdir(this.runs)) ?? []).filter(isRunName);
  }

  /** What the index does not know yet, or has wrong. */
  private async reconcile(names: string[]): Promise<IndexRecord[]> {
    const healed: IndexRecord[] = [];
    const { records } = this.view;
    const stamp = now();
    for (const id of names) {
      const known = records.get(id);
      if (known !== undefined && !known.deleted && known.status !== "running" && known.problem === undefined) continue;
      // Not before what the index has: clocks of two machines differ, and the later record counts.
      const record = await this.recordFor(id, openRun(this.runs, id), Math.max(stamp, known?.t ?? 0));
      if (record !== null && !sameState(known, record)) healed.push(record);
    }
    if (records.size > names.length || healed.length > 0) {
      const present = new Set(names);
      for (const [id, record] of records) {
        if (record.deleted || present.has(id)) continue;
        if (ifThere(() => disk.lstat(join(this.runs, id))) === null) healed.push(deletion(record, stamp));
      }
    }
    return healed;
  }

  private async recordFor(id: string, opened: OpenedRun, stamp: number): Promise<IndexRecord | null> {
    if (opened.state === "gone") return null;
    if (opened.state === "unusable") return problemRecord(id, opened.problem, stamp);
    if (opened.state === "ended" || judge(opened, () => this.fileSystemTime()) === "alive") return recordOf(opened.meta, stamp);
    try {
      await this.end(id, opened.meta, { status: "crashed" }, opened.beat);
    } catch {
      // A store that cannot be written still shows the run as what it is.
      return recordOf({ ...opened.meta, status: "crashed" }, stamp);
    }
    const after = openRun(this.runs, id);
    return after.state === "ended" ? recordOf(after.meta, stamp) : null;
  }

  private async end(id: string, live: RunMeta, outcome: Outcome, lastSeen: number): Promise<boolean> {
    const folder = this.folderOf(id);
    const meta = metaFromRemains(folder, live, outcome, lastSeen);
    const first = await publishEnd(folder, meta);
    if (first) this.heal([recordOf(meta, now())]);
    return first;
  }

  /** Adds records to the index if that is possible; the view takes them in any case. */
  private heal(records: IndexRecord[]): void {
    for (const record of records) this.view.take(record);
    try {
      this.segment.append(records);
    } catch {
      // A store that cannot be written is still listed, only slower.
    }
  }

  private listed(names: string[]): IndexRecord[] {
    const records: IndexRecord[] = [];
    for (const id of names) {
      const record = this.view.records.get(id);
      if (record !== undefined && !record.deleted) records.push(record);
    }
    return records.sort((a, b) => b.started - a.started || (a.id < b.id ? 1 : -1));
  }

  private prepare(doing: string): void {
    for (const folder of [this.runs, join(this.runs, TMP), join(this.runs, INDEX)]) makeFolders(folder, doing);
  }

  private async publish(run: NewRun, files: Record<string, string | Uint8Array>): Promise<LiveRun> {
    const started = run.started_at === undefined ? now() : Date.parse(run.started_at);
    for (let attempt = 0; ; attempt++) {
      const id = newRunId(redact(run.name), run.seed, started);
      const hidden = join(this.runs, TMP, id);
      const folder = join(this.runs, id);
      const meta = newMeta(id, run, started);
      let ours = false;
      let written: Manifested;
      try {
        disk.mkdir(hidden, { mode: FOLDER_MODE });
        ours = true;
        createFile(join(hidden, FILES.live), Buffer.from(metaText(meta)));
        written = writeAtStart(hidden, files);
        reserve(hidden);
        await flush([hidden, join(hidden, FILES.live), ...foldersOf(hidden, written), ...pathsOf(hidden, written)]);
        // Renaming onto a folder fails when that has anything in it, and a run's folder always has.
        if (ifThere(() => disk.lstat(folder)) !== null) throw Object.assign(new Error(id), { code: "EEXIST" });
        disk.rename(hidden, folder);
      } catch (error) {
        if (ours) remove(hidden);
        if (["EEXIST", "ENOTEMPTY"].includes(errorCode(error)) && attempt < 100) continue;
        throw error;
      }
      try {
        await flush([this.runs]);
      } catch (error) {
        // The caller is told that there is no run, so none may stay behind.
        withdraw(folder, hidden);
        throw error;
      }
      this.heal([recordOf(meta, started)]);
      return new LiveRun(folder, meta, written, (record) => this.segment.append([record]));
    }
  }

  /** What time it is by the clock that stamps the files; this machine's clock when the store cannot be written. */
  private fileSystemTime(): number {
    const probe = join(this.runs, TMP, `.clock-${process.pid}-${randomTag()}`);
    try {
      createFile(probe, Buffer.from("\n"));
      return disk.lstat(probe).mtimeMs;
    } catch {
      return now();
    } finally {
      discard(probe);
    }
  }

  /** Housekeeping that a list may do when it finds much to do. A failure only means that it is done later. */
  private tidy(): void {
    try {
      const time = this.fileSystemTime();
      compact(this.runs, { time });
      sweep(join(this.runs, TMP), () => true, time);
      sweep(join(this.runs, INDEX), (name) => name.startsWith(".") && name.endsWith(".tmp"), time);
    } catch {
      // Somebody else's store, or a full disk.
    }
  }
}

type Manifested = Map<string, { sha256: string; bytes: number }>;

function writeAtStart(folder: string, files: Record<string, string | Uint8Array>): Manifested {
  const written: Manifested = new Map();
  for (const [place, content] of Object.entries(files)) {
    checkFree(place);
    const bytes = typeof content === "string" ? Buffer.from(redact(content)) : content;
    const path = pathOf(folder, place);
    disk.mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    createFile(path, bytes);
    written.set(place, { sha256: sha256(bytes), bytes: bytes.length });
  }
  return written;
}

const pathOf = (folder: string, place: string): string => join(folder, ...place.split("/"));
const pathsOf = (folder: string, written: Manifested): string[] => [...written.keys()].map((place) => pathOf(folder, place));

function foldersOf(folder: string, written: Manifested): Set<string> {
  const folders = new Set<string>();
  for (const path of pathsOf(folder, written)) for (let parent = dirname(path); parent !== folder; parent = dirname(parent)) folders.add(parent);
  return folders;
}

/** Opens the store at `root` (the folder that holds `runs`). Nothing is created before the first run. */
export function openStore(root: string): Store {
  return new Store(absolute(root));
}

/** `Store.close` as a function, for a supervisor whose child has died: the first end record counts. */
export async function closeRun(store: Store, id: string, outcome: Outcome): Promise<boolean> {
  return store.close(id, outcome);
}

function deletion(record: IndexRecord, t: number): IndexRecord {
  return { ...record, t: Math.max(t, record.t), metrics: {}, flags: {}, tags: [], deleted: true };
}

/** Whether the index needs no new record: the state and what a list shows of it are the same. */
function sameState(known: IndexRecord | undefined, found: IndexRecord): boolean {
  if (known === undefined || known.deleted) return false;
  if (found.status === "running" && known.status === "running") return true;
  return known.status === found.status && known.problem === found.problem;
}

/** Removes what a killed process left, once it is old enough to be nobody's. */
function sweep(folder: string, isLeftOver: (name: string) => boolean, time: number): void {
  for (const name of (ifThere(() => disk.readdir(folder)) ?? []).filter(isLeftOver)) {
    const stat = ifThere(() => disk.lstat(join(folder, name)));
    if (stat !== null && time - stat.mtimeMs > LEFT_OVER_MS) remove(join(folder, name));
  }
}

/** Takes a run back that has just appeared: out of sight in one step, then away. */
function withdraw(folder: string, hidden: string): void {
  try {
    disk.rename(folder, hidden);
  } catch {
    return;
  }
  remove(hidden);
}

function remove(path: string): void {
  try {
    disk.remove(path, { recursive: true, force: true });
  } catch {
    // Swept later.
  }
}
