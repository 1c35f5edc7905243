/**
 * The engine's language, asked from the supervisor. Where it lives (a thread of the supervisor, or the child) is the
 * engine's choice; callers do not see it, and need not wait until it is there.
 */
import { Worker } from "node:worker_threads";
import type { CellSource, Language } from "../engines/engine.js";
import { LanguageClient, type LanguagePort } from "../engines/rpc.js";

const THREAD = new URL("../engines/language-thread.js", import.meta.url);

export class KernelLanguage {
  /** Told again to a language that has to start anew. */
  private committed: CellSource[] = [];
  private worker: Worker | null = null;
  private inChild: LanguageClient | null = null;
  private client: Promise<LanguageClient>;
  private arrived!: (client: LanguageClient) => void;
  private hear: (message: unknown) => void = () => {};

  constructor(private readonly folder: string) {
    this.client = this.expect();
  }

  /** The language lives in the child: `post` reaches it, and `receive` takes what it answers. */
  useChild(post: (message: unknown) => void): void {
    const port: LanguagePort = { post, onMessage: (listener) => (this.hear = listener) };
    this.inChild = new LanguageClient(port);
    this.arrived(this.inChild);
  }

  receive(message: unknown): void {
    this.hear(message);
  }

  /** The language lives apart. Starts its thread, unless it runs already. */
  useThread(engine: string): void {
    if (this.worker !== null) return;
    const worker = new Worker(THREAD, { workerData: { engine, options: { folder: this.folder } } });
    this.worker = worker;
    const client = new LanguageClient({ post: (message) => worker.postMessage(message), onMessage: (listener) => void worker.on("message", listener) });
    const ended = (): void => {
      client.close("the type checker ended");
      if (this.worker === worker) this.restart(engine);
    };
    worker.on("error", ended);
    worker.on("exit", ended);
    this.arrived(client);
  }

  /** The child has ended, and with it every name the cells had declared. */
  async childEnded(): Promise<void> {
    this.committed = [];
    if (this.worker !== null) return (await this.client).reset();
    // Before the language was there, nobody has an answer to lose: the calls wait for the next child.
    if (this.inChild === null) return;
    this.inChild.close("the process ended");
    this.inChild = null;
    this.client = this.expect();
  }

  check: Language["check"] = async (cell) => (await this.client).check(cell);
  complete: Language["complete"] = async (code, offset) => (await this.client).complete(code, offset);
  inspect: Language["inspect"] = async (code, offset) => (await this.client).inspect(code, offset);
  isComplete: Language["isComplete"] = async (code) => (await this.client).isComplete(code);

  async commit(cell: CellSource): Promise<void> {
    this.committed.push(cell);
    return (await this.client).commit(cell);
  }

  private expect(): Promise<LanguageClient> {
    return new Promise((resolve) => (this.arrived = resolve));
  }

  /** Types can grow until the thread is out of memory: another one takes its place and learns what the cells declared. */
  private restart(engine: string): void {
    this.worker = null;
    this.client = this.expect();
    this.useThread(engine);
    const { committed } = this;
    this.committed = [];
    for (const cell of committed) this.commit(cell).catch(() => {});
  }
}
