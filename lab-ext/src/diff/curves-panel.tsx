/** Metrics over steps: one small chart a metric, one line a run. */
import type { DiffSection } from "runlab/diff";
import { plainText } from "runlab/format";
import { useState } from "react";
import { Chart } from "../chart/chart.js";
import { allPositive, curveSpec } from "../chart/curve-spec.js";
import type { DiffPanel, PanelProps } from "../tokens.js";
import { RunName } from "./run-name.js";

type CurvesSection = DiffSection & { kind: "curves" };

export const curvesPanel: DiffPanel<CurvesSection> = { kind: "curves", Component: Curves };

function Curves({ section, runs, services }: PanelProps<CurvesSection>): JSX.Element {
  const { trans } = services;
  const [logarithmic, setLogarithmic] = useState(false);
  // Labels may be alike; in a chart each run needs a name of its own.
  const labels = runs.map((run, i) => `${i + 1}  ${plainText(run.label)}`);
  const possible = section.metrics.some(({ series }) => allPositive(series));
  return (
    <>
      <div className="runlab-Curves-bar">
        {runs.map((run, i) => (
          <RunName key={run.id} run={run} place={i} />
        ))}
        {possible && (
          <label className="runlab-Curves-log">
            <input type="checkbox" checked={logarithmic} onChange={(event) => setLogarithmic(event.target.checked)} />
            {trans.__("log scale")}
          </label>
        )}
      </div>
      <div className="runlab-Curves">
        {section.metrics.map(({ name, series }) => (
          <figure key={name}>
            <figcaption>{plainText(name)}</figcaption>
            <Chart spec={curveSpec(name, series, labels, logarithmic && allPositive(series))} label={trans.__("%1 over steps", plainText(name))} services={services} />
          </figure>
        ))}
      </div>
    </>
  );
}
