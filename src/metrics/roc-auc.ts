/**
 * ROC-AUC: how well scores put positive rows above negative ones.
 */
import { RunlabError } from "../errors.js";
import type { Label } from "./inputs.js";
import { checkColumns, codesOf, finiteNumbers, isProbabilities, positiveClass, probabilityRows } from "./inputs.js";
import type { ScoreOptions } from "./log-loss.js";
import { announced } from "./metric.js";
import type { Metric, Probabilities, Values } from "./metric.js";

/** Options of `rocAuc`. */
export interface RocAucOptions extends ScoreOptions {
  /** How the one-against-rest values of more than two classes become one. Default "macro", the plain mean. */
  average?: "macro" | "weighted";
}

export const rocAucMetric: Metric = {
  name: "rocAuc",
  summary: "chance that a positive row scores above a negative one",
  task: "classification",
  predictions: "scores",
  greaterIsBetter: true,
  perfect: 1,
  compute(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: RocAucOptions = {}) {
    const nested = isProbabilities(predicted) || (Array.isArray(predicted) && typeof predicted[0] === "object");
    if (!nested) return binary(truth, predicted as Values<number>, options);
    const { truth: codes, matrix } = probabilityRows(truth, predicted, options.labels, options.positive);
    const { classes } = matrix;
    if (classes.length === 2) {
      const yes = positiveClass(classes, options.positive);
      const scores = finiteNumbers(column(matrix, yes), "predicted");
      return { value: areaOf(scores, codes, yes, classes), details: { positive: classes[yes], rows: codes.length } };
    }
    const average = options.average ?? "macro";
    if (average !== "macro" && average !== "weighted") throw new RunlabError("there is no such average", { received: average, allowed: "macro, weighted" });
    const counts = new Float64Array(classes.length);
    for (const code of codes) counts[code]++;
    const areas = classes.map((_, c) => areaOf(finiteNumbers(column(matrix, c), "predicted"), codes, c, classes));
    const value = average === "macro"
      ? areas.reduce((sum, area) => sum + area, 0) / areas.length
      : areas.reduce((sum, area, c) => sum + area * counts[c], 0) / codes.length;
    return { value, details: { average, multiClass: "one against rest", classes, perClass: areas, rows: codes.length } };
  },
};

function binary(truth: Values, predicted: Values<number>, options: RocAucOptions) {
  checkColumns(truth, predicted);
  const { codes, levels } = codesOf(truth, "truth");
  if (truth.length !== predicted.length) throw new RunlabError("truth and predicted have equal lengths", { received: `${truth.length} and ${predicted.length}` });
  const scores = finiteNumbers(predicted, "predicted");
  if (levels.length > 2) throw new RunlabError("one score a sample is enough for two classes only", { received: `${levels.length} classes`, allowed: "a row of scores a sample, one for each class" });
  const classes: readonly Label[] = options.labels ?? levels;
  const yes = levels.indexOf(classes[positiveClass(classes, options.positive)]);
  return { value: areaOf(scores, codes, yes, levels), details: { positive: levels[yes] ?? null, rows: codes.length } };
}

function column(matrix: Probabilities, c: number): Float64Array {
  const width = matrix.classes.length;
  const out = new Float64Array(matrix.values.length / width);
  for (let i = 0; i < out.length; i++) out[i] = matrix.values[i * width + c];
  return out;
}

/**
 * The Mann–Whitney statistic over the number of pairs; a tie counts half. Both sides are sorted alone and walked
 * together, so no sort of pairs is needed, and the sum is of whole numbers: exact, whatever the order of the rows.
 */
function areaOf(scores: Float64Array, codes: Int32Array, yes: number, classes: readonly Label[]): number {
  let positives = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] === yes) positives++;
  const negatives = codes.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new RunlabError("rocAuc needs rows of the positive class and others", { received: positives === 0 ? `no row of ${String(classes[yes] ?? "the positive class")}` : `only rows of ${String(classes[yes])}` });
  }
  const up = new Float64Array(positives);
  const down = new Float64Array(negatives);
  let u = 0;
  let d = 0;
  for (let i = 0; i < codes.length; i++) {
    // -0 and 0 are one score, but sort apart: adding 0 makes both 0.
    if (codes[i] === yes) up[u++] = scores[i] + 0;
    else down[d++] = scores[i] + 0;
  }
  up.sort();
  down.sort();
  let below = 0;
  let notAbove = 0;
  let halves = 0;
  for (let i = 0; i < positives; i++) {
    while (below < negatives && down[below] < up[i]) below++;
    while (notAbove < negatives && down[notAbove] <= up[i]) notAbove++;
    halves += below + notAbove;
  }
  return halves / 2 / (positives * negatives);
}

/**
 * The area under the ROC curve: the chance that a positive row taken at random scores above a negative one, ties
 * counting half. 0.5 is guessing, 1 is perfect. With more than two classes the mean of each class against the rest.
 *
 * When it misleads: with very rare positives a value near 1 can still mean mostly false alarms among the rows that are
 * picked, and it says nothing of whether probabilities are right (see `logLoss`).
 *
 * @param predicted one score a sample (of the positive class), a row of them a sample, or what `predictProba` returns.
 *
 * @throws RunlabError when lengths differ, a value is missing, or only one class occurs.
 *
 * @example
 * rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function rocAuc(truth: Values, predicted: Values<number> | readonly ArrayLike<number>[] | Probabilities, options: RocAucOptions = {}): number {
  return announced(rocAucMetric, truth, predicted, options);
}
