/** Curves: metrics over steps, thinned so that a browser draws them at once. */
import type { RunDocument } from "../runs/format/index.js";
import { count, theSame } from "./rows.js";
import type { DiffSection } from "./types.js";

/** Points per series at most; about the pixels of a wide screen. */
export const CURVE_POINTS = 2000;

type Points = [step: number, value: number][];

export function curvesSection(runs: RunDocument[]): (DiffSection & { kind: "curves" }) | null {
  const series = runs.map(seriesByMetric);
  const names = new Set(series.flatMap((byMetric) => [...byMetric.keys()]));
  const metrics: (DiffSection & { kind: "curves" })["metrics"] = [];
  let differing = 0;
  for (const name of names) {
    const found = series.map((byMetric, run) => ({ run, points: byMetric.get(name) ?? [] }));
    if (!found.some(({ points }) => points.length >= 2)) continue;
    if (!found.every(({ points }) => samePoints(points, found[0].points))) differing += 1;
    metrics.push({ name, series: found.filter(({ points }) => points.length > 0).map(({ run, points }) => ({ run, points: thin(points, CURVE_POINTS) })) });
  }
  if (metrics.length === 0) return null;
  const summary = differing === 0 ? theSame(runs.length) : `${count(differing, "curve")} of ${metrics.length} ${differing === 1 ? "differs" : "differ"}`;
  return { id: "curves", title: "Curves", kind: "curves", changed: differing > 0, summary, metrics };
}

function seriesByMetric(run: RunDocument): Map<string, Points> {
  const byMetric = new Map<string, Points>();
  for (const { step, values } of run.history) {
    for (const name of Object.keys(values)) {
      // A gap says "diverged here" better than a point that no axis can hold.
      if (!Number.isFinite(values[name])) continue;
      const points = byMetric.get(name);
      if (points) points.push([step, values[name]]);
      else byMetric.set(name, [[step, values[name]]]);
    }
  }
  return byMetric;
}

function samePoints(a: Points, b: Points): boolean {
  return a.length === b.length && a.every(([step, value], at) => step === b[at][0] && value === b[at][1]);
}

/**
 * At most `limit` points of a long series: the lowest and the highest of each stretch, in order, so that spikes stay
 * visible. The first and the last point are always kept.
 */
export function thin(points: Points, limit: number): Points {
  if (points.length <= limit) return points;
  const stretches = Math.floor((limit - 2) / 2);
  const inner = points.length - 2;
  const kept: Points = [points[0]];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * inner) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    let low = from;
    let high = from;
    for (let at = from + 1; at < to; at++) {
      if (points[at][1] < points[low][1]) low = at;
      if (points[at][1] > points[high][1]) high = at;
    }
    if (low === high) kept.push(points[low]);
    else kept.push(points[Math.min(low, high)], points[Math.max(low, high)]);
  }
  kept.push(points[points.length - 1]);
  return kept;
}
