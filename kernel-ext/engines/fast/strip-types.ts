/**
 * TypeScript -> JavaScript by blanking the types out: every other character keeps its place, so every position in a
 * stack trace is the cell's own. What needs code instead of blanks (enums, namespaces, decorators, parameter
 * properties) is refused, and the caller compiles the text with a source map.
 */
import { children, type Node } from "./syntax.js";

/** The text holds TypeScript that is more than types. */
export class NeedsCompiler extends Error {}

/** Members of a class and statements that exist for the type checker alone. */
const TYPE_ONLY = new Set([
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSDeclareFunction",
  "TSIndexSignature",
  "TSAbstractMethodDefinition",
  "TSAbstractPropertyDefinition",
  "TSAbstractAccessorProperty",
]);
const NEEDS_COMPILER = new Set(["TSEnumDeclaration", "TSModuleDeclaration", "TSParameterProperty", "Decorator", "TSExportAssignment", "TSNamespaceExportDeclaration", "JSXElement", "JSXFragment"]);
const ANNOTATIONS = new Set(["TSTypeAnnotation", "TSTypeParameterDeclaration", "TSTypeParameterInstantiation"]);
const MODIFIER = /^(?:public|private|protected|readonly|override|abstract|declare)$/;

/**
 * @param unusedImports "drop" what is imported and not used as a value, as TypeScript does for a file: it may be a type,
 *   which does not exist when the file runs. In a cell it is kept, for a later cell may use it.
 * @throws NeedsCompiler
 */
export function stripTypes(source: string, body: Node[], unusedImports: "keep" | "drop" = "keep"): string {
  const blanker = new Blanker(source);
  for (const statement of body) blanker.visit(statement);
  for (const statement of body) if (statement.type === "ImportDeclaration" && statement.importKind !== "type") blanker.importSpecifiers(statement, unusedImports === "drop");
  blanker.guardStatements(body);
  return blanker.text();
}

class Blanker {
  private readonly ranges: { start: number; end: number }[] = [];
  /** Single characters that must stand where blanks would. */
  private readonly marks = new Map<number, string>();
  private readonly guarded: Node[][] = [];
  /** Names that stand outside types. */
  private readonly values = new Set<string>();

  constructor(private readonly source: string) {}

  visit(node: Node): void {
    if (NEEDS_COMPILER.has(node.type) && node.declare !== true) throw new NeedsCompiler(node.type);
    if (isTypeOnly(node)) return this.removeStatement(node);
    if (ANNOTATIONS.has(node.type)) return this.blank(node.start, node.end);
    switch (node.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
        this.visit(node.expression);
        return this.blank(node.expression.end, node.end);
      case "TSTypeAssertion":
        if (this.source.slice(node.start, node.expression.start).includes("\n")) throw new NeedsCompiler(node.type);
        this.blank(node.start, node.expression.start);
        return this.visit(node.expression);
      case "TSImportEqualsDeclaration":
        // Only its name is needed later; nothing below it is an expression.
        return;
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.classHead(node);
        break;
      case "MethodDefinition":
      case "PropertyDefinition":
      case "AccessorProperty":
        this.memberHead(node);
        break;
      case "ArrowFunctionExpression":
        this.arrow(node);
        break;
      case "VariableDeclarator":
        if (node.definite) this.blankChar("!", node.id.start + (node.id.name?.length ?? 0));
        break;
      case "ExportSpecifier":
        if (node.exportKind === "type") return this.blankItem(node);
        break;
      case "Identifier":
        this.values.add(node.name);
        if (node.optional) this.blankChar("?", node.start + node.name.length);
        break;
    }
    if (Array.isArray(node.params)) this.thisParameter(node);
    if (node.type === "BlockStatement" || node.type === "StaticBlock" || node.type === "ClassBody") this.guarded.push(node.body);
    if (node.type === "SwitchCase") this.guarded.push(node.consequent);
    for (const child of children(node)) this.visit(child);
  }

  importSpecifiers(node: Node, dropUnused: boolean): void {
    const gone = (node.specifiers as Node[]).filter((specifier) => specifier.importKind === "type" || (dropUnused && !this.values.has(specifier.local.name)));
    if (dropUnused && gone.length > 0 && gone.length === node.specifiers.length) return this.removeStatement(node);
    for (const specifier of gone)
      if (specifier.type === "ImportSpecifier") this.blankItem(specifier);
  }

  /** An item of a list in braces, with the comma behind it. */
  private blankItem(node: Node): void {
    const comma = /^(?:\s|\/\*[^]*?\*\/|\/\/.*\n)*,/.exec(this.source.slice(node.end));
    this.blank(node.start, node.end);
    if (comma) this.blank(node.end + comma[0].length - 1, node.end + comma[0].length);
  }

  /** The marks that keep two statements apart when the type between them is gone. */
  guardStatements(body: Node[]): void {
    this.guarded.push(body);
    const covers = this.coverage();
    for (const statements of this.guarded)
      for (const statement of statements) {
        const last = statement.end - 1;
        if (covers(last) && !this.marks.has(last)) this.marks.set(last, ";");
      }
  }

  text(): string {
    const parts: string[] = [];
    let at = 0;
    for (const { start, end } of this.ranges) {
      if (end <= at) continue;
      parts.push(this.source.slice(at, Math.max(at, start)), blanks(this.source.slice(Math.max(at, start), end)));
      at = end;
    }
    parts.push(this.source.slice(at));
    const text = parts.join("");
    if (this.marks.size === 0) return text;
    const marked: string[] = [];
    let from = 0;
    for (const [offset, char] of [...this.marks].sort((a, b) => a[0] - b[0])) {
      marked.push(text.slice(from, offset), char);
      from = offset + 1;
    }
    marked.push(text.slice(from));
    return marked.join("");
  }

  private coverage(): (offset: number) => boolean {
    this.ranges.sort((a, b) => a.start - b.start || a.end - b.end);
    const ends = new Set<number>();
    for (const range of this.ranges) ends.add(range.end);
    // A statement whose last character was blanked ends exactly where a blanked range ends.
    return (offset) => ends.has(offset + 1);
  }

  private blank(start: number, end: number): void {
    if (end > start) this.ranges.push({ start, end });
  }

  private blankChar(char: string, from: number): void {
    const at = this.source.indexOf(char, from);
    if (at >= 0) this.blank(at, at + 1);
  }

  private removeStatement(node: Node): void {
    this.blank(node.start, node.end);
    // The statement before may rely on this one to end it.
    this.marks.set(node.start, ";");
  }

  private classHead(node: Node): void {
    if (node.abstract) {
      const at = this.source.indexOf("abstract", node.start);
      this.blank(at, at + "abstract".length);
    }
    if (node.implements?.length > 0) {
      const last = node.implements.at(-1);
      const before = Math.max(node.id?.end ?? 0, node.typeParameters?.end ?? 0, node.superClass?.end ?? 0, node.superTypeArguments?.end ?? 0, node.start);
      this.blank(this.source.indexOf("implements", before), last.end);
      node.implements = [];
    }
  }

  private memberHead(node: Node): void {
    const head = this.source.slice(node.start, node.key.start);
    const words = /[A-Za-z]+/g;
    for (let word = words.exec(head); word !== null; word = words.exec(head)) {
      if (!MODIFIER.test(word[0])) continue;
      const start = node.start + word.index;
      this.blank(start, start + word[0].length);
      // The member before may have no semicolon, and what follows now may be `[` or `*`.
      if (word.index === 0) this.marks.set(start, ";");
    }
    const keyEnd = node.computed ? this.source.indexOf("]", node.key.end) + 1 : node.key.end;
    if (node.optional) this.blankChar("?", keyEnd);
    if (node.definite) this.blankChar("!", keyEnd);
  }

  private arrow(node: Node): void {
    const type = node.returnType;
    // No line break may stand between `)` and `=>`: the parenthesis moves to the end of the type.
    if (type && this.source.slice(type.start, this.source.indexOf("=>", type.end)).includes("\n")) {
      const close = this.source.lastIndexOf(")", type.start);
      if (this.source.slice(close + 1, type.start).trim() !== "" || this.source.slice(type.end, this.source.indexOf("=>", type.end)).includes("\n")) throw new NeedsCompiler(node.type);
      this.blank(close, close + 1);
      this.marks.set(type.end - 1, ")");
    }
    const generics = node.typeParameters;
    if (generics && this.source.slice(node.start, this.source.indexOf("(", generics.end)).includes("\n")) {
      const open = this.source.indexOf("(", generics.end);
      if (this.source.slice(generics.end, open).trim() !== "" || this.source.slice(node.start, generics.start).includes("\n")) throw new NeedsCompiler(node.type);
      this.blank(open, open + 1);
      this.marks.set(generics.start, "(");
    }
  }

  private thisParameter(node: Node): void {
    const first = node.params[0];
    if (first?.type !== "Identifier" || first.name !== "this") return;
    const next = node.params[1];
    if (next) this.blank(first.start, next.start);
    else {
      const close = this.source.indexOf(")", first.end);
      this.blank(first.start, /^\s*,\s*$/.test(this.source.slice(first.end, close)) ? close : first.end);
    }
    node.params = node.params.slice(1);
  }
}

function isTypeOnly(node: Node): boolean {
  if (TYPE_ONLY.has(node.type)) return true;
  if (node.declare === true) return true;
  if (node.type === "MethodDefinition" && node.value.body === null) return true;
  if (node.type === "ExportNamedDeclaration") return node.exportKind === "type" || (node.declaration !== null && isTypeOnly(node.declaration));
  if (node.type === "ExportDefaultDeclaration") return isTypeOnly(node.declaration);
  if (node.type === "ExportAllDeclaration") return node.exportKind === "type";
  if (node.type === "ImportDeclaration" || node.type === "TSImportEqualsDeclaration") return node.importKind === "type";
  return false;
}

/** As long as the text, with its line breaks. */
function blanks(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, " ");
}
