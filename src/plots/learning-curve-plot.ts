/**
 * Metrics over steps.
 */
import { plotSpec, shortNumber } from "./spec.js";
import type { PlotSpec } from "./spec.js";
import { MOST_POINTS } from "./thin.js";

/** A point of a curve. */
export interface CurvePoint {
  step: number;
  value: number;
}

/**
 * One line a series, such as training and validation loss over rounds. Points that are not finite are left out; of a
 * long series every n-th point and the last are shown.
 *
 * @param series the points of each line, by its name.
 * @param options.step what a step is. Default "step".
 * @param options.value what is shown. Default "value".
 *
 * @example
 * learningCurvePlot({ train: [{ step: 0, value: 1 }, { step: 1, value: 0.5 }] }, { value: "loss" }).title; // "loss by step"
 */
export function learningCurvePlot(series: Readonly<Record<string, readonly CurvePoint[]>>, options: { step?: string; value?: string } = {}): PlotSpec {
  const { step = "step", value = "value" } = options;
  const names = Object.keys(series);
  const values = names.flatMap((name) => {
    const points = series[name].filter((point) => Number.isFinite(point.value) && Number.isFinite(point.step));
    const stride = Math.max(1, Math.ceil(points.length / (MOST_POINTS / Math.max(1, names.length))));
    return points.filter((_, i) => i % stride === 0 || i === points.length - 1).map((point) => ({ series: name, step: point.step, value: point.value }));
  });
  const ends = names.filter((name) => series[name].length > 0).map((name) => `${name} ends at ${shortNumber(series[name].at(-1)!.value)}`);
  return plotSpec(`${value} by ${step}`, ends.length === 0 ? "No points." : `${ends.join(", ")}.`, {
    data: { values },
    width: 360,
    height: 220,
    mark: { type: "line", point: values.length <= 60 },
    encoding: {
      x: { field: "step", type: "quantitative", title: step, scale: { zero: false }, axis: { tickMinStep: 1 } },
      y: { field: "value", type: "quantitative", title: value, scale: { zero: false } },
      ...(names.length > 1 ? { color: { field: "series", type: "nominal", title: null, sort: names } } : {}),
      tooltip: [{ field: "series", type: "nominal" }, { field: "step", type: "quantitative" }, { field: "value", type: "quantitative" }],
    },
  });
}
