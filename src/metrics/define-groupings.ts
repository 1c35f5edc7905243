/**
 * Metrics of two ways of grouping the same rows: the names of groups mean nothing, so they may be of any type.
 */
import { codesOf } from "./labels.js";
import { checkColumns } from "./inputs.js";
import { type Contingency, contingency } from "./contingency.js";
import { RunlabError } from "../errors.js";
import { type Metric, type MetricValue, type Values, checked } from "./metric.js";

/** What a metric's file says of it. */
interface GroupingDefinition<Options> {
  name: string;
  summary: string;
  options: { readonly [Name in keyof Options]-?: true };
  of(counts: Contingency, options: Options): MetricValue;
}

export function groupingMetric<Options extends object = object>({ of, options, ...row }: GroupingDefinition<Options>): Metric {
  return checked({
    ...row,
    task: "clustering",
    predictions: "labels",
    against: "truth",
    greaterIsBetter: true,
    perfect: 1,
    options,
    compute(truth: Values, predicted: Values, given: Options) {
      checkColumns(truth, predicted);
      if (truth.length !== predicted.length) throw new RunlabError("truth and predicted have equal lengths", { received: `${truth.length} and ${predicted.length}` });
      const a = codesOf(truth, "truth");
      const b = codesOf(predicted, "predicted");
      const widest = a.levels.length > b.levels.length ? a.levels : b.levels;
      const { value, details } = of(contingency({ truth: a.codes, predicted: b.codes, classes: widest }), given);
      return { value, details: { ...details, groups: [a.levels.length, b.levels.length], rows: truth.length } };
    },
    raw: null,
  });
}
