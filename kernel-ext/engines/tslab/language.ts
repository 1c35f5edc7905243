/** tslab's converter as a `Language`. It shares the declarations of the cells so far with the executor. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GLOBALS_DECLARATION } from "../../globals.js";
import type { CellSource, Completeness, Completion, Diagnostic, EngineOptions, Inspection, Language } from "../engine.js";
import { createConverter, isCompleteCode, type Converted, type Converter, type QuickInfo } from "./internals.js";

const MOST_COMPLETIONS = 500;

export class TslabLanguage implements Language {
  private readonly converter: Converter;
  private readonly scratch: string;
  /** Names that need no import: a file of declarations that every cell's own refer to. */
  private readonly head: string;
  private declarations: string;
  private last: { source: string; declarations: string; converted: Converted } | null = null;
  private sideOutputs: NonNullable<Converted["sideOutputs"]> = [];

  constructor(options: EngineOptions) {
    this.scratch = mkdtempSync(path.join(tmpdir(), "runlab-tslab-"));
    this.head = `/// <reference path=${JSON.stringify(path.join(this.scratch, "globals.d.ts"))} />\n`;
    writeFileSync(path.join(this.scratch, "globals.d.ts"), `${GLOBALS_DECLARATION}declare function __runlab_magic__(index: number): Promise<void>;\n`);
    this.declarations = this.head;
    this.converter = createConverter(options.folder);
  }

  /** What a cell may use of `runlab` without an import. Declared loosely: tslab's resolution does not find the types. */
  declareGlobals(names: readonly string[]): void {
    const file = path.join(this.scratch, "library.d.ts");
    writeFileSync(file, names.map((name) => `declare const ${name}: any; type ${name}<A = any, B = any> = any;`).join("\n"));
    this.declarations = `/// <reference path=${JSON.stringify(file)} />\n${this.declarations}`;
  }

  /**
   * The converter as tslab's executor is to see it. A cell that fails while it runs keeps what it had declared, which
   * tslab's own bookkeeping would forget: so the declarations are kept here.
   */
  forExecutor(): Converter {
    const { converter } = this;
    return {
      ...converter,
      convert: (_previous, source) => {
        const converted = this.convert(source);
        const sideOutputs = this.sideOutputs;
        this.sideOutputs = [];
        if (converted.diagnostics.length === 0) this.keep(converted);
        return { ...converted, sideOutputs };
      },
    };
  }

  async check(cell: CellSource): Promise<Diagnostic[]> {
    return this.convert(cell.code).diagnostics.map((found) => ({
      line: found.start.line + 1,
      column: found.start.character + 1,
      code: found.code,
      message: (found.fileName ? `${found.fileName}: ` : "") + found.messageText,
      severity: "error",
    }));
  }

  /** The executor's own conversion has committed the cell already. */
  async commit(): Promise<void> {}

  async complete(code: string, offset: number): Promise<Completion> {
    const { start, end, candidates, original } = this.converter.complete(this.declarations, code, offset);
    const kinds = new Map(original?.entries.map((entry) => [entry.name, entry.kind]));
    return { matches: candidates.slice(0, MOST_COMPLETIONS).map((text) => ({ text, kind: kinds.get(text) ?? "" })), start, end };
  }

  async inspect(code: string, offset: number): Promise<Inspection | null> {
    const info = this.converter.inspect(this.declarations, code, offset);
    return info ? { signature: (info.displayParts ?? []).map((part) => part.text).join(""), documentation: documentation(info) } : null;
  }

  async isComplete(code: string): Promise<Completeness> {
    const { completed, indent } = isCompleteCode(code);
    return { status: completed ? "complete" : "incomplete", indent: indent ?? "" };
  }

  async reset(): Promise<void> {
    this.declarations = this.head;
  }

  async dispose(): Promise<void> {
    this.converter.close();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** A cell that was just checked is not converted again to run. */
  private convert(source: string): Converted {
    const { last } = this;
    if (last !== null && last.source === source && last.declarations === this.declarations) return last.converted;
    const converted = this.converter.convert(this.declarations, source);
    // tslab gives a local file once, to whoever converts first; the executor needs it.
    this.sideOutputs.push(...(converted.sideOutputs ?? []));
    this.last = { source, declarations: this.declarations, converted };
    return converted;
  }

  private keep(converted: Converted): void {
    // A file that the cell imports may change before the same text runs again.
    this.last = null;
    const references = this.declarations.match(/^(?:\/\/\/.*\n)+/)?.[0] ?? this.head;
    this.declarations = references + (converted.declOutput ?? "").replace(/^\/\/\/ <reference path.*\n/gm, "");
  }
}

function documentation(info: QuickInfo): string {
  const text = (info.documentation ?? []).map((part) => part.text).join("");
  const tags = (info.tags ?? []).map((tag) => `@${tag.name} ${(tag.text ?? []).map((part) => part.text).join("")}`.trimEnd());
  return [text, ...tags].filter((part) => part !== "").join("\n\n");
}
