/**
 * How a quantity is spread.
 */
import { RunlabError } from "../errors.js";
import { finiteNumbers } from "../metrics/inputs.js";
import type { Values } from "../metrics/index.js";
import { plotSpec, shortNumber } from "./spec.js";
import type { PlotSpec } from "./spec.js";

/**
 * Counts of values in bins of equal width, counted here: a million rows make a picture of thirty bars.
 *
 * When it misleads: the number of bins can hide or invent humps; try another.
 *
 * @param options.bins 1 to 200. Default: by the rule of Freedman and Diaconis (1981), from 5 to 60.
 *
 * @throws RunlabError when there is nothing to show or a value is missing or not finite.
 *
 * @example
 * histogram([1, 2, 2, 3], { name: "mass" }).title; // "mass"
 */
export function histogram(values: Values, options: { name?: string; bins?: number } = {}): PlotSpec {
  const { name = "value" } = options;
  if (values.length === 0) throw new RunlabError("a histogram needs at least one value");
  const sorted = finiteNumbers(values, name).slice().sort();
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const bins = options.bins ?? defaultBins(sorted);
  if (!Number.isInteger(bins) || bins < 1 || bins > 200) throw new RunlabError("a histogram has a whole number of bins", { received: bins, allowed: "1 to 200" });
  const width = high > low ? (high - low) / bins : 1;
  const counts = new Float64Array(high > low ? bins : 1);
  for (let i = 0; i < sorted.length; i++) counts[Math.min(counts.length - 1, Math.floor((sorted[i] - low) / width))]++;
  const start = high > low ? low : low - 0.5;
  const bars = Array.from(counts, (count, i) => ({ from: start + i * width, to: start + (i + 1) * width, count }));
  return plotSpec(name, `${sorted.length} values from ${shortNumber(low)} to ${shortNumber(high)}, median ${shortNumber(sorted[sorted.length >> 1])}.`, {
    data: { values: bars },
    width: 360,
    height: 200,
    mark: { type: "bar" },
    encoding: {
      x: { field: "from", type: "quantitative", bin: { binned: true, step: width }, title: name },
      x2: { field: "to" },
      y: { field: "count", type: "quantitative", title: "rows" },
      tooltip: [{ field: "from", type: "quantitative" }, { field: "to", type: "quantitative" }, { field: "count", type: "quantitative", title: "rows" }],
    },
  });
}

function defaultBins(sorted: Float64Array): number {
  const spread = sorted[Math.floor(0.75 * (sorted.length - 1))] - sorted[Math.floor(0.25 * (sorted.length - 1))];
  const range = sorted[sorted.length - 1] - sorted[0];
  const width = (2 * spread) / Math.cbrt(sorted.length);
  return width > 0 ? Math.min(60, Math.max(5, Math.ceil(range / width))) : 10;
}
