/** Files that a run read and wrote, with the hash of what was there at the time. */
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { ObservedEvent } from "../../observe/index.js";
import type { InputRecord, RunMeta } from "../format/index.js";
import { libraryHome } from "./environment.js";
import { hashFile, hashFileNow } from "./hash-file.js";

/** A file that was read and is then overwritten is hashed on the spot, unless it is larger than this many bytes. */
const HASH_AT_ONCE = 64 << 20;
/** Files recorded per run. */
const MOST_FILES = 2_000;

/** Read by module loaders and type checkers on the user's behalf. */
const TOOL_FILES = new Set(["package.json", "tsconfig.json", "jsconfig.json"]);
const SYSTEM_FOLDERS = ["/proc/", "/dev/", "/sys/"];

export class FileLog {
  private readonly tables = new Map<string, InputRecord>();
  private readonly read = new Map<string, { sha256: string; bytes: number } | null>();
  private readonly written = new Map<string, { sha256: string; bytes: number } | null>();
  private readonly excluded: string[];
  private tooMany = false;

  /** Paths are recorded relative to `folder`, unless they lie outside of the project that holds the store. */
  constructor(private readonly folder: string, private readonly storeRoot: string) {
    this.excluded = [storeRoot, libraryHome()].filter((place) => place !== null).map((place) => place + sep);
  }

  table(event: ObservedEvent & { type: "read" }): void {
    const { sha256, bytes, rows, columns, role, schema } = event;
    const path = this.shown(resolve(event.path));
    // One file may be read as a sample and as a whole: both count.
    this.tables.set(`${path}\0${role}\0${rows}\0${columns}\0${sha256}`, { path, sha256, bytes, rows, columns, role, schema });
  }

  tableWritten(event: ObservedEvent & { type: "write" }): void {
    this.written.set(resolve(event.path), { sha256: event.sha256, bytes: event.bytes });
  }

  fileRead(path: string): void {
    // What the run itself wrote before is no input.
    if (this.read.has(path) || this.written.has(path) || !this.counts(path)) return;
    if (this.full()) return;
    this.read.set(path, null);
  }

  fileWritten(path: string): void {
    if (!this.counts(path)) return;
    if (this.read.get(path) === null && this.read.has(path)) this.read.set(path, hashFileNow(path, HASH_AT_ONCE));
    if (!this.written.has(path) && this.full()) return;
    this.written.set(path, null);
  }

  /** The inputs so far, without files whose hash is not known yet. */
  known(): InputRecord[] {
    return sorted([...this.tables.values()]);
  }

  /** Everything, hashed; and one line for each thing that could not be told. */
  async finish(): Promise<{ inputs: InputRecord[]; written: RunMeta["written"]; notes: string[] }> {
    const notes: string[] = [];
    const inputs = [...this.tables.values()];
    const asTables = new Set(inputs.map((input) => input.path));
    for (const [path, before] of this.read) {
      const shown = this.shown(path);
      if (asTables.has(shown)) continue;
      const hash = before ?? (this.written.has(path) ? null : await hashFile(path));
      if (hash !== null) inputs.push({ path: shown, ...hash, rows: null, columns: null, role: "file" });
      else if (this.written.has(path)) notes.push(`${shown} was read and then overwritten before it could be hashed: it is not among the inputs`);
    }
    const written: RunMeta["written"] = [];
    for (const path of this.written.keys()) {
      // The table's hash is what was written first; a later change by other means counts.
      const hash = await hashFile(path);
      if (hash !== null) written.push({ path: this.shown(path), sha256: hash.sha256, bytes: hash.bytes });
    }
    if (this.tooMany) notes.push(`more than ${MOST_FILES} files were read or written; the rest is not listed`);
    return { inputs: sorted(inputs), written: written.sort((a, b) => (a.path < b.path ? -1 : 1)), notes };
  }

  private full(): boolean {
    if (this.read.size + this.written.size < MOST_FILES) return false;
    this.tooMany = true;
    return true;
  }

  private counts(path: string): boolean {
    if (path.includes(`${sep}node_modules${sep}`)) return false;
    if (SYSTEM_FOLDERS.some((folder) => path.startsWith(folder))) return false;
    if (TOOL_FILES.has(path.slice(path.lastIndexOf(sep) + 1))) return false;
    return !this.excluded.some((folder) => path.startsWith(folder));
  }

  private shown(path: string): string {
    const project = dirname(this.storeRoot);
    const near = relative(this.folder, path);
    const outside = near.startsWith("..") && relative(project, path).startsWith("..");
    return (outside || isAbsolute(near) ? path : near).split(sep).join("/");
  }
}

const sorted = (inputs: InputRecord[]): InputRecord[] => inputs.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
