/** A command of the command line is one row of the table in `table.ts`; help and parsing come from it. */
import type { Terminal } from "./terminal.js";

export interface Option {
  /** As commander writes it: "--limit <n>". */
  flags: string;
  summary: string;
}

export interface CliCommand {
  /** Name and arguments as commander writes them: "show <id>". */
  usage: string;
  /** One line, for the list of commands. */
  summary: string;
  /** Shown under `--help`. */
  examples: { line: string; does: string }[];
  options: Option[];
  /** True when words such as `-draft` are arguments and no options. */
  dashedWords?: boolean;
  /** Throws `RunlabError` for a mistake of the user. */
  run(words: string[], options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<void>;
}

export const JSON_OPTION: Option = { flags: "--json", summary: "print JSON, for programs" };
export const STORE_OPTION: Option = { flags: "--store <dir>", summary: "the store; default: RUNLAB_STORE, else the nearest models/ here or above" };
