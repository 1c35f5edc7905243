/**
 * The table of steps that can be written as ONNX: each row of `preprocess/table.ts` has its converter here, or the reason
 * why there is none. A test compares the two tables.
 */
import { RunlabError } from "../../errors.js";
import { type TransformerJSON, transformerFromJSON } from "../../preprocess/index.js";
import { impute, oneHot, ordinal, targetEncode } from "./category-steps.js";
import type { StepConversion, StepConverter } from "./conversion.js";
import { datetimeParts } from "./datetime-steps.js";
import type { Frame } from "./frame.js";
import { discretise, maxAbsScale, minMaxScale, polynomial, powerTransform, quantileTransform, robustScale, scale } from "./number-steps.js";

/** A branch of a column transformer. */
interface Branch {
  readonly columns: readonly string[];
  readonly steps: readonly TransformerJSON[];
}

/** Each branch sees its own columns; what it makes of them comes back, with the rest as it was. */
function columnTransformer({ frame, state }: StepConversion): void {
  const { branches, dropped } = state as { branches: readonly Branch[]; dropped: readonly string[] };
  const results = branches.map(({ columns, steps }) => {
    const branch = frame.branch(columns);
    for (const step of steps) convertStep(branch, step);
    return branch;
  });
  for (const name of [...dropped, ...branches.flatMap((branch) => branch.columns)]) frame.remove(name);
  for (const branch of results) frame.adopt(branch);
}

/** A converter, or the reason why there is none. */
export const STEP_CONVERTERS: Readonly<Record<string, StepConverter | { readonly reason: string }>> = {
  columnTransformer,
  impute,
  oneHot,
  ordinal,
  targetEncode,
  scale,
  robustScale,
  minMaxScale,
  maxAbsScale,
  quantileTransform,
  powerTransform,
  datetimeParts,
  polynomial,
  discretise,
};

/**
 * Changes the columns as a fitted step does.
 *
 * @throws RunlabError for a step without a converter.
 */
export function convertStep(frame: Frame, step: TransformerJSON): void {
  const converter = Object.hasOwn(STEP_CONVERTERS, step.type) ? STEP_CONVERTERS[step.type] : undefined;
  if (typeof converter !== "function") throw new RunlabError(`the step ${step.type} cannot be written as ONNX`, { received: converter?.reason ?? "it has no converter" });
  converter({ frame, params: step.params, state: step.state, made: transformerFromJSON(step).outputs });
}
