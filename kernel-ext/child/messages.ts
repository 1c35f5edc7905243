/** What supervisor and child say to each other, besides printed text. Every message is plain JSON. */
import type { RunCard } from "runlab/format";
import type { CellError } from "../engines/engine.js";
import type { MimeBundle } from "../protocol/messages.js";

/** File descriptors of the child, besides the usual three. */
export const PIPES = {
  /** Child to supervisor; written synchronously, so a loop that never ends is still heard. */
  up: 3,
  /** Supervisor to child; read when the event loop is free. */
  down: 4,
  /** Answers to `prompt()`; read synchronously. */
  answer: 5,
  /** To the control thread of the child; any byte means: end what runs now. */
  control: 6,
} as const;

export interface CellOrder {
  type: "execute";
  /** Counts every request of this kernel, silent ones too. Names the cell in frames. */
  cell: number;
  /** The execution count, as the user sees it. */
  count: number;
  /** As written, magic lines included. */
  code: string;
  silent: boolean;
  allowStdin: boolean;
  userExpressions: Record<string, string>;
  /** The notebook's id of the cell, when the frontend gives one. */
  cellId: string | null;
}

export type Order =
  | CellOrder
  | { type: "interrupt"; cell: number }
  | { type: "ping"; id: number }
  /** A call of the language that lives in the child. */
  | { type: "language"; message: unknown }
  | { type: "comm_open"; comm: string; target: string; data: unknown; cell: number }
  | { type: "comm_msg" | "comm_close"; comm: string; data: unknown; cell: number }
  | { type: "exit" };

export type ExpressionResult =
  | { status: "ok"; data: MimeBundle; metadata: Record<string, unknown> }
  | ({ status: "error" } & { ename: string; evalue: string; traceback: string[] });

export type CellEnd =
  | { status: "ok"; userExpressions: Record<string, ExpressionResult> }
  | { status: "error"; error: CellError; interrupted: boolean };

export type Report =
  | { type: "ready"; engine: string; heapLimitBytes: number; /** The language lives in this process. */ languageHere: boolean }
  | { type: "failed"; message: string }
  | { type: "done"; end: CellEnd }
  | { type: "pong"; id: number }
  | { type: "language"; message: unknown }
  | { type: "display"; data: MimeBundle; metadata: Record<string, unknown>; id: string | null; update: boolean }
  | { type: "result"; data: MimeBundle; metadata: Record<string, unknown> }
  | { type: "clear"; wait: boolean }
  | { type: "prompt"; text: string; password: boolean }
  | { type: "run_started"; id: string; storeRoot: string }
  /** Whether the user's code runs for the cell, or the kernel's own, which ends by itself. */
  | { type: "phase"; userCode: boolean }
  | { type: "run_card"; card: RunCard; bundle: MimeBundle; first: boolean }
  | { type: "comm_open"; comm: string; target: string; data: unknown; metadata: Record<string, unknown> }
  | { type: "comm_msg" | "comm_close"; comm: string; data: unknown };

/** Answer to a `prompt()`. */
export type Answer = { value: string } | { interrupted: true } | { refused: string };
