/**
 * Code that Ctrl-C (SIGINT) can stop while it keeps the thread to itself: `while (true) {}`, a regular expression that
 * backtracks for ever, a chain of promises that never lets a timer in.
 *
 * Node watches for the signal from another thread while a `vm` script runs with `breakOnSigint`; the work runs inside
 * one. Microtasks that are ready are run inside it too, so a loop after an `await` can be stopped as well.
 */
import vm from "node:vm";

/** Thrown in place of the work's own end when the signal came. */
export class Interrupted extends Error {
  override name = "KeyboardInterrupt";
  constructor() {
    super("interrupted");
  }
}

const ENTRY = Symbol.for("runlab.breakable");
const entry = new vm.Script('globalThis[Symbol.for("runlab.breakable")]()', { filename: "node:runlab" });
const slot = globalThis as unknown as Record<symbol, (() => void) | undefined>;
Object.defineProperty(globalThis, ENTRY, { value: undefined, writable: true, configurable: true, enumerable: false });

/** Not public in Node's types, yet there in 20, 22 and 24: runs the microtasks and ticks that are ready. */
const drain = (process as unknown as { _tickCallback(): void })._tickCallback;
let depth = 0;

/** True while breakable work runs. */
export const isBreakable = (): boolean => depth > 0;

/** Runs `work` and the microtasks it made ready; a SIGINT meanwhile ends both with `Interrupted`. */
export function breakable<T>(work: () => T): T {
  if (depth > 0) return work();
  let result: { value: T } | undefined;
  slot[ENTRY] = () => {
    result = { value: work() };
    drain.call(process);
  };
  depth++;
  try {
    entry.runInThisContext({ breakOnSigint: true, displayErrors: false });
  } catch (error) {
    if ((error as { code?: string } | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw new Interrupted();
    throw error;
  } finally {
    depth--;
  }
  return (result as { value: T }).value;
}
