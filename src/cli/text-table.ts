/** A table that fits the terminal: columns give way in the order of their rank, and the widest text is cut last of all. */
import { clip, displayWidth, fit } from "../diff/columns.js";

export interface Column {
  title: string;
  /** One cell a row, free of control characters. */
  cells: string[];
  align?: "left" | "right";
  /** Columns with a higher rank are left out first when the width does not suffice; rank 0 always stays. */
  rank: number;
  /** The column takes no less than this before it is left out; default: as wide as its widest cell. */
  least?: number;
  /** Paints a cell after it was cut to its width. */
  paint?: (text: string, row: number) => string;
}

const GAP = 2;

/** The lines of the table, the title line first. No line is wider than `width`, unless the columns of rank 0 are. */
export function textTable(columns: Column[], width: number, paintTitle: (text: string) => string = (text) => text): string[] {
  const shown = columns.filter((column) => column.cells.some((cell) => cell !== ""));
  while (total(shown.map(leastWidth)) > width) {
    const rank = Math.max(...shown.map((column) => column.rank));
    if (rank === 0) break;
    shown.splice(shown.findLastIndex((column) => column.rank === rank), 1);
  }
  const widths = distribute(shown, width);
  const line = (texts: string[]) => texts.join(" ".repeat(GAP)).trimEnd();
  const rows = shown[0]?.cells.length ?? 0;
  const lines = [paintTitle(line(shown.map((column, at) => fit(column.title, widths[at], column.align))))];
  for (let row = 0; row < rows; row++) {
    lines.push(
      line(
        shown.map((column, at) => {
          const last = at === shown.length - 1 && column.align !== "right";
          const text = last ? clip(column.cells[row], widths[at]) : fit(column.cells[row], widths[at], column.align);
          return column.paint ? column.paint(text, row) : text;
        }),
      ),
    );
  }
  return lines;
}

const natural = (column: Column): number => column.cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), displayWidth(column.title));
const leastWidth = (column: Column): number => Math.min(column.least ?? Number.POSITIVE_INFINITY, natural(column));
const total = (widths: number[]): number => widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1);

/** Every column its least width, and what is left to the columns that could use more, from left to right. */
function distribute(columns: Column[], width: number): number[] {
  const widths = columns.map(leastWidth);
  let left = width - total(widths);
  columns.forEach((column, at) => {
    const more = Math.max(0, Math.min(left, natural(column) - widths[at]));
    widths[at] += more;
    left -= more;
  });
  if (left < 0 && widths.length > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(4, widths[widest] + left);
  }
  return widths;
}
