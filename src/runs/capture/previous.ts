/** Which run came before this one from the same cell, or else of the same name: for "compare with previous". */
import type { RunMeta } from "../format/index.js";
import { openStore, type Store } from "../store/index.js";

const stores = new Map<string, Store>();

/** One open store per folder and process: each has a segment of the index of its own. */
export function storeAt(root: string): Store {
  const open = stores.get(root) ?? openStore(root);
  stores.set(root, open);
  return open;
}

const lastByKey = new Map<string, string>();
/** Stores whose older runs are known by name. */
const looked = new Set<string>();

type Origin = Pick<RunMeta, "name" | "notebook">;

export async function previousRun(store: Store, run: Origin & { id: string }): Promise<string | null> {
  const known = keys(store, run).map((key) => lastByKey.get(key)).find((id) => id !== undefined);
  if (known !== undefined) return known;
  if (looked.has(store.root)) return null;
  looked.add(store.root);
  // Newest first: the first of a name is its last run.
  for (const record of await store.list()) {
    const key = nameKey(store, record.name);
    if (record.id !== run.id && record.problem === undefined && !lastByKey.has(key)) lastByKey.set(key, record.id);
  }
  return lastByKey.get(nameKey(store, run.name)) ?? null;
}

export function rememberRun(store: Store, run: Origin & { id: string }): void {
  for (const key of keys(store, run)) lastByKey.set(key, run.id);
}

function keys(store: Store, { name, notebook }: Origin): string[] {
  const cell = notebook?.cell_id ? [`${store.root}\0cell\0${notebook.path}\0${notebook.cell_id}`] : [];
  return [...cell, nameKey(store, name)];
}

const nameKey = (store: Store, name: string): string => `${store.root}\0name\0${name}`;
