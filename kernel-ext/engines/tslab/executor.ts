/** tslab's executor as an `Executor`. */
import type { CellError, CellSource, EngineOptions, Executor, Language, Outcome } from "../engine.js";
import { INTERRUPTED, failure } from "../errors.js";
import { DIAGNOSTIC_FORMAT, connectDisplay, createRunner, type TslabRunner, type WriteDisplayData } from "./internals.js";
import { TslabLanguage } from "./language.js";

interface Shower {
  raw(mime: string, value: unknown): void;
}

/** What the child offers: everything tslab's own `display` wrote, or the kernel's `display` by its helpers. */
interface DisplayHost {
  writeDisplayData?: WriteDisplayData;
  display?: Shower;
  newDisplay?(): Shower;
}

export class TslabExecutor implements Executor {
  private readonly runner: TslabRunner;
  private value: { value: unknown } | null = null;
  private problems: unknown[][] = [];
  private displayConnected = false;
  private readonly language: TslabLanguage;
  private libraryKnown = false;

  constructor(options: EngineOptions, language: Language | null) {
    if (!(language instanceof TslabLanguage)) throw new Error("the engine tslab needs its own language in the same process");
    this.language = language;
    this.runner = createRunner(options.folder, language.forExecutor(), {
      log: (value) => void (this.value = { value }),
      error: (...values) => void this.problems.push(values),
    });
  }

  async execute(cell: CellSource): Promise<Outcome> {
    this.value = null;
    this.problems = [];
    if (!this.displayConnected && cell.code.includes("tslab")) this.connect();
    if (!this.libraryKnown) await this.knowLibrary();
    const ok = await this.runner.execute(cell.code);
    if (!ok) return this.failed(cell);
    // TypeScript's view: assigned by the sink while `execute` ran.
    const shown = this.value as { value: unknown } | null;
    return shown === null ? { status: "ok", hasValue: false, value: undefined } : { status: "ok", hasValue: true, value: shown.value };
  }

  interrupt(): void {
    this.runner.interrupt();
  }

  async dispose(): Promise<void> {
    this.runner.interrupt();
  }

  /** Globals that the child defined from the library: tslab's checker must know their names. */
  private async knowLibrary(): Promise<void> {
    this.libraryKnown = true;
    try {
      const names = Object.keys(await import("runlab")).filter((name) => name !== "default" && name in globalThis);
      this.language.declareGlobals(names);
    } catch {
      // Without the library the cells still run.
    }
  }

  private connect(): void {
    this.displayConnected = true;
    /** By tslab's display id: each of its displays replaces its own. */
    const replaced = new Map<string, Shower | undefined>();
    connectDisplay((content, update) => {
      const globals = globalThis as DisplayHost & Record<symbol, DisplayHost | undefined>;
      const host = globals[Symbol.for("runlab.tslab")] ?? globals;
      if (host.writeDisplayData) return host.writeDisplayData(content, update);
      const id = content.transient.display_id;
      if (id !== undefined && !replaced.has(id)) replaced.set(id, host.newDisplay?.());
      const shower = id === undefined ? host.display : replaced.get(id);
      for (const [mime, value] of Object.entries(content.data)) shower?.raw(mime, value);
    });
  }

  private failed(cell: CellSource): Outcome {
    const types = this.problems.filter((values) => values[0] === DIAGNOSTIC_FORMAT);
    if (types.length > 0) return { status: "error", error: typeErrors(types, cell) };
    const thrown = this.problems[0]?.[0];
    if (isInterrupt(thrown)) return { status: "error", error: { ...INTERRUPTED } };
    const failed = failure(thrown);
    // tslab runs compiled text without a map: the name says that the lines are not the cell's.
    if (failed.status === "error") failed.error.traceback = failed.error.traceback.map((line) => line.replaceAll("evalmachine.<anonymous>", `cell_${cell.count}.js`));
    return failed;
  }
}

function typeErrors(found: unknown[][], cell: CellSource): CellError {
  const lines = found.map(([, file, line, column, message]) => `${String(file) || `cell_${cell.count}.ts `}${line}:${column} - ${String(message)}`);
  return { name: "TypeScriptError", message: lines[0], traceback: lines };
}

function isInterrupt(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return thrown.message === "Interrupted asynchronously" || (thrown as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
