/** Columns of a terminal: how wide text is drawn, and cutting it to fit. */

/** Columns that text takes: wide East Asian characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** The text in exactly `width` columns, cut with an ellipsis or padded. */
export function fit(text: string, width: number, align: "left" | "right" = "left"): string {
  const cut = clip(text, width);
  const space = " ".repeat(Math.max(0, width - displayWidth(cut)));
  return align === "left" ? cut + space : space + cut;
}

/** The text in at most `width` columns. */
export function clip(text: string, width: number): string {
  // A megabyte on one line is never measured as a whole.
  const head = text.length > width * 4 + 8 ? text.slice(0, width * 4 + 8) : text;
  if (head === text && displayWidth(text) <= width) return text;
  let out = "";
  let used = 0;
  for (const char of head) {
    const next = charWidth(char);
    if (used + next > width - 1) break;
    out += char;
    used += next;
  }
  return width > 0 ? `${out}…` : "";
}

/** Text broken at spaces into lines of at most `width` columns; a longer word is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? clip(word, width) : `${line} ${word}`;
  }
  return [...lines, line];
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (/\p{M}/u.test(char)) return 0;
  return isWide(code) ? 2 : 1;
}

/** The blocks that Unicode's East Asian Width table gives as wide, without its single exceptions. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
