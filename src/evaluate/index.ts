/** How well a model does on rows it has not seen. */
export { evaluate } from "./evaluate.js";
export type { Evaluable, EvaluateOptions } from "./evaluate.js";
export { Evaluation } from "./evaluation.js";
export type { EvaluationData } from "./evaluation.js";
export type { InputSchema } from "./input-schema.js";
