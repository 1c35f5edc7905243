/** The history of one run as curves. */
import type { HistoryPoint } from "runlab/format";
import type { CurveSeries } from "../chart/curve-spec.js";

/** One curve a metric, in the order in which the metrics first appear; a metric logged once is a number, not a curve. */
export function curvesOf(history: readonly HistoryPoint[]): { name: string; series: CurveSeries[] }[] {
  const curves = new Map<string, [number, number][]>();
  for (const { step, values } of history) {
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) continue;
      const points = curves.get(name);
      if (points) points.push([step, value]);
      else curves.set(name, [[step, value]]);
    }
  }
  return [...curves].filter(([, points]) => points.length > 1).map(([name, points]) => ({ name, series: [{ run: 0, points }] }));
}
