/** TypeScript text -> syntax tree (ESTree with TypeScript nodes), with positions in UTF-16 units. */
import { parseSync, type ParseResult } from "oxc-parser";

/** A node of the tree. Fields differ by type; only those every node has are named. */
export interface Node {
  type: string;
  start: number;
  end: number;
  // The tree has two hundred node types; the rewriters look at few fields of few of them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}

export interface Parsed {
  body: Node[];
  module: ParseResult["module"];
  error: SyntaxProblem | null;
}

export interface SyntaxProblem {
  message: string;
  /** Counted from 1. */
  line: number;
  column: number;
  /** True when more text could make it right: the parser met the end. */
  atEnd: boolean;
}

export function parse(source: string, language: "ts" | "js" | "tsx" = "ts"): Parsed {
  const result = parseSync(`cell.${language}`, source, { sourceType: "module", lang: language });
  const first = result.errors[0];
  const body = (result.program as unknown as Node).body as Node[];
  return { body, module: result.module, error: first === undefined ? null : problem(source, first) };
}

function problem(source: string, error: ParseResult["errors"][number]): SyntaxProblem {
  const label = error.labels[0];
  const offset = Math.min(label?.start ?? 0, source.length);
  const hint = error.helpMessage && !error.message.includes(error.helpMessage) ? `. ${error.helpMessage}` : "";
  return {
    message: error.message.replaceAll("`", "'") + hint.replaceAll("`", "'"),
    ...place(source, offset),
    atEnd: (label?.end ?? 0) >= source.trimEnd().length || /Unterminated/.test(error.message),
  };
}

/** Line and column, from 1, of an offset. */
export function place(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = source.indexOf("\n"); at >= 0 && at < offset; at = source.indexOf("\n", at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/** The nodes directly below a node. */
export function* children(node: Node): Generator<Node> {
  for (const field in node) {
    const value = node[field];
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (item !== null && typeof item === "object" && typeof item.type === "string") yield item;
    } else if (typeof value.type === "string") yield value as Node;
  }
}

/** Names that a pattern binds. */
export function* boundNames(pattern: Node | null): Generator<string> {
  if (pattern === null) return;
  switch (pattern.type) {
    case "Identifier":
      yield pattern.name;
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) yield* boundNames(property.type === "RestElement" ? property.argument : property.value);
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) yield* boundNames(element);
      break;
    case "AssignmentPattern":
      yield* boundNames(pattern.left);
      break;
    case "RestElement":
      yield* boundNames(pattern.argument);
  }
}
