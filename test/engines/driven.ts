/** An engine in a process of its own, as the kernel has it: vitest's own loader would hide Node's. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CellError, Completeness, Completion, Diagnostic, Inspection } from "../../kernel-ext/engines/engine.js";

export interface Ran {
  status: "ok" | "error";
  hasValue?: boolean;
  /** The value as `util.inspect` prints it. */
  shown?: string | null;
  /** The value is the very object in `globalThis.marked`. */
  same?: boolean;
  error?: CellError;
}

export class DrivenEngine {
  private count = 0;
  private calls = 0;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  private constructor(private readonly child: ChildProcess) {
    child.on("message", (message: { id: number; value?: unknown; error?: string }) => {
      const call = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error !== undefined) call?.reject(new Error(message.error));
      else call?.resolve(message.value);
    });
    child.on("exit", (code, signal) => {
      for (const call of this.waiting.values()) call.reject(new Error(`the engine's process ended (${code ?? signal})`));
    });
  }

  static async open(engine: string, folder: string, node = process.execPath): Promise<DrivenEngine> {
    const child = fork(fileURLToPath(new URL("./driver.mjs", import.meta.url)), [engine, folder], { execPath: node, stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
    let noise = "";
    child.stderr!.on("data", (data: Buffer) => (noise += data.toString()));
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", () => reject(new Error(`the engine did not start; is the kernel built (npm run build)? ${noise}`)));
    });
    return new DrivenEngine(child);
  }

  /** Runs a cell and commits it, as the kernel does. */
  async run(code: string): Promise<Ran> {
    const cell = { count: ++this.count, code };
    const ran = (await this.call("execute", cell)) as Ran;
    await this.call("commit", cell);
    return ran;
  }

  /** What a cell shows, or its error as one line. */
  async value(code: string): Promise<string | null> {
    const ran = await this.run(code);
    return ran.status === "ok" ? (ran.shown ?? null) : `${ran.error!.name}: ${ran.error!.message}`;
  }

  /** The number in the name of the last cell. */
  get lastCount(): number {
    return this.count;
  }

  check = (code: string): Promise<Diagnostic[]> => this.call("check", { count: this.count + 1, code }) as Promise<Diagnostic[]>;
  complete = (code: string, offset = code.length): Promise<Completion> => this.call("complete", code, offset) as Promise<Completion>;
  inspect = (code: string, offset: number): Promise<Inspection | null> => this.call("inspect", code, offset) as Promise<Inspection | null>;
  isComplete = (code: string): Promise<Completeness> => this.call("isComplete", code) as Promise<Completeness>;
  interruptIn = (milliseconds: number): Promise<unknown> => this.call("interruptIn", milliseconds);
  /** Presses the stop button. */
  stopIn = (milliseconds: number): void => void setTimeout(() => this.child.kill("SIGINT"), milliseconds);
  reset = (): Promise<unknown> => this.call("reset");
  displayed = (): Promise<[string, unknown][]> => this.call("shown") as Promise<[string, unknown][]>;

  async close(): Promise<void> {
    await this.call("dispose");
    this.child.kill();
  }

  private call(call: string, ...args: unknown[]): Promise<unknown> {
    const id = ++this.calls;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, call, args });
    });
  }
}
