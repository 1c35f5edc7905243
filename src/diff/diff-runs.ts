/** Runs in, an ordered list of sections out. */
import { RunlabError } from "../errors.js";
import { shortId, type RunDocument } from "../runs/format/index.js";
import { codeSection } from "./code.js";
import { configSection } from "./config.js";
import { curvesSection } from "./curves.js";
import { dataSection } from "./data.js";
import { environmentSection } from "./environment.js";
import { headline, inputLines } from "./headline.js";
import { metricsSection } from "./metrics.js";
import { plotsSection } from "./plots.js";
import type { DiffSection, RunDiff } from "./types.js";

/** The sections in the order to show them; null means that no run has anything of the kind. A new one is a row here. */
const SECTIONS: ((runs: RunDocument[]) => DiffSection | null)[] = [
  configSection,
  metricsSection,
  curvesSection,
  codeSection,
  dataSection,
  environmentSection,
  plotsSection,
];

/** More columns than this fit no screen. */
export const MOST_RUNS = 8;

/**
 * Compares two to eight runs, in the order given: the first is "before", the last is "after".
 *
 * Runs that crashed, are still live or lack files are compared as far as they go.
 *
 * @throws RunlabError for fewer than two runs or more than eight.
 * @example
 * const diff = diffRuns([await store.read(before), await store.read(after)]);
 * diff.headline; // "config: 1 flag; same code, data, seed and environment; accuracy +0.8 points"
 */
export function diffRuns(runs: RunDocument[]): RunDiff {
  if (runs.length < 2 || runs.length > MOST_RUNS) throw new RunlabError("a diff takes several runs", { received: runs.length, allowed: `2 to ${MOST_RUNS} runs` });
  const sections = SECTIONS.map((section) => section(runs)).filter((section): section is DiffSection => section !== null);
  const inputs = inputLines(runs, sections);
  const short = runs.map(({ meta }) => shortId(meta.id));
  return {
    runs: runs.map(({ meta }, at) => ({
      id: meta.id,
      name: meta.name,
      label: short.indexOf(short[at]) === short.lastIndexOf(short[at]) ? short[at] : `${short[at]} (${at + 1})`,
      seed: meta.seed,
      status: meta.status,
      started_at: meta.started_at,
    })),
    headline: headline(runs, inputs, sections),
    inputs,
    sections,
  };
}
