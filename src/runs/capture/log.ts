/** Logging from the user's own code. */
import { announce } from "../../observe/index.js";
import { RunlabError } from "../../errors.js";

/**
 * Records fields of the run in progress; without one it does nothing, so a cell works with and without `%%run`.
 *
 * Numbers become metrics, the latest value of each name counts. With `step` they are also points of the run's history,
 * which the sidebar draws as curves while the run is live; when a name is logged again without a step, its calls count
 * as steps 0, 1, 2, … . `tags` (a list of words) adds tags, `threshold` (`{ value, rationale }`) becomes the run's
 * threshold. Anything else is kept as it is, up to 1 MB.
 *
 * When it misleads: a value logged per batch says nothing of the whole epoch; log the mean.
 *
 * @param values names and values.
 * @param options.step a finite number, such as the epoch.
 * @throws RunlabError when `values` is no object or the step is no finite number.
 * @example
 * for (let epoch = 0; epoch < 3; epoch++) log({ loss: 1 / (epoch + 1) }, { step: epoch });
 * log({ accuracy: 0.97, comment: "with the new features", tags: ["week-1"] });
 */
export function log(values: Record<string, unknown>, options: { step?: number } = {}): void {
  if (values === null || typeof values !== "object" || Array.isArray(values)) throw new RunlabError("log takes names and values", { received: values, allowed: "an object such as { loss: 0.5 }" });
  if (options === null || typeof options !== "object") throw new RunlabError("the options of log are an object", { received: options, allowed: "such as { step: 10 }" });
  const { step } = options;
  if (step !== undefined && !(typeof step === "number" && Number.isFinite(step))) throw new RunlabError("a step is a finite number", { received: step, allowed: "such as { step: 10 }" });
  announce({ type: "log", values, ...(step === undefined ? {} : { step }) });
}
