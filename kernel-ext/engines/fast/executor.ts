/**
 * Runs cells in V8's REPL mode, through an inspector session of the same thread: top-level await and redeclaration are
 * V8's own, and code runs as fast as in a script.
 */
import { Session, type Runtime } from "node:inspector";
import { promiseHooks } from "node:v8";
import vm from "node:vm";
import type { CellSource, EngineOptions, Executor, Outcome } from "../engine.js";
import { INTERRUPTED, failure } from "../errors.js";
import { cellModules } from "./imports.js";
import { CellNames } from "./loop-variables.js";
import { HIDDEN } from "./repl.js";
import { installStackTraces, mapPositions } from "./stack.js";
import { CellSyntaxError, transform, type Transformed } from "./transform.js";

type Evaluated = { error: Error } | { result: Runtime.EvaluateReturnType };

/** The hidden global through which a value leaves the REPL as itself, not as a copy. */
const TAKE = "__runlab_take__";
/** Runs its argument; a script of its own, so that SIGINT can stop what it calls. */
const CALL = "__runlab_call__";

export class FastExecutor implements Executor {
  private readonly session = new Session();
  private readonly callInterruptibly = new vm.Script(`${CALL}()`, { filename: "node:runlab-cell" });
  /**
   * The promises of scripts that have not ended. A script that waits for something nobody will settle, or that was
   * stopped between two awaits, is garbage; V8's inspector would then answer from inside the garbage collection, which
   * aborts the process on Node 24 and ends the cell with a wrong error on Node 20.
   */
  private readonly pending = new Set<object>();
  private readonly names = new CellNames();
  /** Loops that compute with copies of the cell's variables: each writes them back. */
  private readonly loops = new Set<() => void>();
  private taken: unknown;
  private cancel: (() => void) | null = null;
  private disposed = false;

  constructor(options: EngineOptions) {
    this.session.connect();
    const modules = cellModules(options.folder);
    installStackTraces();
    hide(HIDDEN.import, modules.import);
    hide(HIDDEN.meta, modules.meta);
    hide(HIDDEN.name, named);
    hide(HIDDEN.keep, this.keep);
    hide(TAKE, (value: unknown) => {
      this.taken = value;
    });
    hide("babelHelpers", { decorate, decorateMetadata: () => () => {}, decorateParam: (index: number, decorator: Function) => (target: object, key: string) => decorator(target, key, index) });
    hide("require", modules.require);
  }

  async execute(cell: CellSource): Promise<Outcome> {
    if (this.disposed) return failure(new Error("the engine is closed"));
    const name = `cell_${cell.count}.ts`;
    let script: Transformed;
    try {
      script = transform(cell.code, this.names);
    } catch (error) {
      return error instanceof CellSyntaxError ? syntaxFailure(error, name) : failure(error);
    }
    if (script.code === "") return { status: "ok", hasValue: false, value: undefined };
    mapPositions(name, script.original);
    this.writeBack();
    const cancelled = new Promise<"cancelled">((resolve) => {
      this.cancel = () => resolve("cancelled");
    });
    const evaluated = await Promise.race([this.evaluate(`${script.code}\n//# sourceURL=${name}`), cancelled]);
    this.cancel = null;
    this.writeBack();
    if (evaluated === "cancelled") return interrupted();
    const outcome = this.outcome(evaluated, script, name);
    if (outcome.status === "ok") for (const variable of script.declared) this.names.initialised.add(variable);
    return outcome;
  }

  interrupt(): void {
    this.cancel?.();
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.cancel?.();
    this.session.disconnect();
  }

  /** A loop begins to compute with copies, whose last values stand in `cells`; the result ends it. */
  private readonly keep = (cells: [unknown][], save: (cells: [unknown][]) => void): (() => void) => {
    const end = (): void => {
      // An interrupt may come between the two: the loop is then ended again.
      save(cells);
      this.loops.delete(end);
    };
    this.loops.add(end);
    return end;
  };

  /** A loop that is still there between two cells was stopped, and its `finally` never ran. */
  private writeBack(): void {
    for (const end of this.loops) end();
  }

  private evaluate(expression: string): Promise<Evaluated> {
    return new Promise((resolve) => {
      let own: object | null = null;
      const post = () => {
        // The first promise made is that of the script itself.
        const stop = promiseHooks.onInit((promise) => {
          own ??= promise;
          this.pending.add(own);
          stop();
        });
        try {
          this.session.post("Runtime.evaluate", { expression, replMode: true, awaitPromise: true, silent: true }, (error, result) => {
            if (own !== null) this.pending.delete(own);
            resolve(error ? { error } : { result: result as Runtime.EvaluateReturnType });
          });
        } finally {
          stop();
        }
      };
      hide(CALL, post);
      try {
        this.callInterruptibly.runInThisContext({ breakOnSigint: true });
      } catch (error) {
        resolve({ error: error as Error });
      }
    });
  }

  private outcome(evaluated: Evaluated, script: Transformed, name: string): Outcome {
    if ("error" in evaluated) return interrupted();
    const { result, exceptionDetails } = evaluated.result;
    if (exceptionDetails) {
      if (exceptionDetails.exception === undefined) return interrupted();
      const thrown = this.take(exceptionDetails.exception);
      const at = { line: exceptionDetails.lineNumber + 1, column: exceptionDetails.columnNumber + 1 };
      const failed = failure(thrown);
      // What V8 itself refuses to compile has no frame in the cell yet.
      if (failed.status === "error" && thrown instanceof SyntaxError && !failed.error.traceback.some((line) => line.includes(name))) {
        const { line, column } = script.original(at);
        failed.error.traceback = [`SyntaxError: ${thrown.message}`, `    at ${name}:${line}:${column}`];
      }
      return failed;
    }
    const value = this.take(result);
    return { status: "ok", hasValue: script.hasValue && value !== undefined, value: script.hasValue ? value : undefined };
  }

  /** The real value behind a remote object. */
  private take(remote: Runtime.RemoteObject): unknown {
    if (remote.objectId === undefined) {
      if (remote.unserializableValue === undefined) return remote.value;
      return remote.type === "bigint" ? BigInt(remote.unserializableValue.slice(0, -1)) : Number(remote.unserializableValue);
    }
    const { objectId } = remote;
    this.session.post("Runtime.callFunctionOn", { functionDeclaration: `(value) => ${TAKE}(value)`, objectId, arguments: [{ objectId }], silent: true });
    this.session.post("Runtime.releaseObject", { objectId });
    const value = this.taken;
    this.taken = undefined;
    return value;
  }
}

function interrupted(): Outcome {
  return { status: "error", error: { ...INTERRUPTED } };
}

function syntaxFailure(error: CellSyntaxError, name: string): Outcome {
  const { message, line, column } = error.problem;
  return { status: "error", error: { name: "SyntaxError", message: `${message} (${line}:${column})`, traceback: [`SyntaxError: ${message}`, `    at ${name}:${line}:${column}`] }, thrown: error };
}

/** Puts a global where no listing of globals shows it. */
function hide(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

/** A hoisted function was declared under an alias: gives it the name the user wrote. */
function named(declared: Function, name: string): Function {
  return Object.defineProperty(declared, "name", { value: name, configurable: true });
}

/** TypeScript's `experimentalDecorators`, as the compiler calls it. */
function decorate(decorators: Function[], target: object, key?: string, descriptor?: PropertyDescriptor | null): unknown {
  const member = key !== undefined;
  let value: unknown = member ? (descriptor === null ? Object.getOwnPropertyDescriptor(target, key) : descriptor) : target;
  for (const decorator of [...decorators].reverse()) value = (member ? decorator(target, key, value) : decorator(value)) || value;
  if (member && value) Object.defineProperty(target, key, value as PropertyDescriptor);
  return value;
}
