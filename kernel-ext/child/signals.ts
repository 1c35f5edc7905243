/**
 * SIGINT is the stop button. A handler of the user's own would take it away, so it is refused with a note.
 *
 * Node itself takes the handlers away while a script runs with `breakOnSigint`, and puts them back after: it calls the
 * same public methods, so those calls must pass.
 */
import { isBreakable } from "./breakable.js";
import { print } from "./streams.js";

const ADDING = ["on", "once", "addListener", "prependListener", "prependOnceListener"] as const;
const REMOVING = ["off", "removeListener"] as const;

export function takeStopButton(stop: () => void): void {
  process.on("SIGINT", stop);
  let told = false;
  for (const name of ADDING) {
    const original = process[name].bind(process) as (event: string, listener: (...args: unknown[]) => void) => NodeJS.Process;
    const guarded = (event: string, listener: (...args: unknown[]) => void): NodeJS.Process => {
      if (event !== "SIGINT" || listener === stop) return original(event, listener);
      if (!told) print("stderr", "SIGINT is the kernel's stop button: the handler is not installed\n");
      told = true;
      return process;
    };
    (process as unknown as Record<string, unknown>)[name] = guarded;
  }
  for (const name of REMOVING) {
    const original = process[name].bind(process) as (event: string, listener: (...args: unknown[]) => void) => NodeJS.Process;
    (process as unknown as Record<string, unknown>)[name] = (event: string, listener: (...args: unknown[]) => void) =>
      event === "SIGINT" && !isBreakable() ? process : original(event, listener);
  }
  const removeAll = process.removeAllListeners.bind(process) as (event?: string) => NodeJS.Process;
  (process as unknown as Record<string, unknown>).removeAllListeners = (event?: string) => {
    const events = event === undefined ? process.eventNames().map(String) : [event];
    for (const each of events) if (each !== "SIGINT" || isBreakable()) removeAll(each);
    return process;
  };
}
