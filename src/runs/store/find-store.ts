/** Where the runs of a notebook or a script go. */
import { dirname, join, resolve } from "node:path";
import { RunlabError } from "../../errors.js";
import { isBlocked, isFolder } from "./is-folder.js";

/**
 * The store for work done in the folder `from`: `RUNLAB_STORE` when it is set, else `models` in the nearest folder, from
 * `from` upwards, that holds `models/runs`, else `<from>/models`, which the first run creates.
 *
 * @throws RunlabError when `RUNLAB_STORE` names a file.
 * @example
 * findStore("/home/ada/course/week-01"); // "/home/ada/course/models" when that one has runs
 */
export function findStore(from: string): string {
  const named = process.env.RUNLAB_STORE;
  if (named !== undefined && named !== "") {
    const store = resolve(from, named);
    if (isBlocked(store)) throw new RunlabError("the store is a folder", { received: named, allowed: "a folder that holds runs/, or one that is not there yet" });
    return store;
  }
  const start = resolve(from);
  for (let folder = start; ; folder = dirname(folder)) {
    if (isFolder(join(folder, "models", "runs"))) return join(folder, "models");
    if (dirname(folder) === folder) return join(start, "models");
  }
}
