/** Where the command line prints: how wide, whether in colour, and what to do when the reader hangs up. */

export interface Terminal {
  /** Columns that a line may take. */
  width: number;
  color: boolean;
  /** Prints text and a line break. */
  print(text: string): void;
}

/** Columns when the output is no terminal and nobody says otherwise. */
const PIPED_WIDTH = 80;

/**
 * The terminal of this process. `COLUMNS` decides on the width when it is set, `NO_COLOR` forbids colour
 * (no-color.org); a pipe gets no colour.
 */
export function processTerminal(): Terminal {
  const { stdout } = process;
  // `runlab runs | head`: the reader has what it wanted, so there is nothing to report.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`runlab: could not print: ${error.message}\n`);
    process.exit(1);
  });
  const asked = Number.parseInt(process.env.COLUMNS ?? "", 10);
  return {
    width: asked >= 20 ? asked : Math.max(20, stdout.columns ?? PIPED_WIDTH),
    color: stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb",
    print: (text) => void stdout.write(`${text}\n`),
  };
}

export type Brush = Record<"bold" | "dim" | "good" | "bad" | "busy", (text: string) => string>;

/** Paints text when the terminal shows colour, and leaves it as it is otherwise. */
export function brushOf({ color }: Pick<Terminal, "color">): Brush {
  const paint = (code: number) => (text: string) => (color && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: paint(1), dim: paint(2), good: paint(32), bad: paint(31), busy: paint(33) };
}
