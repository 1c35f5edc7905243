/**
 * A diff of runs as data: one diff, three faces. The command line, `%diff` and the sidebar print the same sections.
 * Pure: imports nothing from Node, so a browser computes the same diff.
 */
import type { InputName, Scalar } from "../runs/format/types.js";

/** A value in a table of a diff; `undefined` (not set) is written as "(not set)". */
export type Cell = Scalar | undefined;

export interface DiffRow {
  key: string;
  /** One value per run, in the order the runs were given. */
  values: Cell[];
  changed: boolean;
  /** Last minus first, for numbers of two or more runs. */
  change?: number;
  /** Whether the change is for the better; absent when the metric's direction is unknown or nothing changed. */
  better?: boolean;
  /** Per run: the value is an implicit default, not one the user chose. */
  implicit?: boolean[];
}

interface SectionBase {
  /** Stable name: `config`, `metrics`, `curves`, `code`, `data`, `environment`, `plots`. */
  id: string;
  title: string;
  /** False when all runs agree: shown folded, or left out, by default. */
  changed: boolean;
  /** One line: what differs, or "the same in both". */
  summary: string;
}

export type DiffSection =
  | (SectionBase & { kind: "table"; rows: DiffRow[] })
  | (SectionBase & { kind: "curves"; metrics: { name: string; series: { run: number; points: [step: number, value: number][] }[] }[] })
  | (SectionBase & { kind: "code"; files: { path: string; versions: (string | null)[]; changed: boolean; hunks: CodeHunk[] }[] })
  | (SectionBase & { kind: "plots"; plots: { name: string; specs: (Record<string, unknown> | null)[]; changed: boolean }[] });

/** A stretch of changed lines between the first run and the last, with a little context; for faces without an editor. */
export interface CodeHunk {
  /** Line numbers from 1 in the old and the new text. */
  oldStart: number;
  newStart: number;
  lines: { mark: " " | "-" | "+"; text: string }[];
}

export interface RunDiff {
  runs: { id: string; name: string; label: string; seed: number; status: string; started_at: string }[];
  /** One sentence: "config: 2 flags; code: 1 line; same data, seed and environment; accuracy +0.8 points". */
  headline: string;
  /** The five inputs, in order, each with a phrase such as "2 flags" or "same". */
  inputs: { name: InputName; changed: boolean; summary: string }[];
  /** In the order to show them. */
  sections: DiffSection[];
}
