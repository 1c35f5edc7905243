/** What every magic is called and takes, without what it does: enough to parse a cell, and free of the run store. */
import type { Magic, MagicFlag } from "./magic.js";
import { runMagic } from "./run.js";

/** A row of the table before its work is attached. */
export type MagicShape = Omit<Magic, "show" | "completePositional">;

export const SHAPES = {
  run: runMagic,
  runs: { name: "runs", kind: "line" as const, usage: "[filter]", summary: "Lists the runs, newest first; the filter is as in the sidebar: forest accuracy>0.9 status:finished.", flags: [{ name: "limit", value: "number" as const, summary: "How many to list; 20 when not given." }], openFlags: false },
  show: { name: "show", kind: "line" as const, usage: "ID", summary: "Shows one run. ID may be shortened while it is unique; last and last~1 work.", flags: [] as MagicFlag[], openFlags: false },
  diff: { name: "diff", kind: "line" as const, usage: "A B", summary: "Compares runs: only what differs, by the five inputs and the metrics.", flags: [] as MagicFlag[], openFlags: false },
  lsmagic: { name: "lsmagic", kind: "line" as const, usage: "", summary: "Lists the magics.", flags: [] as MagicFlag[], openFlags: false },
} satisfies Record<string, MagicShape>;

export const MAGIC_SHAPES: readonly MagicShape[] = Object.values(SHAPES);

/** `%%run` or `%show`. */
export function signed(shape: Pick<MagicShape, "name" | "kind">): string {
  return (shape.kind === "cell" ? "%%" : "%") + shape.name;
}
