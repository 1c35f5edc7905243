/** The manifest of a run: every file with its size and sha256, so that a reader can tell a whole run from a damaged one. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { join } from "node:path";
import { FILES, type RunMeta } from "../format/types.js";
import { disk } from "./disk.js";

type Manifest = RunMeta["files"];

/** Files that are the record of the run's state, and not part of what it made. */
const STATE = new Set<string>([FILES.live, FILES.meta]);

/** What the store itself wrote is known already; anything else found in the folder is read and hashed. */
export function manifestOf(folder: string, known: Map<string, { sha256: string; bytes: number }>): Manifest {
  const files: Manifest = [];
  for (const path of placesIn(folder)) {
    const entry = known.get(path) ?? hashFile(join(folder, ...path.split("/")));
    if (entry !== null) files.push({ path, sha256: entry.sha256, bytes: entry.bytes });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Places of plain files, "/" between the parts. Links are left out, hidden files (half-written ones) and edits too. */
export function placesIn(folder: string, under = ""): string[] {
  const places: string[] = [];
  for (const entry of disk.entries(folder)) {
    if (entry.name.startsWith(".") || (under === "" && (STATE.has(entry.name) || entry.name === "edits"))) continue;
    const place = under + entry.name;
    if (entry.isFile()) places.push(place);
    else if (entry.isDirectory()) places.push(...placesIn(join(folder, entry.name), `${place}/`));
  }
  return places;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function hashFile(path: string): { sha256: string; bytes: number } | null {
  let fd: number;
  try {
    fd = disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const hash = createHash("sha256");
    const block = Buffer.allocUnsafe(1 << 16);
    let bytes = 0;
    for (;;) {
      const got = disk.read(fd, block, 0, block.length, null);
      if (got === 0) return { sha256: hash.digest("hex"), bytes };
      hash.update(block.subarray(0, got));
      bytes += got;
    }
  } catch {
    return null;
  } finally {
    disk.close(fd);
  }
}
