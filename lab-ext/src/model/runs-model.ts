/** The runs that the sidebar shows: finds the store, reads its index, follows it. */
import type { Contents, ServerConnection } from "@jupyterlab/services";
import type { IDisposable } from "@lumino/disposable";
import { Signal } from "@lumino/signaling";
import type { IndexRecord } from "runlab/format";
import type { IRunsModel, RunsState } from "../tokens.js";
import { findStore } from "./find-store.js";
import { RunIndex } from "./run-index.js";
import { StoreFiles } from "./store-files.js";

/** A kernel that reports all the time makes the store be looked at this often at most: milliseconds. */
const REST = 250;
/** While there is no store, or it has no index, it is looked for only at every so many polls: a browser logs each 404. */
const SEARCH_EVERY = 5;

export class RunsModel implements IRunsModel, IDisposable {
  readonly changed = new Signal<this, void>(this);
  root: string | null = null;
  state: RunsState = "looking";
  problem: string | null = null;
  records: readonly IndexRecord[] = [];
  version = 0;
  isDisposed = false;

  private index: RunIndex | null = null;
  /** The store that a setting names; wins over every search. */
  private fixed: string | null = null;
  private from = "";
  private running: Promise<void> | null = null;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private polls = 0;
  /** The store has no index, or does not exist: a setting may name a folder that is still to come. */
  private missing = false;
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly contents: Contents.IManager,
    readonly settings: ServerConnection.ISettings,
  ) {}

  /** Reads files of the store, or of another one. */
  files(root: string): StoreFiles {
    return new StoreFiles(this.contents, this.settings, root);
  }

  get(id: string): IndexRecord | undefined {
    return this.index?.get(id);
  }

  /** Uses one store, whatever notebook is active; an empty path goes back to the one above the notebook. */
  async fix(root: string): Promise<void> {
    const wanted = root.replace(/^\/+|\/+$/g, "");
    if (wanted === (this.fixed ?? "")) return;
    this.fixed = wanted === "" ? null : wanted;
    await this.locate();
  }

  /** Shows the store above the notebook at `path`. */
  async follow(path: string): Promise<void> {
    this.from = path;
    await this.locate();
  }

  /** Shows the store at `root`, until another notebook is followed; a setting that names a store keeps its place. */
  async show(root: string): Promise<void> {
    if (this.fixed === null && root !== this.root) this.use(root);
    await this.refresh();
  }

  refresh(): Promise<void> {
    if (this.running) {
      // What made the caller ask may have happened after the running read looked.
      this.again = true;
      return this.running;
    }
    this.running = this.read().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** A refresh for those who ask often: at once, and then not again for a moment. */
  refreshSoon(): void {
    if (this.soon !== undefined) {
      this.again = true;
      return;
    }
    const look = (): void => {
      this.again = false;
      void this.refresh();
      this.soon = setTimeout(() => {
        this.soon = undefined;
        if (this.again && !this.isDisposed) look();
      }, REST);
    };
    look();
  }

  /** Looks at the store every so many seconds, but not while nobody sees the page. */
  poll(seconds: number): void {
    clearTimeout(this.timer);
    const next = (): void => {
      this.timer = setTimeout(() => void tick(), seconds * 1000);
    };
    const tick = async (): Promise<void> => {
      if (!document.hidden) {
        this.polls += 1;
        const search = this.polls % SEARCH_EVERY === 0;
        if (this.root === null) {
          if (search) await this.locate();
        } else if (!this.missing || search) {
          await this.refresh();
        }
      }
      if (!this.isDisposed) next();
    };
    next();
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    clearTimeout(this.soon);
    Signal.clearData(this);
  }

  private async locate(): Promise<void> {
    const from = this.from;
    const root = this.fixed ?? (await findStore(this.contents, from));
    if (from !== this.from) return;
    if (root !== this.root || this.state === "looking") this.use(root);
    if (root !== null) await this.refresh();
  }

  private use(root: string | null): void {
    this.root = root;
    this.index = root === null ? null : new RunIndex(this.files(root));
    this.records = [];
    this.missing = false;
    this.problem = null;
    this.state = root === null ? "none" : "looking";
    this.announce();
  }

  private async read(): Promise<void> {
    do {
      this.again = false;
      const index = this.index;
      if (index === null) {
        await this.locateOnce();
        continue;
      }
      try {
        const news = await index.refresh();
        if (index !== this.index) continue;
        this.missing = news === null;
        const recovered = this.state !== "ready";
        if (news || recovered) {
          this.records = index.list();
          this.state = "ready";
          this.problem = null;
          this.announce();
        }
      } catch (error) {
        if (index !== this.index) continue;
        const problem = error instanceof Error ? error.message : String(error);
        if (this.state === "failed" && this.problem === problem) continue;
        this.state = "failed";
        this.problem = problem;
        this.announce();
      }
    } while (this.again && !this.isDisposed);
  }

  /** A refresh without a store: the first run may have just made one. */
  private async locateOnce(): Promise<void> {
    const root = this.fixed ?? (await findStore(this.contents, this.from));
    if (root === null || this.index !== null) {
      if (this.state === "looking") this.use(null);
      return;
    }
    this.use(root);
    this.again = true;
  }

  private announce(): void {
    this.version += 1;
    this.changed.emit();
  }
}
