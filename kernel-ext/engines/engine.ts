/**
 * An engine runs TypeScript cells. It has two sides, so that types can be asked for while a cell runs:
 *
 * - the `Language` knows types and runs nothing. Its arguments and results are plain JSON, so it can live in another
 *   thread or process than its caller.
 * - the `Executor` runs cells on the main thread of the child process and knows nothing of Jupyter.
 *
 * Guarantees, checked by one contract suite over every engine: positions are those of the text that was given, counted
 * from 1; names declared by an earlier cell are visible, with their types, in a later one; a cell that fails keeps what
 * it had declared before it failed; a name may be declared again with another type.
 */

/** A cell as the engine sees it: a magic line is already replaced by one line of TypeScript. */
export interface CellSource {
  /** Execution count; names the cell in stack traces (`cell_5.ts`). */
  count: number;
  code: string;
}

export interface Diagnostic {
  line: number;
  column: number;
  /** TypeScript's number, such as 2322; 0 for a syntax error of the parser. */
  code: number;
  message: string;
  severity: "error" | "warning";
}

export interface Completion {
  matches: { text: string; kind: string }[];
  /** Offsets into the given code, in UTF-16 units. */
  start: number;
  end: number;
}

export interface Inspection {
  /** The signature or type, as TypeScript. */
  signature: string;
  /** The doc comment as plain text or Markdown. */
  documentation: string;
}

export type Completeness = { status: "complete" | "incomplete" | "invalid" | "unknown"; indent: string };

export interface Language {
  /** Syntax and type errors of a cell in the state left by the committed cells. */
  check(cell: CellSource): Promise<Diagnostic[]>;
  /** Makes the names of a cell that ran visible to later cells. */
  commit(cell: CellSource): Promise<void>;
  complete(code: string, offset: number): Promise<Completion>;
  inspect(code: string, offset: number): Promise<Inspection | null>;
  isComplete(code: string): Promise<Completeness>;
  /** Forgets every cell. */
  reset(): Promise<void>;
  dispose(): Promise<void>;
}

export interface CellError {
  name: string;
  message: string;
  /** Lines for people: user frames only, with the cell's own positions. */
  traceback: string[];
}

export type Outcome =
  /** `value` is the value of the last expression; `hasValue` is false when the cell ends in a statement. */
  | { status: "ok"; hasValue: boolean; value: unknown }
  | { status: "error"; error: CellError; /** What was thrown, when it can be had. */ thrown?: unknown };

export interface Executor {
  /** Runs one cell to its end. Never rejects: what the user's code throws is an outcome. Cells do not overlap. */
  execute(cell: CellSource): Promise<Outcome>;
  /** Ends the running cell at its next await; used when the event loop is alive. The cell's outcome is `KeyboardInterrupt`. */
  interrupt(): void;
  dispose(): Promise<void>;
}

export interface EngineOptions {
  /** The notebook's folder: imports and relative paths start here. */
  folder: string;
}

export interface EngineDefinition {
  name: string;
  summary: string;
  /**
   * "apart": the language needs no executor and is created in a thread of the supervisor, so it answers during a
   * synchronous loop. "with-executor": it shares state with the executor and is created in the child.
   */
  language: "apart" | "with-executor";
  createLanguage(options: EngineOptions): Promise<Language>;
  /** `language` is the one created before it in the same process, when `language` is "with-executor". */
  createExecutor(options: EngineOptions, language: Language | null): Promise<Executor>;
}
