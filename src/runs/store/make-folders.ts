/** Makes a folder and those above it that are missing. */
import { dirname } from "node:path";
import { RunlabError } from "../../errors.js";
import { disk, errorCode, FOLDER_MODE, ifThere } from "./disk.js";
import { storeError } from "./store-error.js";

/**
 * One folder at a time, from the nearest one that is there, up to the first error. The file system's own recursive call
 * tries for ever where a folder cannot be made and none is missing above it, such as in `/proc`.
 *
 * @param doing completes "could not …".
 * @throws RunlabError, one line that names the folder.
 */
export function makeFolders(path: string, doing: string): void {
  const missing: string[] = [];
  for (let folder = path; ifThere(() => disk.lstat(folder)) === null; folder = dirname(folder)) {
    missing.push(folder);
    if (dirname(folder) === folder) break;
  }
  for (const folder of missing.reverse()) {
    try {
      disk.mkdir(folder, { mode: FOLDER_MODE });
    } catch (error) {
      // Another process may have made it since.
      if (errorCode(error) === "EEXIST") continue;
      // The folder above is there, so what is missing is not a folder but the ability to hold one.
      if (errorCode(error) === "ENOENT") throw new RunlabError(`could not ${doing}: no folder can be made at this place (ENOENT): ${folder}`);
      throw storeError(error, doing, folder);
    }
  }
}
