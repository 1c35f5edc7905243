/**
 * Watches the memory of the child, so that a cell that eats the machine is stopped with a clear word before the
 * operating system picks a victim. V8's own heap has its own limit; this one counts buffers and native memory too.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { promisify } from "node:util";

interface Probe {
  everyMs: number;
  /** Throws when the process is gone. */
  residentBytes(pid: number): Promise<number>;
}

const PAGE_BYTES = 4096;

/** Linux tells it in a file; elsewhere a program must be started for each look, so looks are rarer. Windows has no `ps`, and no watch. */
export const PROBES = {
  proc: { everyMs: 500, residentBytes: async (pid) => Number((await readFile(`/proc/${pid}/statm`, "utf8")).split(" ")[1]) * PAGE_BYTES },
  ps: { everyMs: 2000, residentBytes: async (pid) => Number((await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)])).stdout) * 1024 },
} satisfies Record<string, Probe>;
/** Of what the machine or its container has. */
const SHARE = 0.9;

export function memoryLimitBytes(): number {
  const given = Number(process.env.RUNLAB_MEMORY_MB);
  if (given > 0) return given * 1048576;
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return SHARE * (constrained > 0 && constrained < total ? constrained : total);
}

/** Calls `exceeded` once when the process uses more than `limitBytes`. Returns the function that stops the watch. */
export function watchMemory(pid: number, limitBytes: number, exceeded: (residentBytes: number) => void): () => void {
  const probe: Probe = process.platform === "linux" ? PROBES.proc : PROBES.ps;
  const timer = setInterval(() => {
    // It cannot be had when the process is gone.
    void probe.residentBytes(pid).catch(() => 0).then((bytes) => {
      // Not a number is not more.
      if (!(bytes > limitBytes) || stopped) return;
      stop();
      exceeded(bytes);
    });
  }, probe.everyMs);
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    clearInterval(timer);
  };
  timer.unref();
  return stop;
}
