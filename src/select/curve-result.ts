/**
 * Metrics over a growing number of rows, or over the values of one setting.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { type PlotSpec, learningCurvePlot } from "../plots/index.js";
import { tableFromColumns } from "../table/index.js";
import type { ColumnValues } from "../table/index.js";
import type { FoldSummary } from "./cross-validation-result.js";
import { shown, valueText } from "./show.js";

/** One point of a curve: means over folds. */
export interface CurvePlace extends FoldSummary {
  /** Training rows, or the value of the setting. */
  readonly at: unknown;
}

/** A curve as data. */
export interface CurveData {
  readonly model: string;
  /** What `at` is. */
  readonly what: string;
  readonly metrics: readonly string[];
  readonly folds: number;
  readonly splitter: string;
  readonly points: readonly CurvePlace[];
}

/** What `learningCurve` and `validationCurve` return: means over folds, on training and on test rows. */
export class CurveResult {
  readonly #data: CurveData;

  constructor(data: CurveData) {
    this.#data = data;
  }

  /** In the order of the curve. */
  get points(): readonly CurvePlace[] {
    return this.#data.points;
  }

  /** One row a point: `at`, then `test_<metric>`, `test_std_<metric>` and the same of training rows. */
  get table(): Table {
    const { points, metrics } = this.#data;
    const numbers = points.every((point) => typeof point.at === "number");
    const columns: Record<string, ColumnValues> = { at: numbers ? Float64Array.from(points, (point) => point.at as number) : points.map((point) => valueText(point.at)) };
    for (const name of metrics) {
      columns[`test_${name}`] = Float64Array.from(points, (point) => point.mean[name]);
      columns[`test_std_${name}`] = Float64Array.from(points, (point) => point.std[name]);
      if (points[0].trainMean === null) continue;
      columns[`train_${name}`] = Float64Array.from(points, (point) => point.trainMean![name]);
      columns[`train_std_${name}`] = Float64Array.from(points, (point) => point.trainStd![name]);
    }
    return tableFromColumns(columns);
  }

  /**
   * One metric along the curve, on training and on test rows; places that are no numbers count 1, 2, 3 …
   *
   * @throws RunlabError for a metric that was not computed.
   */
  plot(metric: string = this.#data.metrics[0]): PlotSpec {
    const { points, metrics, what } = this.#data;
    if (!metrics.includes(metric)) throw new RunlabError("the curve has no such metric", { received: metric, allowed: metrics.join(", ") });
    const step = (point: CurvePlace, i: number): number => (typeof point.at === "number" ? point.at : i + 1);
    const line = (pick: (point: CurvePlace) => number): { step: number; value: number }[] => points.map((point, i) => ({ step: step(point, i), value: pick(point) }));
    return learningCurvePlot({ ...(points[0].trainMean === null ? {} : { train: line((point) => point.trainMean![metric]) }), test: line((point) => point.mean[metric]) }, { step: what, value: metric });
  }

  toString(): string {
    const { model, what, folds, splitter, metrics, points } = this.#data;
    const lines = points.map((point) => `  ${valueText(point.at)}: ${metrics.map((name) => `${name} ${shown(point.mean[name])} ± ${shown(point.std[name])}${point.trainMean === null ? "" : ` (train ${shown(point.trainMean[name])})`}`).join(", ")}`);
    return [`${model} by ${what}, ${folds} folds (${splitter})`, ...lines].join("\n");
  }

  toJSON(): CurveData {
    return this.#data;
  }

  /** How Node's console shows it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
