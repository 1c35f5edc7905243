/**
 * Which cell is it whose code runs now? Output printed by a timer of an old cell belongs to the old cell.
 *
 * Node 24 keeps an `AsyncLocalStorage` inside V8, so the answer is exact there. On Node 20 and 22 it would turn on
 * async hooks, with which V8's `terminateExecution` aborts the whole process; there the answer follows timers and the
 * promises they settle (see `timers.ts`), and otherwise it is the cell that runs, or the last one that ran.
 */
import { AsyncLocalStorage } from "node:async_hooks";

const exact = Number(process.versions.node.split(".")[0]) >= 24 ? new AsyncLocalStorage<number>() : null;

/** The cell that runs, or ran last. */
let last = 0;
/** The cell of the callback that runs now, where it is known without async hooks. */
let entered: number | null = null;

export function currentCell(): number {
  return exact?.getStore() ?? entered ?? last;
}

/** A new cell starts. */
export function startCell(cell: number): void {
  last = cell;
}

/** Runs `work` as part of `cell`. */
export function withinCell<T>(cell: number, work: () => T): T {
  if (exact !== null) return exact.run(cell, work);
  const before = entered;
  entered = cell;
  try {
    return work();
  } finally {
    entered = before;
  }
}
