/** The two plots of an evaluation, as vega-lite specs. */
import type { ConfusionMatrix } from "../metrics/index.js";

export function confusionMatrixPlot({ labels, counts }: ConfusionMatrix): Record<string, unknown> {
  const values = labels.flatMap((truth, i) => labels.map((predicted, j) => ({ truth: String(truth), predicted: String(predicted), rows: counts[i][j] })));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: "Confusion matrix",
    data: { values },
    encoding: { x: { field: "predicted", type: "nominal" }, y: { field: "truth", type: "nominal" } },
    layer: [
      { mark: "rect", encoding: { color: { field: "rows", type: "quantitative" } } },
      { mark: "text", encoding: { text: { field: "rows", type: "quantitative" } } },
    ],
  };
}

export function residualPlot(truth: Float64Array, predicted: Float64Array): Record<string, unknown> {
  const step = Math.max(1, Math.ceil(truth.length / 2000));
  const values: { predicted: number; residual: number }[] = [];
  for (let i = 0; i < truth.length; i += step) values.push({ predicted: predicted[i], residual: truth[i] - predicted[i] });
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: "Residuals",
    data: { values },
    mark: "point",
    encoding: { x: { field: "predicted", type: "quantitative" }, y: { field: "residual", type: "quantitative" } },
  };
}
