/** Where the runs of a notebook lie, as a path of the Contents API. */
import { PathExt } from "@jupyterlab/coreutils";
import type { Contents } from "@jupyterlab/services";

/** The name of the store's folder; `runs` within it is what makes it a store. */
const STORE = "models";

/**
 * The nearest `models` folder with `runs` in it, from the folder of `path` upwards; null when there is none.
 *
 * Looks by listing folders rather than by asking for paths that may not be there, because a browser logs every 404.
 */
export async function findStore(contents: Contents.IManager, path: string): Promise<string | null> {
  for (const folder of foldersAbove(serverPath(contents, path))) {
    const store = PathExt.join(folder, STORE);
    if ((await holdsFolder(contents, folder, STORE)) && (await holdsFolder(contents, store, "runs"))) return store;
  }
  return null;
}

/**
 * The path of a store that a run card names, relative to the notebook's folder or absolute.
 *
 * @param serverRoot the server's root folder as the page's configuration gives it, perhaps beginning with `~`.
 * @returns null when the store lies outside what the server shows.
 */
export function storeOfCard(store: string, notebook: string, serverRoot: string): string | null {
  const unix = store.replaceAll("\\", "/");
  if (!unix.startsWith("/") && !/^[A-Za-z]:/.test(unix)) {
    const path = PathExt.normalize(PathExt.join(PathExt.dirname(notebook), unix));
    return path.startsWith("..") ? null : path;
  }
  const root = serverRoot.replaceAll("\\", "/").replace(/\/$/, "");
  const tail = root.startsWith("~") ? root.slice(1) : root;
  const at = root.startsWith("~") ? unix.indexOf(`${tail}/`) : unix.startsWith(`${tail}/`) ? 0 : -1;
  return at < 0 ? null : PathExt.normalize(unix.slice(at + tail.length + 1));
}

/** A notebook that is edited together has its drive's name before its path; the files behind it are the server's. */
function serverPath(contents: Contents.IManager, path: string): string {
  return contents.driveName(path) === "RTC" ? contents.localPath(path) : path;
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = PathExt.dirname(path); folder !== "" && folder !== "."; folder = PathExt.dirname(folder)) folders.push(folder);
  return [...folders, ""];
}

async function holdsFolder(contents: Contents.IManager, folder: string, name: string): Promise<boolean> {
  try {
    const model = await contents.get(folder, { type: "directory", content: true });
    return (model.content as Contents.IModel[]).some((entry) => entry.name === name && entry.type === "directory");
  } catch {
    return false;
  }
}
