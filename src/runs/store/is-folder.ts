/** What stands at a path, for callers to whom "nothing" and "not to be told" are answers. */
import { statSync } from "node:fs";
import { dirname } from "node:path";

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Also below a file, behind a folder that is closed to this user, or in a circle of links.
    return false;
  }
}

/** Whether a folder cannot be at `path` because it, or what should be a folder above it, is something else. */
export function isBlocked(path: string): boolean {
  for (let place = path; ; place = dirname(place)) {
    try {
      return !statSync(place).isDirectory();
    } catch {
      if (dirname(place) === place) return false;
    }
  }
}
