/**
 * A cell's JavaScript -> a script for V8's REPL mode, in which `let`, `const` and `class` may be declared again and
 * `await` stands at the top. Edits in place: no line is added or removed, and columns move only on the edited lines.
 */
import MagicString from "magic-string";
import { CellNames, copiedLoops, type CopiedLoop } from "./loop-variables.js";
import { boundNames, children, type Node } from "./syntax.js";

/** Hidden globals that the rewritten cell calls; the executor provides them. */
export const HIDDEN = {
  import: "__runlab_import__",
  meta: "__runlab_meta__",
  name: "__runlab_name__",
  keep: "__runlab_keep__",
} as const;

/**
 * In REPL mode a name may not be both lexical (`let`) and a `function` or `var`. So every top-level name becomes
 * lexical: a function keeps its hoisting under an alias with this letter, and is bound to its own name first of all.
 */
const ALIAS = "\u02d1";

export interface ReplScript {
  script: MagicString;
  /** The cell ends in an expression. */
  hasValue: boolean;
  /** Specifiers of imports that are written as text. */
  imports: string[];
  /** Variables that have a value once the cell has run to its end. */
  declared: string[];
}

/** @param names what earlier cells left; the cell's own functions are added */
export function toRepl(source: string, body: Node[], names: CellNames): ReplScript {
  const rewriter = new Rewriter(source);
  const { loops, declared } = copiedLoops(body, names);
  for (const statement of body) rewriter.topLevel(statement);
  if (!source.includes(ALIAS)) for (const loop of loops) rewriter.copyVariables(loop);
  const last = body.findLast((statement) => statement.type !== "EmptyStatement");
  return { script: rewriter.finish(), hasValue: last?.type === "ExpressionStatement", imports: rewriter.imports, declared };
}

class Rewriter {
  private readonly script: MagicString;
  private readonly functions: string[] = [];
  private readonly variables = new Set<string>();
  readonly imports: string[] = [];

  constructor(private readonly source: string) {
    this.script = new MagicString(source);
  }

  finish(): MagicString {
    const head = ['"use strict";'];
    const variables = [...this.variables].filter((name) => !this.functions.includes(name));
    if (variables.length > 0) head.push(`let ${variables.join(",")};`);
    for (const name of new Set(this.functions)) head.push(`let ${name}=${HIDDEN.name}(${name}${ALIAS},"${name}");`);
    this.script.prepend(head.join(""));
    return this.script;
  }

  /**
   * See loop-variables.ts. Comes after every other edit, which would overwrite what stands at its edge; inner bodies
   * come before what encloses them, and loops in the order of the text, for one may end where the next begins.
   */
  copyVariables({ start, end, names, bodies }: CopiedLoop): void {
    const cells = names.map((name) => name + ALIAS);
    const store = names.map((name, i) => `${cells[i]}[0]=${name};`).join("");
    const back = names.map((name, i) => `${name}=${ALIAS}[${i}][0]`).join(";");
    const copies = names.map((name, i) => `${name}=${cells[i]}[0]`).join();
    const made = cells.map((cell) => `${cell}=[.1]`).join();
    this.script.appendRight(start, `{const ${made};${store}const ${ALIAS}done=${HIDDEN.keep}([${cells.join()}],(${ALIAS})=>{${back}});{let ${copies};try{`);
    for (const body of bodies) this.script.appendRight(body.block ? body.start + 1 : body.start, body.block ? store : `{${store}`);
    for (const body of bodies) if (!body.block) this.script.appendRight(body.end, "}");
    this.script.appendRight(end, `}finally{${store}${ALIAS}done()}}}`);
  }

  topLevel(node: Node): void {
    switch (node.type) {
      case "ImportDeclaration":
        return this.importDeclaration(node);
      case "TSImportEqualsDeclaration":
        return this.importEquals(node);
      case "ExportAllDeclaration":
        if (node.exportKind === "type") return;
        return this.replace(node, `await ${this.importCall(node)};`);
      case "ExportNamedDeclaration":
        if (node.exportKind === "type") return;
        if (node.declaration) {
          this.script.overwrite(node.start, node.declaration.start, " ".repeat(node.declaration.start - node.start));
          return this.topLevel(node.declaration);
        }
        return this.replace(node, node.source ? `await ${this.importCall(node)};` : ";");
      case "ExportDefaultDeclaration":
        return this.exportDefault(node);
      case "FunctionDeclaration":
        if (node.declare || node.body === null) return;
        this.functions.push(node.id.name);
        this.script.appendLeft(node.id.end, ALIAS);
        return this.insideFunction(node);
      case "VariableDeclaration":
        // V8 lets `let` follow `let` and `const` follow `const`, but not one the other; the type checker guards constants.
        if (node.kind === "const" && !node.declare) this.script.overwrite(node.start, node.start + "const".length, "let  ");
        return this.visit(node, "list");
      default:
        return this.visit(node, "list");
    }
  }

  /** `where` is the kind of place a statement stands in: a list of statements, or the single body of an `if` or loop. */
  private visit(node: Node, where: "list" | "single" | "loop head"): void {
    switch (node.type) {
      case "VariableDeclaration":
        if (node.kind === "var" && !node.declare) this.variable(node, where);
        break;
      case "ImportExpression":
        this.script.overwrite(node.start, node.start + "import".length, HIDDEN.import);
        if (node.source.type === "Literal") this.imports.push(String(node.source.value));
        break;
      case "MetaProperty":
        if (node.meta.name === "import") this.script.overwrite(node.start, node.end, HIDDEN.meta);
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "StaticBlock":
        return this.insideFunction(node);
      case "PropertyDefinition":
        // A field's initial value is a function of its own, but holds no statement.
        break;
    }
    for (const child of children(node)) this.visit(child, placeOf(child, node));
  }

  /** Below a function nothing is top-level; only imports are rewritten. */
  private insideFunction(node: Node): void {
    for (const child of children(node)) {
      if (child.type === "VariableDeclaration") for (const declarator of child.declarations) this.insideFunction(declarator);
      else if (child.type === "ImportExpression" || child.type === "MetaProperty") this.visit(child, "single");
      else this.insideFunction(child);
    }
  }

  /** `var a = 1, { b } = c;` -> `;(  a = 1, { b } = c);` with the names declared first of all. */
  private variable(node: Node, where: "list" | "single" | "loop head"): void {
    for (const declarator of node.declarations) for (const name of boundNames(declarator.id)) this.variables.add(name);
    const open = where === "loop head" ? "   " : where === "list" ? ";( " : " ( ";
    this.script.overwrite(node.start, node.start + "var".length, open);
    if (where !== "loop head") this.script.appendRight(node.declarations.at(-1).end, ")");
  }

  private exportDefault(node: Node): void {
    const { declaration } = node;
    const named = (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") && declaration.id !== null;
    const length = declaration.start - node.start;
    this.script.overwrite(node.start, declaration.start, named ? " ".repeat(length) : "void".padEnd(length));
    if (named) this.topLevel(declaration);
    else this.visit(declaration, "single");
  }

  private importDeclaration(node: Node): void {
    if (node.importKind === "type") return;
    const call = `await ${this.importCall(node)}`;
    const fields: string[] = [];
    let namespace: string | null = null;
    for (const specifier of node.specifiers) {
      const local = specifier.local.name;
      if (specifier.type === "ImportNamespaceSpecifier") namespace = local;
      else if (specifier.type === "ImportDefaultSpecifier") fields.push(`default: ${local}`);
      else if (specifier.importKind !== "type") fields.push(`${specifier.imported.name ?? JSON.stringify(specifier.imported.value)}: ${local}`);
    }
    if (node.specifiers.length > 0 && namespace === null && fields.length === 0) return this.replace(node, ";");
    if (namespace !== null) this.replace(node, `let ${namespace} = ${call}${fields.length > 0 ? `, { ${fields.join(", ")} } = ${namespace}` : ""};`);
    else this.replace(node, fields.length > 0 ? `let { ${fields.join(", ")} } = ${call};` : `${call};`);
  }

  private importCall(node: Node): string {
    this.imports.push(node.source.value);
    const attributes = (node.attributes as Node[]).map((row) => `${JSON.stringify(row.key.name ?? row.key.value)}: ${row.value.raw}`);
    return `${HIDDEN.import}(${node.source.raw}${attributes.length > 0 ? `, { with: { ${attributes.join(", ")} } }` : ""})`;
  }

  private importEquals(node: Node): void {
    if (node.importKind === "type") return;
    const reference = node.moduleReference;
    if (reference.type === "TSExternalModuleReference") this.imports.push(reference.expression.value);
    this.replace(node, `let ${node.id.name} = ${this.source.slice(reference.start, reference.end)};`);
  }

  /** Puts one line in the place of a statement and keeps the statement's line breaks behind it. */
  private replace(node: Node, text: string): void {
    const breaks = this.source.slice(node.start, node.end).replace(/[^\n]/g, "");
    this.script.overwrite(node.start, node.end, text + breaks);
  }
}

function placeOf(child: Node, parent: Node): "list" | "single" | "loop head" {
  if (/^For/.test(parent.type)) return child === parent.body ? "single" : "loop head";
  return parent.type === "BlockStatement" || parent.type === "SwitchCase" ? "list" : "single";
}
