/**
 * The stop button. Each step is harder than the one before, and is taken only when the one before did not help:
 *
 * 1. at once: SIGINT to the process group ends loops, regular expressions, waits and started programs; state is kept;
 * 2. after 0.7 s: SIGINT again, and V8 is told to end the JavaScript that runs: ends promise chains; state is kept;
 * 3. after 3 s: SIGKILL. The state is lost, and the user is told so.
 */
import type { Child } from "./child.js";

const TERMINATE_AFTER_MS = 700;
const KILL_AFTER_MS = 3000;
/** While the kernel itself writes the end of a run, it gets this long. */
const KILL_WRITER_AFTER_MS = 60_000;

export interface Stuck {
  /** False as soon as what was to be stopped has stopped. */
  still(): boolean;
  /** False while the kernel's own code runs for the cell, which ends by itself. */
  inUserCode(): boolean;
  /** Asks the child, for when its event loop is alive again, to end the cell. */
  ask(): void;
}

export class InterruptLadder {
  private timer: NodeJS.Timeout | null = null;
  private climbedFor: Stuck | null = null;

  /** Pressing the button again changes nothing, as long as what it was pressed for goes on. */
  climb(child: Child, stuck: Stuck): void {
    if (this.timer !== null && this.climbedFor?.still() === true) return;
    this.stop();
    this.climbedFor = stuck;
    const started = performance.now();
    let terminated = false;
    child.signal("SIGINT");
    stuck.ask();
    const step = (): void => {
      this.timer = null;
      if (!stuck.still()) return;
      const waited = performance.now() - started;
      if (stuck.inUserCode()) {
        if (waited >= KILL_AFTER_MS) return child.kill({ kind: "interrupt", afterSeconds: Math.round(waited / 1000) });
        if (waited >= TERMINATE_AFTER_MS && !terminated) {
          terminated = true;
          child.signal("SIGINT");
          child.terminate();
          stuck.ask();
        }
      } else if (waited >= KILL_WRITER_AFTER_MS) return child.kill({ kind: "interrupt", afterSeconds: Math.round(waited / 1000) });
      this.timer = setTimeout(step, 100);
    };
    this.timer = setTimeout(step, 100);
  }

  /** The child has ended or what was stuck has stopped. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
