/**
 * Tells whether the process that writes a run still lives, on this machine.
 *
 * A process id alone misleads: ids are used again, and two machines (or containers) behind one network folder may share
 * a host name. So a run also records a mark of its process: the machine's boot and the process's start, where the
 * operating system tells them.
 */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

export interface ProcessMark {
  host: string;
  pid: number;
  /** Boot id and start time, on Linux; null elsewhere. */
  started: string | null;
}

let own: ProcessMark | null = null;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  // A process that was forked by copying memory does not exist in Node, so one mark holds for the life of the module.
  own ??= { host: hostname(), pid: process.pid, started: startOf(process.pid) };
  return own;
}

/** "dead" is certain; "alive" is certain when the mark has a start; "unknown" is another machine or no way to tell. */
export function lifeOf(mark: ProcessMark): "alive" | "dead" | "unknown" {
  if (mark.host !== ownMark().host || !Number.isInteger(mark.pid) || mark.pid <= 0) return "unknown";
  const here = ownMark().started;
  if (mark.started !== null && here !== null) {
    // Another boot: either the machine was started anew, or it is another machine of the same name.
    if (mark.started.split(":")[0] !== here.split(":")[0]) return "unknown";
    return startOf(mark.pid) === mark.started ? "alive" : "dead";
  }
  return exists(mark.pid) ? "unknown" : "dead";
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function startOf(pid: number): string | null {
  if (process.platform !== "linux") return null;
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field, the program's name in brackets, may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended, although its parent has not asked yet.
    return fields[0] === "Z" || fields[0] === "X" ? null : `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}
