/** The queue of cells: one runs, the others wait; an error or an interrupt sends the waiting ones back unrun. */
import type { CellEnd, CellOrder } from "../child/messages.js";
import type { Diagnostic } from "../engines/engine.js";
import type { RunCard } from "runlab/format";
import { executeRequest, type ExecuteRequest, type Message } from "../protocol/messages.js";
import type { Sockets } from "../protocol/sockets.js";
import type { DeathNotice } from "./death.js";
import type { History } from "./history.js";
import type { KernelLanguage } from "./language.js";
import type { Output } from "./output.js";
import type { Owner, Owners } from "./owners.js";

/** The cell that runs now. */
export interface ActiveCell {
  readonly owner: Owner;
  readonly message: Message;
  readonly request: ExecuteRequest;
  readonly count: number;
  /** Set when the child was given the cell. */
  started: boolean;
  interrupted: boolean;
  /** False while the kernel's own code works for the cell. */
  inUserCode: boolean;
  run: { id: string; storeRoot: string } | null;
  card: RunCard | null;
  end(end: CellEnd): void;
}

export interface ExecutionParts {
  sockets: Sockets;
  output: Output;
  owners: Owners;
  history: History;
  language: KernelLanguage;
  /** Gives the cell to the child once there is one, unless it has ended by then. Rejects when there can be none. */
  give(order: CellOrder, active: ActiveCell): Promise<void>;
}

const INTERRUPTED: CellEnd = { status: "error", interrupted: true, error: { name: "KeyboardInterrupt", message: "interrupted", traceback: ["KeyboardInterrupt: interrupted"] } };
const MAX_DIAGNOSTICS = 20;

export class Executions {
  active: ActiveCell | null = null;
  private queue: Message[] = [];
  private count = 0;

  constructor(private readonly parts: ExecutionParts) {}

  add(message: Message): void {
    this.queue.push(message);
    if (this.active === null) this.next();
  }

  /** The run's end has been settled by the supervisor itself, because the child is gone. */
  died(active: ActiveCell, notice: DeathNotice): void {
    active.end({
      status: "error",
      interrupted: notice.status === "interrupted",
      error: { name: notice.name, message: notice.message, traceback: [`${notice.name}: ${notice.message}`] },
    });
  }

  /** Returns true when there was a cell to interrupt. */
  interrupt(): boolean {
    const { active } = this;
    if (active === null) return false;
    active.interrupted = true;
    // Not yet with the child: waiting for types, or for the child itself.
    if (!active.started) active.end(INTERRUPTED);
    return true;
  }

  private next(): void {
    const message = this.queue.shift();
    if (message !== undefined) void this.run(message);
  }

  private async run(message: Message): Promise<void> {
    const { owners, output, sockets, history } = this.parts;
    const request = executeRequest(message.content);
    const owner = owners.create(message.header);
    const count = request.store_history ? ++this.count : this.count + (request.silent ? 0 : 1);
    let settle: (end: CellEnd) => void = () => {};
    const ended = new Promise<CellEnd>((resolve) => (settle = resolve));
    const active: ActiveCell = { owner, message, request, count, started: false, interrupted: false, inUserCode: true, run: null, card: null, end: settle };
    this.active = active;

    output.publish(owner, "status", { execution_state: "busy" });
    if (!request.silent) output.publish(owner, "execute_input", { code: request.code, execution_count: count });
    if (request.store_history) history.add(count, request.code);

    this.start(active, ended).catch((error: unknown) => settle(failure(error)));
    const end = await ended;
    // What native code printed comes by another pipe than the cell's end; it is read in this turn of the loop.
    await new Promise((resolve) => setImmediate(resolve));
    this.finish(active, end);
    sockets.reply("shell", message, "execute_reply", replyContent(end, count), replyMetadata(end));
    output.publish(owner, "status", { execution_state: "idle" });
    this.active = null;
    if (end.status === "error" && (request.stop_on_error || active.interrupted)) this.abortQueued(count);
    this.next();
  }

  private async start(active: ActiveCell, ended: Promise<CellEnd>): Promise<void> {
    const { request, count, owner } = active;
    if (request.code.trim() === "" && Object.keys(request.user_expressions).length === 0) return active.end({ status: "ok", userExpressions: {} });
    const cell = await this.asTyped(request.code);
    if (cell.kind === "run") {
      // A run costs a folder and perhaps an hour: mistakes that the types show are told before it starts.
      const errors = (await this.check(count, cell.source)).filter((diagnostic) => diagnostic.severity === "error");
      if (active.interrupted) return;
      if (errors.length > 0) return active.end(refusal(errors));
      this.report(owner, cell.warnings);
    } else if (cell.kind === "code" && !request.silent) {
      // Types never hold up a plain cell; what they have to say follows.
      void Promise.all([this.check(count, cell.source), ended]).then(([diagnostics, end]) => {
        if (!refusedItself(end)) this.report(owner, diagnostics);
      });
    }
    const cellId = active.message.metadata.cellId;
    const order: CellOrder = {
      type: "execute",
      cell: owner.number,
      count,
      code: request.code,
      silent: request.silent,
      allowStdin: request.allow_stdin,
      userExpressions: request.user_expressions,
      cellId: typeof cellId === "string" ? cellId : null,
    };
    await this.parts.give(order, active);
  }

  /** Most cells hold no magic, and the parser is not loaded for them. */
  private async asTyped(code: string): Promise<{ kind: "code" | "run" | "magic"; source: string; warnings: Diagnostic[] }> {
    if (!code.includes("%")) return { kind: "code", source: code, warnings: [] };
    const [{ parseCell }, { unusedFlags }] = await Promise.all([import("../magics/parse.js"), import("../magics/unused-flags.js")]);
    const parsed = parseCell(code);
    const { magic, source } = parsed;
    if (magic === null) return { kind: "code", source, warnings: [] };
    return { kind: magic.kind === "cell" && magic.help !== true ? "run" : "magic", source, warnings: unusedFlags(parsed) };
  }

  /** A type checker that fails is no reason not to run the cell. */
  private check(count: number, code: string): Promise<Diagnostic[]> {
    return this.parts.language.check({ count, code }).catch(() => []);
  }

  private report(owner: Owner, diagnostics: Diagnostic[]): void {
    if (diagnostics.length > 0) this.parts.output.note(owner, diagnosticLines(diagnostics).join("\n"));
  }

  private finish(active: ActiveCell, end: CellEnd): void {
    const { output, language } = this.parts;
    const { owner, request, count } = active;
    output.flush();
    output.noteDropped(owner);
    if (end.status === "error" && !request.silent) {
      output.publish(owner, "error", { ename: end.error.name, evalue: end.error.message, traceback: end.error.traceback });
    }
    if (!active.started || refusedItself(end)) return;
    void this.asTyped(request.code)
      .then(async (cell) => {
        if (cell.kind !== "magic") await language.commit({ count, code: cell.source });
      })
      .catch(() => {});
  }

  private abortQueued(count: number): void {
    const { sockets } = this.parts;
    for (const message of this.queue.splice(0)) {
      sockets.publish("status", { execution_state: "busy" }, message.header);
      sockets.reply("shell", message, "execute_reply", { status: "aborted", execution_count: count, user_expressions: {}, payload: [] }, { status: "aborted" });
      sockets.publish("status", { execution_state: "idle" }, message.header);
    }
  }
}

/** The engine did not run the cell, and has said why. */
const refusedItself = (end: CellEnd): boolean => end.status === "error" && ["SyntaxError", "TypeScriptError"].includes(end.error.name);

function refusal(errors: Diagnostic[]): CellEnd {
  const head = `the run was not started: ${errors.length} ${errors.length === 1 ? "error" : "errors"}`;
  const lines = diagnosticLines(errors);
  return { status: "error", interrupted: false, error: { name: "TypeCheckError", message: `${head}; ${lines[0]}`, traceback: [`TypeCheckError: ${head}`, ...lines.map((line) => `  ${line}`)] } };
}

/** `4:18 - TS2339: Property 'depht' does not exist …` */
export function diagnosticLines(diagnostics: Diagnostic[]): string[] {
  const lines = diagnostics.slice(0, MAX_DIAGNOSTICS).map(({ line, column, code, message, severity }) => `${line}:${column} - ${severity === "warning" ? "warning: " : ""}${code === 0 ? "" : `TS${code}: `}${message}`);
  if (diagnostics.length > MAX_DIAGNOSTICS) lines.push(`… and ${diagnostics.length - MAX_DIAGNOSTICS} more`);
  return lines;
}

function failure(error: unknown): CellEnd {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { status: "error", interrupted: false, error: { name, message, traceback: [`${name}: ${message}`] } };
}

function replyContent(end: CellEnd, count: number): object {
  if (end.status === "ok") return { status: "ok", execution_count: count, user_expressions: end.userExpressions, payload: [] };
  const { name, message, traceback } = end.error;
  return { status: "error", execution_count: count, ename: name, evalue: message, traceback, user_expressions: {}, payload: [] };
}

/** jupyter_client reads the status here too. */
const replyMetadata = (end: CellEnd): object => ({ status: end.status });
