/** Runs cells one after the other and tells the supervisor how each ended. */
import { parseCell, MAGIC_CALL } from "../magics/parse.js";
import { MagicError, type ParsedMagic } from "../magics/magic.js";
import type { CellError, Executor, Outcome } from "../engines/engine.js";
import type { MimeBundle } from "../protocol/messages.js";
import { breakable, Interrupted } from "./breakable.js";
import { mimeBundle } from "./bundle.js";
import { startCell, withinCell } from "./cells.js";
import { send } from "./channel.js";
import { complain, stackText } from "./complaints.js";
import { flushDisplays, writeDisplayData } from "./display.js";
import type { CellEnd, CellOrder, ExpressionResult } from "./messages.js";
import { startRun, type RunCellOptions, type RunningRun } from "./run-cell.js";

/** How long an executor may take to end its cell by itself after `interrupt()`. */
const GRACE_MS = 60;

const INTERRUPTED: CellError = { name: "KeyboardInterrupt", message: "interrupted", traceback: ["KeyboardInterrupt: interrupted"] };

/** Shows what a line magic has to show. */
export type ShowMagic = (magic: ParsedMagic) => Promise<MimeBundle>;

interface Running {
  order: CellOrder;
  interrupted: boolean;
  /** Ends the user's code from outside; null while none runs. */
  end: ((outcome: Outcome) => void) | null;
}

// Taken before the user's code can replace it.
const later = setTimeout;
const immediately = setImmediate;

export class Session {
  private running: Running | null = null;
  private magicLines: ParsedMagic[] = [];

  constructor(
    private readonly executor: Executor,
    private readonly showMagic: ShowMagic,
    private readonly options: RunCellOptions,
  ) {
    Object.defineProperty(globalThis, MAGIC_CALL, {
      value: async (index: number) => this.showLine(this.magicLines[index]),
      configurable: false,
      enumerable: false,
    });
  }

  get busy(): boolean {
    return this.running !== null;
  }

  async execute(order: CellOrder): Promise<void> {
    const running: Running = { order, interrupted: false, end: null };
    this.running = running;
    startCell(order.cell);
    const end = await withinCell(order.cell, () => this.cellEnd(running)).catch((error: unknown): CellEnd => ({ status: "error", error: errorOf(error), interrupted: false }));
    flushDisplays();
    this.running = null;
    send(order.cell, { type: "done", end });
  }

  /** Called while the event loop is alive: by SIGINT, or by the supervisor after it ended a loop by force. False when no such cell runs. */
  interrupt(cell?: number): boolean {
    const { running } = this;
    if (running === null || (cell !== undefined && running.order.cell !== cell)) return false;
    running.interrupted = true;
    if (running.end === null) return true;
    this.executor.interrupt();
    const { end } = running;
    // An ended microtask queue may have taken the executor's own promises with it; then it cannot answer.
    later(() => end({ status: "error", error: INTERRUPTED }), GRACE_MS);
    return true;
  }

  private async cellEnd(running: Running): Promise<CellEnd> {
    const { order } = running;
    const parsed = parseCell(order.code);
    if (parsed.magic !== null && (parsed.magic.kind === "line" || parsed.magic.help === true)) {
      for (const magic of parsed.lines) await this.showLine(magic);
      return { status: "ok", userExpressions: {} };
    }
    let { source } = parsed;
    this.magicLines = parsed.lines;
    let run: RunningRun | null = null;
    if (parsed.magic !== null) {
      send(order.cell, { type: "phase", userCode: false });
      run = await startRun(order, parsed.magic, this.options);
      send(order.cell, { type: "phase", userCode: true });
      source = parseCell(order.code, { seed: run.seed }).source;
    }
    const outcome: Outcome = running.interrupted ? { status: "error", error: INTERRUPTED } : await this.userCode(running, source);
    // A program that the signal ended makes the cell fail first; the supervisor's word that it was stopped comes after.
    if (outcome.status === "error") await new Promise((resolve) => later(resolve, 1));
    const interrupted = outcome.status === "error" && (running.interrupted || outcome.error.name === INTERRUPTED.name);
    // Before the run is written: what the user asked for is not to wait for what is kept of it, nor to be lost with it.
    if (outcome.status === "ok" && outcome.hasValue && outcome.value !== undefined && !order.silent) {
      const data = breakable(() => mimeBundle(outcome.value));
      flushDisplays();
      send(order.cell, { type: "result", data, metadata: {} });
    }
    if (run !== null) {
      send(order.cell, { type: "phase", userCode: false });
      await run.finish(outcome, interrupted).catch((error: unknown) => complain("The run could not be written to its end", error));
    }
    if (outcome.status === "error") return { status: "error", error: interrupted ? INTERRUPTED : outcome.error, interrupted };
    return { status: "ok", userExpressions: await this.expressions(order) };
  }

  /** Runs code so that it can be stopped at any point. */
  private userCode(running: Running, code: string): Promise<Outcome> {
    return new Promise((resolve) => {
      running.end = (outcome) => {
        running.end = null;
        resolve(outcome);
      };
      const { end } = running;
      // From a turn of its own: inside a promise's continuation V8 would not run the microtasks of the cell, and what
      // runs them later could not be stopped by a signal.
      immediately(() => {
        try {
          breakable(() => {
            this.executor.execute({ count: running.order.count, code }).then(end, (error: unknown) => end({ status: "error", error: errorOf(error) }));
          });
        } catch (error) {
          if (error instanceof Interrupted) this.interrupt();
          else complain("Uncaught exception", error);
        }
      });
    });
  }

  private async expressions(order: CellOrder): Promise<Record<string, ExpressionResult>> {
    const results: Record<string, ExpressionResult> = {};
    for (const [name, code] of Object.entries(order.userExpressions)) {
      const outcome = await this.userCode({ order, interrupted: false, end: null }, code);
      if (outcome.status === "ok") results[name] = { status: "ok", data: mimeBundle(outcome.value), metadata: {} };
      else results[name] = { status: "error", ename: outcome.error.name, evalue: outcome.error.message, traceback: outcome.error.traceback };
    }
    return results;
  }

  private async showLine(magic: ParsedMagic | undefined): Promise<void> {
    if (magic !== undefined) writeDisplayData({ data: await this.showMagic(magic) });
  }
}

/** A mistake of the user is one line; anything else keeps its stack. */
function errorOf(error: unknown): CellError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), traceback: [String(error)] };
  const line = `${error.name}: ${error.message}`;
  const plain = error instanceof MagicError || error.name === "RunlabError";
  return { name: error.name, message: error.message, traceback: plain ? [line] : stackText(error).split("\n") };
}
