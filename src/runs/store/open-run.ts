/** Looks into one run folder and says what it is: ended, live, or nothing that can be used, with the reason. Changes nothing. */
import { join } from "node:path";
import { RunlabError } from "../../errors.js";
import { checkMeta } from "../format/meta.js";
import { FILES, type RunMeta } from "../format/types.js";
import { readContained } from "./contained-file.js";
import { disk, ifThere } from "./disk.js";
import type { ProcessMark } from "./process-mark.js";

/** The record of a run is text for people and lists; one larger than this is not one that this program wrote. */
const LARGEST_RECORD = 64 << 20;

export type OpenedRun =
  | { state: "ended"; meta: RunMeta }
  /** `beat` is the time of the last heartbeat by the file system's clock, in milliseconds since 1970. */
  | { state: "live"; meta: RunMeta; beat: number; mark: ProcessMark }
  | { state: "unusable"; problem: string }
  | { state: "gone" };

export function openRun(runs: string, id: string): OpenedRun {
  try {
    return open(join(runs, id), id);
  } catch (error) {
    const reason = error instanceof RunlabError ? error.message : `it could not be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    return { state: "unusable", problem: reason };
  }
}

function open(folder: string, id: string): OpenedRun {
  const stat = ifThere(() => disk.lstat(folder));
  if (stat === null) return { state: "gone" };
  if (stat.isSymbolicLink()) return { state: "unusable", problem: "a link to another place; it is not followed" };
  if (!stat.isDirectory()) return { state: "unusable", problem: "a file where a run's folder should be" };

  const end = readContained(folder, FILES.meta, { limit: LARGEST_RECORD });
  const checked = end === null ? null : checkMeta(end.toString("utf8"));
  if (checked?.meta) return named(checked.meta, id) ?? { state: "ended", meta: checked.meta };

  const liveText = readContained(folder, FILES.live, { limit: LARGEST_RECORD });
  if (liveText === null) {
    // A run may have ended between the two reads.
    if (end === null && ifThere(() => disk.lstat(join(folder, FILES.meta))) !== null) return open(folder, id);
    return { state: "unusable", problem: checked?.problem ?? "not a whole run: neither run_meta.json nor live.json is in the folder (half copied, or not made by runlab)" };
  }
  const live = checkMeta(liveText.toString("utf8"));
  if (live.meta === null) return { state: "unusable", problem: checked?.problem ?? live.problem };
  const wrong = named(live.meta, id);
  if (wrong !== null) return wrong;
  const beat = ifThere(() => disk.lstat(join(folder, FILES.live)))?.mtimeMs ?? 0;
  return { state: "live", meta: live.meta, beat, mark: markOf(live.meta) };
}

/** A folder that was copied under another name is another run's data: shown, and never counted twice. */
function named(meta: RunMeta, id: string): OpenedRun | null {
  return meta.id === id ? null : { state: "unusable", problem: `the folder holds the run ${meta.id} under another name` };
}

function markOf(meta: RunMeta): ProcessMark {
  return { host: meta.writer.host, pid: meta.writer.pid, started: meta.writer.process ?? null };
}
