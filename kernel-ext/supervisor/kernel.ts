/**
 * The supervisor: speaks the protocol, keeps the heartbeat, owns the child that runs the user's code, and never runs any
 * itself. So it answers whatever a cell does, and tells the truth when a cell takes its process down.
 */
import type { Answer, CellOrder, Order, Report } from "../child/messages.js";
import { readConnection } from "../protocol/connection.js";
import type { Message } from "../protocol/messages.js";
import { Sockets } from "../protocol/sockets.js";
import { Child } from "./child.js";
import { deathNotice, type DeathCause, type DeathNotice } from "./death.js";
import { Executions, type ActiveCell } from "./executions.js";
import { HANDLERS } from "./handlers.js";
import { History } from "./history.js";
import { Hints } from "./hints.js";
import { InterruptLadder } from "./interrupt-ladder.js";
import { KernelLanguage } from "./language.js";
import { memoryLimitBytes, watchMemory } from "./memory-watch.js";
import { Output } from "./output.js";
import { Owners } from "./owners.js";

/** A child that dies this often without ever being ready will not get ready the next time. */
const MAX_FAILED_STARTS = 3;
const SHUTDOWN_GRACE_MS = 300;

export class Kernel {
  readonly owners = new Owners();
  readonly history = new History();
  /** Open comms: id -> target. */
  readonly comms = new Map<string, string>();
  readonly language: KernelLanguage;
  readonly hints: Hints;
  private readonly sockets: Sockets;
  private readonly output: Output;
  private readonly executions: Executions;
  private readonly ladder = new InterruptLadder();
  private child!: Child;
  private ready!: Promise<void>;
  private isReady = false;
  private childReady: () => void = () => {};
  private childFailed: (error: Error) => void = () => {};
  private startFailure = "";
  private failedStarts = 0;
  private stopWatch: () => void = () => {};
  private promptOpen = false;
  private lastPing = 0;
  private lastPong = 0;
  private closing = false;

  constructor(connectionFile: string, folder: string) {
    this.sockets = new Sockets(readConnection(connectionFile));
    this.output = new Output(this.sockets);
    this.language = new KernelLanguage(folder);
    this.hints = new Hints(this.language, folder);
    this.executions = new Executions({
      sockets: this.sockets,
      output: this.output,
      owners: this.owners,
      history: this.history,
      language: this.language,
      give: (order, active) => this.give(order, active),
    });
  }

  async start(): Promise<void> {
    this.expectChild();
    this.startChild();
    await this.sockets.bind();
    this.sockets.publish("status", { execution_state: "starting" }, {});
    this.sockets.receive({
      shell: (message) => void this.receive("shell", message),
      control: (message) => void this.receive("control", message),
      stdin: (message) => this.receiveInput(message),
    });
  }

  toChild(order: Order, buffers: readonly Uint8Array[] = []): void {
    this.child.send(order, buffers);
  }

  /** The stop button. */
  interrupt(): void {
    const { active } = this.executions;
    if (this.executions.interrupt() && active !== null) {
      if (!active.started) return;
      this.answerPrompt({ interrupted: true });
      this.ladder.climb(this.child, {
        still: () => this.executions.active === active,
        inUserCode: () => active.inUserCode,
        ask: () => this.toChild({ type: "interrupt", cell: active.owner.number }),
      });
      return;
    }
    // A child that starts has nothing of the user's yet, and a signal would end it.
    if (!this.isReady) return;
    // No cell runs, yet a timer of an earlier one may hold the thread: then a ping stays without an answer.
    const ping = ++this.lastPing;
    this.toChild({ type: "ping", id: ping });
    setTimeout(() => {
      if (this.lastPong >= ping) return;
      this.ladder.climb(this.child, { still: () => this.lastPong < ping, inUserCode: () => true, ask: () => {} });
    }, 200);
  }

  async shutdown(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    const { active } = this.executions;
    if (active === null) this.toChild({ type: "exit" });
    // A cell that runs is not asked: its run is closed here.
    await new Promise((resolve) => setTimeout(resolve, active === null ? SHUTDOWN_GRACE_MS / 3 : 0));
    this.child.kill({ kind: "exit", code: 0 });
    if (active !== null) await this.closeRun(active, { name: "KernelShutdown", message: "the kernel was shut down while the run was in progress", status: "interrupted" });
    await this.sockets.sent();
    setTimeout(() => process.exit(0), SHUTDOWN_GRACE_MS / 3);
  }

  private async receive(channel: "shell" | "control", message: Message): Promise<void> {
    const type = message.header.msg_type;
    if (type === "execute_request" && channel === "shell") return this.executions.add(message);
    const handler = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
    // A message that the protocol may learn one day is no reason for an error.
    if (handler === undefined) return;
    this.publishStatus("busy", message);
    try {
      const content = await handler(message, this);
      if (content !== null) this.sockets.reply(channel, message, replyType(type), { status: "ok", ...content });
    } catch (error) {
      const { name, message: text } = error instanceof Error ? error : { name: "Error", message: String(error) };
      this.sockets.reply(channel, message, replyType(type), { status: "error", ename: name, evalue: text, traceback: [] });
    }
    this.publishStatus("idle", message);
    // Frontends show the last status they heard: a cell still runs.
    const { active } = this.executions;
    if (active !== null) this.publishStatus("busy", active.message);
  }

  private publishStatus(state: "busy" | "idle", message: Message): void {
    this.output.flush();
    this.sockets.publish("status", { execution_state: state }, message.header);
  }

  private receiveInput(message: Message): void {
    if (message.header.msg_type === "input_reply") this.answerPrompt({ value: String(message.content.value ?? "") });
  }

  private answerPrompt(answer: Answer): void {
    if (!this.promptOpen) return;
    this.promptOpen = false;
    this.child.answer(answer);
  }

  private prompt(text: string, password: boolean): void {
    this.promptOpen = true;
    const { active } = this.executions;
    if (active === null) return this.answerPrompt({ refused: "prompt: no cell runs, so there is nobody to ask" });
    if (!active.request.allow_stdin) return this.answerPrompt({ refused: "prompt: this frontend does not allow input (allow_stdin is false)" });
    this.output.flush();
    this.sockets.reply("stdin", active.message, "input_request", { prompt: text, password });
  }

  private async give(order: CellOrder, active: ActiveCell): Promise<void> {
    if (this.failedStarts >= MAX_FAILED_STARTS) {
      this.failedStarts = 0;
      this.expectChild();
      this.startChild();
    }
    await this.ready;
    // Whoever stopped the cell while it waited was told that it ended; by now another may be the active one.
    if (this.executions.active !== active || active.interrupted) return;
    active.started = true;
    this.toChild(order);
  }

  /** From now on cells wait until a child is ready. */
  private expectChild(): void {
    this.isReady = false;
    this.ready = new Promise((resolve, reject) => {
      this.childReady = resolve;
      this.childFailed = reject;
    });
    this.ready.catch(() => {});
  }

  private startChild(): void {
    let isReady = false;
    const limit = memoryLimitBytes();
    const child = new Child({
      report: (cell, report, buffers, bytes) => {
        if (report.type === "ready") isReady = true;
        this.receiveReport(cell, report, buffers, bytes);
      },
      print: (cell, name, bytes) => this.output.print(this.owners.get(cell), name, bytes),
      printRaw: (name, text) => {
        if (!isReady) this.startFailure = (this.startFailure + text).slice(-2000);
        else if (text !== "") this.output.print(this.executions.active?.owner ?? this.owners.latest, name, Buffer.from(text));
      },
      ended: (cause) => void this.childEnded(cause, isReady),
    });
    this.child = child;
    this.stopWatch();
    this.stopWatch = watchMemory(child.pid, limit, (residentBytes) => child.kill({ kind: "memory", residentBytes, limitBytes: limit }));
  }

  private receiveReport(cell: number, report: Report, buffers: Buffer[], bytes: number): void {
    const owner = this.owners.get(cell);
    const { active } = this.executions;
    const own = active !== null && active.owner.number === cell ? active : null;
    switch (report.type) {
      case "ready":
        this.failedStarts = 0;
        this.isReady = true;
        if (report.languageHere) this.language.useChild((message) => this.toChild({ type: "language", message }));
        else this.language.useThread(report.engine);
        return this.childReady();
      case "failed":
        this.startFailure = report.message;
        return;
      case "done":
        return own?.end(report.end);
      case "pong":
        this.lastPong = report.id;
        return;
      case "language":
        return this.language.receive(report.message);
      case "display":
        return this.output.display(owner, report.data, report.metadata, report.id, report.update, bytes);
      case "result":
        if (own !== null && own.request.store_history) this.history.setOutput(own.count, String(report.data["text/plain"] ?? ""));
        return this.output.publish(owner, "execute_result", { execution_count: own?.count ?? 0, data: report.data, metadata: report.metadata });
      case "clear":
        return this.output.publish(owner, "clear_output", { wait: report.wait });
      case "prompt":
        return this.prompt(report.text, report.password);
      case "phase":
        if (own !== null) own.inUserCode = report.userCode;
        return;
      case "run_started":
        if (own !== null) own.run = { id: report.id, storeRoot: report.storeRoot };
        return;
      case "run_card":
        if (own !== null) own.card = report.card;
        this.output.display(owner, report.bundle, {}, cardId(report.card.id), !report.first, bytes);
        return;
      case "comm_open":
        this.comms.set(report.comm, report.target);
        return this.output.publish(owner, "comm_open", { comm_id: report.comm, target_name: report.target, data: report.data }, report.metadata, buffers);
      case "comm_msg":
        return this.output.publish(owner, "comm_msg", { comm_id: report.comm, data: report.data }, {}, buffers);
      case "comm_close":
        this.comms.delete(report.comm);
        return this.output.publish(owner, "comm_close", { comm_id: report.comm, data: report.data });
    }
  }

  private async childEnded(cause: DeathCause, wasReady: boolean): Promise<void> {
    if (this.closing) return;
    this.ladder.stop();
    this.promptOpen = false;
    this.comms.clear();
    const { active } = this.executions;
    if (!wasReady) {
      this.failedStarts++;
      if (this.failedStarts >= MAX_FAILED_STARTS) {
        const notice = deathNotice({ kind: "start", message: this.startFailure.trim() || deathNotice(cause).message });
        return this.childFailed(Object.assign(new Error(notice.message), { name: notice.name }));
      }
      // Whoever waited for the one that failed now waits for its successor.
      return this.startChild();
    }
    const forgotten = this.language.childEnded().catch(() => {});
    const notice = deathNotice(cause);
    // Asked now: a cell that waits for the next child may be with it before all of the below is done.
    const lost = active?.started === true ? active : null;
    if (lost !== null) await this.closeRun(lost, notice);
    this.expectChild();
    this.startChild();
    await forgotten;
    if (lost !== null) this.executions.died(lost, notice);
    else this.output.note(this.owners.latest, `${notice.name}: ${notice.message}`);
  }

  /** Writes the end of a run whose process can no longer do it. */
  private async closeRun(active: ActiveCell, notice: DeathNotice): Promise<void> {
    const { run, card } = active;
    if (run === null) return;
    try {
      const { closeRun, openStore } = await import("runlab/runs");
      const error = { name: notice.name, message: notice.message, traceback: [`${notice.name}: ${notice.message}`] };
      await closeRun(openStore(run.storeRoot), run.id, { status: notice.status, error });
      if (card === null) return;
      const { runCardBundle } = await import("runlab/format");
      const last = { ...card, status: notice.status, error: { name: notice.name, message: notice.message } };
      this.output.display(active.owner, runCardBundle(last), {}, cardId(run.id), true, 0);
    } catch (error) {
      this.output.note(active.owner, `the run ${run.id} could not be closed: ${(error as Error).message}`);
    }
  }
}

const cardId = (run: string): string => `run-${run}`;
const replyType = (type: string): string => type.replace(/_request$/, "_reply");
