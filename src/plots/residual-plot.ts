/**
 * What a regression got wrong, row by row.
 */
import { numberPair } from "../metrics/inputs.js";
import type { Values } from "../metrics/index.js";
import { plotSpec, shortNumber } from "./spec.js";
import type { PlotSpec } from "./spec.js";
import { MOST_POINTS, thinned } from "./thin.js";

/**
 * The residual (true minus predicted) of each row over its prediction. A good model leaves a shapeless band around 0;
 * a bend says that something is missing, a funnel that large values are less sure.
 *
 * Of more than 2,000 rows as many are shown, always the same ones.
 *
 * @throws RunlabError when lengths differ, there is nothing to show, or a value is missing or not finite.
 *
 * @example
 * residualPlot([1, 2, 3], [1.1, 1.9, 3.2], { unit: "g" }).title; // "Residuals"
 */
export function residualPlot(truth: Values, predicted: Values, options: { unit?: string } = {}): PlotSpec {
  const pair = numberPair(truth, predicted);
  const rows = thinned(pair.truth.length);
  const unit = options.unit === undefined ? "" : ` (${options.unit})`;
  const values = Array.from(rows, (row) => ({ predicted: pair.predicted[row], residual: pair.truth[row] - pair.predicted[row] }));
  let sum = 0;
  for (let i = 0; i < pair.truth.length; i++) sum += Math.abs(pair.truth[i] - pair.predicted[i]);
  const shown = pair.truth.length > MOST_POINTS ? `${MOST_POINTS} of ${pair.truth.length} rows` : `${pair.truth.length} rows`;
  return plotSpec("Residuals", `Residuals over predictions of ${shown}. Mean absolute residual ${shortNumber(sum / pair.truth.length)}${unit}.`, {
    width: 360,
    height: 240,
    layer: [
      {
        data: { values },
        mark: { type: "point", filled: true, opacity: values.length > 500 ? 0.35 : 0.6, size: 18 },
        encoding: {
          x: { field: "predicted", type: "quantitative", title: `predicted${unit}`, scale: { zero: false } },
          y: { field: "residual", type: "quantitative", title: `true minus predicted${unit}` },
          tooltip: [{ field: "predicted", type: "quantitative" }, { field: "residual", type: "quantitative" }],
        },
      },
      { data: { values: [{ zero: 0 }] }, mark: { type: "rule", strokeDash: [4, 4] }, encoding: { y: { field: "zero", type: "quantitative" } } },
    ],
  });
}
