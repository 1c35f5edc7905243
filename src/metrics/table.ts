/**
 * The table of metrics. To add one: its file, its row here, its reference values in `test/reference`.
 */
import { RunlabError } from "../errors.js";
import { nearest } from "../table/nearest.js";
import { accuracyMetric } from "./accuracy.js";
import { adjustedRandMetric } from "./adjusted-rand.js";
import { averagePrecisionMetric } from "./average-precision.js";
import { balancedAccuracyMetric } from "./balanced-accuracy.js";
import { brierMetric } from "./brier.js";
import { calinskiHarabaszMetric } from "./calinski-harabasz.js";
import { daviesBouldinMetric } from "./davies-bouldin.js";
import { explainedVarianceMetric } from "./explained-variance.js";
import { f1Metric } from "./f1.js";
import { fBetaMetric } from "./f-beta.js";
import { hingeMetric } from "./hinge.js";
import { kappaMetric } from "./kappa.js";
import { logLossMetric } from "./log-loss.js";
import { maeMetric } from "./mae.js";
import { mapeMetric } from "./mape.js";
import { maxErrorMetric } from "./max-error.js";
import { mccMetric } from "./mcc.js";
import { meanGammaDevianceMetric } from "./mean-gamma-deviance.js";
import { meanPoissonDevianceMetric } from "./mean-poisson-deviance.js";
import { meanTweedieDevianceMetric } from "./mean-tweedie-deviance.js";
import { medianAeMetric } from "./median-ae.js";
import type { Metric } from "./metric.js";
import { mseMetric } from "./mse.js";
import { ndcgMetric } from "./ndcg.js";
import { normalizedMutualInformationMetric } from "./normalized-mutual-information.js";
import { pinballMetric } from "./pinball.js";
import { prAucMetric } from "./pr-auc.js";
import { precisionMetric } from "./precision.js";
import { r2Metric } from "./r2.js";
import { recallMetric } from "./recall.js";
import { rmseMetric } from "./rmse.js";
import { rmsleMetric } from "./rmsle.js";
import { rmspeMetric } from "./rmspe.js";
import { rocAucMetric } from "./roc-auc.js";
import { silhouetteMetric } from "./silhouette.js";
import { topKAccuracyMetric } from "./top-k-accuracy.js";

/** Every metric, in the order lists show them. */
export const METRICS: readonly Metric[] = [
  accuracyMetric,
  f1Metric,
  precisionMetric,
  recallMetric,
  rocAucMetric,
  logLossMetric,
  balancedAccuracyMetric,
  fBetaMetric,
  averagePrecisionMetric,
  prAucMetric,
  brierMetric,
  mccMetric,
  kappaMetric,
  topKAccuracyMetric,
  hingeMetric,
  rmseMetric,
  maeMetric,
  r2Metric,
  mseMetric,
  medianAeMetric,
  mapeMetric,
  rmspeMetric,
  rmsleMetric,
  explainedVarianceMetric,
  maxErrorMetric,
  pinballMetric,
  meanPoissonDevianceMetric,
  meanGammaDevianceMetric,
  meanTweedieDevianceMetric,
  ndcgMetric,
  silhouetteMetric,
  daviesBouldinMetric,
  calinskiHarabaszMetric,
  adjustedRandMetric,
  normalizedMutualInformationMetric,
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
  const near = nearest(String(name), names);
  throw new RunlabError("there is no such metric", { received: name, allowed: near.length > 0 ? `${near.join(", ")} (of ${names.join(", ")})` : names.join(", ") });
}
