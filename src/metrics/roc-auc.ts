/**
 * ROC-AUC: how well scores put positive rows above negative ones.
 */
import { RunlabError } from "../errors.js";
import { meanOf } from "./averaging.js";
import { scoreMetric } from "./define.js";
import { type ScoreOptions, type ScoreRows, scoresOf } from "./inputs.js";
import { announced } from "./metric.js";
import type { MetricValue, Probabilities, Values } from "./metric.js";
import { type Thresholds, requireBoth, thresholds } from "./thresholds.js";

/** Options of `rocAuc`. */
export interface RocAucOptions extends ScoreOptions {
  /**
   * With more than two classes: "ovr", the default, sets each class against the rest; "ovo" each against each other, which
   * does not depend on how common they are.
   */
  multiClass?: "ovr" | "ovo";
  /**
   * How the values of more than two classes become one. Default "macro", the plain mean; "weighted" by how common they are;
   * "micro" (of "ovr") pools all decisions.
   */
  average?: "macro" | "weighted" | "micro";
  /**
   * Of two classes: the area up to this share of false alarms only, put on a scale where guessing is 0.5 and perfect is 1.
   * Default 1: all of it.
   */
  maxFpr?: number;
}

export const rocAucMetric = scoreMetric<Pick<RocAucOptions, "multiClass" | "average" | "maxFpr">>({
  name: "rocAuc",
  summary: "chance that a positive row scores above a negative one",
  greaterIsBetter: true,
  perfect: 1,
  options: { multiClass: true, average: true, maxFpr: true },
  of(rows, options) {
    const { multiClass = "ovr", average = "macro", maxFpr = 1 } = options;
    if (multiClass !== "ovr" && multiClass !== "ovo") throw new RunlabError("there is no such multiClass", { received: multiClass, allowed: "ovr, ovo" });
    if (average !== "macro" && average !== "weighted" && average !== "micro") throw new RunlabError("there is no such average", { received: average, allowed: "macro, weighted, micro" });
    if (typeof maxFpr !== "number" || !(maxFpr > 0 && maxFpr <= 1)) throw new RunlabError("maxFpr lies between 0 and 1", { received: maxFpr, allowed: "0 < maxFpr <= 1" });
    if (rows.classes.length <= 2) return binary(rows, maxFpr);
    if (maxFpr !== 1) throw new RunlabError("maxFpr is for two classes", { received: `${rows.classes.length} classes` });
    return multiClass === "ovr" ? againstRest(rows, average) : againstEach(rows, average);
  },
});

function binary(rows: ScoreRows, maxFpr: number): MetricValue {
  const curve = thresholds(scoresOf(rows, rows.positive), rows.truth, rows.positive, rows.weights);
  requireBoth("rocAuc", curve, rows.classes[rows.positive]);
  const details = { positive: rows.classes[rows.positive] };
  return maxFpr === 1 ? { value: area(curve), details } : { value: partialArea(curve, maxFpr), details: { ...details, maxFpr } };
}

/** Trapezoids, so that a tie counts half. Sums of whole numbers are exact, whatever the order of the rows. */
function area({ hits, alarms }: Thresholds): number {
  const last = hits.length - 1;
  let doubled = 0;
  let hitsBefore = 0;
  let alarmsBefore = 0;
  for (let i = 0; i <= last; i++) {
    doubled += (alarms[i] - alarmsBefore) * (hits[i] + hitsBefore);
    hitsBefore = hits[i];
    alarmsBefore = alarms[i];
  }
  return doubled / 2 / (hits[last] * alarms[last]);
}

/** Source: D. K. McClish (1989). */
function partialArea({ hits, alarms }: Thresholds, maxFpr: number): number {
  const last = hits.length - 1;
  const most = maxFpr * alarms[last];
  let doubled = 0;
  let hitsBefore = 0;
  let alarmsBefore = 0;
  for (let i = 0; i <= last && alarmsBefore < most; i++) {
    const inside = alarms[i] <= most ? 1 : (most - alarmsBefore) / (alarms[i] - alarmsBefore);
    const reached = hitsBefore + (hits[i] - hitsBefore) * inside;
    doubled += (alarms[i] - alarmsBefore) * inside * (reached + hitsBefore);
    hitsBefore = hits[i];
    alarmsBefore = alarms[i];
  }
  const found = doubled / 2 / (hits[last] * alarms[last]);
  const least = (maxFpr * maxFpr) / 2;
  return (1 + (found - least) / (maxFpr - least)) / 2;
}

function againstRest(rows: ScoreRows, average: "macro" | "weighted" | "micro"): MetricValue {
  const { truth, classes, weights } = rows;
  const details = { average, multiClass: "one against rest", classes };
  if (average === "micro") {
    const curve = pooled(rows);
    return { value: area(curve), details };
  }
  const shares = new Float64Array(classes.length);
  for (let i = 0; i < truth.length; i++) shares[truth[i]] += weights === null ? 1 : weights[i];
  const areas = classes.map((label, c) => {
    const curve = thresholds(scoresOf(rows, c), truth, c, weights);
    requireBoth("rocAuc", curve, label);
    return area(curve);
  });
  return { value: meanOf(areas, average === "macro" ? null : shares), details: { ...details, perClass: areas } };
}

/** Every pair of a row and a class as a decision of its own. */
export function pooled({ truth, scores, width, weights }: ScoreRows): Thresholds {
  const codes = new Int32Array(scores.length);
  for (let i = 0; i < truth.length; i++) codes[i * width + truth[i]] = 1;
  const spread = weights === null ? null : Float64Array.from(scores, (_, i) => weights[Math.floor(i / width)]);
  return thresholds(scores, codes, 1, spread);
}

/** Source: D. J. Hand and R. J. Till (2001). */
function againstEach(rows: ScoreRows, average: "macro" | "weighted" | "micro"): MetricValue {
  const { truth, classes, weights, width } = rows;
  if (weights !== null) throw new RunlabError("one against one takes no weights", { allowed: 'multiClass: "ovr"' });
  if (average === "micro") throw new RunlabError("one against one has no micro average", { allowed: "macro, weighted" });
  const members = classes.map((label, c) => {
    const found = truth.reduce((count, code) => count + (code === c ? 1 : 0), 0);
    if (found === 0) throw new RunlabError("rocAuc needs rows of every class", { received: `no row of ${String(label)}` });
    return found;
  });
  const areas: number[] = [];
  const shares: number[] = [];
  for (let a = 0; a < width; a++) {
    for (let b = a + 1; b < width; b++) {
      const size = members[a] + members[b];
      const codes = new Int32Array(size);
      const scoresA = new Float64Array(size);
      const scoresB = new Float64Array(size);
      let at = 0;
      for (let i = 0; i < truth.length; i++) {
        if (truth[i] !== a && truth[i] !== b) continue;
        codes[at] = truth[i];
        scoresA[at] = rows.scores[i * width + a];
        scoresB[at++] = rows.scores[i * width + b];
      }
      areas.push((area(thresholds(scoresA, codes, a, null)) + area(thresholds(scoresB, codes, b, null))) / 2);
      shares.push(size / truth.length);
    }
  }
  return { value: meanOf(areas, average === "macro" ? null : Float64Array.from(shares)), details: { average, multiClass: "one against one", classes } };
}

/**
 * The area under the ROC curve: the chance that a positive row taken at random scores above a negative one, ties
 * counting half. 0.5 is guessing, 1 is perfect. With more than two classes the mean of each class against the rest, or
 * of each pair of classes.
 *
 * When it misleads: with very rare positives a value near 1 can still mean mostly false alarms among the rows that are
 * picked (see `averagePrecision`), and it says nothing of whether probabilities are right (see `logLoss`).
 *
 * @param predicted one score a sample (of the positive class), a row of them a sample, or what `predictProba` returns.
 *
 * @throws RunlabError when lengths differ, a value is missing or not finite, or only one class occurs.
 *
 * @example
 * rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function rocAuc(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: RocAucOptions = {}): number {
  return announced(rocAucMetric, truth, predicted, options);
}
