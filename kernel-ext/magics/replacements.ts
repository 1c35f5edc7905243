/** Text with some stretches replaced, and the way back and forth between the offsets of both. */
import type { ParsedCell } from "./magic.js";

interface Stretch {
  cellStart: number;
  cellEnd: number;
  sourceStart: number;
  sourceEnd: number;
}

export class Replacements {
  private readonly rows: { start: number; end: number; text: string }[] = [];
  constructor(private readonly code: string) {}

  add(start: number, end: number, text: string): void {
    this.rows.push({ start, end, text });
  }

  finish(): Pick<ParsedCell, "source" | "toSource" | "toCell"> {
    const parts: string[] = [];
    const stretches: Stretch[] = [];
    let at = 0;
    let length = 0;
    for (const row of this.rows.sort((a, b) => a.start - b.start)) {
      parts.push(this.code.slice(at, row.start), row.text);
      length += row.start - at;
      stretches.push({ cellStart: row.start, cellEnd: row.end, sourceStart: length, sourceEnd: length + row.text.length });
      length += row.text.length;
      at = row.end;
    }
    parts.push(this.code.slice(at));
    return {
      source: parts.join(""),
      toSource(offset) {
        let shift = 0;
        for (const stretch of stretches) {
          if (offset < stretch.cellStart) break;
          if (offset <= stretch.cellEnd) return null;
          shift = stretch.sourceEnd - stretch.cellEnd;
        }
        return offset + shift;
      },
      toCell(offset) {
        let shift = 0;
        for (const stretch of stretches) {
          if (offset < stretch.sourceStart) break;
          if (offset <= stretch.sourceEnd) return Math.min(stretch.cellEnd, stretch.cellStart + (offset - stretch.sourceStart));
          shift = stretch.cellEnd - stretch.sourceEnd;
        }
        return offset + shift;
      },
    };
  }
}
