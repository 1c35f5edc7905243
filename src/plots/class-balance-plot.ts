/**
 * How many rows there are of each class, part by part.
 */
import type { ClassCount } from "../metrics/index.js";
import { plotSpec } from "./spec.js";
import type { PlotSpec } from "./spec.js";

/**
 * The share of each class in each part, as bars side by side: parts that were drawn fairly look alike.
 *
 * @param parts class counts by the name of their part.
 *
 * @example
 * classBalancePlot({ train: classCounts(["a", "b"]), test: classCounts(["a", "b"]) }).title; // "Class balance"
 */
export function classBalancePlot(parts: Readonly<Record<string, readonly ClassCount[]>>): PlotSpec {
  const names = Object.keys(parts);
  const labels = [...new Set(names.flatMap((name) => parts[name].map((each) => String(each.label))))];
  const values = names.flatMap((part) => parts[part].map(({ label, count, share }) => ({ part, label: String(label), count, share })));
  const sizes = names.map((name) => `${name} ${parts[name].reduce((sum, each) => sum + each.count, 0)} rows`);
  return plotSpec("Class balance", `Share of each class in ${sizes.join(", ")}.`, {
    data: { values },
    width: Math.min(Math.max(40 * labels.length * names.length, 160), 480),
    height: 200,
    mark: { type: "bar" },
    encoding: {
      x: { field: "label", type: "nominal", title: null, sort: labels, axis: { labelAngle: labels.length > 6 ? -45 : 0 } },
      ...(names.length > 1 ? { xOffset: { field: "part", type: "nominal", sort: names } } : {}),
      y: { field: "share", type: "quantitative", title: "share of the rows", axis: { format: ".0%" } },
      ...(names.length > 1 ? { color: { field: "part", type: "nominal", title: null, sort: names } } : {}),
      tooltip: [
        { field: "part", type: "nominal" },
        { field: "label", type: "nominal", title: "class" },
        { field: "count", type: "quantitative", title: "rows" },
        { field: "share", type: "quantitative", format: ".1%" },
      ],
    },
  });
}
