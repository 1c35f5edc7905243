/** Runs that have not ended when the process does: each gets one last, synchronous moment to write what it knows. */

export interface Exiting {
  /** Synchronous: after an "exit" event nothing else runs. Must not throw. */
  atExit(): void;
}

const open = new Set<Exiting>();

const onExit = (): void => {
  // Innermost first, as they would have ended.
  for (const run of [...open].reverse()) run.atExit();
};

export function track(run: Exiting): void {
  if (open.size === 0) process.on("exit", onExit);
  open.add(run);
}

export function untrack(run: Exiting): void {
  open.delete(run);
  if (open.size === 0) process.removeListener("exit", onExit);
}
