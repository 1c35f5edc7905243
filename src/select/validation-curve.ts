/**
 * How a model changes with one of its settings.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce, observed } from "../observe/index.js";
import type { Part } from "../split/index.js";
import { checkOptions } from "../table/index.js";
import { CurveResult } from "./curve-result.js";
import { FOLD_OPTIONS, type FoldOptions, fieldOf } from "./cross-validate.js";
import { summaryOf } from "./cross-validation-result.js";
import { type Played, playAll } from "./pool.js";
import { type Selectable, requireModel, withParams } from "./recipe.js";
import { paramsText } from "./search.js";

/** Options of `validationCurve`. */
export interface ValidationCurveOptions extends FoldOptions {
  /** The option of the model that changes; of a pipeline also `step.option`. */
  paramName: string;
  /** Its values, in the order of the curve. */
  paramRange: readonly unknown[];
}

/**
 * Cross-validates the model for each value of one setting, on training and on test rows: where both are bad the model is
 * too simple, where training is good and test is not it learns by heart.
 *
 * When it misleads: settings act together, so the best value depends on the others.
 *
 * @throws RunlabError as `crossValidate`, naming the value.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] });
 * const curve = await validationCurve(new RidgeRegression(), table, { target: "y", cv: 3, metrics: "mae", paramName: "alpha", paramRange: [0.01, 100], seed: 1 });
 * curve.points.map((point) => point.at); // [0.01, 100]
 */
export async function validationCurve(model: Selectable, data: Part | Table, options: ValidationCurveOptions): Promise<CurveResult> {
  requireModel("validationCurve", model);
  checkOptions("validationCurve", options, { ...FOLD_OPTIONS, paramName: true, paramRange: true });
  const { paramName, paramRange, nJobs = null, ...rest } = options;
  if (typeof paramName !== "string") throw new RunlabError("paramName is the name of an option of the model", { received: paramName });
  if (!Array.isArray(paramRange) || paramRange.length === 0) throw new RunlabError("paramRange is a list of values", { received: paramRange });
  const { ground, judges, splitter } = fieldOf("validationCurve", model, data, { trainScores: true, ...rest });
  const whole = ground.folds.length;
  const jobs = paramRange.flatMap((value) => ground.folds.map((_, fold) => ({ model: withParams(model, { [paramName]: value }), fold, also: paramsText({ [paramName]: value }) })));
  const played = (await playAll(ground, jobs, judges, { nJobs, label: `validation curve of ${model.name}`, onError: "stop" })) as Played[];
  const points = paramRange.map((at, i) => ({ at, ...summaryOf(judges, played.slice(i * whole, (i + 1) * whole)) }));
  const result = new CurveResult({ model: model.name, what: paramName, metrics: judges.map((judge) => judge.name), folds: whole, splitter: splitter.name, points });
  if (observed()) announce({ type: "plot", name: "validation_curve", spec: result.plot() });
  return result;
}
