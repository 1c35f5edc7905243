/** Plots of the same name side by side. */
import type { DiffSection } from "runlab/diff";
import { plainText } from "runlab/format";
import { Chart } from "../chart/chart.js";
import type { DiffPanel, PanelProps } from "../tokens.js";
import { RunName } from "./run-name.js";

type PlotsSection = DiffSection & { kind: "plots" };

export const plotsPanel: DiffPanel<PlotsSection> = { kind: "plots", Component: Plots };

function Plots({ section, runs, everything, services }: PanelProps<PlotsSection>): JSX.Element {
  const { trans } = services;
  const plots = everything ? section.plots : section.plots.filter((plot) => plot.changed);
  return (
    <>
      {plots.map(({ name, specs }) => (
        <figure key={name} className="runlab-Plots">
          <figcaption>{plainText(name)}</figcaption>
          <div className="runlab-Plots-row">
            {specs.map((spec, i) => (
              <div key={runs[i]?.id ?? i} className="runlab-Plots-one">
                {runs[i] && <RunName run={runs[i]} place={i} />}
                {spec ? <Chart spec={spec} label={`${plainText(name)}: ${plainText(runs[i]?.label ?? "")}`} services={services} /> : <div className="runlab-Note">{trans.__("no such plot in this run")}</div>}
              </div>
            ))}
          </div>
        </figure>
      ))}
    </>
  );
}
