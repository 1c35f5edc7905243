/**
 * The runs that are being recorded in this process, outermost first.
 *
 * Events go to the innermost one. A plain list and not `AsyncLocalStorage`, which on Node 20 and 22 makes the stop
 * button abort the process; so runs must nest, and two that merely overlap in time are told to their records as such.
 */
import { observe, type ObservedEvent } from "../../observe/index.js";

/** What an open run does with what happens around it. */
export interface ActiveRun {
  readonly id: string;
  event(event: ObservedEvent): void;
  fileRead(path: string): void;
  fileWritten(path: string): void;
  log(name: "stdout" | "stderr", text: string): void;
  /** A uniform draw in [0, 1) from the run's own stream: what `Math.random` gives. */
  draw(): number;
  readonly seed: number;
}

const active: ActiveRun[] = [];
let stopObserving: (() => void) | null = null;

export const innermost = (): ActiveRun | null => active[active.length - 1] ?? null;

/** The open runs inside `run`, `run` itself first. */
export const from = (run: ActiveRun): ActiveRun[] => active.slice(Math.max(0, active.indexOf(run)));

export function open(run: ActiveRun): void {
  active.push(run);
  stopObserving ??= observe((event) => innermost()?.event(event));
}

/** @returns false when a run that started later is still open: the two overlap. */
export function close(run: ActiveRun): boolean {
  const at = active.indexOf(run);
  if (at < 0) return true;
  const nested = at === active.length - 1;
  active.splice(at, 1);
  if (active.length === 0) {
    stopObserving?.();
    stopObserving = null;
  }
  return nested;
}
