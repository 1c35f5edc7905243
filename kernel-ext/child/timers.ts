/**
 * Timers whose callbacks can be interrupted and belong to the cell that set them. A loop that never ends inside a
 * callback stops on SIGINT like one in the cell itself, and what it prints appears below the right cell.
 */
import timers from "node:timers";
import { syncBuiltinESMExports } from "node:module";
import { promisify } from "node:util";
import { breakable, Interrupted } from "./breakable.js";
import { currentCell, withinCell } from "./cells.js";

type Callback = (this: unknown, ...args: unknown[]) => unknown;

/** `onInterrupt` is told when a callback was stopped, with the cell it belongs to. */
export function guardTimers(onInterrupt: (cell: number) => void): void {
  const guard = (callback: unknown): unknown => {
    if (typeof callback !== "function") return callback;
    const cell = currentCell();
    return function guarded(this: unknown, ...args: unknown[]): void {
      try {
        withinCell(cell, () => breakable(() => void (callback as Callback).apply(this, args)));
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        onInterrupt(cell);
      }
    };
  };
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const original = timers[name] as (callback: unknown, ...rest: unknown[]) => unknown;
    const replacement = { [name]: (callback: unknown, ...rest: unknown[]) => original(guard(callback), ...rest) }[name];
    const custom = (original as { [promisify.custom]?: unknown })[promisify.custom];
    if (custom !== undefined) {
      // `await setTimeout(…)` of node:timers/promises settles its promise in a callback of its own; this one is ours.
      const later = (...args: unknown[]) =>
        new Promise((resolve) => {
          const [delay, value] = name === "setImmediate" ? [undefined, args[0]] : [args[0], args[1]];
          replacement(() => resolve(value), delay);
        });
      Object.defineProperty(replacement, promisify.custom, { value: later, enumerable: true });
    }
    (timers as unknown as Record<string, unknown>)[name] = replacement;
    (globalThis as unknown as Record<string, unknown>)[name] = replacement;
  }
  syncBuiltinESMExports();
}
