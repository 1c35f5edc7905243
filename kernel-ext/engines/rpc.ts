/**
 * A `Language` on the other side of a message port: a worker thread's, or a child process's channel.
 *
 * Every argument and result is plain JSON, so one protocol fits both. Answers come in any order; each call is answered
 * exactly once, and when the other side is gone every open call fails.
 */
import type { Completion, Completeness, Diagnostic, Inspection, Language } from "./engine.js";

/** The least that a worker, a `MessagePort` and a process channel have in common. */
export interface LanguagePort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

type Method = keyof Language;
const METHODS = ["check", "commit", "complete", "inspect", "isComplete", "reset", "dispose"] as const satisfies readonly Method[];

interface Call {
  languageCall: number;
  method: Method;
  args: unknown[];
}
type Answer = { languageAnswer: number } & ({ value: unknown } | { error: string });

/** Answers the calls that come through the port. `language` may still be loading: calls wait for it. */
export function serveLanguage(port: LanguagePort, language: Promise<Language>): void {
  port.onMessage(async (message) => {
    const call = message as Call;
    if (typeof call?.languageCall !== "number") return;
    let answer: Answer;
    try {
      if (!METHODS.includes(call.method)) throw new Error(`a language has no method ${String(call.method)}`);
      const method = (await language)[call.method] as (...args: unknown[]) => Promise<unknown>;
      answer = { languageAnswer: call.languageCall, value: await method.apply(await language, call.args) };
    } catch (error) {
      answer = { languageAnswer: call.languageCall, error: error instanceof Error ? error.message : String(error) };
    }
    port.post(answer);
  });
}

export class LanguageClient implements Language {
  private readonly open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private next = 0;
  private gone: string | null = null;

  constructor(private readonly port: LanguagePort) {
    port.onMessage((message) => {
      const answer = message as Answer;
      if (typeof answer?.languageAnswer !== "number") return;
      const waiting = this.open.get(answer.languageAnswer);
      this.open.delete(answer.languageAnswer);
      if ("error" in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.value);
    });
  }

  /** The other side has ended: every open call fails with `reason`, and so does every later one. */
  close(reason: string): void {
    this.gone = reason;
    for (const waiting of this.open.values()) waiting.reject(new Error(reason));
    this.open.clear();
  }

  check: Language["check"] = (cell) => this.call<Diagnostic[]>("check", cell);
  commit: Language["commit"] = (cell) => this.call<void>("commit", cell);
  complete: Language["complete"] = (code, offset) => this.call<Completion>("complete", code, offset);
  inspect: Language["inspect"] = (code, offset) => this.call<Inspection | null>("inspect", code, offset);
  isComplete: Language["isComplete"] = (code) => this.call<Completeness>("isComplete", code);
  reset: Language["reset"] = () => this.call<void>("reset");
  dispose: Language["dispose"] = () => this.call<void>("dispose");

  private call<Result>(method: Method, ...args: unknown[]): Promise<Result> {
    if (this.gone !== null) return Promise.reject(new Error(this.gone));
    const languageCall = ++this.next;
    return new Promise((resolve, reject) => {
      this.open.set(languageCall, { resolve: resolve as (value: unknown) => void, reject });
      this.port.post({ languageCall, method, args } satisfies Call);
    });
  }
}
