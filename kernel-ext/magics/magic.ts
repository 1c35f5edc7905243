/** A magic is one row of the table in `table.ts`: help, completion and `%lsmagic` come from it. */
import type { ConfigValue } from "runlab/format";

export interface MagicFlag {
  name: string;
  /** What kind of value follows; "none" for a switch. */
  value: "number" | "string" | "none";
  summary: string;
}

export interface ParsedMagic {
  /** Without the percent signs. */
  name: string;
  kind: "cell" | "line";
  positional: string[];
  flags: Record<string, ConfigValue>;
  /** The line as typed, trimmed at the end. */
  line: string;
  /** `%run?` or `%run --help`: usage is wanted instead of the work. */
  help?: boolean;
}

/** What a line magic may use. It reads the store and shows data; it never runs user code. */
export interface MagicContext {
  /** The notebook's folder. */
  folder: string;
  /** The store's path, found from the folder. */
  store: string;
}

export interface MimeBundle {
  [mime: string]: unknown;
}

export interface Magic {
  name: string;
  /** "cell" takes the whole cell (`%%name`), "line" stands alone (`%name`). */
  kind: "cell" | "line";
  /** After the name, as in `%diff A B`. */
  usage: string;
  summary: string;
  flags: MagicFlag[];
  /** True when any other `--flag value` is allowed and becomes a field of `config`. */
  openFlags: boolean;
  /** For line magics: the output. Throws `MagicError` with one clear line on bad input. */
  show?(magic: ParsedMagic, context: MagicContext): Promise<MimeBundle>;
  /** Completions for a positional argument, such as run ids. */
  completePositional?(prefix: string, context: MagicContext): Promise<string[]>;
}

/** A mistake in a magic line: one line, shown without a stack trace. `column` counts from 1. */
export class MagicError extends Error {
  override name = "MagicError";
  constructor(message: string, readonly column: number | null = null) {
    super(message);
  }
}

/**
 * A cell taken apart. `source` has exactly as many lines as the cell: the magic line is replaced, never removed.
 *
 * A `%%run` cell has `magic.kind === "cell"`. A cell of nothing but magic lines has them in `lines`, `magic` is the first
 * of them, and `source` is blank: show each in order. Where `%line` magics stand among code, `magic` is null (or the
 * cell's `%%run`) and `source` holds `await __runlab_magic__(i);` in the place of `lines[i]`.
 */
export interface ParsedCell {
  magic: ParsedMagic | null;
  lines: ParsedMagic[];
  source: string;
  /** Maps an offset in the cell to one in `source`; inside the magic line it gives null. */
  toSource(offset: number): number | null;
  toCell(offset: number): number;
}
