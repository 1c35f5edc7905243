/** From the records of a store to the lines of the list: filtered, in order, nested runs below their parent. Pure. */
import { type Filter, type IndexRecord, matches } from "runlab/format";
import type { Sort } from "./sorts.js";

export interface Line {
  record: IndexRecord;
  /** 0 for a run of its own, 1 for a run inside it, and so on. */
  depth: number;
  /** Nested runs directly below this one that pass the filter. */
  nested: number;
  /** Whether they are shown. */
  open: boolean;
}

export interface Arrangement {
  filter: Filter;
  sort: Sort;
  descending: boolean;
  /** Ids of runs whose nested runs are folded away. */
  folded: ReadonlySet<string>;
  /** Milliseconds since 1970, for `age` in a filter. */
  now: number;
}

/**
 * The lines to show. A nested run whose parent does not pass the filter stands on its own, so that a filter never hides
 * a run that matches it. Ties go to the newer run.
 */
export function arrange(records: readonly IndexRecord[], { filter, sort, descending, folded, now }: Arrangement): Line[] {
  const passing = filter.length === 0 ? [...records] : records.filter((record) => matches(filter, record, now));
  const keys = new Map(passing.map((record) => [record.id, sort.value(record)]));
  const way = descending ? -1 : 1;
  passing.sort((a, b) => compare(keys.get(a.id) ?? null, keys.get(b.id) ?? null, way) || b.started - a.started || (a.id < b.id ? 1 : -1));

  const below = new Map<string, IndexRecord[]>();
  const tops: IndexRecord[] = [];
  for (const record of passing) {
    if (record.parent === null || record.parent === record.id || !keys.has(record.parent)) tops.push(record);
    else if (below.has(record.parent)) below.get(record.parent)!.push(record);
    else below.set(record.parent, [record]);
  }

  const lines: Line[] = [];
  const shown = new Set<string>();
  const add = (record: IndexRecord, depth: number): void => {
    // Foreign records may name each other as parents.
    if (shown.has(record.id)) return;
    shown.add(record.id);
    const nested = below.get(record.id) ?? [];
    const open = !folded.has(record.id);
    lines.push({ record, depth, nested: nested.length, open });
    if (open) for (const child of nested) add(child, depth + 1);
    else hide(nested);
  };
  const hide = (nested: IndexRecord[]): void => {
    for (const child of nested) {
      if (shown.has(child.id)) continue;
      shown.add(child.id);
      hide(below.get(child.id) ?? []);
    }
  };
  for (const record of tops) add(record, 0);
  // Runs in a ring of parents have no top: they are listed after the others.
  if (shown.size < passing.length) for (const record of passing) add(record, 0);
  return lines;
}

function compare(a: number | string | null, b: number | string | null, way: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a === b ? 0 : (a < b ? -1 : 1) * way;
}
