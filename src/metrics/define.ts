/**
 * The kinds of metric: each reads its rows once, in one way, and a metric's own file is the formula.
 */
import { type LabelOptions, type LabelRows, type NumberRows, type ScoreOptions, type ScoreRows, type WeightOption, labelRows, numberPair, numberRows, rawLabels, rawNumbers, rawScores, scoreRows } from "./inputs.js";
import { type Metric, type MetricTask, type MetricValue, type RawRows, type Values, checked } from "./metric.js";

/** What a metric's file says of it. `options` are those besides the ones that its kind has. */
interface Definition<Rows, Options> {
  name: string;
  summary: string;
  task?: MetricTask;
  greaterIsBetter: boolean;
  perfect: number | null;
  options: { readonly [Name in keyof Options]-?: true };
  of(rows: Rows, options: Options): MetricValue;
}

/** A metric of predicted labels. */
export function labelMetric<Options extends object = object>({ of, options, task = "classification", ...row }: Definition<LabelRows, Options>): Metric {
  return checked({
    ...row,
    task,
    predictions: "labels",
    against: "truth",
    options: { ...options, labels: true, weights: true },
    compute: (truth: Values, predicted: Values, given: Options & LabelOptions) => withRows(of(labelRows(truth, predicted, given), given), truth.length, given),
    raw: task === "classification" ? (rows: RawRows, given: Options = {} as Options) => of(rawLabels(rows), given).value : null,
  });
}

/**
 * A metric of predicted quantities. A number that is not finite makes the value so too; only then it is looked for, which
 * spares two walks through the columns.
 */
export function numberMetric<Options extends object = object>({ of, options, weighted = true, ...row }: Definition<NumberRows, Options> & { weighted?: boolean }): Metric {
  return checked({
    task: "regression",
    ...row,
    predictions: "numbers",
    against: "truth",
    options: { ...options, ...(weighted ? { weights: true as const } : {}) },
    compute(truth: Values, predicted: Values, given: Options & WeightOption) {
      const numbers = numberRows(truth, predicted, given);
      const found = of(numbers, given);
      if (!Number.isFinite(found.value)) numberPair(numbers.truth, numbers.predicted);
      return withRows(found, truth.length, given);
    },
    raw: (rows: RawRows, given: Options = {} as Options) => of(rawNumbers(rows), given).value,
  });
}

/** A metric of scores, such as probabilities. */
export function scoreMetric<Options extends object = object>({ of, options, ...row }: Definition<ScoreRows, Options>): Metric {
  return checked({
    task: "classification",
    ...row,
    predictions: "scores",
    against: "truth",
    options: { ...options, labels: true, positive: true, weights: true },
    compute: (truth: Values, predicted: unknown, given: Options & ScoreOptions) => withRows(of(scoreRows(truth, predicted, given), given), truth.length, given),
    raw: (rows: RawRows, given: Options = {} as Options) => of(rawScores(rows), given).value,
  });
}

function withRows({ value, details }: MetricValue, rows: number, options: WeightOption): MetricValue {
  return { value, details: { ...details, rows, ...(options.weights === undefined ? {} : { weighted: true }) } };
}
