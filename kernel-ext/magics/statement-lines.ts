/**
 * The starts of lines that are not inside a comment, a template or an open bracket: where a `%line` magic may stand.
 *
 * One pass over the characters. A regular expression literal with quotes or brackets in it can mislead it; then a magic
 * line below stays code, and the parser of TypeScript says so.
 */
export function linesOutsideCode(code: string, from: number): Set<number> {
  const starts = new Set<number>();
  /** Open brackets; `${` of a template is marked so that its `}` leads back into the text. */
  const open: ("(" | "template")[] = [];
  let at = from;
  let lineStart = from === 0;
  while (at < code.length) {
    if (lineStart && open.length === 0) starts.add(at);
    lineStart = false;
    const char = code[at];
    if (char === "\n") lineStart = true;
    else if (code.startsWith("//", at)) at = (indexFrom(code, "\n", at) || code.length) - 1;
    else if (code.startsWith("/*", at)) at = indexFrom(code, "*/", at + 2) + 1;
    else if (char === '"' || char === "'") at = endOfText(code, at);
    else if (char === "`") at = endOfTemplate(code, at + 1, open);
    else if (char === "(" || char === "[" || char === "{") open.push("(");
    else if (char === ")" || char === "]") open.pop();
    else if (char === "}" && open.pop() === "template") at = endOfTemplate(code, at + 1, open);
    at += 1;
  }
  if (lineStart && open.length === 0) starts.add(at);
  return starts;
}

function indexFrom(code: string, text: string, from: number): number {
  const at = code.indexOf(text, from);
  return at < 0 ? code.length : at;
}

/** Offset of the closing quote, or of the last character of the line. */
function endOfText(code: string, from: number): number {
  for (let at = from + 1; at < code.length; at++) {
    if (code[at] === "\\") at += 1;
    else if (code[at] === code[from]) return at;
    else if (code[at] === "\n") return at - 1;
  }
  return code.length;
}

/** Offset of the closing backtick, or of the `{` of the next `${`. */
function endOfTemplate(code: string, from: number, open: ("(" | "template")[]): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === "\\") at += 1;
    else if (code[at] === "`") return at;
    else if (code[at] === "$" && code[at + 1] === "{") {
      open.push("template");
      return at + 1;
    }
  }
  return code.length;
}
