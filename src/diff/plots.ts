/** Plots of the same name, beside each other. */
import { own, type RunDocument } from "../runs/format/index.js";
import { allEqual, count, theSame } from "./rows.js";
import type { DiffSection } from "./types.js";

export function plotsSection(runs: RunDocument[]): (DiffSection & { kind: "plots" }) | null {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.plots)))];
  if (names.length === 0) return null;
  const plots = names.map((name) => {
    const specs = runs.map((run) => own(run.plots, name) ?? null);
    return { name, specs, changed: !allEqual(specs) };
  });
  const differing = plots.filter((plot) => plot.changed).length;
  const summary = differing === 0 ? theSame(runs.length) : `${count(differing, "plot")} of ${plots.length} ${differing === 1 ? "differs" : "differ"}`;
  return { id: "plots", title: "Plots", kind: "plots", changed: differing > 0, summary, plots };
}
