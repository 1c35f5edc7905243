/** How values of a run are written for people: one place, so that card, diff, list and page agree. */
import type { ConfigValue } from "./types.js";

/**
 * Text that draws nothing but itself: control characters, escape sequences, line ends and the marks that turn the
 * direction of writing are shown as visible escapes. For anything from a run that goes to a terminal.
 *
 * @example plainText("a\u001b[31mb\n"); // "a\\x1b[31mb\\n"
 */
export function plainText(text: string): string {
  let out = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isUnsafe(code)) continue;
    out += text.slice(from, at) + escapeOf(code);
    from = at + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

function isUnsafe(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0xfeff;
}

function escapeOf(code: number): string {
  if (code === 10) return "\\n";
  if (code === 9) return "\\t";
  if (code === 13) return "\\r";
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** Text as HTML that holds no markup, fit for element content and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => HTML[char]);
}
const HTML: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A number in at most `digits` significant digits, without an exponent where people would not write one. Default 5. */
export function formatNumber(value: number, digits = 5): string {
  if (!Number.isFinite(value) || Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return String(Number(value.toPrecision(digits)));
  return String(Number(size >= 10 ** (digits - 1) ? value.toFixed(1) : value.toPrecision(digits)));
}

/** Milliseconds as people say them: `85 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** A flag or parameter on one line. */
export function formatValue(value: ConfigValue | undefined): string {
  if (value === undefined) return "(not set)";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}
