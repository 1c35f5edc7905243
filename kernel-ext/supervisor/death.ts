/** Why the child process ended, in words for its user. */
export type DeathCause =
  | { kind: "heap"; limitBytes: number | null }
  | { kind: "memory"; residentBytes: number; limitBytes: number }
  | { kind: "interrupt"; afterSeconds: number }
  | { kind: "exit"; code: number }
  | { kind: "signal"; signal: string; detail: string }
  | { kind: "start"; message: string };

export interface DeathNotice {
  name: string;
  message: string;
  /** How a run that was in progress ends. */
  status: "failed" | "interrupted" | "crashed";
}

const LOST = "The kernel has started again; the variables of all earlier cells are gone.";
const mb = (bytes: number): string => `${Math.round(bytes / 1048576)} MB`;

export function deathNotice(cause: DeathCause): DeathNotice {
  switch (cause.kind) {
    case "heap":
      return {
        name: "OutOfMemory",
        message: `out of memory: the JavaScript heap reached its limit${cause.limitBytes === null ? "" : ` of ${mb(cause.limitBytes)}`} (RUNLAB_HEAP_MB sets another). ${LOST}`,
        status: "crashed",
      };
    case "memory":
      return {
        name: "OutOfMemory",
        message: `out of memory: the cell's process used ${mb(cause.residentBytes)} of the ${mb(cause.limitBytes)} it may have (RUNLAB_MEMORY_MB sets another limit). ${LOST}`,
        status: "crashed",
      };
    case "interrupt":
      return { name: "KeyboardInterrupt", message: `the cell did not stop within ${cause.afterSeconds} s and was killed: its state is lost. ${LOST}`, status: "interrupted" };
    case "exit":
      return { name: "ProcessExit", message: `the process ended with exit code ${cause.code} (process.exit). ${LOST}`, status: "failed" };
    case "signal":
      return { name: "ProcessDied", message: `the process was ended by ${cause.signal}${cause.detail === "" ? "" : ` (${cause.detail})`}. ${LOST}`, status: "crashed" };
    case "start":
      return { name: "KernelError", message: `the process that runs cells could not start: ${cause.message}`, status: "failed" };
  }
}

/** Reads the last words of V8 and of the operating system. */
export function deathCause(code: number | null, signal: NodeJS.Signals | null, lastWords: string, heapLimitBytes: number | null): DeathCause {
  if (/heap out of memory|Reached heap limit|invalid table size|Invalid array length Allocation failed|process out of memory/i.test(lastWords)) return { kind: "heap", limitBytes: heapLimitBytes };
  if (signal !== null) return { kind: "signal", signal, detail: /FATAL ERROR: (.*)/.exec(lastWords)?.[1] ?? "" };
  return { kind: "exit", code: code ?? 0 };
}
