/**
 * Watches the memory of the child, so that a cell that eats the machine is stopped with a clear word before the
 * operating system picks a victim. V8's own heap has its own limit; this one counts buffers and native memory too.
 */
import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";

const EVERY_MS = 500;
const PAGE_BYTES = 4096;
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
  const timer = setInterval(() => {
    void residentBytes(pid).then((bytes) => {
      if (bytes <= limitBytes) return;
      clearInterval(timer);
      exceeded(bytes);
    });
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** 0 when it cannot be had: the process is gone, or the system has no `/proc`. */
async function residentBytes(pid: number): Promise<number> {
  try {
    return Number((await readFile(`/proc/${pid}/statm`, "utf8")).split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
