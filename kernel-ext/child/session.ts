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
import { print } from "./streams.js";

/** How long an executor may take to end its cell by itself after `interrupt()`. */
const GRACE_MS = 60;

/** The signal of a stop button comes by any thread, and one that computes for the cell may be slow to pass it on. */
const LATE_SIGNAL_MS = 100;

const INTERRUPTED: CellError = { name: "KeyboardInterrupt", message: "interrupted", traceback: ["KeyboardInterrupt: interrupted"] };
const STOPPED_CELL: Outcome = { status: "error", error: INTERRUPTED };
const STOPPED = Symbol("stopped");

/** Shows what a line magic has to show. */
export type ShowMagic = (magic: ParsedMagic) => Promise<MimeBundle>;

interface Running {
  order: CellOrder;
  interrupted: boolean;
  /** How the stop button was heard: by the supervisor's word, and by the signal. Either may be the first. */
  asked: boolean;
  signalled: boolean;
  /** Ends the user's code from outside; null while none runs. */
  stop: (() => void) | null;
}

/** Threads that work for the cell, such as those of a cross-validation, hear no signal. */
function stopWorkers(): void {
  void import("runlab/observe").then(({ interrupted }) => interrupted(), () => undefined);
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
    const running: Running = { order, interrupted: false, asked: false, signalled: false, stop: null };
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
    if (cell === undefined) running.signalled = true;
    else running.asked = true;
    stopWorkers();
    const { stop } = running;
    if (stop === null) return true;
    this.executor.interrupt();
    // An ended microtask queue may have taken the executor's own promises with it; then it cannot answer.
    later(stop, GRACE_MS);
    return true;
  }

  private async cellEnd(running: Running): Promise<CellEnd> {
    const { order } = running;
    const parsed = parseCell(order.code);
    if (parsed.magic !== null && (parsed.magic.kind === "line" || parsed.magic.help === true)) {
      for (const magic of parsed.lines) await this.showLine(magic);
      return { status: "ok", userExpressions: {} };
    }
    this.magicLines = parsed.lines;
    let run: RunningRun | null = null;
    if (parsed.magic !== null) {
      send(order.cell, { type: "phase", userCode: false });
      run = await startRun(order, parsed.magic, this.options);
      send(order.cell, { type: "phase", userCode: true });
    }
    // A run that has begun is brought to its end, whatever goes wrong in between.
    const ran = await this.evaluated(running, parsed.source, run).catch((error: unknown): Outcome => ({ status: "error", error: errorOf(error) }));
    // A program that the signal ended makes the cell fail first; the supervisor's word that it was stopped comes after.
    if (ran.status === "error") await new Promise((resolve) => later(resolve, 1));
    // A signal that is still on its way would stop the next cell.
    for (let waited = 0; running.asked && !running.signalled && waited < LATE_SIGNAL_MS; waited += 5) await new Promise((resolve) => later(resolve, 5));
    const interrupted = ran.status === "error" && (running.interrupted || ran.error.name === INTERRUPTED.name);
    if (run !== null) {
      send(order.cell, { type: "phase", userCode: false });
      await run.finish(ran, interrupted).catch((error: unknown) => complain("The run could not be written to its end", error));
      send(order.cell, { type: "phase", userCode: true });
    }
    if (ran.status === "error") return { status: "error", error: interrupted ? INTERRUPTED : ran.error, interrupted };
    return { status: "ok", userExpressions: await this.expressions(running) };
  }

  /** Runs the cell's code and shows its value. */
  private async evaluated(running: Running, source: string, run: RunningRun | null): Promise<Outcome> {
    const { order } = running;
    const outcome = await this.userCode(running, run === null ? source : parseCell(order.code, { seed: run.seed }).source);
    if (outcome.status === "error" || !outcome.hasValue || outcome.value === undefined) return outcome;
    if (run !== null) {
      const read = await this.ofValue(running, () => run.result(outcome.value));
      if (read === STOPPED) return STOPPED_CELL;
      if ("failed" in read) sayInOneLine("The numbers of the value were not recorded", read.failed);
    }
    if (order.silent) return outcome;
    // Before the run is written: what the user asked for is not to wait for what is kept of it, nor to be lost with it.
    const shown = await this.ofValue(running, () => {
      const data = mimeBundle(outcome.value);
      flushDisplays();
      send(order.cell, { type: "result", data, metadata: {} });
    });
    if (shown === STOPPED) return STOPPED_CELL;
    if ("failed" in shown) sayInOneLine("The value could not be shown", shown.failed);
    return outcome;
  }

  private userCode(running: Running, code: string): Promise<Outcome> {
    return this.stoppable<Outcome>(running, STOPPED_CELL, (end) => {
      this.executor.execute({ count: running.order.count, code }).then(end, (error: unknown) => end({ status: "error", error: errorOf(error) }));
    });
  }

  /** Work on a value of the user's, which may run code of the value's own: getters, `[util.inspect.custom]`, `toJSON`. */
  private ofValue<T>(running: Running, work: () => T): Promise<{ done: T } | { failed: unknown } | typeof STOPPED> {
    return this.stoppable<{ done: T } | { failed: unknown } | typeof STOPPED>(running, STOPPED, (end) => {
      try {
        end({ done: work() });
      } catch (error) {
        end({ failed: error });
      }
    });
  }

  /** Runs work so that it can be stopped at any point; it then ends with `stopped`. */
  private stoppable<T>(running: Running, stopped: T, work: (end: (value: T) => void) => void): Promise<T> {
    if (running.interrupted) return Promise.resolve(stopped);
    return new Promise((resolve) => {
      const end = (value: T): void => {
        if (running.stop === stop) running.stop = null;
        resolve(value);
      };
      const stop = (): void => end(stopped);
      running.stop = stop;
      // From a turn of its own: inside a promise's continuation V8 would not run the microtasks of the cell, and neither
      // they nor the work itself could be stopped by a signal.
      immediately(() => {
        if (running.interrupted) return stop();
        try {
          breakable(() => work(end));
        } catch (error) {
          if (error instanceof Interrupted) this.interrupt();
          else complain("Uncaught exception", error);
        }
      });
    });
  }

  /** One that is stopped ends those after it too; the cell itself has done its work. */
  private async expressions(running: Running): Promise<Record<string, ExpressionResult>> {
    const results: Record<string, ExpressionResult> = {};
    for (const [name, code] of Object.entries(running.order.userExpressions)) results[name] = await this.expression(running, code);
    return results;
  }

  private async expression(running: Running, code: string): Promise<ExpressionResult> {
    const outcome = await this.userCode(running, code);
    if (outcome.status === "error") return failedExpression(outcome.error);
    const shown = await this.ofValue(running, () => mimeBundle(outcome.value));
    if (shown === STOPPED) return failedExpression(INTERRUPTED);
    return "failed" in shown ? failedExpression(errorOf(shown.failed)) : { status: "ok", data: shown.done, metadata: {} };
  }

  private async showLine(magic: ParsedMagic | undefined): Promise<void> {
    if (magic !== undefined) writeDisplayData({ data: await this.showMagic(magic) });
  }
}

const failedExpression = ({ name, message, traceback }: CellError): ExpressionResult => ({ status: "error", ename: name, evalue: message, traceback });

function sayInOneLine(what: string, error: unknown): void {
  const { name, message } = errorOf(error);
  print("stderr", `${what}: ${name}: ${message}`.replaceAll("\n", " ") + "\n");
}

/** A mistake of the user is one line; anything else keeps its stack. */
function errorOf(error: unknown): CellError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), traceback: [String(error)] };
  const line = `${error.name}: ${error.message}`;
  const plain = error instanceof MagicError || error.name === "RunlabError";
  return { name: error.name, message: error.message, traceback: plain ? [line] : stackText(error).split("\n") };
}
