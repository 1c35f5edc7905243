/** SIGINT is the stop button. A handler of the user's own would take it away, so it is refused with a note. */
import { print } from "./streams.js";

const ADDING = ["on", "once", "addListener", "prependListener", "prependOnceListener"] as const;
const REMOVING = ["off", "removeListener"] as const;

export function takeStopButton(stop: () => void): void {
  process.on("SIGINT", stop);
  let told = false;
  for (const name of ADDING) {
    const original = process[name].bind(process) as (event: string, listener: (...args: unknown[]) => void) => NodeJS.Process;
    const guarded = (event: string, listener: (...args: unknown[]) => void): NodeJS.Process => {
      if (event !== "SIGINT") return original(event, listener);
      if (!told) print("stderr", "SIGINT is the kernel's stop button: the handler is not installed\n");
      told = true;
      return process;
    };
    (process as unknown as Record<string, unknown>)[name] = guarded;
  }
  for (const name of REMOVING) {
    const original = process[name].bind(process) as (event: string, listener: (...args: unknown[]) => void) => NodeJS.Process;
    (process as unknown as Record<string, unknown>)[name] = (event: string, listener: (...args: unknown[]) => void) =>
      event === "SIGINT" ? process : original(event, listener);
  }
  const removeAll = process.removeAllListeners.bind(process) as (event?: string) => NodeJS.Process;
  (process as unknown as Record<string, unknown>).removeAllListeners = (event?: string) => {
    const events = event === undefined ? process.eventNames().map(String) : [event];
    for (const each of events) if (each !== "SIGINT") removeAll(each);
    return process;
  };
}
