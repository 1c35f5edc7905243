/**
 * A confusion matrix as a picture.
 */
import type { ConfusionMatrix } from "../metrics/index.js";
import { plotSpec } from "./spec.js";
import type { PlotSpec } from "./spec.js";

/**
 * Rows are true classes, columns predicted ones. Each cell says how many rows it holds; its shade is their share of the
 * true class, so that rare classes are seen as well as common ones.
 *
 * @example
 * const spec = confusionMatrixPlot(confusionMatrix(["a", "b", "b"], ["a", "b", "a"]));
 * spec.title; // "Confusion matrix"
 */
export function confusionMatrixPlot(matrix: ConfusionMatrix): PlotSpec {
  const labels = matrix.labels.map(String);
  const values = matrix.counts.flatMap((row, r) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, c) => {
      const share = total === 0 ? 0 : count / total;
      return { truth: labels[r], predicted: labels[c], count, share, ink: share > 0.5 ? "light" : "dark" };
    });
  });
  const right = matrix.counts.reduce((sum, row, r) => sum + row[r], 0);
  const all = matrix.counts.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
  const side = Math.min(48 * labels.length, 480);
  return plotSpec("Confusion matrix", `Of ${all} rows ${right} were predicted right. Classes: ${labels.slice(0, 20).join(", ")}.`, {
    data: { values },
    width: Math.max(side, 96),
    height: Math.max(side, 96),
    encoding: {
      x: { field: "predicted", type: "nominal", title: "predicted", sort: labels, axis: { labelAngle: labels.length > 4 ? -45 : 0 } },
      y: { field: "truth", type: "nominal", title: "true", sort: labels },
    },
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          color: { field: "share", type: "quantitative", title: "share of the true class", scale: { domain: [0, 1], scheme: "blues" } },
          tooltip: [
            { field: "truth", type: "nominal", title: "true" },
            { field: "predicted", type: "nominal" },
            { field: "count", type: "quantitative", title: "rows" },
            { field: "share", type: "quantitative", title: "share of the true class", format: ".1%" },
          ],
        },
      },
      // More classes than this leave no room for numbers; the tooltip has them.
      ...(labels.length > 20 ? [] : [{
        mark: { type: "text" },
        encoding: {
          text: { field: "count", type: "quantitative" },
          color: { field: "ink", type: "nominal", scale: { domain: ["light", "dark"], range: ["#ffffff", "#1b1b1b"] }, legend: null },
        },
      }]),
    ],
    resolve: { scale: { color: "independent" } },
  });
}
