/**
 * Types of cells, by TypeScript's own language service. Runs no user code; it lives in a thread of its own, so a type
 * question is answered while a cell computes.
 */
import ts from "typescript";
import type { CellSource, Completeness, Completion, Diagnostic, EngineOptions, Inspection, Language } from "../engine.js";
import { cellModule, type Owner } from "./cell-modules.js";
import { completeness } from "./completeness.js";
import { parse, place } from "./syntax.js";
import { TypeHost, libraryDeclarations, withoutVirtualNames } from "./type-host.js";

/**
 * Messages that are right for a program and wrong for a notebook: a package without types is used as `any`, and a
 * variable that a later cell fills has no type yet.
 */
const LEFT_OUT = new Set([7016, 7034, 7005]);
/** "Cannot assign to 'x' because it is an import": to the user it is a constant of an earlier cell. */
const ASSIGNED_IMPORT = 2632;

const MOST_COMPLETIONS = 500;

export class FastLanguage implements Language {
  private readonly host: TypeHost;
  private readonly service: ts.LanguageService;
  private readonly owners = new Map<string, Owner>();
  private committed: string[] = [];
  private sequence = 0;

  constructor(options: EngineOptions) {
    this.host = new TypeHost(options.folder);
    this.service = ts.createLanguageService(this.host, ts.createDocumentRegistry());
    this.warmUp();
  }

  async check(cell: CellSource): Promise<Diagnostic[]> {
    const { error } = parse(cell.code);
    if (error !== null) return [{ line: error.line, column: error.column, code: 0, message: error.message, severity: "error" }];
    this.write(cell.code);
    const file = this.host.current;
    return [...this.service.getSyntacticDiagnostics(file), ...this.service.getSemanticDiagnostics(file)]
      .filter((found) => found.category === ts.DiagnosticCategory.Error && !LEFT_OUT.has(found.code) && (found.start ?? 0) <= cell.code.length)
      .map((found) => ({ ...place(cell.code, found.start ?? 0), code: found.code, message: this.message(found), severity: "error" }));
  }

  async commit(cell: CellSource): Promise<void> {
    const { text, declared } = cellModule(cell.code, this.owners);
    if (declared.length === 0) return;
    this.sequence += 1;
    const name = `cell${this.sequence}`;
    const file = this.host.virtual(name);
    this.host.write(file, text);
    this.committed.push(file);
    for (const row of declared) this.owners.set(row.name, { ...row, module: `./${name}.runlab` });
  }

  async complete(code: string, offset: number): Promise<Completion> {
    this.write(code, true);
    const found = this.service.getCompletionsAtPosition(this.host.current, offset, { includeCompletionsForModuleExports: false, includeCompletionsWithInsertText: false });
    const prefix = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(code.slice(0, offset))![0];
    const span = found?.entries.find((entry) => entry.replacementSpan)?.replacementSpan ?? found?.optionalReplacementSpan;
    const inText = found?.optionalReplacementSpan === undefined && span !== undefined;
    const start = inText ? span.start : offset - prefix.length;
    const typed = code.slice(start, offset).toLowerCase();
    const after = /^[\p{ID_Continue}$\u200c\u200d]*/u.exec(code.slice(offset))![0];
    const seen = new Set<string>();
    const matches = (found?.entries ?? [])
      .filter((entry) => entry.name.toLowerCase().startsWith(typed) && !entry.name.startsWith("__runlab") && !seen.has(entry.name) && seen.add(entry.name))
      .sort((a, b) => rank(a, typed) - rank(b, typed) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      .slice(0, MOST_COMPLETIONS)
      .map((entry) => ({ text: entry.name, kind: KINDS[entry.kind] ?? entry.kind }));
    return { matches, start, end: inText ? Math.max(offset, span.start + span.length) : offset + (matches.some((match) => match.text === prefix + after) ? after.length : 0) };
  }

  async inspect(code: string, offset: number): Promise<Inspection | null> {
    this.write(code);
    const file = this.host.current;
    const info = this.service.getQuickInfoAtPosition(file, offset) ?? (offset > 0 ? this.service.getQuickInfoAtPosition(file, offset - 1) : undefined);
    if (info) {
      const signature = ts.displayPartsToString(info.displayParts).replace(/\nimport [\w$]+$/, "").replace(/^\(alias\) /, "");
      return { signature: withoutVirtualNames(signature), documentation: documentation(info.documentation, info.tags) };
    }
    const call = this.service.getSignatureHelpItems(file, offset, undefined);
    const item = call?.items[call.selectedItemIndex];
    if (!item) return null;
    const parts = [...item.prefixDisplayParts];
    item.parameters.forEach((parameter, i) => parts.push(...(i > 0 ? item.separatorDisplayParts : []), ...parameter.displayParts));
    return { signature: withoutVirtualNames(ts.displayPartsToString([...parts, ...item.suffixDisplayParts])), documentation: documentation(item.documentation, item.tags) };
  }

  async isComplete(code: string): Promise<Completeness> {
    return completeness(code);
  }

  async reset(): Promise<void> {
    for (const file of this.committed) this.host.remove(file);
    this.committed = [];
    this.owners.clear();
    this.ownLibraryNames();
  }

  async dispose(): Promise<void> {
    this.service.dispose();
  }

  private write(code: string, everything = false): void {
    this.host.write(this.host.current, cellModule(code, this.owners, everything).text);
  }

  private message(found: ts.Diagnostic): string {
    const text = withoutVirtualNames(ts.flattenDiagnosticMessageText(found.messageText, "\n"));
    return found.code === ASSIGNED_IMPORT ? text.replace("because it is an import", "because it is not a variable (an earlier cell declared it)") : text;
  }

  /** Reads TypeScript's library and the notebook's `@types/node` before the first cell asks. */
  private warmUp(): void {
    this.ownLibraryNames();
    this.write("const warm: number = [1].length; console.log(warm); warm.toFixed(1)");
    this.service.getSemanticDiagnostics(this.host.current);
  }

  /** What `runlab` exports needs no import in a cell: it is as if an earlier cell had declared it. */
  private libraryNames: string[] | null = null;

  private ownLibraryNames(): void {
    if (libraryDeclarations("runlab") === null) return;
    if (this.libraryNames === null) {
      this.host.write(this.host.current, 'import * as runlab from "runlab"; export { runlab };');
      const program = this.service.getProgram();
      const checker = program?.getTypeChecker();
      const file = program?.getSourceFile(libraryDeclarations("runlab")!);
      const symbol = file && checker?.getSymbolAtLocation(file);
      this.libraryNames = symbol ? checker!.getExportsOfModule(symbol).map((one) => one.name) : [];
    }
    for (const name of this.libraryNames) if (name !== "default") this.owners.set(name, { name, assignable: false, module: "runlab" });
  }
}

/** Names of cells and members first, then what the language has everywhere; exact case before the other. */
function rank(entry: ts.CompletionEntry, typed: string): number {
  const sort = Number.parseInt(entry.sortText, 10) || 50;
  return sort * 2 + (entry.name.startsWith(typed) ? 0 : 1);
}

const KINDS: Record<string, string> = {
  "local var": "variable",
  var: "variable",
  let: "variable",
  const: "constant",
  alias: "variable",
  parameter: "variable",
  getter: "property",
  setter: "property",
  "local function": "function",
  "local class": "class",
  "primitive type": "type",
  directory: "folder",
  "external module name": "module",
  script: "file",
};

function documentation(docs: ts.SymbolDisplayPart[] | undefined, tags: ts.JSDocTagInfo[] | undefined): string {
  const parts = [ts.displayPartsToString(docs)];
  for (const tag of tags ?? []) {
    const text = ts.displayPartsToString(tag.text);
    if (tag.name === "example") parts.push(`Example:\n${text}`);
    else parts.push(`@${tag.name}${text === "" ? "" : ` ${text}`}`);
  }
  return parts.filter((part) => part !== "").join("\n\n");
}
