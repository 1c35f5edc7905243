/**
 * The stop button, for work that goes on outside the thread that was stopped: in workers.
 *
 * Code on the main thread is stopped by whoever runs it (a signal ends a script, the kernel ends a cell). Workers hear
 * nothing of that; so whoever has them in its charge registers here, and whoever stops a cell calls `interrupted`.
 */
const stops = new Set<() => void>();

/**
 * Calls `stop` when the user stops the work. Returns the function that takes it back.
 *
 * @example
 * let stopped = false;
 * const forget = onInterrupt(() => { stopped = true; });
 * interrupted();
 * stopped; // true
 * forget();
 */
export function onInterrupt(stop: () => void): () => void {
  stops.add(stop);
  return () => void stops.delete(stop);
}

/** The user stops what is going on. One stop that fails does not keep the others from theirs. */
export function interrupted(): void {
  for (const stop of [...stops]) {
    try {
      stop();
    } catch {
      // The others still have to be told.
    }
  }
}
