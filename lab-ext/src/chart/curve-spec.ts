/** The picture of one metric over steps, one line a run, as vega-lite. */
import { RUN_COLORS } from "./chart-theme.js";
import { type Point, thin } from "./thin.js";

/** What one chart may hold in all; more is slow to draw and no eye sees it. */
const MOST_POINTS = 1900;

export interface CurveSeries {
  run: number;
  points: readonly Point[];
}

/** @param labels a label per run, by its place in the diff */
export function curveSpec(metric: string, series: readonly CurveSeries[], labels: readonly string[], logarithmic: boolean): Record<string, unknown> {
  const each = Math.floor(MOST_POINTS / Math.max(1, series.length));
  const values = series.flatMap(({ run, points }) => thin(points, each).map(([step, value]) => ({ step, value, run: labels[run] })));
  const few = values.length <= 40 * series.length;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    width: "container",
    height: 170,
    autosize: { type: "fit", contains: "padding" },
    data: { values },
    mark: { type: "line", point: few ? { size: 22 } : false, strokeWidth: 1.8, tooltip: true },
    encoding: {
      x: { field: "step", type: "quantitative", title: "step", axis: { tickMinStep: 1, grid: false } },
      y: { field: "value", type: "quantitative", title: null, scale: { zero: false, type: logarithmic ? "log" : "linear" }, axis: { tickCount: 5 } },
      color: { field: "run", type: "nominal", legend: null, scale: { domain: labels, range: labels.map((_, i) => RUN_COLORS[i % RUN_COLORS.length]) } },
      tooltip: [
        { field: "run", type: "nominal", title: "run" },
        { field: "step", type: "quantitative" },
        { field: "value", type: "quantitative", title: "value" },
      ],
    },
  };
}

/** Whether a logarithmic axis can show it. */
export const allPositive = (series: readonly CurveSeries[]): boolean => series.every(({ points }) => points.every(([, value]) => value > 0));
