/**
 * A mistake of the user, not of the program: shown as one line, without a stack trace.
 *
 * The line states the rule, what was received and what is allowed.
 *
 * @example
 * throw new RunlabError("testSize must lie between 0 and 1", { received: 1.5, allowed: "0 < testSize < 1, such as 0.2" });
 * // testSize must lie between 0 and 1; received 1.5; allowed: 0 < testSize < 1, such as 0.2
 */
export class RunlabError extends Error {
  override name = "RunlabError";
  constructor(rule: string, detail: { received?: unknown; allowed?: string } = {}) {
    const parts = [rule];
    if ("received" in detail) parts.push(`received ${describe(detail.received)}`);
    if (detail.allowed !== undefined) parts.push(`allowed: ${detail.allowed}`);
    super(parts.join("; "));
    // Where it was thrown is inside the library: of no use to the reader, in a script as in a cell.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** On one line, and never an error of its own: a table is not spelled out, and some objects have no text. */
function shown(value: unknown): string {
  if (typeof value === "object" && value !== null && "numRows" in value) return `a table of ${String(value.numRows)} rows`;
  try {
    return String(value).replace(/\s*\n\s*/g, " ");
  } catch {
    return "an object";
  }
}

function describe(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : shown(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
