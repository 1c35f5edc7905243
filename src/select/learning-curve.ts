/**
 * How a model gets better with more rows.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce, observed } from "../observe/index.js";
import { stream } from "../random/index.js";
import type { Fold, Part } from "../split/index.js";
import { checkOptions } from "../table/index.js";
import { CurveResult } from "./curve-result.js";
import { FOLD_OPTIONS, type FoldOptions, fieldOf } from "./cross-validate.js";
import { summaryOf } from "./cross-validation-result.js";
import { type Played, playAll } from "./pool.js";
import { type Selectable, fresh, requireModel } from "./recipe.js";

/** Options of `learningCurve`. */
export interface LearningCurveOptions extends FoldOptions {
  /** Shares (up to 1) or numbers of training rows, rising. Default 0.1, 0.325, 0.55, 0.775 and 1, as in scikit-learn. */
  trainSizes?: readonly number[];
}

/**
 * Cross-validates the model on ever more of the training rows of each fold. A smaller set is part of the larger ones,
 * drawn at random by the seed.
 *
 * Curves that still rise say that more rows would help; a gap between training and test values that does not close says
 * that the model learns by heart.
 *
 * When it misleads: rows are drawn without regard to groups, time or classes, so small sets may miss a rare class.
 *
 * @returns means and spreads by number of training rows, with `plot()` and `table`.
 *
 * @throws RunlabError as `crossValidate`, and for sizes that are none.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] });
 * const curve = await learningCurve(new RidgeRegression(), table, { target: "y", cv: 3, metrics: "mae", trainSizes: [2, 4], seed: 1 });
 * curve.points.map((point) => point.at); // [2, 4]
 */
export async function learningCurve(model: Selectable, data: Part | Table, options: LearningCurveOptions = {}): Promise<CurveResult> {
  requireModel("learningCurve", model);
  checkOptions("learningCurve", options, { ...FOLD_OPTIONS, trainSizes: true });
  const { trainSizes = [0.1, 0.325, 0.55, 0.775, 1], nJobs = null, ...rest } = options;
  const { ground, judges, splitter } = fieldOf("learningCurve", model, data, { trainScores: true, ...rest });
  const most = Math.min(...ground.folds.map(({ train }) => train.length));
  const sizes = sizesOf(trainSizes, most);
  const orders = ground.folds.map(({ train }, fold) => stream("learningCurve", ground.seed).split(fold).shuffle(train.slice()));
  const folds: Fold[] = sizes.flatMap((size) => ground.folds.map(({ test }, fold) => ({ train: orders[fold].slice(0, size).sort(), test })));
  const jobs = folds.map((_, fold) => ({ model: fresh(model), fold, also: `${sizes[Math.floor(fold / ground.folds.length)]} training rows` }));
  const played = (await playAll({ ...ground, folds }, jobs, judges, { nJobs, label: `learning curve of ${model.name}`, onError: "stop" })) as Played[];
  const whole = ground.folds.length;
  const points = sizes.map((at, i) => ({ at, ...summaryOf(judges, played.slice(i * whole, (i + 1) * whole)) }));
  const result = new CurveResult({ model: model.name, what: "training rows", metrics: judges.map((judge) => judge.name), folds: whole, splitter: splitter.name, points });
  if (observed()) announce({ type: "plot", name: "learning_curve", spec: result.plot() });
  return result;
}

function sizesOf(given: readonly number[], most: number): number[] {
  if (!Array.isArray(given) || given.length === 0) throw new RunlabError("trainSizes is a list of shares or numbers of rows", { received: given });
  const sizes = given.map((size: unknown) => {
    if (typeof size !== "number" || !(size > 0)) throw new RunlabError("a training size is a share up to 1 or a number of rows", { received: size });
    const rows = size <= 1 && !(size === 1 && given.some((each) => each > 1)) ? Math.floor(size * most + 1e-9) : size;
    if (!Number.isInteger(rows) || rows < 1 || rows > most) throw new RunlabError("a training size is a share up to 1 or a number of rows", { received: size, allowed: `1 to ${most} rows: the smallest training part of these folds` });
    return rows;
  });
  return [...new Set(sizes)].sort((a, b) => a - b);
}
