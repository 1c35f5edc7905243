/**
 * The table of metrics. To add one: its file, its row here, its reference values in `test/reference`.
 */
import { RunlabError } from "../errors.js";
import { nearest } from "../table/nearest.js";
import { accuracyMetric } from "./accuracy.js";
import { f1Metric } from "./f1.js";
import { logLossMetric } from "./log-loss.js";
import { maeMetric } from "./mae.js";
import type { Metric } from "./metric.js";
import { mseMetric } from "./mse.js";
import { precisionMetric } from "./precision.js";
import { r2Metric } from "./r2.js";
import { recallMetric } from "./recall.js";
import { rmseMetric } from "./rmse.js";
import { rocAucMetric } from "./roc-auc.js";

/** Every metric, in the order lists show them. */
export const METRICS: readonly Metric[] = [
  accuracyMetric,
  f1Metric,
  precisionMetric,
  recallMetric,
  rocAucMetric,
  logLossMetric,
  rmseMetric,
  maeMetric,
  r2Metric,
  mseMetric,
];

/**
 * The metric of that name.
 *
 * @throws RunlabError with the names there are.
 *
 * @example
 * metricByName("rmse").greaterIsBetter; // false
 */
export function metricByName(name: string): Metric {
  const found = METRICS.find((metric) => metric.name === name);
  if (found) return found;
  const names = METRICS.map((metric) => metric.name);
  const near = nearest(name, names);
  throw new RunlabError("there is no such metric", { received: name, allowed: near.length > 0 ? `${near.join(", ")} (of ${names.join(", ")})` : names.join(", ") });
}
