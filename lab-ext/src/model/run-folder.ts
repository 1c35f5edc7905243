/** Loads the document of one run from its folder. */
import { FILES, loadRunDocument, type RunDocument } from "runlab/format";
import type { StoreFiles } from "./store-files.js";

/** Folders of a run that hold what a diff shows; only these are listed for a run without a file list. */
const FOLDERS = ["", "metrics", "code", "data", "env", "plots", "schema", "tables", "logs", "model"];

export interface LoadedRun {
  document: RunDocument;
  /** Paths in the folder, for a page of the run. */
  files: { path: string; bytes: number }[];
}

/** Path of a run's folder within its store. */
export const folderOf = (id: string): string => `runs/${id}`;

/**
 * Reads a run's folder. Lists the folder first, so that only files that exist are asked for (a browser logs every 404).
 *
 * @throws an error whose message is one line for the user when the folder is gone or cannot be read.
 */
export async function loadRun(files: StoreFiles, id: string): Promise<LoadedRun> {
  const present = await listRun(files, id);
  if (present === null) throw new Error(`the folder of run ${id} is gone`);
  const read = async (path: string): Promise<string | null> => (present.has(path) ? files.text(`${folderOf(id)}/${path}`) : null);
  const document = await loadRunDocument(read, async () => [...present.keys()]);
  return { document, files: [...present].map(([path, bytes]) => ({ path, bytes })) };
}

async function listRun(files: StoreFiles, id: string): Promise<Map<string, number> | null> {
  const top = await files.list(folderOf(id));
  if (top === null) return null;
  const folders = top.filter((entry) => entry.folder && FOLDERS.includes(entry.name)).map((entry) => entry.name);
  const below = await Promise.all(folders.map((folder) => files.list(`${folderOf(id)}/${folder}`)));
  const present = new Map<string, number>();
  const take = (entries: typeof top | null, prefix: string): void => {
    for (const entry of entries ?? []) if (!entry.folder) present.set(prefix + entry.name, entry.bytes);
  };
  take(top, "");
  below.forEach((entries, i) => take(entries, `${folders[i]}/`));
  return present;
}

/** The files that a page need not list: they are shown in full or are of no use to a reader. */
export const isOwnRecord = (path: string): boolean => path === FILES.meta || path === FILES.live;
