/**
 * The only file that knows the inside of the package tslab 1.0.22. It is used as it comes from npm: its converter
 * (types and JavaScript of a cell) and its executor.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export interface TslabDiagnostic {
  start: { offset: number; line: number; character: number };
  messageText: string;
  code: number;
  fileName?: string;
}

export interface Converted {
  diagnostics: TslabDiagnostic[];
  /** Declarations of every name so far: what the next cell sees. */
  declOutput?: string;
  output?: string;
  /** JavaScript of local files that the cell imports; each is given once. */
  sideOutputs?: { path: string; data: string }[];
}

export interface QuickInfo {
  displayParts?: { text: string }[];
  documentation?: { text: string }[];
  tags?: { name: string; text?: { text: string }[] }[];
}

export interface Converter {
  convert(previous: string, source: string): Converted;
  inspect(previous: string, source: string, position: number): QuickInfo | undefined;
  complete(previous: string, source: string, position: number): { start: number; end: number; candidates: string[]; original?: { entries: { name: string; kind: string }[] } };
  addModule(name: string, content: string, meta?: unknown): unknown;
  close(): void;
}

export interface TslabRunner {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
  locals: Record<string, unknown>;
  reset(): void;
}

export interface Sink {
  log(value: unknown): void;
  error(...values: unknown[]): void;
}

/** The format by which tslab's executor prints a type error instead of something thrown. */
export const DIAGNOSTIC_FORMAT = "%s%d:%d - %s";

/** tslab takes the process's folder as the notebook's. */
export function createConverter(folder: string): Converter {
  return inFolder(folder, () => require("tslab/dist/converter").createConverter({ isJS: false, isBrowser: false }));
}

export function createRunner(folder: string, node: Converter, sink: Sink): TslabRunner {
  return inFolder(folder, () => require("tslab/dist/executor").createExecutor(folder, { node, browser: node, close: () => node.close() }, sink));
}

export function isCompleteCode(code: string): { completed: boolean; indent?: string } {
  return require("tslab/dist/converter").isCompleteCode(code);
}

export type WriteDisplayData = (content: { data: Record<string, unknown>; metadata: Record<string, unknown>; transient: { display_id?: string } }, update: boolean) => void;

/** `display` of tslab hands what is shown to `write`. */
export function connectDisplay(write: WriteDisplayData): void {
  require("tslab/dist/jupyter").lastWriteDisplayData = write;
}

function inFolder<Result>(folder: string, work: () => Result): Result {
  const before = process.cwd();
  if (before === folder) return work();
  process.chdir(folder);
  try {
    return work();
  } finally {
    process.chdir(before);
  }
}
