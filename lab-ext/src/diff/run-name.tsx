/** The name of a run as a diff shows it everywhere: with the colour of its curve. */
import type { RunDiff } from "runlab/diff";
import { plainText } from "runlab/format";
import { RUN_COLORS } from "../chart/chart-theme.js";

export const colorOf = (place: number): string => RUN_COLORS[place % RUN_COLORS.length];

export function RunName({ run, place }: { run: RunDiff["runs"][number]; place: number }): JSX.Element {
  return (
    <span className="runlab-RunName" title={plainText(run.id)}>
      <span className="runlab-RunName-dot" style={{ background: colorOf(place) }} />
      <span className="runlab-RunName-text">{plainText(run.label)}</span>
    </span>
  );
}
