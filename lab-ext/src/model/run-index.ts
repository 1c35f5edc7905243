/** All segments of a store's index, merged: the last word on every run. */
import { newerOf, type IndexRecord } from "runlab/format";
import { Segment } from "./segment.js";
import type { StoreFiles } from "./store-files.js";

/** Where the segments lie in a store. */
export const INDEX = "runs/index";

export class RunIndex {
  private readonly segments = new Map<string, Segment>();
  /** The record that wins per id, deleted ones included. */
  private readonly winners = new Map<string, IndexRecord>();

  constructor(private readonly files: StoreFiles) {}

  /**
   * Reads what changed since the last time: one listing, then the tails of the segments that grew.
   *
   * @returns whether anything changed; null when the store has no index folder.
   */
  async refresh(): Promise<boolean | null> {
    const entries = await this.files.list(INDEX);
    if (entries === null) return null;
    const present = entries.filter((entry) => !entry.folder && entry.name.endsWith(".jsonl"));
    const names = new Set(present.map((entry) => entry.name));
    // A compaction writes one segment and removes many: those that vanished no longer have a say.
    let rebuild = false;
    for (const name of this.segments.keys()) {
      if (!names.has(name)) {
        this.segments.delete(name);
        rebuild = true;
      }
    }
    const touched = new Set<string>();
    await Promise.all(
      present.map(async ({ name, bytes }) => {
        let segment = this.segments.get(name);
        const fresh = segment === undefined;
        segment ??= new Segment(`${INDEX}/${name}`);
        const news = await segment.read(this.files, bytes);
        if (news === null) {
          if (this.segments.delete(name)) rebuild = true;
          return;
        }
        this.segments.set(name, segment);
        if (news !== "replaced") for (const id of news) touched.add(id);
        else if (fresh) for (const id of segment.records.keys()) touched.add(id);
        else rebuild = true;
      }),
    );
    if (rebuild) {
      this.winners.clear();
      for (const segment of this.segments.values()) for (const id of segment.records.keys()) touched.add(id);
    }
    for (const id of touched) this.settle(id);
    return rebuild || touched.size > 0;
  }

  get(id: string): IndexRecord | undefined {
    const record = this.winners.get(id);
    return record?.deleted ? undefined : record;
  }

  /** Every run that is not deleted. */
  list(): IndexRecord[] {
    return [...this.winners.values()].filter((record) => !record.deleted);
  }

  private settle(id: string): void {
    let best: IndexRecord | undefined;
    for (const segment of this.segments.values()) {
      const record = segment.records.get(id);
      if (record && (best === undefined || newerOf(record, best) === record)) best = record;
    }
    if (best) this.winners.set(id, best);
  }
}
