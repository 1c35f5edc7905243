/**
 * Types, completion and inspection, asked from the supervisor. Where they live (a thread of the supervisor, or the child)
 * is the engine's choice; either way a caller never waits for ever.
 */
import { Worker } from "node:worker_threads";
import type { CellSource, Completeness, Completion, Diagnostic, Inspection } from "../engines/engine.js";
import type { LanguageMethod } from "../child/messages.js";

export interface LanguageCall {
  id: number;
  method: LanguageMethod;
  args: unknown[];
}

export interface LanguageAnswer {
  id: number;
  value?: unknown;
  error?: string;
}

type Send = (call: LanguageCall) => void;

export class LanguageClient {
  private readonly pending = new Map<number, (answer: LanguageAnswer) => void>();
  /** Told again to a language that has to start anew. */
  private committed: CellSource[] = [];
  private worker: Worker | null = null;
  private toChild: Send | null = null;
  /** Calls made before it is known where the language lives. */
  private early: LanguageCall[] | null = [];
  private lastId = 0;

  constructor(private readonly folder: string) {}

  /** The engine's language lives in the child, and `send` reaches it. */
  useChild(send: Send): void {
    this.toChild = send;
    this.release();
  }

  /** The engine's language lives apart: starts its thread. */
  useThread(): void {
    if (this.worker !== null) return;
    const worker = new Worker(new URL("./language-thread.js", import.meta.url), { workerData: { engine: process.env.RUNLAB_ENGINE, folder: this.folder } });
    this.worker = worker;
    worker.on("message", (answer: LanguageAnswer) => this.answer(answer));
    worker.on("error", () => this.replace(worker));
    worker.on("exit", () => this.replace(worker));
    this.release();
  }

  answer(answer: LanguageAnswer): void {
    const resolve = this.pending.get(answer.id);
    this.pending.delete(answer.id);
    resolve?.(answer);
  }

  /** The child has ended: what it was asked will not be answered. */
  childEnded(): void {
    if (this.worker === null) this.failPending("the process ended");
    if (this.toChild !== null) this.early = [];
    this.toChild = null;
  }

  check(cell: CellSource): Promise<Diagnostic[]> {
    return this.ask("check", [cell]) as Promise<Diagnostic[]>;
  }

  async commit(cell: CellSource): Promise<void> {
    this.committed.push(cell);
    await this.ask("commit", [cell]);
  }

  complete(code: string, offset: number): Promise<Completion> {
    return this.ask("complete", [code, offset]) as Promise<Completion>;
  }

  inspect(code: string, offset: number): Promise<Inspection | null> {
    return this.ask("inspect", [code, offset]) as Promise<Inspection | null>;
  }

  isComplete(code: string): Promise<Completeness> {
    return this.ask("isComplete", [code]) as Promise<Completeness>;
  }

  /** Forgets every cell. */
  async reset(): Promise<void> {
    this.committed = [];
    // A language in the child is as new as the child.
    if (this.worker !== null) await this.ask("reset", []);
  }

  private ask(method: LanguageMethod, args: unknown[]): Promise<unknown> {
    const call: LanguageCall = { id: ++this.lastId, method, args };
    return new Promise((resolve, reject) => {
      this.pending.set(call.id, (answer) => (answer.error === undefined ? resolve(answer.value) : reject(new Error(answer.error))));
      if (this.early !== null) this.early.push(call);
      else this.forward(call);
    });
  }

  private forward(call: LanguageCall): void {
    if (this.worker !== null) this.worker.postMessage(call);
    else this.toChild?.(call);
  }

  private release(): void {
    const calls = this.early ?? [];
    this.early = null;
    for (const call of calls) this.forward(call);
  }

  private failPending(reason: string): void {
    for (const id of [...this.pending.keys()]) this.answer({ id, error: reason });
  }

  /** The thread has ended, which types that grow without bound can do: another takes its place. */
  private replace(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = null;
    this.early = [];
    this.failPending("the type checker ended and was started again");
    const committed = this.committed;
    this.committed = [];
    this.useThread();
    for (const cell of committed) this.commit(cell).catch(() => {});
  }
}
