/** Reading a file of a run without being led out of the run's folder by a link or a crafted name. */
import { constants } from "node:fs";
import { dirname, join, sep } from "node:path";
import { RunlabError } from "../../errors.js";
import { disk, errorCode, ifThere } from "./disk.js";

/**
 * Checks a file's place inside a run: relative, with "/" between the parts, no "..", nothing hidden, nothing that some
 * system could read in another way. Throws `RunlabError`.
 */
export function checkPlace(place: string): void {
  const parts = place.split("/");
  const good =
    place.length > 0 &&
    place.length <= 512 &&
    parts.every((part) => part !== "" && !part.startsWith(".") && part.length <= 200) &&
    // Control characters, backslashes and colons mean something to some file system or terminal.
    ![...place].some((character) => character < " " || character === "\u007f" || character === "\\" || character === ":");
  if (!good) {
    throw new RunlabError("a file of a run is named by a place inside its folder", { received: place, allowed: 'parts joined by "/", such as "plots/roc.json", none of them empty, hidden or ".."' });
  }
}

/**
 * The bytes of a file of a run; null when it is not there. Links are not followed, neither the file itself nor a folder
 * on the way; what is not a plain file is refused. The size is checked on the descriptor that is then read.
 */
export function readContained(folder: string, place: string, { limit = 1 << 30 } = {}): Buffer | null {
  checkPlace(place);
  const path = join(folder, ...place.split("/"));
  // A file right in the folder has no folder on the way that could be a link.
  if (place.includes("/") && !staysInside(folder, dirname(path))) throw new RunlabError(`${place} lies behind a link that leads out of the run's folder; it is not read`);
  let fd: number;
  try {
    // O_NONBLOCK: opening a named pipe must not wait for somebody to write to it.
    fd = disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    if (errorCode(error) === "ELOOP") throw new RunlabError(`${place} is a link; links in a run's folder are not followed`);
    throw error;
  }
  try {
    const { size } = plainFile(fd, place);
    if (size > limit) throw new RunlabError(`${place} is larger than ${limit} bytes; it is not read`, { received: size });
    return readWhole(fd, size);
  } finally {
    disk.close(fd);
  }
}

/** True also when there is no such folder: then there is nothing to be led to. */
function staysInside(folder: string, parent: string): boolean {
  const real = ifThere(() => disk.realpath(parent));
  return real === null || real.startsWith(disk.realpath(folder) + sep);
}

function plainFile(fd: number, place: string): { size: number } {
  const stat = disk.fstat(fd);
  if (!stat.isFile()) throw new RunlabError(`${place} is not a plain file; it is not read`);
  return stat;
}

/** Reads `size` bytes from the start, or fewer when the file is shorter than it was. */
export function readWhole(fd: number, size: number, from = 0): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const got = disk.read(fd, bytes, done, size - done, from + done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}
