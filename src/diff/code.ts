/** Code: the cell as written, line by line. The magic line does not count here: its flags are the config. */
import { structuredPatch } from "diff";
import { codeInput, own, withoutMagic, type RunDocument } from "../runs/format/index.js";
import { allEqual, count, theSame } from "./rows.js";
import type { CodeHunk, DiffSection } from "./types.js";

/** Lines that differ, at most, for a line-by-line comparison: beyond, it would take seconds and help nobody. */
const MOST_EDITS = 1000;
/** Lines kept of each side when two texts are too different. */
const BLOCK_LINES = 200;
const CONTEXT_LINES = 2;

export function codeSection(runs: RunDocument[]): (DiffSection & { kind: "code" }) | null {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.code)))].filter((name) => name !== "run.ts" || !runs.some((run) => own(run.code, "cell.ts") !== undefined));
  if (names.length === 0) return null;
  const files = names.sort().map((path) => {
    const versions = runs.map((run) => own(run.code, path) ?? null);
    const changed = !allEqual(versions.map((text) => (text === null ? null : codeInput(text).cell)));
    return { path, versions, changed, hunks: changed ? hunks(versions[0] ?? "", versions[versions.length - 1] ?? "") : [] };
  });
  const changed = files.some((file) => file.changed);
  return { id: "code", title: "Code", kind: "code", changed, summary: changed ? summary(files) : sameSummary(runs), files };
}

function summary(files: { versions: (string | null)[]; changed: boolean; hunks: CodeHunk[] }[]): string {
  let lines = 0;
  for (const file of files) {
    for (const hunk of file.hunks) {
      const marks = { " ": 0, "-": 0, "+": 0 };
      for (const line of hunk.lines) marks[line.mark] += 1;
      lines += Math.max(marks["-"], marks["+"]);
    }
  }
  // First and last may agree while a run between them differs.
  return lines === 0 ? "differs between runs" : count(lines, "line");
}

/** The cell is what was run; a file that it imports may still have changed with the commit. */
function sameSummary(runs: RunDocument[]): string {
  const commits = new Set(runs.map((run) => run.meta.git?.commit ?? ""));
  return commits.size > 1 && !commits.has("") ? `${theSame(runs.length)} (at different git commits)` : theSame(runs.length);
}

/** What changed from one text to another, with a little context. */
export function hunks(before: string, after: string): CodeHunk[] {
  const oldText = ended(withoutMagic(before));
  const newText = ended(withoutMagic(after));
  const patch = structuredPatch("", "", oldText, newText, "", "", { context: CONTEXT_LINES, maxEditLength: MOST_EDITS });
  if (patch === undefined) return [wholeBlock(oldText, newText)];
  return patch.hunks.map((hunk) => {
    const lines = hunk.lines.filter((line) => !line.startsWith("\\")).map((line) => ({ mark: line[0] as " " | "-" | "+", text: line.slice(1) }));
    // The place of the magic line, blank here, is no context worth showing.
    const blank = hunk.oldStart === 1 && lines[0]?.mark === " " && lines[0].text === "" ? 1 : 0;
    return { oldStart: hunk.oldStart + blank, newStart: hunk.newStart + blank, lines: lines.slice(blank) };
  });
}

/** A missing line end at the end of a cell is no difference. */
const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

/** For texts that share too little: what lies between the lines that agree at the start and at the end. */
function wholeBlock(oldText: string, newText: string): CodeHunk {
  const before = oldText.split("\n");
  const after = newText.split("\n");
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < before.length - start && tail < after.length - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const lines: CodeHunk["lines"] = [];
  for (const [mark, text] of [["-", before], ["+", after]] as const) {
    const changed = text.slice(start, text.length - tail);
    lines.push(...changed.slice(0, BLOCK_LINES).map((line) => ({ mark, text: line })));
    if (changed.length > BLOCK_LINES) lines.push({ mark, text: `… ${changed.length - BLOCK_LINES} more lines` });
  }
  return { oldStart: start + 1, newStart: start + 1, lines };
}
