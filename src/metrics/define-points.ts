/**
 * Metrics of groups against the points that were grouped: there is no truth.
 */
import { type Metric, type MetricValue, type Values, checked } from "./metric.js";
import { type GroupedPoints, groupedPoints } from "./points.js";

/** What a metric's file says of it. */
interface PointDefinition<Options> {
  name: string;
  summary: string;
  greaterIsBetter: boolean;
  perfect: number | null;
  options: { readonly [Name in keyof Options]-?: true };
  of(points: GroupedPoints, options: Options): MetricValue;
}

export function pointMetric<Options extends object = object>({ of, options, ...row }: PointDefinition<Options>): Metric {
  return checked({
    ...row,
    task: "clustering",
    predictions: "labels",
    against: "points",
    options,
    compute(points: unknown, labels: Values, given: Options) {
      const grouped = groupedPoints(row.name, points, labels);
      const { value, details } = of(grouped, given);
      return { value, details: { ...details, groups: grouped.groups, rows: grouped.rows } };
    },
    raw: null,
  });
}
