/** The child process as the supervisor sees it: orders go down, reports and text come up, and one day it ends. */
import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { fileURLToPath } from "node:url";
import { decodeMessage, encodeMessage, FRAME, FrameReader } from "../child/frames.js";
import { PIPES, type Answer, type Order, type Report } from "../child/messages.js";
import type { StreamName } from "../protocol/stream-buffer.js";
import { deathCause, type DeathCause } from "./death.js";

export interface ChildEvents {
  report(cell: number, report: Report, buffers: Buffer[], bytes: number): void;
  print(cell: number, name: StreamName, bytes: Buffer): void;
  /** Printed past JavaScript: by native code, or by a process the cell started. */
  printRaw(name: StreamName, text: string): void;
  ended(cause: DeathCause): void;
}

/** V8 prints these before it gives up; from there on its words are for the diagnosis, not for the user. */
const LAST_WORDS = /<--- Last few GCs --->|^FATAL ERROR:|^#\n# Fatal/m;
const LAST_WORDS_KEPT = 16_384;

export class Child {
  readonly pid: number;
  heapLimitBytes: number | null = null;
  private readonly process: ChildProcess;
  private words = "";
  private dying = false;
  private killedFor: DeathCause | null = null;

  constructor(events: ChildEvents) {
    this.process = spawn(process.execPath, [...flags(), fileURLToPath(new URL("../child/main.js", import.meta.url))], {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", "pipe"],
      // A group of its own: SIGINT reaches the cell and the processes it started, never the supervisor.
      detached: true,
      env: process.env,
    });
    this.pid = this.process.pid ?? -1;
    this.readReports(events);
    this.readRaw(events);
    for (const fd of [PIPES.down, PIPES.answer, PIPES.control]) this.pipe(fd).on("error", () => {});
    let over = false;
    const end = (cause: DeathCause): void => {
      if (over) return;
      over = true;
      events.ended(this.killedFor ?? cause);
    };
    this.process.on("error", (error) => end({ kind: "start", message: error.message }));
    // `exit` may come before the last words are read, and `close` may wait for a grandchild that holds a pipe.
    this.process.on("exit", (code, signal) => {
      const told = (): void => end(deathCause(code, signal, this.words, this.heapLimitBytes));
      this.process.on("close", told);
      setTimeout(told, 300);
    });
  }

  send(order: Order, buffers: readonly Uint8Array[] = []): void {
    this.pipe(PIPES.down).write(encodeMessage(0, order, buffers));
  }

  answer(answer: Answer): void {
    this.pipe(PIPES.answer).write(encodeMessage(0, answer));
  }

  /** Ends the JavaScript that runs now, by way of the control thread. */
  terminate(): void {
    this.pipe(PIPES.control).write("!");
  }

  signal(signal: "SIGINT" | "SIGTERM"): void {
    this.toGroup(signal);
  }

  kill(cause: DeathCause): void {
    this.killedFor ??= cause;
    this.toGroup("SIGKILL");
  }

  private toGroup(signal: NodeJS.Signals): void {
    if (this.pid <= 0 || this.process.exitCode !== null || this.process.signalCode !== null) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // It has just ended; its `exit` event is on the way.
    }
  }

  private pipe(fd: number): Socket {
    return this.process.stdio[fd] as Socket;
  }

  private readReports(events: ChildEvents): void {
    const reader = new FrameReader((frame) => {
      if (frame.kind === FRAME.stdout) return events.print(frame.cell, "stdout", frame.payload);
      if (frame.kind === FRAME.stderr) return events.print(frame.cell, "stderr", frame.payload);
      const { message, buffers } = decodeMessage(frame);
      const report = message as Report;
      if (report.type === "ready") this.heapLimitBytes = report.heapLimitBytes;
      events.report(frame.cell, report, buffers, frame.payload.length);
    });
    this.pipe(PIPES.up).on("data", (chunk: Buffer) => reader.push(chunk));
    this.pipe(PIPES.up).on("error", () => {});
  }

  private readRaw(events: ChildEvents): void {
    const out = new StringDecoder("utf8");
    this.process.stdout?.on("data", (chunk: Buffer) => events.printRaw("stdout", out.write(chunk)));
    const err = new StringDecoder("utf8");
    this.process.stderr?.on("data", (chunk: Buffer) => {
      // Node says this whenever it exits with an inspector session open, as engines have one.
      const text = err.write(chunk).replace("Waiting for the debugger to disconnect...\n", "");
      this.words = (this.words + text).slice(-LAST_WORDS_KEPT);
      if (this.dying) return;
      const at = text.search(LAST_WORDS);
      if (at >= 0) this.dying = true;
      const shown = at >= 0 ? text.slice(0, at).trimEnd() : text;
      if (shown !== "") events.printRaw("stderr", shown);
    });
  }
}

function flags(): string[] {
  const heap = Number(process.env.RUNLAB_HEAP_MB);
  return [
    // Ending a loop inside a promise leaves Node's bookkeeping of async ids open; the check would abort the process.
    "--no-force-async-hooks-checks",
    "--disable-warning=ExperimentalWarning",
    ...(heap > 0 ? [`--max-old-space-size=${Math.round(heap)}`] : []),
  ];
}
