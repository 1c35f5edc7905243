/** Where the runs of a notebook or a script go. */
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * The store for work done in the folder `from`: `RUNLAB_STORE` when it is set, else `models` in the nearest folder, from
 * `from` upwards, that holds `models/runs`, else `<from>/models`, which the first run creates.
 *
 * @example
 * findStore("/home/ada/course/week-01"); // "/home/ada/course/models" when that one has runs
 */
export function findStore(from: string): string {
  const named = process.env.RUNLAB_STORE;
  if (named !== undefined && named !== "") return resolve(from, named);
  const start = resolve(from);
  for (let folder = start; ; folder = dirname(folder)) {
    if (isFolder(join(folder, "models", "runs"))) return join(folder, "models");
    if (dirname(folder) === folder) return join(start, "models");
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
